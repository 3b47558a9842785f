"""Answers without a grammar: rules that read a question's words, choose cells, and compose a sentence around them.

question ─► wanted ──────────┐
                             ├─► reading ─► clues ─► choice ─► asked_for ─► compose ─► sentence
   table ─► extremes, implied┘                         ▲                       │
                                                   fit_choice      declare, topic, told,
                                                                   beside ◄─ bearing, phrases ◄─ fit_phrases
"""
