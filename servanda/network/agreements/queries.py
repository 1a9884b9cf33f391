"""Agreements as a list and a table, and the duties of one with their follow-up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Self

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import pgettext_lazy

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.network.commitments.queries import is_overdue, records_of, with_status
from servanda.network.models import Agreement, AgreementDuty, AgreementQuerySet, Commitment, MechanismProfile
from servanda.people.models import User
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.recommendations.pages.detail import heading_of

MOST_WORDS = 8
IN_FORCE, NOT_IN_FORCE = "in-force", "not-in-force"
STATES: Mapping[str, object] = {
    IN_FORCE: pgettext_lazy("agreement", "In force"),
    NOT_IN_FORCE: pgettext_lazy("agreement", "Not in force"),
}
COLUMNS = (
    *("title", "kind", "parties", "signed on", "in force from", "in force until", "status", "duties"),
    *("language", "text", "invented"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFilter(ListFilter):
    words: str = ""
    kind: str = ""
    state: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choice = partial(choice_in, params)
        return cls(
            words=words_in(params),
            kind=choice("kind", Agreement.Kind.values),
            state=choice("state", STATES),
            number=page_number(params),
        )


@dataclass(frozen=True, slots=True)
class ShownDuty:
    """A duty with its commitment, and the record and text of it, for those who may open it."""

    duty: AgreementDuty
    commitment: Commitment
    record: Recommendation
    text: TextVersion | None
    is_late: bool


def find_agreements(user: User, filters: AgreementFilter, *, on: date) -> AgreementQuerySet:
    """Those signed last first."""
    found = Agreement.objects.visible_to(user)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.state:
        current = Agreement.objects.in_force(on=on).order_by().values("pk")
        found = found.filter(pk__in=current) if filters.state == IN_FORCE else found.exclude(pk__in=current)
    for word in filters.words.split()[:MOST_WORDS]:
        parties = MechanismProfile.objects.filter(has_word("name", word)).order_by().values("pk")
        through = Agreement.parties.through.objects.filter(mechanismprofile__in=parties).values("agreement")
        found = found.filter(has_word("title", word) | has_word("text", word) | Q(pk__in=through))
    return found.counted().prefetch_related("parties").order_by("-signed_on", "-pk")


def duties_of(agreement: Agreement, user: User, *, on: date) -> list[ShownDuty]:
    """Those whose record this person may open."""
    seen = with_status(Commitment.objects.visible_to(user))
    rows = {row.pk: row for row in seen.filter(duty__agreement=agreement, duty__withdrawn_at=None)}
    records = records_of(list(rows.values()), user)
    duties = AgreementDuty.objects.visible_to(user).filter(commitment__in=rows).order_by("number")
    shown = []
    for duty in duties:
        row = rows[duty.commitment_id]
        record = records[row.recommendation_id]
        shown.append(ShownDuty(duty, row, record, heading_of(record), is_overdue(row, on=on)))
    return shown


def export_rows(agreements: Iterable[Agreement], *, on: date) -> Iterator[list[str]]:
    for row in agreements:
        yield [
            row.title,
            str(row.get_kind_display()),
            "; ".join(party.name for party in row.parties.all()),
            row.signed_on.isoformat(),
            *(day.isoformat() if day else "" for day in (row.start, row.end)),
            str(STATES[IN_FORCE if row.is_in_force(on=on) else NOT_IN_FORCE]),
            str(vars(row)["number_of_duties"]),
            row.language,
            row.text,
            "yes" if row.is_invented else "",
        ]
