"""A coordinator who has kept an Excel for ten years moves in: one workbook, one import, one undo, and again."""

from collections import Counter
from pathlib import Path

import pytest
import xlsxwriter
from django.urls import reverse

from servanda.intake.columns.kinds import columns as sheet_columns
from servanda.intake.models import Batch, StagedCell
from servanda.people.access import Role
from servanda.people.models import Instance, Institution, User
from servanda.planning.models import Assignment
from servanda.progress.assessments.scales import load_scales
from servanda.progress.models import Assessment, Update
from servanda.recommendations.imports import mapping, pipeline
from servanda.recommendations.models import Position, Recommendation, SourceRecord, Tagging, TextVersion
from tests import make
from tests.importing_make import receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
ROWS, AT_ONCE = 60, 25  # rows of the workbook, and those that are written in one transaction
WRITERS = ["recommendations.imports.apply_undo", "recommendations.imports.sheet_facts", "planning.sheets.writing"]
WRITERS += ["planning.sheets.columns", "progress.sheets.columns"]
HEAD = [
    "Code", "Recommandation", "التوصية", "Mécanisme", "Pays recommandant", "Cycle", "Thème", "Responsable", "Appui",
    "Échéance", "Priorité", "Territoire", "Mesures prises", "Observations", "Colonne de travail",
]  # fmt: skip
TABLES = (Recommendation, SourceRecord, TextVersion, Tagging, Position, Assignment, Assessment, Update, Institution)
DONE, STARTED = "#00B050", "#FFC000"


def row_of(number: int) -> list[str]:
    responsible = ("Ministère de l’École", "Ministère des Forêts", "Agence inventée")[number % 3]
    return [
        f"R{number}",
        f"Construire l’école numéro {number} dans la vallée et y former les enseignants.",
        f"بناء المدرسة رقم {number} في الوادي وتدريب المعلمين فيها على حقوق الطفل.",
        "EPU",
        "Pérou",
        "3",
        "",
        responsible,
        "Ministère des Forêts" if number % 3 == 0 else "",
        f"31/12/{2027 + number % 3}",
        ("haute", "moyenne", "basse")[number % 3],
        "Vallée du Nord" if number % 5 == 0 else "",
        f"2024: {number} classes ouvertes." if number % 4 == 0 else "",
        "À suivre." if number % 7 == 0 else "",
        "x" if number % 2 else "",
    ]


def workbook(path: Path) -> bytes:
    """Rows of 15 columns under a head of two rows with merged cells; colours of rows stand for a status."""
    book = xlsxwriter.Workbook(path)
    colours = {colour: book.add_format({"bg_color": colour}) for colour in (DONE, STARTED)}
    legend = book.add_worksheet("Légende")
    legend.write_row(0, 0, ["vert", "fait"])
    legend.hide()
    page = book.add_worksheet("Suivi")
    page.activate()
    page.merge_range(0, 0, 0, 6, "Recommandation")
    page.merge_range(0, 7, 0, 14, "Suivi")
    page.write_row(1, 0, HEAD)
    for number in range(1, ROWS + 1):
        colour = {0: DONE, 1: STARTED}.get(number % 3)
        page.write_row(number + 1, 0, row_of(number), colours.get(colour))
    book.close()
    return path.read_bytes()


@pytest.fixture(autouse=True)
def written_in_parts(monkeypatch):
    monkeypatch.setattr("servanda.recommendations.imports.reading.CHUNK", AT_ONCE)
    for module in WRITERS:
        monkeypatch.setattr(f"servanda.{module}.AT_ONCE", AT_ONCE)


@pytest.fixture
def coordinator() -> User:
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN", "languages": "en,fr,ar"})
    for code, name in (("school", "Ministère de l’École"), ("forest", "Ministère des Forêts")):
        make.institution(code, name=name)
    load_scales()
    return make.user(Role.COORDINATOR)


