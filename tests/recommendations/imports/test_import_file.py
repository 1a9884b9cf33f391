"""What the command line says of a file: the same reasons as the page, and how it ends."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.html import escape

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import Recommendation
from servanda.vocab.models import Country
from tests import make
from tests.importing_make import receive, uhri, uhri_record

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[3]
GONDOR = (
    "7 rows, field “State concerned”: The State “Gondor” is not known. Choose the State, or correct the name in the"
    " file. (record 2, record 3, record 4, record 5, record 6, …)"
)
BREAKFAST = (
    "2 rows, field “label”: The label “Second breakfast” (uhri-theme) is not known; the row is imported without it."
    " (record 1, record 9)"
)


@pytest.fixture
def records() -> bytes:
    rows = [uhri_record(1, Themes=["Second breakfast"])]
    rows += [uhri_record(number, Countries=["Gondor"]) for number in range(2, 9)]
    return uhri(*rows, uhri_record(9, Themes=["Second breakfast"]))


@pytest.fixture
def file(tmp_path, records, vocabulary) -> Path:
    path = tmp_path / "export.json"
    path.write_bytes(records)
    return path


def ended(*arguments: object, **options: object) -> tuple[list[str], str]:
    """The lines of the command, and the sentence with which it failed."""
    out = io.StringIO()
    try:
        call_command("import_file", *map(str, arguments), stdout=out, **options)
    except CommandError as problem:
        return out.getvalue().splitlines(), str(problem)
    return out.getvalue().splitlines(), ""


LINES = ["2 new, 7 refused", "Refused:", f"  {GONDOR}", "Remarks:", f"  {BREAKFAST}"]


def test_a_trial_groups_the_reasons_and_fails_as_the_import_would(file):
    lines, problem = ended(file, dry_run=True)
    assert lines == LINES
    assert problem == ("7 rows are refused, so nothing would be applied. Correct the file, or add --accept-refused.")
    assert not Recommendation.objects.exists()


def test_a_trial_that_accepts_what_is_refused_succeeds(file):
    assert ended(file, dry_run=True, accept_refused=True) == (LINES, "")
    assert not Recommendation.objects.exists()


def test_an_import_that_is_refused_gives_the_same_reasons(file):
    assert ended(file) == (LINES, "7 rows were refused, so nothing was applied.")
    assert not Recommendation.objects.exists()


def test_an_import_gives_its_reasons_too(file):
    assert ended(file, accept_refused=True) == (LINES, "")
    assert Recommendation.objects.count() == 2


def test_an_import_without_reasons_gives_the_counts_alone(tmp_path, vocabulary):
    path = tmp_path / "export.json"
    path.write_bytes(uhri(uhri_record()))
    assert ended(path) == (["1 new"], "")


@pytest.mark.parametrize("way", ["previewed", "applied from the command line"])
def test_the_page_gives_the_lines_of_the_command(client, file, records, way):
    if way == "previewed":
        batch = receive(records, "export.json")
        pipeline.preview_batch(batch)
    else:
        ended(file, accept_refused=True)
        batch = Batch.objects.get()
    make.signed_in(client, Role.COORDINATOR)
    shown = client.get(reverse("desk:show_import", args=[batch.key])).content.decode()
    assert escape(GONDOR) in shown
    assert escape(BREAKFAST) in shown


def test_a_batch_that_was_previewed_keeps_the_reasons_of_its_preview(records, vocabulary):
    batch = receive(records, "export.json")
    pipeline.preview_batch(batch)
    before = list(batch.remarks.values_list("message", "rows"))
    pipeline.claim(batch, accept_refused=True)
    pipeline.apply_batch(batch)
    assert list(batch.remarks.values_list("message", "rows")) == before != []


def test_a_file_that_cannot_be_opened_is_a_sentence(vocabulary, tmp_path):
    assert ended(tmp_path / "gone.json")[1].endswith("gone.json cannot be read: No such file or directory.")
    assert ended(tmp_path)[1].endswith("cannot be read: Is a directory.")


def test_a_mapping_that_does_not_exist_is_a_sentence(vocabulary, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Text;State\nProtect.;Slovenia\n")
    _lines, message = ended(path, mapping="Ministry")
    assert ("“Ministry”" in message, message.count("\n")) == (True, 0)


@pytest.mark.database
def test_a_vocabulary_that_is_not_loaded_is_a_sentence(tmp_path):
    Country.objects.all().delete()
    path = tmp_path / "export.json"
    path.write_bytes(uhri(uhri_record()))
    _lines, message = ended(path)
    assert ("./run manage load_vocabulary" in message, message.count("\n")) == (True, 0)


@pytest.mark.parametrize(
    ("database", "message"),
    [
        ("", "The database is not set up for this version. Run “./run manage migrate” first."),
        ("postgres://nobody@127.0.0.1:1/none", "The database cannot be reached: "),
    ],
)
def test_a_missing_database_is_a_sentence(tmp_path, database, message):
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    environment |= {"SERVANDA_DATA_DIR": str(tmp_path), "PYTHONUTF8": "1"}
    if database:
        environment["DATABASE_URL"] = database
    command = [sys.executable, str(ROOT / "manage.py"), "import_file", "README.md"]
    ended_with = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended_with.returncode == 1
    assert ended_with.stderr.startswith(f"CommandError: {message}")
    assert "Traceback" not in ended_with.stderr
