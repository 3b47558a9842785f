"""`python -m gentap`: the program `gentap`."""

from gentap.cli import main

main()
