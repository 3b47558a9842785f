"""Table question answering trained on questions we synthesise ourselves (GenTaP, AAAI 2022)."""
