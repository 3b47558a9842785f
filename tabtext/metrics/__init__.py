"""Scores one can trust and compare: metrics offline, references grouped, a signature on every number."""
