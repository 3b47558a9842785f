"""The arrows of the house: the three systems import `tabtext` and nothing of each other; `tabtext` imports none."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SYSTEMS = ("gentap", "datatuner", "quals")


def imported_packages(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", ["tabtext", *SYSTEMS])
def test_imports_follow_the_arrows(package):
    forbidden = {name for name in SYSTEMS if name != package}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / package).rglob("*.py")
        for name in imported_packages(path)
        if name in forbidden
    ]
    assert not wrong
