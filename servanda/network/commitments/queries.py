"""The list of commitments: filters, and what each row shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Self

from django.db.models import F, OuterRef, Q, Subquery
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.network.models import Commitment, CommitmentQuerySet
from servanda.people.models import User
from servanda.planning.assignments.for_record import with_lead
from servanda.progress.models import Assessment, Common, Voice
from servanda.recommendations.models import Recommendation, RecommendationQuerySet
from servanda.recommendations.pages.detail import with_heading

MOST_WORDS = 8
OPEN, OVERDUE, IMPLEMENTED = "open", "overdue", "implemented"
STATES: Mapping[str, object] = {
    OPEN: pgettext_lazy("state of a commitment", "Not yet implemented"),
    OVERDUE: gettext_lazy("Overdue"),
    IMPLEMENTED: pgettext_lazy("state of a commitment", "Implemented, as the Government assesses"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentFilter(ListFilter):
    words: str = ""
    wording: str = ""
    state: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choice = partial(choice_in, params)
        return cls(
            words=words_in(params),
            wording=choice("wording", Commitment.Wording.values),
            state=choice("state", STATES),
            number=page_number(params),
        )


def find_commitments(user: User, filters: CommitmentFilter, *, on: date) -> CommitmentQuerySet:
    """Those with the earliest deadline first."""
    found = with_status(Commitment.objects.visible_to(user))
    if filters.wording:
        found = found.filter(wording=filters.wording)
    for word in filters.words.split()[:MOST_WORDS]:
        found = found.filter(
            has_word("source", word) | has_word("recommendation__code", word) | has_word("owner__name", word)
        )
    is_open = Q(government_status=None) | ~Q(government_status=Common.FULL)
    match filters.state:
        case "open":
            found = found.filter(is_open)
        case "overdue":
            found = found.filter(is_open, due_on__lt=on)
        case "implemented":
            found = found.filter(government_status=Common.FULL)
    return found.order_by(F("due_on").asc(nulls_last=True), "recommendation__order_key", "pk")


def with_status(found: CommitmentQuerySet) -> CommitmentQuerySet:
    """With what the Government last published about each, on the common scale and in its own words."""
    latest = Assessment.objects.latest().filter(recommendation=OuterRef("recommendation"), voice=Voice.GOVERNMENT)
    newest = latest.order_by("-date", "-pk")
    return found.select_related("owner").annotate(
        government_status=Subquery(newest.values("common")[:1]),
        government_label=Subquery(newest.values("grade__label")[:1]),
    )


def commitment_of(record: Recommendation) -> Commitment | None:
    """What a visible record has beside others if it is a commitment."""
    if record.kind != Recommendation.Kind.COMMITMENT:
        return None
    return Commitment.objects.select_related("owner").filter(recommendation=record).first()


def records_of(rows: list[Commitment], user: User) -> dict[int, Recommendation]:
    """Their records with text and lead institution."""
    pks = [row.recommendation_id for row in rows]
    records: RecommendationQuerySet = Recommendation.every_kind.filter(pk__in=pks)
    return {record.pk: record for record in with_heading(with_lead(records, user))}


def is_overdue(row: Commitment, *, on: date) -> bool:
    """The same rule as the filter."""
    is_implemented = vars(row)["government_status"] == Common.FULL
    return not is_implemented and row.due_on is not None and row.due_on < on
