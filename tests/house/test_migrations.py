"""That models and migrations say the same, and that the check sees when they do not."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
PLANTED = """

class Planted(models.Model):
    note = models.CharField(max_length=10)

    def __str__(self):
        return self.note
"""


@pytest.mark.django_db
def test_the_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_model_without_a_migration_is_seen(tmp_path):
    shutil.copytree(
        ROOT / "servanda", tmp_path / "servanda", ignore=shutil.ignore_patterns("static", "*.pdf", "*.docx")
    )
    shutil.copy(ROOT / "manage.py", tmp_path)
    with (tmp_path / "servanda" / "intake" / "models.py").open("a") as models:
        models.write(PLANTED)
    done = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", "--skip-checks"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": "",
            "DJANGO_SETTINGS_MODULE": "servanda.settings",
            "SERVANDA_DATA_DIR": str(tmp_path / "var"),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Create model Planted" in done.stdout


def without_way_back(source: str) -> list[str]:
    return [
        ast.unparse(node)[:60]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") in {"RunPython", "RunSQL"}
        and len(node.args) < 2
        and not {"reverse_code", "reverse_sql"} & {keyword.arg for keyword in node.keywords}
    ]


def test_every_migration_of_data_has_a_way_back():
    files = list((ROOT / "servanda").glob("*/migrations/0*.py"))
    assert files != []
    assert [f"{path.name}: {step}" for path in files for step in without_way_back(path.read_text())] == []


def test_a_migration_without_a_way_back_is_seen():
    assert without_way_back("migrations.RunPython(forwards)") == ["migrations.RunPython(forwards)"]
    assert without_way_back("migrations.RunPython(forwards, migrations.RunPython.noop)") == []
