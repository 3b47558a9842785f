"""Readers of public data sets: one module each, a generator of examples with the counts it must find."""
