"""The list of members, one member, and the rules of the network."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Self

from django.db.models import Prefetch, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.network.models import (
    MechanismProfile,
    MechanismProfileQuerySet,
    MemberContact,
    MembershipStep,
    NetworkRule,
)
from servanda.network.models.members import with_membership
from servanda.people.models import User

MOST_WORDS = 8
Kind = MembershipStep.Kind
APPLICANTS, MEMBERS, SUSPENDED, FORMER, NONE = "applicants", "members", "suspended", "former", "none"
STATES = {
    MEMBERS: pgettext_lazy("members", "Members"),
    APPLICANTS: pgettext_lazy("members", "Applicants"),
    SUSPENDED: pgettext_lazy("members", "Suspended"),
    FORMER: pgettext_lazy("members", "Left or declined"),
    NONE: gettext_lazy("No step recorded"),
}
KINDS = {
    MEMBERS: MembershipStep.MEMBERS,
    APPLICANTS: (Kind.APPLIED,),
    SUSPENDED: (Kind.SUSPENDED,),
    FORMER: (Kind.LEFT, Kind.DECLINED),
}
COLUMNS = ("mechanism", "State", "status", "since", "contact persons", "email addresses")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFilter(ListFilter):
    words: str = ""
    state: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choice = partial(choice_in, params)
        return cls(words=words_in(params), state=choice("state", STATES), number=page_number(params))


def find_members(user: User, filters: MemberFilter) -> MechanismProfileQuerySet:
    """Mechanisms with their latest step; without a filter only those with one."""
    found = with_membership(MechanismProfile.objects.visible_to(user))
    if filters.state == NONE:
        found = found.filter(membership_kind=None)
    elif filters.state:
        found = found.filter(membership_kind__in=KINDS[filters.state])
    else:
        found = found.exclude(membership_kind=None)
    for word in filters.words.split()[:MOST_WORDS]:
        named = MemberContact.objects.current().filter(has_word("name", word) | has_word("function", word))
        found = found.filter(has_word("name", word) | Q(pk__in=named.order_by().values("profile")))
    current = MemberContact.objects.current().order_by("name", "pk")
    contacts = Prefetch("contacts", current, to_attr="current_contacts")
    return found.select_related("country").prefetch_related(contacts).order_by("name", "pk")


def label_of(kind: str | None) -> object:
    return Kind(kind).label if kind else ""


def export_rows(members: Iterable[MechanismProfile]) -> Iterator[list[str]]:
    for row in members:
        step, contacts = vars(row), vars(row)["current_contacts"]
        yield [
            row.name,
            row.country.code,
            str(label_of(step["membership_kind"])),
            step["membership_day"].isoformat() if step["membership_day"] else "",
            "; ".join(contact.name for contact in contacts),
            "; ".join(contact.email for contact in contacts if contact.email),
        ]


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A subject with the text that applies and those before it."""

    subject: str
    label: object
    current: NetworkRule | None
    former: list[NetworkRule]


def rules() -> list[ShownRule]:
    versions: dict[str, list[NetworkRule]] = {}
    for row in NetworkRule.objects.order_by("-number"):
        versions.setdefault(row.subject, []).append(row)
    return [
        ShownRule(code, label, next(iter(versions.get(code, [])), None), versions.get(code, [])[1:])
        for code, label in NetworkRule.Subject.choices
    ]
