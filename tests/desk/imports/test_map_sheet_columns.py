"""The pages on which further sheets of a workbook are selected and their columns chosen."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from servanda.intake.models import Batch, SenderMapping
from servanda.people.models import Instance, Institution
from servanda.planning.models import Action
from servanda.recommendations import tasks
from servanda.recommendations.models import Recommendation
from tests import make
from tests.house.answers import notices_of
from tests.sheets_make import ACTIONS, rows_of, three_bodies, with_actions, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
CHOICES = {
    "sender": "Ministry",
    "separator": ";",
    "column_0": "external sheet",
    "column_1": "text",
    "column_2": "body",
    "column_3": "country",
}
ADDED = {"column_0": "external sheet", "column_1": "action", "column_2": "action status", "column_3": "due"}
BUILD = ["12", "Build a wing", "", "2031-12-31"]


@pytest.fixture
def coordinator(client):
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN", "languages": "en,fr"})
    return make.signed_in(client, "coordinator")


@pytest.fixture
def send(client, coordinator):
    def send(content: bytes) -> Batch:
        client.post(reverse("desk:receive_files"), {"files": SimpleUploadedFile("list.xlsx", content)})
        return Batch.objects.latest("pk")

    return send


def page(client, name: str, batch: Batch, *more, **fields):
    url = reverse(f"desk:{name}", args=[batch.key, *more])
    return client.post(url, fields, follow=True) if fields else client.get(url, follow=True)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def applied(client, batch: Batch) -> Batch:
    page(client, "map_values", batch, values_shown="")
    tasks.preview_import.func(str(batch.key))
    page(client, "apply_import", batch, accept_refused="")
    tasks.apply_import.func(str(batch.key))
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.message
    return batch


def test_the_other_sheets_of_a_workbook_are_offered_with_what_their_names_tell(client, send):
    form = page(client, "map_columns", send(three_bodies())).context["form"]
    offered = [(tick.sheet.name, tick.sheet.has_same_columns, tick.body.value()) for tick in form.others()]
    assert offered == [("CERD", True, "CERD"), ("CRC", True, "CRC")]
    assert not any(tick.tick.value() for tick in form.others())


def test_selected_sheets_are_checked_applied_and_undone_together(client, send):
    batch = send(three_bodies())
    answer = page(client, "map_columns", batch, **CHOICES, sheet_0="on", sheet_1="on")
    assert answer.redirect_chain[-1][0] == reverse("desk:map_values", args=[batch.key])
    assert "Build CRC school number 1" in text_of(answer)  # the first row of each sheet
    page(client, "map_values", batch, values_shown="")
    tasks.preview_import.func(str(batch.key))
    shown = text_of(page(client, "show_import", batch))
    assert "9 rows in the file. Rows by sheet: <bdi>CEDAW</bdi> 3, <bdi>CERD</bdi> 2, <bdi>CRC</bdi> 4." in shown
    applied(client, batch)
    assert Recommendation.objects.live().count() == 9
    page(client, "undo_import", batch, confirm="")
    assert not Recommendation.objects.exists()


def test_sheets_that_are_not_selected_are_not_read(client, send):
    batch = send(three_bodies())
    page(client, "map_columns", batch, **CHOICES, sheet_1="on")
    assert list(batch.further_sheets.values_list("sheet", flat=True)) == ["CRC"]
    page(client, "map_columns", batch, **CHOICES)
    assert not batch.further_sheets.exists()


def test_the_columns_of_a_sheet_with_other_columns_are_chosen_on_a_page_of_its_own(client, send):
    batch = send(with_actions(BUILD))
    answer = page(client, "map_columns", batch, **CHOICES, sheet_0="on")
    assert answer.redirect_chain[-1][0] == reverse("desk:map_sheet_columns", args=[batch.key, 1])
    assert [column.field.value() for column in answer.context["form"].columns()] == list(ADDED.values())
    answer = page(client, "map_sheet_columns", batch, 1, **ADDED)
    assert answer.redirect_chain[-1][0] == reverse("desk:map_values", args=[batch.key])
    assert "Adds to the recommendation" in text_of(answer)
    assert "Columns of the sheet “Actions”" in text_of(answer)
    applied(client, batch)
    assert list(Action.objects.values_list("title", flat=True)) == ["Build a wing"]


def test_the_values_of_all_sheets_are_on_one_page(client, send):
    batch = send(with_actions(["12", "Build a wing", "half way", ""]))
    page(client, "map_columns", batch, **CHOICES, sheet_0="on")
    answer = page(client, "map_sheet_columns", batch, 1, **ADDED)
    assert "half way" in text_of(answer)
    page(client, "map_values", batch, value_0_0=Action.Status.IN_PROGRESS)
    batch.refresh_from_db()
    assert batch.mapping.values.get().meaning == Action.Status.IN_PROGRESS


def test_meanings_are_asked_for_only_when_all_columns_are_chosen(client, send):
    batch = send(with_actions(BUILD))
    page(client, "map_columns", batch, **CHOICES, sheet_0="on")
    answer = page(client, "map_values", batch)
    assert answer.redirect_chain[-1][0] == reverse("desk:map_sheet_columns", args=[batch.key, 1])
    answer = page(client, "preview_again", batch, check="")
    assert ["“Actions”" in notice for notice in notices_of(answer)] == [True]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"column_0": ""}, "Choose the column that holds the text of the"),
        ({"column_2": "symbol"}, "Choose “Not imported” for: Document symbol."),
        ({"column_2": "action"}, "Actions is chosen for several columns: Action, Status."),
    ],
)
def test_a_sheet_without_texts_names_recommendations_and_only_adds_to_them(client, send, changes, sentence):
    batch = send(with_actions(BUILD))
    page(client, "map_columns", batch, **CHOICES, sheet_0="on")
    answer = page(client, "map_sheet_columns", batch, 1, **{**ADDED, **changes})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not SenderMapping.objects.exclude(sheet="").exists()


def test_another_first_sheet_forgets_the_further_ones(client, send):
    batch = send(three_bodies())
    page(client, "map_columns", batch, **CHOICES, sheet_0="on")
    answer = page(client, "choose_sheet", batch, sheet="CRC")
    assert not batch.further_sheets.exists()
    assert [tick.sheet.name for tick in answer.context["form"].others()] == ["CEDAW", "CERD"]


def test_a_sheet_without_a_table_is_named_and_not_offered(client, send):
    batch = send(
        workbook({"List": rows_of("CRC", [1]), "Notes": [["Compiled in May."]], "Actions": [ACTIONS, BUILD]})
    )
    answer = page(client, "map_columns", batch)
    assert "Sheets without a row of column names: <bdi>Notes</bdi>." in text_of(answer)
    assert [tick.sheet.name for tick in answer.context["form"].others()] == ["Actions"]


def test_a_sheet_called_as_a_body_is_about_that_body(client, send):
    rows = [["Id", "Recommendation", "Country"], ["1", "Open schools.", "SVN"]]
    form = page(client, "map_columns", send(workbook({"UPR 3": rows, "CERD": rows}))).context["form"]
    assert (form["constant_body"].value(), form["constant_cycle"].value()) == ("UPR", "3")


def test_a_position_without_a_sheet_is_not_found(client, send):
    batch = send(three_bodies())
    assert page(client, "map_sheet_columns", batch, 1).status_code == 404
    assert page(client, "map_sheet_columns", batch, 10**25).status_code == 404


INSTITUTIONS = [["Name", "Acronym", "Focal point", "Notes"], ["Ministry of Works", "MoW", "A. Person", "n"]]
LISTED = {"column_0": "institution name", "column_1": "institution code", "column_2": "institution person"}


def with_institutions() -> bytes:
    return workbook({"List": rows_of("CRC", [11]), "Institutions": INSTITUTIONS})


def test_a_sheet_of_institutions_is_ticked_and_its_columns_are_proposed(client, send):
    batch = send(with_institutions())
    offered = page(client, "map_columns", batch).context["form"].others()
    assert [(offer.sheet.lists, offer.tick.value()) for offer in offered] == [("Institutions", True)]
    answer = page(client, "map_columns", batch, **CHOICES, sheet_0="on")
    form = answer.context["form"]
    assert [column.field.value() for column in form.columns()] == [*LISTED.values(), ""]
    shown = text_of(answer)
    assert "Not imported: <bdi>Notes</bdi>." in shown
    assert reverse("desk:send_sheet", args=["people"]) in shown
    assert "Values for empty cells" not in shown


def test_institutions_and_recommendations_come_and_go_together(client, send):
    batch = send(with_institutions())
    page(client, "map_columns", batch, **CHOICES, sheet_0="on")
    answer = page(client, "map_sheet_columns", batch, 1, **LISTED)
    assert answer.redirect_chain[-1][0] == reverse("desk:map_values", args=[batch.key])
    assert "Adds to the recommendation" not in text_of(answer)
    page(client, "map_values", batch, values_shown="")
    tasks.preview_import.func(str(batch.key))
    shown = text_of(page(client, "show_import", batch))
    applied(client, batch)
    assert Institution.objects.get(code="MoW").name.data == {"en": "Ministry of Works"}
    assert "People are not imported with this sheet" in shown
    page(client, "undo_import", batch, confirm="")
    assert not Institution.objects.filter(code="MoW").exists()


def test_a_sheet_of_institutions_needs_their_names_and_takes_nothing_else(client, send):
    batch = send(with_institutions())
    page(client, "map_columns", batch, **CHOICES, sheet_0="on")
    answer = page(client, "map_sheet_columns", batch, 1, column_1="institution code", column_3="action")
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "Choose the column that holds: Name of the institution." in shown
    assert "The sheet is read as “Institutions”. Choose “Not imported” for: Actions." in shown


def test_plans_that_are_not_known_can_all_be_created_at_once(client, send):
    head = ["Id", "Recommendation", "Body", "Country", "Action", "Plan"]
    rows = [["1", "Build a school in the valley.", "CRC", "SVN", "Build it", "National action plan 2024-2028"]]
    batch = send(workbook({"List": [head, *rows]}))
    page(client, "map_columns", batch, **CHOICES, column_4="action", column_5="plan")
    answer = page(client, "map_values", batch)
    assert "Create a plan for each value that is “Not imported”" in text_of(answer)
    page(client, "map_values", batch, values_shown="", create_0="on")
    tasks.preview_import.func(str(batch.key))
    page(client, "apply_import", batch, accept_refused="")
    tasks.apply_import.func(str(batch.key))
    assert str(Action.objects.get().plan) == "National action plan 2024-2028"
