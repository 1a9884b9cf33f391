"""The list of proceedings: filters and orders. Institutions see the rows that name them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.proceedings.kinds import kinds
from servanda.proceedings.models import Draft, NamedInstitution, Proceeding, ProceedingQuerySet, ProceedingQuestion
from servanda.proceedings.models.proceedings import CLOSED

MOST_WORDS = 8
SOON = timedelta(days=30)
OPEN, LATE, NEAR, ENDED, REPRISALS, MINE = "open", "late", "soon", "closed", "reprisals", "mine"
OWNED = "owned"
WHICH = {
    MINE: gettext_lazy("Awaiting our answer"),
    OWNED: gettext_lazy("With a question assigned to me"),
    OPEN: gettext_lazy("Open"),
    LATE: gettext_lazy("Overdue"),
    NEAR: gettext_lazy("Due within 30 days"),
    ENDED: gettext_lazy("Closed"),
    REPRISALS: gettext_lazy("Alleges reprisals"),
}
ORDERS = {
    "due": gettext_lazy("Deadline"),
    "received": gettext_lazy("Newest first"),
    "reference": gettext_lazy("Reference"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingFilter(ListFilter):
    words: str = ""
    kind: str = ""
    body: str = ""
    institution: str = ""
    which: str = ""
    order: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        return cls(
            **{name: words_in(params, name) for name in ("words", "body", "institution")},
            kind=choice_in(params, "kind", kinds()),
            which=choice_in(params, "which", WHICH),
            order=choice_in(params, "order", ORDERS),
            number=page_number(params),
        )


def find_proceedings(user: User, filters: ProceedingFilter, *, on: date) -> ProceedingQuerySet:
    """The visible proceedings that match the filters, in the chosen order."""
    found = Proceeding.objects.visible_to(user)
    # Who else is named, and whether reprisals are alleged, is for the mechanism only: a filter would reveal it.
    names = ("kind", "body", "institution") if can(user, Can.READ_EVERYTHING) else ("kind", "body")
    for name in names:
        if value := getattr(filters, name):
            found = found.filter(**CONDITIONS[name](value))
    found = among(found, filters.which if filters.which in which_for(user) else "", user, on=on)
    for word in filters.words.split()[:MOST_WORDS]:
        found = found.filter(has_word("title", word) | has_word("reference", word))
    orders: dict[str, list[str | OrderBy]] = {
        "received": [F("received_on").desc()],
        "reference": ["kind", "reference"],
    }
    return found.order_by(*orders.get(filters.order, [F("due_on").asc(nulls_last=True)]), "reference", "pk")


CONDITIONS = {
    "kind": lambda value: {"kind": value},
    "body": lambda value: {"pk__in": Proceeding.bodies.through.objects.filter(body__code=value).values("proceeding")},
    "institution": lambda value: {
        "pk__in": NamedInstitution.objects.filter(institution__code=value).values("proceeding")
    },
}


def which_for(user: User) -> dict:
    """The parts of the list that are offered to this reader."""
    hidden = MINE if can(user, Can.READ_EVERYTHING) else REPRISALS
    return {key: label for key, label in WHICH.items() if key != hidden}


def awaiting_answers(user: User) -> QuerySet[NamedInstitution]:
    """Institutions of this person on open communications of the bodies that they are appointed for, as long as they
    have not submitted their answer."""
    named = NamedInstitution.objects.in_scope_of(user, Can.WRITE_UPDATE)
    answered = (
        Draft.objects.current()
        .exclude(state__in=Draft.EDITABLE)
        .filter(proceeding=OuterRef("proceeding"), institution=OuterRef("institution"))
    )
    return named.filter(~Exists(answered), proceeding__in=Proceeding.objects.open().order_by().values("pk"))


def among(found: ProceedingQuerySet, which: str, user: User, *, on: date) -> ProceedingQuerySet:
    if which == MINE:
        return found.filter(pk__in=awaiting_answers(user).order_by().values("proceeding"))
    if which == OWNED:
        return found.filter(pk__in=ProceedingQuestion.objects.owed_by(user).order_by().values("proceeding"))
    if which == OPEN:
        return found.open()
    if which == LATE:
        return found.late(on=on)
    if which == NEAR:
        return found.unanswered().filter(due_on__gte=on, due_on__lte=on + SOON)
    if which == ENDED:
        return found.filter(step=CLOSED)
    return found.filter(alleges_reprisals=True) if which == REPRISALS else found
