"""`python -m quals`: the program `quals`."""

from quals.cli import main

main()
