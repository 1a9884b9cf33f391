"""`-m database` and `-m static` import only files that name the mark, so no other file may give it away unnamed."""

import ast
from pathlib import Path

import pytest

from tests.house.syntax import nodes_beside
from tests.marks import NAMED_IN_FILES, mark_of_all

pytestmark = pytest.mark.static
TESTS = Path(__file__).resolve().parents[1]


def marks_given(node: ast.AST) -> set[str]:
    """The marks of `pytest.mark.…` below this node."""
    return {
        part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Attribute) and part.value.attr == "mark"
    } & NAMED_IN_FILES


def hidden_marks(source: str) -> set[str]:
    """Marks that the module gives to tests elsewhere without having their names in the name of a function."""
    modules = [node for node in nodes_beside(["mark."], source) if isinstance(node, ast.Module)]
    return {
        mark
        for module in modules
        for part in module.body
        for mark in marks_given(part)
        if mark not in getattr(part, "name", "")
    }


def test_modules_beside_the_tests_give_no_mark_that_a_test_file_does_not_name():
    beside = [path for path in TESTS.rglob("*.py") if not path.name.startswith("test_")]
    assert len(beside) > 50
    assert {path.name for path in beside if hidden_marks(path.read_text())} == set()


@pytest.mark.parametrize(
    ("source", "hidden"),
    [
        ("both = pytest.mark.database", {"database"}),
        ("def both(kinds):\n    return [pytest.mark.database]", {"database"}),
        ("def on_both_databases(kinds):\n    return [pytest.mark.database]", set()),
        ("slow = pytest.mark.slow", set()),
    ],
)
def test_a_mark_without_its_name_is_seen(source, hidden):
    assert hidden_marks(source) == hidden


@pytest.mark.parametrize(
    ("expression", "mark"),
    [
        ("database", "database"),
        ("database and not slow and not browser", "database"),
        ("static", "static"),
        ("database or browser", None),
        ("database and slow or browser", None),
        ("not database", None),
        ("slow and database", None),
        ("", None),
    ],
)
def test_files_are_left_out_only_where_each_chosen_test_has_the_mark(expression, mark):
    assert mark_of_all(expression) == mark
