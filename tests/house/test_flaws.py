"""Planted flaws: each can be planted and names tests that exist; the tool tells which were caught, and restores."""

import ast
from pathlib import Path

import pytest

from tools import flaws

# Plugins that no toy needs take most of the time in which pytest starts.
PLUGINS = ("anyio", "django", "hypothesispytest", "playwright", "schemathesis", "xdist")
TOY = {
    "pyproject.toml": f"[tool.pytest.ini_options]\naddopts = '{' '.join(f'-p no:{name}' for name in PLUGINS)}'\n",
    "toy.py": "def is_late(day, due):\n    return day > due\n",
    "test_toy.py": "from toy import is_late\n\n\ndef test_late():\n    assert is_late(2, 1)\n",
    "flaws.toml": """
        [swapped]
        breaks = "What is late is not."
        file = "toy.py"
        old = "day > due"
        new = "day < due"
        tests = ["test_toy.py::test_late"]

        [a-day-early]
        breaks = "It is late on its last day."
        file = "toy.py"
        old = "day > due"
        new = "day >= due"
        tests = ["test_toy.py::test_late"]
    """,
}


@pytest.mark.static
def test_each_flaw_can_be_planted():
    found = flaws.read_flaws()
    assert len(found) >= 34
    assert list(flaws.misfits(found, flaws.ROOT)) == []
    assert [flaw.name for flaw in found if flaw.old == flaw.new] == []


@pytest.mark.static
def test_each_flaw_names_tests_that_exist():
    found = flaws.read_flaws()
    named = {test.partition("[")[0] for flaw in found for test in flaw.tests}
    known = {test for file in {test.partition("::")[0] for test in named} for test in functions_in(file)}
    assert sorted(named - known) == []
    assert [flaw.name for flaw in found if not flaw.tests] == []


def functions_in(file: str) -> list[str]:
    path = flaws.ROOT / file
    body = ast.parse(path.read_text(encoding="utf-8")).body if path.is_file() else []
    return [f"{file}::{function.name}" for function in body if isinstance(function, ast.FunctionDef)]


@pytest.fixture
def toy(tmp_path) -> Path:
    """A small project under version control, with one test and two flaws."""
    root = tmp_path / "toy"
    root.mkdir()
    for name, text in TOY.items():
        (root / name).write_text(text)
    flaws.git(root, "init", "--quiet")
    commit(root)
    return root


def commit(root: Path) -> None:
    flaws.git(root, "add", ".")
    who = ("-c", "user.name=Toy", "-c", "user.email=toy@example.org", "-c", "commit.gpgsign=false")
    flaws.git(root, *who, "commit", "--quiet", "--message", "Play")


def run(root: Path, *arguments: str) -> int:
    return flaws.main(arguments, root=root, data=root / "flaws.toml")


@pytest.mark.timeout(300)  # pytest starts five times
def test_a_flaw_that_a_test_notices_is_caught_and_another_survives(toy, capsys):
    assert run(toy) == 1
    output = capsys.readouterr().out
    assert "caught     swapped\n" in output
    assert "survived   a-day-early\n" in output
    assert "1 of 2 flaws caught" in output
    assert {name: (toy / name).read_text() for name in TOY} == TOY
    assert flaws.git(toy, "worktree", "list").count("\n") == 1
    assert run(toy, "swapped") == 0


def test_they_are_listed_with_what_they_break(toy, capsys):
    assert run(toy, "--list", "a-day-early") == 0
    assert capsys.readouterr().out == "a-day-early\n    It is late on its last day.\n"


def test_tests_that_fail_without_a_flaw_prove_nothing(toy, capsys):
    (toy / "test_toy.py").write_text("def test_late():\n    assert False\n")
    commit(toy)
    assert run(toy) == 2
    assert "The tests do not pass without a flaw" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("toy.py", TOY["toy.py"] + "\n", "swapped: toy.py has uncommitted changes."),
        ("test_toy.py", TOY["test_toy.py"] + "\n", "swapped: test_toy.py has uncommitted changes."),
        ("toy.py", TOY["toy.py"] * 2, "swapped: the old text occurs 2 times in toy.py, not once."),
        ("toy.py", "", "swapped: the old text occurs 0 times in toy.py, not once."),
    ],
)
def test_what_cannot_be_planted_is_named_and_nothing_runs(toy, capsys, name, text, told):
    (toy / name).write_text(text)
    assert run(toy, "swapped") == 2
    assert told in capsys.readouterr().out
    assert (toy / name).read_text() == text


def test_a_file_is_restored_when_somebody_interrupts(toy, monkeypatch):
    seen = []

    def interrupted(_tests, copy, **_how):
        seen.append((copy / "toy.py").read_text())
        raise KeyboardInterrupt

    monkeypatch.setattr(flaws, "run_tests", interrupted)
    flaws.cache_of(toy).mkdir()
    (flaw, _other) = flaws.read_flaws(toy / "flaws.toml")
    with pytest.raises(KeyboardInterrupt):
        flaws.plant(flaw, toy)
    assert seen == [TOY["toy.py"].replace(">", "<")]
    assert (toy / "toy.py").read_text() == TOY["toy.py"]


def test_a_name_that_no_flaw_has_is_refused(toy, capsys):
    with pytest.raises(SystemExit):
        run(toy, "unheard-of")
    assert "there is no flaw named unheard-of" in capsys.readouterr().err
