"""How people word the slots of a domain: patterns of our own, written from training references, one module per domain."""
