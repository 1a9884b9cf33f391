"""A short report with everything that a report can have, in which a Word template is tried."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.reporting.documents.blocks import Block, Kind, Notes, SectionReader, Span
from servanda.reporting.documents.contents import NAMED, ReportDocument
from servanda.reporting.documents.numbering import number_blocks, resolve_references

SIGNS = "A & B < C > D"  # those that a file must not take for its own
SECTIONS = (
    "{text}[^1] [](#second), [#](#second), **{text}**\n\n1. {signs}\n2. {text}\n\n> {text}\n",
    "{text}\n\n| {text} | 1 |\n|---|---|\n| {signs} | 2 |\n\n[{text}](https://example.org/)",
)


def sample_document(language: str, *, status: str) -> ReportDocument:
    """Call it in the language of the sample."""
    notes = Notes()
    body = list(body_of(notes))
    annexes = [Block(Kind.HEADING, [Span(_("Annex"))], level=1, anchor="annex"), Block(Kind.GAP, [Span(sample())])]
    number_blocks([*body, *annexes], has_own_numbers=False)
    resolve_references([*body, *annexes])
    day = date_format(timezone.localdate(), "DATE_FORMAT")
    title, issuer = f"{_('Sample report')}: {SIGNS}", _("Name of the State")
    return ReportDocument(
        title=title,
        issuer=issuer,
        language=language,
        facts=[(_("Date"), day), (_("Body"), SIGNS)],
        status=status,
        blocks=body,
        notes=notes.texts,
        annexes=annexes,
        day=day,
        named=dict.fromkeys(NAMED, SIGNS),
    )


def sample() -> str:
    return _("This is a sample text.")


def body_of(notes: Notes) -> Iterator[Block]:
    lists = 0
    for key, heading, markdown in zip(("first", "second"), (_("First section"), SIGNS), SECTIONS, strict=True):
        yield Block(Kind.HEADING, [Span(heading)], level=1, anchor=key, is_ordered=True)
        reader = SectionReader(key, 1, {1: f"{sample()} {SIGNS}"}, notes, "", lists)
        yield from reader.read(markdown.format(text=sample(), signs=SIGNS))
        lists = reader.lists
