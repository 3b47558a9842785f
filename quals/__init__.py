"""Is a text supported by its source? Judged by questions and answers (QUALS and ConSeq, ACL 2021; QAGS, ACL 2020)."""
