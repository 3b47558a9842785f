"""`python -m datatuner`: the program `datatuner`."""

from datatuner.cli import main

main()
