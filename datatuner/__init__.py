"""Data to text that says exactly the facts (DataTuner, COLING 2020)."""
