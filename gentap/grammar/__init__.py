"""The language of `grammars/question.lark`: programs sampled, executed, said in English, and read back.

types ──► program ──► executor ──► answer and evidence
            │  ▲
   phrasing ▼  │ reading
          question
"""
