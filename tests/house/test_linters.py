"""That each linter of `./run check` sees what it is there for, with the rules of this project."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lint(tmp_path):
    """`lint("ruff", "check", planted={"a.py": "..."})`: what a tool says of files in a house of their own."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    def lint(tool: str, *options: str, planted: dict[str, str]) -> subprocess.CompletedProcess:
        for name, text in planted.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return subprocess.run(
            [Path(sys.executable).with_name(tool), *options, *planted],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "servanda.settings"},
            capture_output=True,
            text=True,
        )

    return lint


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("BLE001", "try:\n    pass\nexcept Exception:\n    x = 1\n"),
        ("FBT001", "def remind(late: bool):\n    return late\n"),
        ("T201", "print('late')\n"),
        ("ERA001", "# recommendation.save()\n"),
        ("F401", "import os\n"),
        ("TID252", "from . import models\n"),
        ("DJ001", "from django.db import models\n\n\nclass A(models.Model):\n    a = models.CharField(null=True)\n"),
        ("C901", "def decide(x):\n" + "".join(f"    if x == {n}:\n        return {n}\n" for n in range(9))),
        ("E501", f"x = '{'long ' * 30}'\n"),
    ],
)
def test_ruff_refuses(lint, rule, source):
    done = lint("ruff", "check", "--no-cache", "--output-format=concise", planted={"planted.py": source})
    assert done.returncode == 1
    assert rule in done.stdout


def test_ruff_refuses_a_file_that_is_not_formatted(lint):
    assert lint("ruff", "format", "--check", "--no-cache", planted={"planted.py": "x  =  1\n"}).returncode == 1


def test_ruff_lets_a_clean_file_pass(lint):
    assert lint("ruff", "check", "--no-cache", planted={"planted.py": "x = 1\n"}).returncode == 0


def test_mypy_refuses_in_a_room_whose_signatures_count(lint):
    sources = {
        "no-untyped-def": "def counted(rows):\n    return len(rows)\n",
        "return-value": "def counted(rows: list[str]) -> str:\n    return len(rows)\n",
        "union-attr": "def first(rows: list[str] | None) -> int:\n    return rows.index('a')\n",
    }
    rooms = dict.fromkeys(["servanda/__init__.py", "servanda/kit/__init__.py"], "")
    files = {f"servanda/kit/{code.replace('-', '_')}.py": source for code, source in sources.items()}
    done = lint("mypy", "--cache-dir=/dev/null", planted={**rooms, **files})
    assert done.returncode == 1, done.stdout + done.stderr
    found = {(line.split(":")[0], line.split("[")[-1].rstrip("]")) for line in done.stdout.splitlines()[:-1]}
    assert found == set(zip(files, sources, strict=True))


def test_djlint_refuses(lint):
    pages = {
        "H025": "<div><p>Late</p>\n",
        "H013": '<img src="a.svg" height="1" width="1">\n',
        "T001": "{{late}}\n",
    }
    options = ("--lint", "--linter-output-format", "{filename} {code}")
    done = lint("djlint", *options, planted={f"{rule}.html": page for rule, page in pages.items()})
    assert done.returncode == 1
    assert {f"{rule}.html {rule}" for rule in pages} <= set(done.stdout.splitlines())


def test_djlint_lets_a_clean_page_pass(lint):
    done = lint("djlint", "--lint", planted={"planted.html": '<p class="late">{{ late }}</p>\n'})
    assert done.returncode == 0, done.stdout
