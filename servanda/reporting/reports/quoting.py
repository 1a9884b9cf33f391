"""What a section quotes, under its number."""

from servanda.people.models import User
from servanda.reporting.facts.registry import Fact
from servanda.reporting.models import Quotation, ReportSection
from servanda.sources.printed.texts import without_unseen


def as_quotation(text: str, mark: str) -> str:
    """In Markdown, with its mark at the end."""
    return "\n".join(f"> {line}".rstrip() for line in f"{text} {mark}".splitlines())


def add_quotation(section: ReportSection, source: str, fact: Fact, *, by: User) -> Quotation:
    """Keep where the fact is from, under the next number of the locked section."""
    newest = section.quotations.order_by("-number").first()
    return Quotation.objects.create(
        section=section,
        number=newest.number + 1 if newest else 1,
        source=source,
        object_id=fact.key,
        text=without_unseen(fact.text),
        citation=fact.citation,
        address=fact.address[:300],
        day=fact.day,
        added_by=by,
    )
