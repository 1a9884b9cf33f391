"""What a section quotes, under its number."""

import re
from collections.abc import Sequence

from servanda.kit.pages.markdown import escaped
from servanda.people.models import User
from servanda.reporting.facts.registry import Fact
from servanda.reporting.models import Quotation, ReportSection
from servanda.reporting.reports.outline_history import record_sources
from servanda.sources.printed.texts import without_unseen

ENDS = (".", "!", "?", "…", "؟", "。")
GAP_BEGINS, GAP_ENDS = r"**\[", r"\]**"
# Without another beginning inside, so that a text of beginnings only is read once.
INSIDE_GAP = rf"(?:(?!\n\n|{re.escape(GAP_BEGINS)}).)+?"
GAP = re.compile(rf"{re.escape(GAP_BEGINS)}({INSIDE_GAP}){re.escape(GAP_ENDS)}", re.DOTALL)


def as_quotation(text: str, mark: str) -> str:
    """In Markdown, with its mark at the end."""
    return "\n".join(f"> {line}".rstrip() for line in f"{text} {mark}".splitlines())


def as_paragraph(text: str, mark: str) -> str:
    """As a draft of answers or comments has it."""
    return f"{escaped(text)} {mark}"


def as_gap(sentence: str) -> str:
    """A paragraph that a person has to replace."""
    return f"**{escaped(f'[{sentence}]')}**"


def is_gap_paragraph(paragraph: str) -> bool:
    return paragraph.startswith(GAP_BEGINS) and paragraph.endswith(GAP_ENDS)


def one_sentence(text: str) -> str:
    """On one line and with a full stop, as a draft from facts has it."""
    words = escaped(" ".join(text.split()))
    return words if words.endswith(ENDS) else f"{words}."


def next_number(section: ReportSection) -> int:
    newest = section.quotations.order_by("-number").first()
    return newest.number + 1 if newest else 1


def add_quotation(section: ReportSection, source: str, fact: Fact, *, by: User) -> Quotation:
    """Keep where the fact is from, under the next number of the locked section."""
    return add_quotations(section, [(source, fact)], by=by)[0]


def add_quotations(section: ReportSection, found: Sequence[tuple[str, Fact]], *, by: User) -> list[Quotation]:
    """Store the sources of these facts, each with its code, under the next endnote numbers of the locked section."""
    rows = [
        Quotation(
            section=section,
            number=number,
            source=source,
            object_id=fact.key,
            text=without_unseen(fact.text),
            citation=fact.citation,
            address=fact.address[:300],
            day=fact.day,
            added_by=by,
        )
        for number, (source, fact) in enumerate(found, next_number(section))
    ]
    made = Quotation.objects.bulk_create(rows)
    record_sources(section)
    return made
