"""The history of a treaty names the reservations that changed: on its page, and as a file."""

import csv
import io
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.intake.sheets import services as sheets
from servanda.people.access import Role
from servanda.people.models import User
from servanda.sources.treaties import services
from servanda.sources.treaties.services import ReservationValues
from servanda.sources.treaties.sheet import TreatySheets
from tests import make
from tests.treaties_make import treaty

pytestmark = pytest.mark.django_db
WORDS = {"kind": "reservation", "article": "2", "text": "Not bound by the first paragraph."}


@pytest.fixture
def coordinator(client) -> User:
    return make.signed_in(client, Role.COORDINATOR, name="Ana Primer")


def edited(by: User) -> None:
    """Added on the page, then narrowed."""
    status = treaty("CEDAW")
    values = ReservationValues(**WORDS, made_on=date(1992, 7, 6))
    row = services.add_reservation(status=status, values=values, objections=[], by=by)
    narrowed = ReservationValues(**{**WORDS, "text": "Not bound by the second paragraph."}, made_on=date(1992, 7, 6))
    services.edit_reservation(reservation=row, values=narrowed, objections=[], seen=None, by=by)


def imported(by: User, text: str) -> Batch:
    file = ContentFile(text.encode(), "treaties.csv")
    batch = sheets.send_sheet(kind=TreatySheets(), file=file, name="treaties.csv", by=by)
    sheets.preview_sheet(batch)
    sheets.start_sheet(batch=batch, options={})
    sheets.apply_sheet(batch=batch, by=by)
    return batch


def shown(client) -> str:
    return client.get(reverse("desk:treaty", args=["CEDAW"])).content.decode()


def rows(client) -> list[list[str]]:
    answer = client.get(reverse("desk:treaty_history", args=["CEDAW", "csv"]))
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))[1:]


@pytest.mark.database
def test_the_page_names_the_reservation_what_it_was_and_what_it_is(client, coordinator):
    edited(coordinator)
    page = shown(client)
    for words in ("Ana Primer changed a reservation to the treaty CEDAW.", "Reservation, 2", "6 July 1992"):
        assert words in page
    assert ("<del>first</del>" in page, "<ins>second</ins>" in page) == (True, True)


@pytest.mark.database
def test_a_spreadsheet_names_it_too_until_it_is_undone(client, coordinator):
    treaty("CEDAW")
    row = "CEDAW,declaration,16,As far as compatible."
    batch = imported(coordinator, f"code,reservation kind,reservation article,reservation text\n{row}\n")
    page = shown(client)
    for words in ("imported the treaties from the file treaties.csv", "Declaration, 16", "As far as compatible."):
        assert words in page
    assert ["Declaration, 16", "text", "", "As far as compatible."] in [cells[2:] for cells in rows(client)]
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.UNDONE)
    assert "treaties.csv" not in shown(client)


@pytest.mark.database
def test_a_row_that_stayed_when_the_import_was_undone_is_in_the_history(client, coordinator):
    status = treaty("CEDAW")
    rows_sent = ["CEDAW,declaration,16,As far as compatible.", "CEDAW,declaration,2,As far as possible."]
    text = "\n".join(["code,reservation kind,reservation article,reservation text", *rows_sent, ""])
    batch = imported(coordinator, text)
    row = status.reservations.get(article="16")
    values = ReservationValues(kind="declaration", article="16", text="As far as compatible with law.")
    services.edit_reservation(reservation=row, values=values, objections=[], seen=None, by=coordinator)
    assert sheets.undo_sheet(batch=batch, by=coordinator) == 1
    cells = [row[2:] for row in rows(client)]
    assert ["Declaration, 16", "text", "", "As far as compatible."] in cells
    assert not any(row[0] == "Declaration, 2" for row in cells)


def test_the_file_has_a_row_for_each_change_with_both_values(client, coordinator):
    edited(coordinator)
    newest, oldest = rows(client)
    assert newest[2] == "Reservation, 2"
    assert ("first" in newest[4], "second" in newest[5], oldest[4]) == (True, True, "")
    assert client.get(reverse("desk:treaty_history", args=["CEDAW", "xlsx"])).status_code == 200
    assert client.get(reverse("desk:treaty_history", args=["CAT", "csv"])).status_code == 404


def test_a_treaty_whose_reservations_never_changed_offers_no_file(client, coordinator):
    treaty("CEDAW")
    assert reverse("desk:treaty_history", args=["CEDAW", "csv"]) not in shown(client)
