"""The pages that spreadsheets of all kinds have in common."""

import pytest
from django.urls import reverse

from servanda.intake.models import Batch, StagedRow
from servanda.intake.sheets.kinds import kind_named, kinds
from servanda.kit.server.body_limits import ALLOWED, ASKS, MEGABYTE
from servanda.people.access import Role
from tests import make

pytestmark = pytest.mark.django_db
WITHOUT_SUBJECT = ("people", "actions", "values")


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def sent(code: str, by, **fields) -> Batch:
    fields = {"name": "list.csv", "state": Batch.State.PREVIEWED, "sha256": "1" * 64, **fields}
    return Batch.objects.create(shape=kind_named(code).shape, created_by=by, **fields)


def page_of(client, code: str, batch: Batch) -> str:
    return client.get(reverse("desk:sheet", args=[code, batch.key])).content.decode()


def test_every_kind_that_a_room_has_is_registered():
    assert [kind.code for kind in kinds()] == [
        "people",
        "treaties",
        "obligations",
        "questions",
        "actions",
        "values",
        "answers",
        "measures",
    ]


@pytest.mark.parametrize("code", WITHOUT_SUBJECT)
def test_a_kind_without_files_says_so_and_how_to_begin(client, coordinator, code):
    page = client.get(reverse("desk:send_sheet", args=[code])).content.decode()
    assert "No files sent yet" in page
    assert str(kind_named(code).empty_text) in page


@pytest.mark.parametrize("code", WITHOUT_SUBJECT)
def test_former_files_and_rows_are_listed_page_by_page(client, coordinator, code):
    for _number in range(26):
        batch = sent(code, coordinator)
    assert "?page=2" in client.get(reverse("desk:send_sheet", args=[code])).content.decode()
    StagedRow.objects.bulk_create(
        StagedRow(batch=batch, number=number, where=f"row {number}", verdict="refused", reason="No.")
        for number in range(1, 52)
    )
    assert (
        "?verdict=refused&amp;page=2"
        in client.get(reverse("desk:sheet", args=[code, batch.key]) + "?verdict=refused").content.decode()
    )


@pytest.mark.parametrize("code", WITHOUT_SUBJECT)
def test_a_file_at_work_shows_a_bar_that_needs_no_script(client, coordinator, code):
    for state in (Batch.State.UPLOADED, Batch.State.PREVIEWING, Batch.State.APPLYING):
        batch = sent(code, coordinator, state=state)
        page = page_of(client, code, batch)
        assert "<progress" in page
        assert "Refresh" in page
        assert "Send another file" not in page
        progress = client.get(reverse("desk:sheet_progress", args=[code, batch.key]))
        assert "<progress" in progress.content.decode()
    Batch.objects.update(state=Batch.State.FAILED, message="It is damaged.")
    assert client.get(reverse("desk:sheet_progress", args=[code, batch.key])).headers["HX-Refresh"] == "true"
    assert "It is damaged." in page_of(client, code, batch)


@pytest.mark.parametrize(
    "path", ["nothing/", "people/7/", "answers/", "values/template.xlsx", "answers/template.xlsx", "PEOPLE/"]
)
def test_an_address_that_no_kind_has_is_not_there(client, coordinator, path):
    assert client.get(f"/desk/sheets/{path}").status_code == 404


def test_a_file_is_found_under_its_own_kind_only(client, coordinator):
    batch = sent("actions", coordinator)
    assert client.get(reverse("desk:sheet", args=["people", batch.key])).status_code == 404
    assert client.get(reverse("desk:sheet", args=["values", batch.key])).status_code == 404


def limit(client, code: str, *about: int) -> int:
    answer = client.generic("POST", reverse("desk:send_sheet", args=[code, *about]), b"", **{ASKS: True})
    return int(answer[ALLOWED]) // MEGABYTE


def test_only_those_who_may_send_a_kind_send_large_files_of_it(client):
    make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("ministry"))
    assert [limit(client, code) for code in WITHOUT_SUBJECT] == [1, 1, 20]
    assert limit(client, "answers", 7) == 20
    make.signed_in(client, Role.READER)
    assert [limit(client, code) for code in WITHOUT_SUBJECT] == [1, 1, 1]
    assert limit(client, "answers", 7) == 1


def test_nobody_is_asked_to_accept_refused_rows_where_there_are_none(client, coordinator):
    batch = sent("actions", coordinator)
    assert "accept_refused" not in page_of(client, "actions", batch)
    StagedRow.objects.create(batch=batch, number=1, where="row 2", verdict="refused", reason="Column “title”: empty.")
    page = page_of(client, "actions", batch)
    assert "accept_refused" in page
    assert "Column “title”: empty." in page
