"""What has no date yet: the body has still to communicate it, or a person has to enter it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from servanda.kit.pages.text_language import in_brackets
from servanda.sources.models import ObligationQuerySet
from servanda.sources.obligations.calendar import SOURCE_COLUMNS, SourceOfDay, short_names
from servanda.vocab.models import Certainty, ObligationKind

COLUMNS = ("code", "body", "kind", "title", "combined", *SOURCE_COLUMNS)
MOST = 40


@dataclass(frozen=True, slots=True)
class Undated:
    """One obligation without a date, in the words of a calendar."""

    code: str
    body: str
    title: str
    source: str  # of the date once it is there

    def __str__(self) -> str:
        return f"{self.body}: {self.title}. {self.source}"


def to_be_communicated(found: ObligationQuerySet) -> list[Undated]:
    """Of the bodies; `found` is `with_internal_side` of its reader."""
    return undated_of(found.filter(certainty=Certainty.TO_BE_COMMUNICATED))


def without_date(found: ObligationQuerySet) -> list[Undated]:
    """Those for which a person has to enter a date."""
    return undated_of(found.exclude(certainty=Certainty.TO_BE_COMMUNICATED))


def undated_of(found: ObligationQuerySet) -> list[Undated]:
    rows = found.unfinished().filter(due_on=None).order_by("code").values_list(*COLUMNS)[:MOST]
    names, kinds, sources = short_names(), dict(ObligationKind.choices), SourceOfDay()
    return [
        Undated(
            code,
            names[body],
            str(title or kinds[kind]) + (f" {in_brackets(combined)}" if combined else ""),
            sources.words(*facts),
        )
        for code, body, kind, title, combined, *facts in rows
    ]


def paragraphs_of(found: ObligationQuerySet) -> Iterator[str]:
    """Both as paragraphs of a text, each with its heading; no paragraph where there are none."""
    headings = (
        (pgettext("certainty of a deadline", "To be communicated"), to_be_communicated(found)),
        (gettext("Date needed"), without_date(found)),
    )
    for heading, listed in headings:
        if listed:
            yield "\n".join([heading, *map(str, listed)])
