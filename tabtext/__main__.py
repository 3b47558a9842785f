"""`python -m tabtext`: the program `tabtext`."""

from tabtext.cli import main

main()
