"""Spreadsheets of institutions and people, and what is done with them on the pages."""

import csv
import io

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.intake.people_sheets.columns import COLUMNS
from servanda.people.models import Appointment, Institution, User

INSTITUTIONS, PEOPLE = (list(COLUMNS[kind]) for kind in ("institutions", "people"))


def table(columns: list[str], rows: list[dict]) -> list[list[str]]:
    return [columns, *[[row.get(column, "") for column in columns] for row in rows]]


def as_csv(columns: list[str], *rows: dict) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(table(columns, list(rows)))
    return text.getvalue().encode()


def as_workbook(**sheets: list[list]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def ministry(**cells) -> dict:
    return {"code": "mjust", "name": "Ministry of Justice", "branch": "executive", **cells}


def person(**cells) -> dict:
    data = {"institution": "mjust", "function": "principal", "act": "Decree 1", "from": "2026-01-05"}
    return {"e-mail": "ana@example.org", "name": "Ana", "telephone": "+386 1 234", **data, **cells}


def alone(**cells) -> dict:
    return {"e-mail": "ana@example.org", "name": "Ana", **cells}


def send(client, content: bytes, name: str = "people.xlsx") -> Batch:
    answer = client.post(reverse("desk:send_sheet", args=["people"]), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.get(key=answer.url.rstrip("/").rpartition("/")[2])


def send_rows(client, *, institutions: list[dict] = (), people: list[dict] = (), extra: list[str] = ()) -> Batch:
    sheets = {"institutions": table([*INSTITUTIONS, *extra], institutions), "people": table(PEOPLE, people)}
    return send(client, as_workbook(**sheets))


def press(client, deed: str, batch: Batch, **ticks) -> Batch:
    client.post(reverse(f"desk:{deed}_sheet", args=["people", batch.key]), ticks)
    return Batch.objects.get(pk=batch.pk)


def shown(client, batch: Batch) -> str:
    """The page of a file, with one blank where its template has several."""
    return " ".join(client.get(reverse("desk:sheet", args=["people", batch.key])).content.decode().split())


def verdicts(batch: Batch) -> list[tuple[str, str]]:
    return list(batch.rows.values_list("where", "verdict"))


def reason(batch: Batch) -> str:
    return batch.rows.exclude(reason="").get().reason


def counted() -> tuple[int, int, int]:
    return Institution.objects.count(), User.objects.count(), Appointment.objects.count()
