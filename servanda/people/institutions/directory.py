"""The institutions as a list: in the order of the tree, and only those that somebody asks for."""

from datetime import date
from typing import NamedTuple, Self

from django.db.models import Case, CharField, F, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.http import QueryDict

from servanda.kit.database.word_filters import has_word_in_some_language
from servanda.kit.pages.paging import page_number
from servanda.people.institutions.services import MOST_LEVELS
from servanda.people.models import Appointment, Institution, InstitutionQuerySet, User

MOST_WORDS = 8
OPEN, SHUT, ALL = "active", "closed", "all"
# The field that holds what stands so many levels above: parent, parent__parent and so on.
ABOVE = ["__".join(["parent"] * levels) for levels in range(1, MOST_LEVELS)]
CODES = ["code", *(f"{above}__code" for above in ABOVE)]


class Asked(NamedTuple):
    """What the form above the list says."""

    words: str
    branch: str
    level: str
    state: str
    number: int

    @classmethod
    def read(cls, said: QueryDict) -> Self:
        branch, level, state, page = (said.get(name, "") for name in ("branch", "level", "state", "page"))
        return cls(
            words=" ".join(said.get("words", "").replace("\0", "").split())[:100],
            branch=branch if branch in Institution.Branch.values else "",
            level=level if level in Institution.Level.values else "",
            state=state if state in (OPEN, SHUT, ALL) else OPEN,
            number=page_number(page),
        )

    def query(self) -> dict[str, str]:
        """What the address of the next page repeats."""
        said = {"words": self.words, "branch": self.branch, "level": self.level, "state": self.state}
        return {name: value for name, value in said.items() if value}


def narrow(institutions: InstitutionQuerySet, asked: Asked, *, on: date) -> InstitutionQuerySet:
    for word in asked.words.split()[:MOST_WORDS]:
        institutions = institutions.filter(called(word))
    if asked.branch:
        institutions = institutions.filter(branch=asked.branch)
    if asked.level:
        institutions = institutions.filter(level=asked.level)
    if asked.state == OPEN:
        return institutions.active(on=on)
    return institutions.filter(active_to__lt=on) if asked.state == SHUT else institutions


def called(word: str) -> Q:
    """In the abbreviation or in any language of the name."""
    return Q(code__icontains=word) | has_word_in_some_language("name", word)


def in_tree_order(institutions: QuerySet[Institution]) -> QuerySet[Institution]:
    """Each below what it is part of, with its `depth`; one join for each level."""
    keys = {f"place_{level}": code_on_the_way(level) for level in range(MOST_LEVELS)}
    deep = [(levels, above) for levels, above in enumerate(ABOVE, 1)]
    depth = Case(
        *(When(**{f"{above}__isnull": False}, then=Value(levels)) for levels, above in reversed(deep)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return institutions.annotate(**keys, depth=depth).order_by(*keys, "pk")


def code_on_the_way(level: int) -> Case:
    """The code on this level of the way from the top to the institution; empty where the way is shorter."""
    steps = [
        When(**{f"{ABOVE[depth - 1]}__isnull": False}, then=F(CODES[depth - level]))
        for depth in range(MOST_LEVELS - 1, max(level, 1) - 1, -1)
    ]
    return Case(*steps, default=Value("") if level else F("code"), output_field=CharField())


def with_focal_points(institutions: QuerySet[Institution], *, to: User, on: date) -> QuerySet[Institution]:
    shown = Appointment.objects.visible_to(to).current(on=on).focal_points().select_related("person")
    # Principal before alternate: the codes are the other way round in the alphabet.
    shown = shown.order_by("-function", "person__name", "pk")
    return institutions.prefetch_related(Prefetch("appointments", shown, to_attr="focal_points_now"))
