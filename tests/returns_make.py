"""Word files of reports that were sent out, and what they bring back."""

from contextlib import closing
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.utils import timezone

from servanda.reporting.documents.contents import document_of, in_language_of
from servanda.reporting.documents.files import WRITERS
from servanda.reporting.models import ReturnedSection, WordReturn
from servanda.reporting.reports import services as writing
from servanda.reporting.returns import services as deeds
from servanda.reporting.returns.copies import mark_copy
from servanda.reporting.returns.receiving import read_word_return

DAY = date(2026, 11, 29)
AT = datetime(2026, 11, 29, 10, tzinfo=timezone.get_default_timezone())


def written(report, key: str, text: str, by):
    section = report.sections.get(key=key)
    return writing.write_section(section=section, text=text, seen=section.version, by=by)


def sent(report, by) -> bytes:
    with in_language_of(report):
        document = document_of(report, by, on=DAY)
        mark_copy(document, report, by=by)
        with closing(WRITERS["docx"](document, AT)) as file:
            return file.read()


def returned(report, content: bytes, by, name: str = "returned.docx") -> WordReturn:
    return read_word_return(report=report, file=ContentFile(content), name=name, by=by)


def proposals(word_return: WordReturn) -> dict[str, str]:
    rows = word_return.sections.filter(state=ReturnedSection.State.PROPOSED).select_related("sent__section")
    return {row.sent.section.key: row.text for row in rows}


def notes(word_return: WordReturn, *kinds: str) -> list[tuple]:
    rows = word_return.notes.filter(kind__in=kinds) if kinds else word_return.notes.all()
    return [(row.kind, row.section.key if row.section else "", row.author, row.text) for row in rows]


def kept(report, content: bytes, by) -> WordReturn:
    word_return = returned(report, content, by)
    deeds.keep_word_return(word_return=word_return, by=by)
    return word_return
