"""The table of contents of a submitted report has page numbers in LibreOffice too, where it is installed there."""

from contextlib import closing
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.utils import timezone
from lxml import etree

from servanda.people.access import Role
from servanda.reporting.documents import page_numbers
from servanda.reporting.documents.contents import document_of, in_language_of
from servanda.reporting.documents.word import write_docx
from servanda.reporting.reports import services
from servanda.sources.files import old_formats
from tests import make, reports_make
from tests.once import built_once
from tests.word_check import W, faults

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 29, 10, tzinfo=timezone.get_default_timezone())


@built_once
def report():
    by = make.user(Role.COORDINATOR)
    made = reports_make.report(
        by, template=reports_make.template("Report", "Method", "Chapters", "End"), language="ar"
    )
    for section in made.sections.all():
        text = "\n\n".join(["نص " * 120] * 12) if section.key == "chapters" else "نص."
        services.write_section(section=section, text=text, seen=1, by=by)
    return made


def contents_of(file: bytes) -> list[str]:
    """What the table of contents shows as page numbers."""
    body = etree.fromstring(ZipFile(BytesIO(file)).read("word/document.xml"))
    entries = [row for row in body.iter(f"{W}p") if row.find(f"{W}pPr/{W}pStyle[@{W}val='TOC1']") is not None]
    return [list(entry.iter(f"{W}t"))[-1].text for entry in entries]


def written(report, pages=None) -> bytes:
    with in_language_of(report):
        document = document_of(report, report.created_by, on=date(2026, 11, 29))
        document.pages = page_numbers.pages_of_headings(document, AT) if pages is None else pages
        with closing(write_docx(document, at=AT)) as file:
            return file.read()


def test_the_contents_have_the_pages_of_libreoffice(report, monkeypatch):
    monkeypatch.setattr(page_numbers, "program", old_formats.program)
    file = written(report)
    assert faults(file) == []
    first, chapters, end = map(int, contents_of(file))
    assert first == chapters == 1
    assert end > 2


def test_without_libreoffice_word_computes_them(report):
    assert contents_of(written(report)) == [" ", " ", " "]


def test_a_file_that_was_not_made_leaves_them_to_word(report, monkeypatch):
    monkeypatch.setattr(page_numbers, "program", lambda: "false")
    assert contents_of(written(report)) == [" ", " ", " "]
