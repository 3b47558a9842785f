"""How people word the slots of a domain: our own patterns, from training references, a module per domain."""
