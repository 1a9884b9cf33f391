"""What has no date: the body has still to communicate it, a person has to enter it, or the body sets none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext, pgettext

from servanda.kit.pages.text_language import in_brackets
from servanda.sources.models import ObligationQuerySet
from servanda.sources.models.obligations import is_dateless
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


@dataclass(frozen=True, slots=True)
class UndatedParts:
    """What has no date, by the reason."""

    to_be_communicated: list[Undated]
    date_needed: list[Undated]  # a person enters it
    dateless: list[Undated]

    @property
    def by_heading(self) -> list[tuple[str, list[Undated]]]:
        return [
            (pgettext("certainty of a deadline", "To be communicated"), self.to_be_communicated),
            (gettext("Date needed"), self.date_needed),
            (gettext("No date set by the body"), self.dateless),
        ]


def undated(found: ObligationQuerySet) -> UndatedParts:
    """`found` is `with_internal_side` of its reader."""
    names, rows = short_names(), found.unfinished().filter(due_on=None)
    awaited = Q(certainty=Certainty.TO_BE_COMMUNICATED)
    return UndatedParts(
        to_be_communicated=listed(rows.filter(awaited), names),
        date_needed=listed(rows.exclude(awaited).exclude(is_dateless()), names),
        dateless=listed(rows.filter(is_dateless()), names),
    )


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
    """Each part as a paragraph of a text, with its heading; no paragraph where there is nothing."""
    for heading, rows in undated(found).by_heading:
        if rows:
            yield "\n".join([heading, *map(str, rows)])
