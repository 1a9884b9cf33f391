"""What has no date yet: the body has still to communicate it, or a person has to enter it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q
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


def undated(found: ObligationQuerySet) -> tuple[list[Undated], list[Undated]]:
    """What the bodies have still to communicate, and that for which a person has to enter a date; `found` is
    `with_internal_side` of its reader."""
    names, rows = short_names(), found.unfinished().filter(due_on=None)
    awaited = Q(certainty=Certainty.TO_BE_COMMUNICATED)
    return listed(rows.filter(awaited), names), listed(rows.exclude(awaited), names)


def listed(found: ObligationQuerySet, names: Mapping[int, str]) -> list[Undated]:
    rows = found.order_by("code").values_list(*COLUMNS)[:MOST]
    kinds, sources = dict(ObligationKind.choices), SourceOfDay()
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
    headings = pgettext("certainty of a deadline", "To be communicated"), gettext("Date needed")
    for heading, rows in zip(headings, undated(found), strict=True):
        if rows:
            yield "\n".join([heading, *map(str, rows)])
