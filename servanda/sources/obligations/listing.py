"""The list of obligations: filters and order, the same for pages, files and calendars."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.database.word_filters import has_word
from servanda.kit.days import months_later
from servanda.kit.pages.listing import ListFilter, SelectBox, by_code, page_number, words_in
from servanda.people.models import User
from servanda.sources.models import Obligation, ObligationQuerySet
from servanda.sources.obligations.persons import handed_over_with
from servanda.vocab.models import Body, Certainty, Force, ObligationKind

MOST_WORDS = 8
LONGEST_KEY = 18  # digits
LATE, NEAR, QUARTER, MINE, MINE_LATE, UNKNOWN = "late", "soon", "quarter", "mine", "mine-late", "unknown"
FORMER = "former"
WHEN = {
    LATE: gettext_lazy("Overdue"),
    NEAR: gettext_lazy("Due within 30 days"),
    QUARTER: gettext_lazy("Due this quarter"),
    MINE: gettext_lazy("With me or my institutions"),
    MINE_LATE: gettext_lazy("Overdue, with me or my institutions"),
    UNKNOWN: gettext_lazy("Passed before the import"),
    FORMER: gettext_lazy("Person no longer appointed"),
}
ALL, FINISHED = "all", "finished"
# Without a choice the list shows what is still to be done.
STATES = {
    ALL: gettext_lazy("All states"),
    FINISHED: gettext_lazy("Submitted or ended"),
    **dict(Obligation.State.choices),
}
ORDER = (F("due_on").asc(nulls_last=True), "code")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationFilter(ListFilter):
    words: str = ""
    body: str = ""
    kind: str = ""
    force: str = ""
    state: str = ""
    owner: str = ""
    person: str = ""  # the key of the responsible person
    certainty: str = ""
    when: str = ""
    handed_over: str = ""  # the key of the hand-over with which they moved; no box of the form

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choices = {
            "kind": ObligationKind.values,
            "force": Force.values,
            "state": STATES,
            "certainty": Certainty.values,
            "when": WHEN,
        }
        return cls(
            **{name: words_in(params, name) for name in ("words", "body", "owner", "person", "handed_over")},
            **{name: value if (value := words_in(params, name)) in choices[name] else "" for name in choices},
            number=page_number(params),
        )


def body_and_kind(filters: ObligationFilter, visible: ObligationQuerySet) -> list[SelectBox]:
    """The boxes that lists and calendars have in common."""
    bodies = Body.objects.filter(
        Exists(visible.order_by().filter(body=OuterRef("pk")))
    )  # each stops at its first row
    return [
        filters.box("body", _("Body"), by_code(bodies)),
        filters.box("kind", _("Kind"), ObligationKind.choices),
    ]


def quarter_of(day: date) -> tuple[date, date]:
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return first, months_later(first, 3) - timedelta(days=1)


def find_obligations(user: User, filters: ObligationFilter, *, on: date) -> ObligationQuerySet:
    """The visible obligations that match the filters, by deadline; those without a day come last. Each is
    `with_internal_side`."""
    found = narrow(Obligation.objects.visible_to(user).with_internal_side(user), filters, user, on=on)
    for word in filters.words.split()[:MOST_WORDS]:
        found = found.filter(has_word("title", word) | has_word("code", word) | has_word("combined", word))
    return found.order_by(*ORDER)


def narrow(found: ObligationQuerySet, filters: ObligationFilter, user: User, *, on: date) -> ObligationQuerySet:
    if filters.body:
        found = found.filter(body__code=filters.body)
    if filters.owner:
        found = found.filter(owner__code=filters.owner, is_internal=True)
    if filters.person:
        found = found.filter(responsible=key_in(filters.person), is_internal=True)
    if filters.handed_over:
        found = found.filter(handed_over_with(key_in(filters.handed_over), on=on), is_internal=True)
    if filters.force:
        found = found.filter(force=filters.force, is_internal=True)
    for name in ("kind", "certainty"):
        if value := getattr(filters, name):
            found = found.filter(**{name: value})
    return at_that_time(in_state(found, filters.state), filters.when, user, on=on)


def key_in(text: str) -> int:
    """The key of a row; 0, which no row has, for anything else."""
    return int(text) if text.isdecimal() and len(text) < LONGEST_KEY else 0


def in_state(found: ObligationQuerySet, state: str) -> ObligationQuerySet:
    if state == FINISHED:
        return found.filter(~Q(state__in=Obligation.STILL_DUE))
    if state in Obligation.State.values:
        return found.filter(state=state)
    return found if state == ALL else found.filter(state__in=Obligation.STILL_DUE)


def at_that_time(found: ObligationQuerySet, when: str, user: User, *, on: date) -> ObligationQuerySet:
    if when in (MINE, MINE_LATE):
        found = found.filter(pk__in=Obligation.objects.of_institutions_of(user).order_by().values("pk"))
    if when in (LATE, MINE_LATE):
        return found.late(on=on)
    if when == UNKNOWN:
        return found.past_at_entry().filter(is_internal=True)
    if when == FORMER:
        return found.of_former_persons(on=on).filter(is_internal=True)
    if when == NEAR:
        return found.due_soon(on=on)
    return found.between(*quarter_of(on)) if when == QUARTER else found