def read_by(coordinator: User, content: bytes, name: str, *, sender: str) -> Batch:
    """What the pages do, with what they propose; the person chooses what colours mean."""
    batch = receive(content, name, by=coordinator)
    found = mapping.view_sheet(batch)
    columns = dict(found.suggestion)
    if "Colour of the row" in found.headers:
        columns["status"] = "Colour of the row"
    constants = {} if "country" in columns or "code" in columns else {"country": "SVN"}
    mapping.save_mapping(batch=batch, sender=sender, columns=columns, constants=constants, by=coordinator)
    meant = {
        ("status", "green"): "government/full",
        ("status", "orange"): "government/started",
        ("lead", "Agence inventée"): "+",
    }
    meanings = {
        (found.column.code, value.printed): meant.get((found.column.code, value.printed), value.meaning)
        for found in mapping.values_of(batch)
        for value in found.values
    }
    mapping.save_values(batch=batch, meanings=meanings, by=coordinator)
    pipeline.preview_batch(batch)
    return batch


def applied(batch: Batch) -> None:
    pipeline.claim(batch, accept_refused=False)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.message


def numbers() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in TABLES}


def test_a_workbook_of_a_ministry_comes_in_whole_goes_as_a_whole_and_comes_again(coordinator, tmp_path):
    before = numbers()
    batch = read_by(coordinator, workbook(tmp_path / "suivi.xlsx"), "suivi.xlsx", sender="Ministère inventé")
    mapped = dict(batch.mapping.columns.exclude(header="").values_list("field", "header"))
    assert set(mapped) >= {
        *("text fr", "text ar", "body", "recommending", "cycle", "lead", "supporting", "due", "priority"),
        *("territory", "measures", "remarks", "status"),
    }
    assert Counter(batch.rows.values_list("verdict", "reason")) == {("new", ""): ROWS}
    assert cells_without_a_destiny(batch, mapped) == []
    applied(batch)
    assert (Recommendation.objects.count(), Assignment.objects.leading().count()) == (ROWS, ROWS)
    assert Assessment.objects.filter(voice="government", is_published=False).count() == ROWS * 2 // 3
    assert Update.objects.count() == ROWS // 4
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert numbers() == before
    pipeline.preview_batch(batch)
    applied(batch)
    assert (Recommendation.objects.live().count(), Assessment.objects.count()) == (ROWS, ROWS * 2 // 3)


def cells_without_a_destiny(batch: Batch, mapped: dict[str, str]) -> list[tuple[int, str]]:
    """Cells of other rooms' columns that the preview explains not once; one that is not imported says why."""
    counter = Counter(batch.cells.values_list("number", "column"))
    reader = pipeline.RowReader(batch)
    filled = {
        (number, column)
        for number, row in enumerate(reader.rows(), 1)
        for column, cell in row.cells.items()
        if column in mapped and column in sheet_columns() and cell.strip()
    }
    silent = batch.cells.filter(outcome=StagedCell.Outcome.LEFT_OUT, message="").values_list("number", "column")
    return (
        sorted(filled.symmetric_difference(counter)) + sorted(silent) + [cell for cell, n in counter.items() if n > 1]
    )


def test_the_same_workbook_again_changes_nothing(coordinator, tmp_path):
    content = workbook(tmp_path / "suivi.xlsx")
    applied(read_by(coordinator, content, "suivi.xlsx", sender="Ministère inventé"))
    before = numbers()
    again = read_by(coordinator, content, "suivi.xlsx", sender="Ministère inventé")
    assert set(again.rows.values_list("verdict", flat=True)) == {"unchanged"}
    assert not again.cells.filter(outcome=StagedCell.Outcome.IMPORTED).exists()
    applied(again)
    assert numbers() == before


def test_the_list_as_a_workbook_comes_back_to_the_same_records(client, coordinator, tmp_path):
    applied(read_by(coordinator, workbook(tmp_path / "suivi.xlsx"), "suivi.xlsx", sender="Ministère inventé"))
    client.force_login(coordinator)
    answer = client.get(reverse("desk:register_export", args=["xlsx"]), {"q": "vallée", "lead": "school"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    before = numbers()
    batch = read_by(coordinator, content, "register.xlsx", sender="Le secrétariat")
    mapped = set(batch.mapping.columns.exclude(header="").values_list("field", flat=True))
    assert mapped >= {"code", "lead", "supporting", "due", "priority", "territory", "national code"}
    assert Counter(batch.rows.values_list("verdict", flat=True)) == {"unchanged": ROWS // 3}
    assert set(batch.cells.values_list("outcome", flat=True)) == {StagedCell.Outcome.UNCHANGED}
    applied(batch)
    assert numbers() == before | {"SourceRecord": before["SourceRecord"] + ROWS // 3}
