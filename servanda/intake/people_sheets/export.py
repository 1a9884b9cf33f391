"""Institutions and people as a spreadsheet that can be read in again, and an empty one to start from."""

from collections.abc import Iterator
from datetime import date
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter
from django.conf import settings
from django.db.models import Prefetch

from servanda.intake.people_sheets.columns import (
    COLUMNS,
    EXAMPLE_ADDRESS,
    EXAMPLE_CODE,
    INSTITUTIONS,
    NAME_IN,
    PEOPLE,
    explanations,
)
from servanda.kit.database.sentences import gettext as _
from servanda.people.institutions.services import names_of
from servanda.people.models import AccountState, Appointment, Instance, Institution, User
from servanda.trail.models import Event

type Table = tuple[list[str], list[list[str]]]


def export_people(*, by: User, format: str) -> dict[str, Table]:
    """Both tables, as far as this person may see them; the trail records the export."""
    tables = {INSTITUTIONS: institutions_table(by), PEOPLE: people_table(by)}
    rows = {name: ["", len(table[1])] for name, table in tables.items()}
    Event.record("people-exported", by=by, label=format, difference=rows)
    return tables


def institutions_table(by: User) -> Table:
    institutions = list(Institution.objects.visible_to(by).select_related("parent").order_by("code"))
    first = (Instance.current().language_codes() or [settings.LANGUAGE_CODE])[0]
    names = [{language or first: text for language, text in names_of(place).items()} for place in institutions]
    others = sorted({language for translated in names for language in translated} - {first})
    columns = COLUMNS[INSTITUTIONS]
    header = [*columns[:2], *[NAME_IN + language for language in others], *columns[2:]]
    rows = [
        [
            place.code,
            *[translated.get(language, "") for language in [first, *others]],
            place.branch,
            place.level,
            place.parent.code if place.parent else "",
            place.email,
            place.phone,
            place.address,
            as_text(place.active_from),
            as_text(place.active_to),
        ]
        for place, translated in zip(institutions, names, strict=True)
    ]
    return header, rows


def people_table(by: User) -> Table:
    """One row for each appointment, and one for a person without any."""
    appointments = Appointment.objects.visible_to(by).select_related("institution").order_by("start", "pk")
    people = User.objects.visible_to(by).prefetch_related(Prefetch("appointments", appointments)).order_by("email")
    rows = [row for person in people if person.state != AccountState.ERASED for row in rows_of(person)]
    return list(COLUMNS[PEOPLE]), rows


def rows_of(person: User) -> Iterator[list[str]]:
    contact = [person.email, person.name, person.phone, person.language]
    appointments = list(person.appointments.all())
    if not appointments:
        yield [*contact, *[""] * 6]
    for appointment in appointments:
        days = [as_text(appointment.start), as_text(appointment.end)]
        yield [
            *contact,
            appointment.institution.code,
            appointment.function,
            appointment.act,
            *days,
            appointment.bodies,
        ]


def as_text(day: date | None) -> str:
    return day.isoformat() if day else ""


def workbook_of(tables: dict[str, Table]) -> IO[bytes]:
    """One sheet for each table; every cell is text, so that nothing in it is taken for a formula."""
    file = TemporaryFile()  # noqa: SIM115 -- the response that sends it closes it
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, {**options, "constant_memory": True}) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        for name, (header, rows) in tables.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(header) - 1, 24, text)  # text cells keep what is typed: 0041, 2026-01-31
            sheet.write_row(0, 0, header, bold)
            for number, row in enumerate(rows, 1):
                sheet.write_row(number, 0, row, text)
    file.seek(0)
    return file


def template_tables() -> dict[str, Table]:
    """Both tables with an example row, which imports ignore, and explanations of the columns."""
    institution = [
        EXAMPLE_CODE, "Ministry of Examples", "Ministerio de Ejemplos", "executive", "national", "",
        "office@example.org", "+999 1 234 56 78", "1 Example Street, Exampleton", "2015-01-01", "",
    ]  # fmt: skip
    person = [
        EXAMPLE_ADDRESS, "Ana Example", "+999 1 234 56 79", "en", EXAMPLE_CODE, "principal",
        "Decision 12/2026 of 5 January 2026", "2026-01-05", "", "CRC,CEDAW",
    ]  # fmt: skip
    columns = COLUMNS[INSTITUTIONS]
    return {
        INSTITUTIONS: ([*columns[:2], f"{NAME_IN}es", *columns[2:]], [institution]),
        PEOPLE: (list(COLUMNS[PEOPLE]), [person]),
        _("explanations")[:31]: ([_("column"), _("what to enter")], [list(line) for line in explanations()]),
    }
