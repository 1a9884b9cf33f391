"""Functions fit on a screen, and a folder with many modules has its reason in ADR 16."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.static

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "servanda"
ADR = ROOT / "docs" / "adr" / "0016-wings.md"
MOST_LINES, MOST_MODULES = 48, 15
ROW = re.compile(r"^\| `([a-z_/]+)` \| (\S[^|]+) \|$", re.MULTILINE)

# Functions that may be longer, and why.
LONGER = {
    "progress/sheets/cells.py": {"columns": "a table: each column with its headers in five languages"},
}


def modules() -> Iterator[Path]:
    return (path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts)


def long_functions(source: str) -> dict[str, int]:
    functions = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    lines = {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node in functions}
    return {name: count for name, count in lines.items() if count > MOST_LINES}


def full_folders(package: Path) -> set[str]:
    folders = (folder for folder in package.rglob("*/") if "migrations" not in folder.parts)
    return {
        str(folder.relative_to(package))
        for folder in folders
        if sum(path.name != "__init__.py" for path in folder.glob("*.py")) > MOST_MODULES
    }


def test_no_function_is_longer_than_a_screen():
    found = {str(path.relative_to(PACKAGE)): long_functions(path.read_text(encoding="utf-8")) for path in modules()}
    assert {name: set(functions) for name, functions in found.items() if functions} == {
        name: set(functions) for name, functions in LONGER.items()
    }


@pytest.mark.parametrize(("lines", "found"), [(MOST_LINES, {}), (MOST_LINES + 1, {"count": MOST_LINES + 1})])
def test_a_long_function_is_found(lines, found):
    body = "    x = 1\n" * (lines - 1)
    assert long_functions(f"def count():\n{body}") == found


def test_each_folder_with_many_modules_has_a_reason():
    reasons = dict(ROW.findall(ADR.read_text(encoding="utf-8").split("**Folders with more than")[1]))
    assert full_folders(PACKAGE) == set(reasons)


def test_a_folder_with_many_modules_is_found(tmp_path):
    for folder, number in (("room/many", MOST_MODULES + 1), ("room/few", MOST_MODULES), ("room/many/migrations", 20)):
        (tmp_path / folder).mkdir(parents=True)
        for place in range(number):
            (tmp_path / folder / f"module_{place}.py").touch()
        (tmp_path / folder / "__init__.py").touch()
    assert full_folders(tmp_path) == {"room/many"}
