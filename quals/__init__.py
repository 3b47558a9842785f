"""Is this text supported by its source? (QUALS and ConSeq, ACL 2021)."""
