"""The register on one page, for readers with little time. All numbers equal those of the lists."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from servanda.desk.hand_over.vacancies import named_on
from servanda.people.models import Institution, User
from servanda.progress.models import Voice
from servanda.progress.records.facets import voice_facets
from servanda.recommendations.counting.counts import count_unfiltered
from servanda.recommendations.counting.related_counts import NOT_TAKEN
from servanda.recommendations.filters.audiences import Audience, audience_of
from servanda.recommendations.filters.facets import WITHOUT, Facet, desk_facets
from servanda.recommendations.filters.follow_up import DUE, due_now, replies_due
from servanda.recommendations.filters.follow_up import KEY as FOLLOW_UP
from servanda.recommendations.models import Recommendation, Stand
from servanda.vocab.procedures import KINDS_WITH_POSITIONS

MOST_BODIES, MOST_DAYS, MOST_REPLIES, MOST_INSTITUTIONS, MOST_REVIEWS = 6, 4, 3, 4, 3


@dataclass(frozen=True, slots=True)
class Number:
    count: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One body with the number of its records and, where States take positions, of each position."""

    label: object
    total: Number
    stands: list[tuple[object, Number | None]]


@dataclass(frozen=True, slots=True)
class Due:
    """Positions of one review that are due on one day."""

    review: object
    day: date
    count: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to one document that is due on one day, and the number of records."""

    body: object
    symbol: str
    day: date
    count: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Newest:
    review: object
    day: date | None
    number: Number


@dataclass(frozen=True, slots=True)
class Brief:
    total: Number
    stands: list[tuple[object, Number]]
    voices: list[tuple[object, list[tuple[object, Number]]]]
    lines: list[BodyRow]
    bodies_left_out: int
    late: int
    due: list[Due]
    due_left_out: int
    owed: Number  # records with a reply due
    replies: list[Reply]
    replies_left_out: int
    institutions: list[tuple[Institution, int]]
    reviews: list[Newest]

    @property
    def is_assessed(self) -> bool:
        return any(number.count for _voice, numbers in self.voices for _label, number in numbers[:-1])


def brief_for(user: User, *, on: date) -> Brief:
    audience = audience_of(user)
    voices = voice_facets(audience, user, on=on)
    facets = [*desk_facets(user), *voices]
    by_key = {facet.key: facet for facet in facets}
    tally = count_unfiltered(audience, facets)
    stand, review = by_key["stand"], by_key["review"]
    keys = [*stand.options, WITHOUT]
    stands = stand.counts(tally)
    lines = body_lines(audience.visible, by_key["body"], stand, keys)
    due = days_due(Recommendation.objects.opened_to(user), review, on=on)
    replies = replies_owed(audience.visible, by_key["body"], on=on)
    return Brief(
        total=Number(tally["total"][0], listed()),
        stands=[(name(stand, key), Number(stands[key], listed(stand=key))) for key in keys],
        voices=[line for line in (voice_numbers(facet, facet.counts(tally)) for facet in voices) if line],
        lines=lines[:MOST_BODIES],
        bodies_left_out=max(0, len(lines) - MOST_BODIES),
        late=sum(item.count for item in due if item.is_late),
        due=due[:MOST_DAYS],
        due_left_out=sum(item.count for item in due[MOST_DAYS:]),
        owed=Number(audience.visible.filter(due_now(on=on)).count(), listed(**{FOLLOW_UP: DUE})),
        replies=replies[:MOST_REPLIES],
        replies_left_out=len(replies[MOST_REPLIES:]),
        institutions=named_most(user),
        reviews=newest(audience, review, review.counts(tally)),
    )


def voice_numbers(facet: Facet, numbers: Mapping[str, int]) -> tuple[object, list[tuple[object, Number]]] | None:
    """The numbers of one voice; None for the mechanism if no body here assesses."""
    values = labelled_numbers(facet, numbers)
    if facet.key == Voice.MECHANISM and not any(number.count for _label, number in values):
        return None
    return Voice(facet.key).label, values


def labelled_numbers(facet: Facet, numbers: Mapping[str, int]) -> list[tuple[object, Number]]:
    """The number for each value, and without a value."""
    return [(name(facet, key), Number(numbers[key], listed(**{facet.key: key}))) for key in [*facet.options, WITHOUT]]


def listed(**filters: str) -> str:
    return f"{reverse('desk:register')}?{urlencode(filters)}" if filters else reverse("desk:register")


def name(facet: Facet, key: str) -> object:
    return facet.without if key == WITHOUT else facet.options[key].label


def body_lines(visible: QuerySet, body: Facet, stand: Facet, keys: list[str]) -> list[BodyRow]:
    """Bodies with records, the most first."""
    columns = ("body", "body__kind", "stand")
    grouped = visible.order_by().values(*columns).annotate(n=Count("*")).values_list(*columns, "n")
    numbers: dict[int, Counter[str]] = {}
    for pk, kind, value, number in grouped:
        stand_told = (value or WITHOUT) if kind in KINDS_WITH_POSITIONS else NOT_TAKEN
        numbers.setdefault(pk, Counter())[stand_told] += number
    named = {option.stored[0]: (key, option.label) for key, option in body.options.items()}
    bodies = [(*named[pk], counts) for pk, counts in numbers.items()]
    return [
        BodyRow(
            label,
            Number(counts.total(), listed(body=code)),
            [(name(stand, key), number_in(counts, key, listed(body=code, stand=key))) for key in keys],
        )
        for code, label, counts in sorted(bodies, key=lambda row: (-row[2].total(), row[0]))
    ]


def number_in(counts: Counter[str], key: str, href: str) -> Number | None:
    """None for a body on whose recommendations States take no positions."""
    return None if NOT_TAKEN in counts else Number(counts[key], href)


def days_due(opened: QuerySet, review: Facet, *, on: date) -> list[Due]:
    """The days on which positions are due, in order. They are internal, so only records open to the reader count."""
    pending = opened.filter(stand=Stand.PENDING, decide_by__isnull=False).order_by("decide_by", "review")
    titles = {pk: option.label for option in review.options.values() for pk in option.stored}
    rows = pending.values("decide_by", "review").annotate(n=Count("*")).values_list("review", "decide_by", "n")
    return [Due(titles.get(pk, review.without), day, number, day < on) for pk, day, number in rows]


def replies_owed(visible: QuerySet, body: Facet, *, on: date) -> list[Reply]:
    """Replies that are due soon or just overdue, by day."""
    rows = replies_due(on=on).filter(recommendation__in=visible.order_by().values("pk")).order_by("due_on")
    columns = ("recommendation__body", "recommendation__document__symbol", "due_on")
    labels = {option.stored[0]: option.label for option in body.options.values()}
    labelled_numbers = (
        rows.values(*columns).annotate(n=Count("recommendation", distinct=True)).values_list(*columns, "n")
    )
    replies = [Reply(labels[pk], symbol or "", day, number, day < on) for pk, symbol, day, number in labelled_numbers]
    return sorted(replies, key=lambda reply: (reply.day, str(reply.body), reply.symbol))


def named_most(user: User) -> list[tuple[Institution, int]]:
    """The institutions with the most records that this person may see."""
    institutions = Institution.objects.visible_to(user).in_bulk()
    numbers = named_on(institutions.keys(), user)
    first = sorted(numbers, key=lambda pk: (-numbers[pk], institutions[pk].code))[:MOST_INSTITUTIONS]
    return [(institutions[pk], numbers[pk]) for pk in first]


def newest(audience: Audience, review: Facet, numbers: Mapping[str, int]) -> list[Newest]:
    """Reviews by the date of their newest document, those without a date last."""
    days = dict(audience.visible.filter(review__isnull=False).order_by().values_list("review").annotate(Max("date")))
    dated = [(last_day(option.stored, days), key) for key, option in review.options.items() if numbers[key]]
    in_order = sorted(dated, key=lambda pair: pair[0] or date.min, reverse=True)[:MOST_REVIEWS]
    return [Newest(name(review, key), day, Number(numbers[key], listed(review=key))) for day, key in in_order]


def last_day(reviews: tuple, days: Mapping[int, date | None]) -> date | None:
    return max((day for pk in reviews if (day := days.get(pk))), default=None)
