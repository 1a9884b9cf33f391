"""The list of measures that courts and committees have ordered, each with what its body says of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.people.models import User
from servanda.planning.assignments.for_record import with_lead
from servanda.proceedings.models import CaseMeasure, Proceeding, measures_open_to
from servanda.progress.models import Assessment, Common, Voice
from servanda.recommendations.models import OrderedMeasure, Recommendation, RecommendationQuerySet

MOST_WORDS = 8
OPEN, OVERDUE, UNPAID, CARRIED_OUT = "open", "overdue", "unpaid", "carried-out"
STATES: Mapping[str, object] = {
    OPEN: pgettext_lazy("state of a measure", "Not yet carried out"),
    OVERDUE: gettext_lazy("Overdue"),
    UNPAID: gettext_lazy("Not yet paid"),
    CARRIED_OUT: pgettext_lazy("state of a measure", "Carried out, as the body assesses"),
}
DEADLINE_FIRST = (F("ordered__due_on").asc(nulls_last=True), "order_key", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFilter(ListFilter):
    words: str = ""
    type: str = ""
    state: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        return cls(
            words=words_in(params),
            type=choice_in(params, "type", OrderedMeasure.Type.values),
            state=choice_in(params, "state", STATES),
            number=page_number(params),
        )


def find_measures(user: User, filters: MeasureFilter, *, on: date) -> RecommendationQuerySet:
    """The measures whose internal side is open to this person, those with the earliest deadline first."""
    found = with_status(measures_open_to(user))
    if filters.type:
        found = found.filter(ordered__type=filters.type)
    for word in filters.words.split()[:MOST_WORDS]:
        cases = Proceeding.objects.visible_to(user).filter(has_word("reference", word) | has_word("title", word))
        linked = CaseMeasure.objects.filter(proceeding__in=cases.order_by().values("pk")).order_by()
        found = found.filter(Q(pk__in=linked.values("recommendation")) | has_word("code", word))
    return in_state(found, filters.state, on=on).order_by(*DEADLINE_FIRST)


def in_state(found: RecommendationQuerySet, state: str, *, on: date) -> RecommendationQuerySet:
    carried_out = Q(body_status=Common.FULL)
    if state == CARRIED_OUT:
        return found.filter(carried_out)
    if state == UNPAID:
        return found.filter(ordered__type=OrderedMeasure.Type.PAYMENT, ordered__paid_on=None)
    is_open = (Q(body_status=None) | ~carried_out) & Q(ordered__paid_on=None)
    if state == OVERDUE:
        return found.filter(is_open, ordered__due_on__lt=on)
    return found.filter(is_open) if state == OPEN else found


def with_status(found: RecommendationQuerySet) -> RecommendationQuerySet:
    """Annotate each measure with what its body says of it, on the common scale."""
    return found.annotate(body_status=Subquery(latest_of_body().values("common")[:1]))


def latest_of_body() -> QuerySet[Assessment]:
    latest = Assessment.objects.latest().filter(recommendation=OuterRef("pk"), voice=Voice.MECHANISM)
    return latest.order_by("-date", "-pk")


def cases_of(records: Iterable[Recommendation], user: User) -> dict[int, Proceeding]:
    """The cases of these measures that this person sees."""
    links = CaseMeasure.objects.visible_to(user).filter(recommendation__in=list(records))
    return {link.recommendation_id: link.proceeding for link in links.select_related("proceeding")}


def with_columns(found: RecommendationQuerySet, user: User) -> RecommendationQuerySet:
    """With what the list shows: the facts, the body's own words for its status, and the lead."""
    label = Subquery(latest_of_body().values("grade__label")[:1])
    return with_lead(found, user).select_related("body", "ordered").annotate(body_label=label)
