"""The docstring of a service that refuses names the error."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.static

PACKAGE = Path(__file__).resolve().parents[2] / "servanda"
SERVICES = [*PACKAGE.rglob("services.py"), *(PACKAGE / "vocab" / "services").glob("*.py")]
NAMED = re.compile(r"\bRaises\b|\brefuse", re.IGNORECASE)


def is_refusal(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise):
        return node.exc is not None
    return isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1].startswith("refuse_")


def silent_about_errors(source: str) -> Iterator[str]:
    """Public functions with a docstring that raise, or call a check, and do not mention it."""
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith(("_", "refuse_")):
            continue
        docstring = ast.get_docstring(node)
        if docstring and not NAMED.search(docstring) and any(map(is_refusal, ast.walk(node))):
            yield node.name


def test_docstrings_of_services_name_the_errors_raised():
    found = {
        str(path.relative_to(PACKAGE)): list(silent_about_errors(path.read_text(encoding="utf-8")))
        for path in sorted(SERVICES)
    }
    assert {name: functions for name, functions in found.items() if functions} == {}


@pytest.mark.parametrize(
    ("docstring", "body", "found"),
    [
        ("Withdraw it.", "raise Refused(sentence)", ["withdraw"]),
        ("Withdraw it.", "rules.refuse_others(by)", ["withdraw"]),
        ("Withdraw it. Raises `Refused` for others.", "refuse_others(by)", []),
        ("Withdraw it.", "save(row)", []),
    ],
)
def test_a_docstring_that_does_not_name_the_error_is_found(docstring, body, found):
    assert list(silent_about_errors(f'def withdraw(by):\n    """{docstring}"""\n    {body}\n')) == found
