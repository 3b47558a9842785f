"""The program `quals`, run in this process."""

import sys


def run_cli(*arguments):
    """The exit status of `quals ARGUMENTS`."""
    from quals.cli import main

    before, sys.argv = sys.argv, ["quals", *map(str, arguments)]
    try:
        main()
    except SystemExit as stop:
        return stop.code or 0
    finally:
        sys.argv = before
    return 0
