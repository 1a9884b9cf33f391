"""The list of treaties with the State's status, its filters, and its files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Self

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from servanda.kit.database.word_filters import has_word, has_word_in_some_language
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.people.models import User
from servanda.sources.models import Standing, TreatyStatus, TreatyStatusQuerySet

MOST_WORDS = 8
RESERVATIONS, PROCEDURES, NO_SOURCE, RECOMMENDED = "reservations", "procedures", "no-source", "recommended"
HAVING = {
    RESERVATIONS: _("Reservations in force"),
    PROCEDURES: _("Accepted procedures"),
    NO_SOURCE: _("Source needed"),
    RECOMMENDED: _("Ratification recommended"),  # narrowed by those who know the register
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyFilter(ListFilter):
    words: str = ""
    system: str = ""
    standing: str = ""
    having: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choice = partial(choice_in, params)
        return cls(
            words=words_in(params),
            system=words_in(params, "system"),
            standing=choice("standing", Standing.values),
            having=choice("having", HAVING),
            number=page_number(params),
        )


def find_treaties(user: User, filters: TreatyFilter) -> TreatyStatusQuerySet:
    found = TreatyStatus.objects.visible_to(user)
    if filters.system:
        found = found.filter(instrument__system=filters.system)
    if filters.standing:
        found = found.of_standing(filters.standing)
    match filters.having:
        case "reservations":
            found = found.filter(reservations__withdrawn_on=None, reservations__isnull=False).distinct()
        case "procedures":
            found = found.filter(procedures__withdrawn_on=None, procedures__isnull=False).distinct()
        case "no-source":
            found = found.filter(source="")
    for word in filters.words.split()[:MOST_WORDS]:
        found = found.filter(
            has_word("instrument__code", word)
            | has_word("instrument__body__code", word)
            | has_word_in_some_language("instrument__name", word)
        )
    return with_row_facts(found)


def with_row_facts(found: TreatyStatusQuerySet) -> TreatyStatusQuerySet:
    """With the instrument, and how many reservations and declarations are in force."""
    standing = Count("reservations", filter=Q(reservations__withdrawn_on=None), distinct=True)
    related = found.select_related("instrument__body", "instrument__parent").prefetch_related("procedures")
    return related.annotate(reservations_there=standing)


def systems(user: User) -> list[str]:
    """The organisations whose treaties are on the list, in the order of the list."""
    found = TreatyStatus.objects.visible_to(user).order_by("instrument__order")
    return list(dict.fromkeys(found.values_list("instrument__system", flat=True)))


def accepted(status: TreatyStatus) -> Iterator[str]:
    """The procedures that are accepted now, for a row of the list."""
    for procedure in status.procedures.all():
        if procedure.withdrawn_on is None:
            yield str(procedure)


def rows_of(found: Iterable[TreatyStatus]) -> list[tuple[TreatyStatus, list[str]]]:
    return [(status, list(accepted(status))) for status in found]
