"""Record what a Word file of a report contains, so that it can be compared when it comes back."""

import hashlib
import json
from collections.abc import Iterator
from uuid import uuid4

from django.db import transaction
from django.utils.translation import pgettext

from servanda.people.models import User
from servanda.reporting.documents.blocks import Kind
from servanda.reporting.documents.contents import ReportDocument
from servanda.reporting.documents.own_template import texts_of_template
from servanda.reporting.models import Report, ReportSection, SentCopy, SentSection

LENGTH = 12  # of a hash


def hash_of(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:LENGTH]


def printed_texts(document: ReportDocument) -> Iterator[str]:
    """Everything in the file that is not the text of a section: it is no change when it comes back."""
    yield from (
        document.issuer,
        document.title,
        document.status,
        document.running_line,
        pgettext("table of contents", "Contents"),
    )
    yield from (f"{label} {value}" for label, value in document.facts)
    for block in (*document.blocks, *document.annexes):
        if block.kind in (Kind.GAP, Kind.PICTURE):
            yield block.text
        if block.picture is not None:
            yield block.picture.alternative
    if document.template is not None:
        yield from texts_of_template(document, document.template.content)
    if document.layout is not None:
        yield from document.layout.headings
        for line in document.layout.lines:
            yield from (line.values.get(key) or "" for key in document.layout.columns)


def mark_copy(document: ReportDocument, report: Report, *, by: User) -> SentCopy:
    """Record the copy that the document is, once for equal ones, and let its Word file name it. Call it before the
    file is written, and within its language."""
    rows = in_order_of_file(document)
    printed = " ".join(sorted({hash_of(text) for text in printed_texts(document) if text.strip()}))
    texts = [
        [section.pk, section.heading, section.text, *(quotation.citation for quotation in section.quotations.all())]
        for section in rows
    ]
    digest = hashlib.sha256(json.dumps([printed, texts]).encode()).hexdigest()
    with transaction.atomic():
        values = {"key": uuid4(), "printed": printed, "by": by}
        copy, is_new = SentCopy.objects.get_or_create(report=report, digest=digest, defaults=values)
        if is_new:
            SentSection.objects.bulk_create(sent(copy, number, section) for number, section in enumerate(rows, 1))
    document.copy = copy.key.hex
    return copy


def sent(copy: SentCopy, number: int, section: ReportSection) -> SentSection:
    citations = {str(quotation.number): quotation.citation for quotation in section.quotations.all()}
    same = {"heading": section.heading, "text": section.text, "citations": citations}
    return SentSection(copy=copy, section=section, number=number, **same)


def in_order_of_file(document: ReportDocument) -> list[ReportSection]:
    """Annexes come last. Sections that were removed since the moment of the file cannot come back."""
    by_key = {section.key: section for section in document.sections if not section._state.adding}
    return [by_key[block.anchor] for block in (*document.blocks, *document.annexes) if block.anchor in by_key]
