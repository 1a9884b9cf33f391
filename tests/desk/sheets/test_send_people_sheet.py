import io
import zipfile
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.intake.people_sheets.kind import PeopleSheets
from servanda.people.models import Appointment
from tests import make
from tests.desk.sheets.people_sheets import INSTITUTIONS, PEOPLE, as_csv, ministry, person, press, send, verdicts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("what", ["institutions", "people"])
def test_one_table_may_come_as_csv(at_work, what):
    make.institution("mjust")
    content = as_csv(INSTITUTIONS, ministry(code="new")) if what == "institutions" else as_csv(PEOPLE, person())
    assert verdicts(send(at_work, content, "people.csv")) == [(f"{what}, row 2", "new")]


def test_dates_of_a_workbook_and_of_the_continent_are_days(at_work):
    make.institution("mjust")
    rows = [PEOPLE, [person(**{"from": date(2026, 1, 5), "until": "6.2.2026"}).get(column, "") for column in PEOPLE]]
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("people")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    press(at_work, "apply", send(at_work, file.getvalue()))
    appointment = Appointment.objects.get()
    assert (appointment.start, appointment.end) == (date(2026, 1, 5), date(2026, 2, 6))


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    return file.getvalue()


UNREADABLE = {
    "unpacks to 20 MB": bomb,
    "damaged or incomplete": lambda: b"PK\x03\x04 broken",
    "has no rows": lambda: b"some text",
    "twice in the sheet: name": lambda: b"code,name,name\nmjust,a,b\n",
}


@pytest.mark.parametrize("sentence", UNREADABLE)
def test_a_file_that_cannot_be_read_says_why_and_is_not_kept(at_work, sentence):
    batch = send(at_work, UNREADABLE[sentence]())
    assert batch.state == "failed"
    assert sentence in batch.message
    assert not batch.file


def test_a_file_that_is_too_large_is_not_taken(at_work, monkeypatch):
    monkeypatch.setattr(PeopleSheets, "most_bytes", 10)
    file = SimpleUploadedFile("a.csv", b"code,name\nmjust,Ministry\n")
    answer = at_work.post(reverse("desk:send_sheet", args=["people"]), {"file": file})
    assert answer.status_code == 422
    assert not Batch.objects.exists()


def test_columns_that_are_not_known_are_named(at_work):
    batch = send(at_work, as_csv([*INSTITUTIONS, "telefone"], ministry(telefone="1")), "a.csv")
    assert "not imported: telefone" in batch.message
