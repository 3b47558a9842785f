"""Questions of any wording read as programs, of which weights learnt from answers choose the likeliest.

A floating parser (Pasupat and Liang, ACL 2015): what the words of a question may stand for in a table (`anchors`,
`conditions`) is put together in every way that some wording allows (`candidates`), each program is run (`programs`),
and a small network weighs how well program, question and answer go together (`clues`, `weights`). `gentap fit-parser`
learns the weights from questions and their answers alone (`fit`).
"""
