"""The list of institutions: its filters, and the order of the hierarchy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import Case, CharField, F, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servanda.kit.database.word_filters import has_word_in_some_language
from servanda.kit.pages.listing import ListFilter, SelectBox, choice_in, page_number, words_in
from servanda.people.institutions.services import MOST_LEVELS
from servanda.people.models import Appointment, Institution, InstitutionQuerySet, User
from servanda.people.naming import listed_name

MOST_WORDS = 8
OPEN, SHUT, ALL = "active", "closed", "all"
# The lookup of the ancestor so many levels above: parent, parent__parent and so on.
ABOVE = ["__".join(["parent"] * levels) for levels in range(1, MOST_LEVELS)]
CODES = ["code", *(f"{above}__code" for above in ABOVE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionFilter(ListFilter):
    words: str = ""
    branch: str = ""
    level: str = ""
    state: str = OPEN

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        return cls(
            words=words_in(params),
            branch=choice_in(params, "branch", Institution.Branch.values),
            level=choice_in(params, "level", Institution.Level.values),
            state=choice_in(params, "state", (OPEN, SHUT, ALL), OPEN),
            number=page_number(params),
        )


def institution_box(filters: ListFilter, institutions: Iterable[Institution]) -> SelectBox:
    """The box `institution` in the form above a list."""
    return filters.box("institution", _("Institution"), by_name(institutions), every=pgettext("institutions", "All"))


def by_name(institutions: Iterable[Institution]) -> Iterable[tuple[str, str]]:
    """Options of a box for institutions, which are chosen by their code."""
    return ((institution.code, listed_name(institution)) for institution in institutions)


def narrow(institutions: InstitutionQuerySet, filters: InstitutionFilter, *, on: date) -> InstitutionQuerySet:
    for word in filters.words.split()[:MOST_WORDS]:
        institutions = institutions.filter(has_word_in_name(word))
    if filters.branch:
        institutions = institutions.filter(branch=filters.branch)
    if filters.level:
        institutions = institutions.filter(level=filters.level)
    if filters.state == OPEN:
        return institutions.active(on=on)
    return institutions.filter(active_to__lt=on) if filters.state == SHUT else institutions


def has_word_in_name(word: str) -> Q:
    """The word occurs in the abbreviation, or in the name in any language."""
    return Q(code__icontains=word) | has_word_in_some_language("name", word)


def in_tree_order(institutions: QuerySet[Institution]) -> QuerySet[Institution]:
    """Each institution below its parent, with its `depth`; one join for each level."""
    keys = {f"place_{level}": code_on_the_way(level) for level in range(MOST_LEVELS)}
    deep = [(levels, above) for levels, above in enumerate(ABOVE, 1)]
    depth = Case(
        *(When(**{f"{above}__isnull": False}, then=Value(levels)) for levels, above in reversed(deep)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return institutions.annotate(**keys, depth=depth).order_by(*keys, "pk")


def code_on_the_way(level: int) -> Case:
    """The code of the ancestor on this level, counted from the top; empty if the institution is higher."""
    steps = [
        When(**{f"{ABOVE[depth - 1]}__isnull": False}, then=F(CODES[depth - level]))
        for depth in range(MOST_LEVELS - 1, max(level, 1) - 1, -1)
    ]
    return Case(*steps, default=Value("") if level else F("code"), output_field=CharField())


def with_focal_points(institutions: QuerySet[Institution], *, to: User, on: date) -> QuerySet[Institution]:
    shown = Appointment.objects.visible_to(to).current(on=on).focal_points().select_related("person")
    # Principal before alternate: the alphabetical order of the codes is the reverse.
    shown = shown.order_by("-function", "person__name", "pk")
    return institutions.prefetch_related(Prefetch("appointments", shown, to_attr="focal_points_now"))
