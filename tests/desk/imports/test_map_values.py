"""The page on which a person says what the values of a column mean, and what the preview tells of each cell."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.people.models import Instance, Institution
from servanda.planning.models import Assignment
from servanda.recommendations.imports import findings, mapping, pipeline
from servanda.sources.sheets.positions import propose_stand
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
ROWS = (
    "Code;Recommandation;Mécanisme;Responsable;Échéance\n"
    "R1;Construire des écoles.;CRC;Agence des Ponts;31/12/2031\n"
    "R2;Construire des routes.;CRC;Ministère des Forêts;31/12/2031\n"
    "R3;Construire des ponts.;CRC;;31/12/2031\n"
)


@pytest.fixture
def batch(client) -> Batch:
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN", "languages": "en,fr"})
    make.institution("forest", name="Ministère des Forêts")
    client.force_login(make.user("coordinator"))
    client.post(reverse("desk:receive_files"), {"files": SimpleUploadedFile("list.csv", ROWS.encode("utf-8-sig"))})
    batch = Batch.objects.get()
    columns = ("external sheet", "text fr", "body", "lead", "due")
    chosen = {f"column_{number}": column for number, column in enumerate(columns)}
    client.post(
        reverse("desk:map_columns", args=[batch.key]),
        {"sender": "Ministry of Made-up Affairs", "separator": ";", "constant_country": "SVN"} | chosen,
    )
    return batch


def check(client, batch: Batch, **chosen: str) -> str:
    """Send the meanings as they are proposed, but for what is chosen, and check: the page of the import."""
    page = reverse("desk:map_values", args=[batch.key])
    form = client.get(page).context["form"]
    posted = {name: form[name].value() or "" for name in form.fields if name.startswith("value")}
    client.post(page, posted | chosen)
    batch.refresh_from_db()
    pipeline.preview_batch(batch)
    return client.get(reverse("desk:show_import", args=[batch.key])).content.decode()


def test_the_first_rows_show_the_cells_of_follow_up_with_their_meaning(client, batch):
    page = client.get(reverse("desk:map_values", args=[batch.key]))
    first, second, third = page.context["rows"]
    assert [printed for _column, printed, _meaning in first.cells] == ["Agence des Ponts", "31/12/2031"]
    assert second.cells[0][1:] == ("Ministère des Forêts", "Ministère des Forêts")
    assert [printed for _column, printed, _meaning in third.cells] == ["31/12/2031"]
    assert "Agence des Ponts" in page.content.decode()


def test_the_preview_says_why_cells_do_not_come_in_and_where_the_first_of_them_is(client, batch):
    page = check(client, batch)
    due = {
        (alike.outcome, alike.number, alike.where)
        for alike in findings.incoming(batch).cells
        if alike.column == "Due date"
    }
    assert due == {("Imported", 1, "row 3"), ("Not imported", 2, "row 2")}
    [why] = {
        alike.reason for alike in findings.incoming(batch).cells if (alike.column, alike.number) == ("Due date", 2)
    }
    assert why
    assert str(why) in page


def test_institutions_that_are_left_can_be_created_all_at_once(client, batch):
    page = check(client, batch, create_0="on")
    assert [alike.number for alike in findings.incoming(batch).cells if alike.column == "Lead institution"] == [2]
    assert "Not imported" not in page.split("Lead institution")[1].split("</tr>")[0]
    pipeline.claim(batch, accept_refused=False)
    pipeline.apply_batch(batch)
    leads = Assignment.objects.leading().values_list("institution__name", flat=True)
    assert sorted(leads) == ["Agence des Ponts", "Ministère des Forêts"]
    pipeline.undo_batch(batch=batch, by=batch.created_by)
    assert list(Institution.objects.values_list("code", flat=True)) == ["forest"]


def test_reasons_beyond_the_most_frequent_are_counted_together(client, batch, monkeypatch):
    monkeypatch.setattr("servanda.recommendations.imports.sheet_cells.MOST_REASONS", 0)
    page = check(client, batch)
    rest = [(alike.column, alike.outcome, alike.number) for alike in findings.incoming(batch).cells]
    assert ("Due date", "Not imported", 2) in rest
    assert "For other reasons" in page


def test_the_command_line_tells_what_becomes_of_the_cells(client, batch, tmp_path, capsys):
    check(client, batch)
    path = tmp_path / "list.csv"
    path.write_bytes(ROWS.encode("utf-8-sig"))
    call_command("import_file", path, mapping="Ministry of Made-up Affairs", dry_run=True)
    output = capsys.readouterr().out
    assert "Due date: Not imported 2 " in output


POSITIONS = (
    "Para;Recommandation;Mécanisme;{header}\n"
    "1;Construire des écoles.;UPR;Y\n"
    "2;Construire des routes.;UPR;N\n"
    "3;Construire des ponts.;UPR;Accepted\n"
    "4;Construire des ports.;UPR;rouge\n"
)


def positions_batch(client, header: str) -> Batch:
    client.force_login(make.user("coordinator"))
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN", "languages": "en,fr"})
    file = SimpleUploadedFile("positions.csv", POSITIONS.format(header=header).encode("utf-8-sig"))
    client.post(reverse("desk:receive_files"), {"files": file})
    batch = Batch.objects.latest("pk")
    chosen = {f"column_{n}": name for n, name in enumerate(("paragraph", "text fr", "body", "position"))}
    constants = {"constant_country": "SVN", "constant_symbol": "A/HRC/99/7", "constant_cycle": "4"}
    client.post(
        reverse("desk:map_columns", args=[batch.key]),
        {"sender": "Ministry of Made-up Affairs", "separator": ";"} | constants | chosen,
    )
    batch.refresh_from_db()
    return batch


def stands(batch: Batch) -> list[str]:
    return [row.position.stand if row.position else "" for row in mapping.RowReader(batch).rows()]


def test_positions_are_among_the_values_whose_meaning_is_chosen_and_remembered(client):
    batch = positions_batch(client, "Avis de l’État")
    form = client.get(reverse("desk:map_values", args=[batch.key])).context["form"]
    assert {form[name].label: form[name].value() for name in form.fields if name.startswith("value_")} == {
        "Y": "supported",
        "N": "noted",
        "Accepted": "supported",
        "rouge": "",
    }
    check(client, batch, value_0_3="pending")
    assert stands(batch) == ["supported", "noted", "supported", "pending"]
    another = positions_batch(client, "Avis de l’État")
    form = client.get(reverse("desk:map_values", args=[another.key])).context["form"]
    assert form["value_0_3"].value() == "pending"


def test_a_position_that_is_left_out_has_the_reason_in_the_preview(client):
    batch = positions_batch(client, "Avis de l’État")
    page = check(client, batch)
    assert stands(batch) == ["supported", "noted", "supported", ""]
    assert "“rouge” is not imported, as chosen on the page of values." in page


def test_the_preview_of_values_shows_positions_with_their_meaning(client):
    batch = positions_batch(client, "Avis de l’État")
    first, *_rest = client.get(reverse("desk:map_values", args=[batch.key])).context["rows"]
    assert first.cells == [("Position of the State", "Y", "Supported")]


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("Avis de l’État", ["", "", "supported", ""]),
        ("Accepted? (Y/N)", ["supported", "noted", "supported", ""]),
        ("Soutenue", ["supported", "noted", "supported", ""]),
        ("Not accepted", ["", "", "supported", ""]),
    ],
)
def test_yes_and_no_are_only_taken_unconfirmed_below_a_column_named_accepted(client, header, taken):
    assert stands(positions_batch(client, header)) == taken


@pytest.mark.parametrize(
    ("printed", "proposal"),
    [("yes", "supported"), ("Sí", "supported"), ("oui", "supported"), ("نعم", "supported"), ("No", "noted"),
     ("non", "noted"), ("não", "noted"), ("لا", "noted"), ("blue", ""), ("Noted", "noted")],
)  # fmt: skip
def test_plain_answers_in_five_languages_are_proposed(printed, proposal):
    assert propose_stand(printed) == proposal
