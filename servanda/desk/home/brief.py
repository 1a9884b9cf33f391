"""The register on one page, for somebody with one minute: only numbers that the lists have too."""

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
from servanda.recommendations.counting.counts import Audience, audience_of, count_unfiltered
from servanda.recommendations.counting.related_counts import NOT_TAKEN
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
    """One body with its records, and how many of them have each position, where States take any."""

    label: object
    total: Number
    stands: list[tuple[object, Number | None]]


@dataclass(frozen=True, slots=True)
class Due:
    """Positions of one review that are to be decided by one day."""

    review: object
    day: date
    count: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What one document asks to hear of by one day, and on how many records."""

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
    owed: Number  # records of which a body waits to hear
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
        voices=[line for line in (told_by(facet, facet.counts(tally)) for facet in voices) if line],
        lines=lines[:MOST_BODIES],
        bodies_left_out=max(0, len(lines) - MOST_BODIES),
        late=sum(one.count for one in due if one.is_late),
        due=due[:MOST_DAYS],
        due_left_out=sum(one.count for one in due[MOST_DAYS:]),
        owed=Number(audience.visible.filter(due_now(on=on)).count(), listed(**{FOLLOW_UP: DUE})),
        replies=replies[:MOST_REPLIES],
        replies_left_out=len(replies[MOST_REPLIES:]),
        institutions=named_most(user),
        reviews=newest(audience, review, review.counts(tally)),
    )


def told_by(facet: Facet, numbers: Mapping[str, int]) -> tuple[object, list[tuple[object, Number]]] | None:
    """One voice, unless it is that of the mechanism and no body here assesses."""
    found = told(facet, numbers)
    if facet.key == Voice.MECHANISM and not any(number.count for _label, number in found):
        return None
    return Voice(facet.key).label, found


def told(facet: Facet, numbers: Mapping[str, int]) -> list[tuple[object, Number]]:
    """Each value with its number, and what has none."""
    return [(name(facet, key), Number(numbers[key], listed(**{facet.key: key}))) for key in [*facet.options, WITHOUT]]


def listed(**asked: str) -> str:
    return f"{reverse('desk:register')}?{urlencode(asked)}" if asked else reverse("desk:register")


def name(facet: Facet, key: str) -> object:
    return facet.without if key == WITHOUT else facet.options[key].label


def body_lines(visible: QuerySet, body: Facet, stand: Facet, keys: list[str]) -> list[BodyRow]:
    """Each body that has records, the one with most first."""
    columns = ("body", "body__kind", "stand")
    grouped = visible.order_by().values(*columns).annotate(n=Count("*")).values_list(*columns, "n")
    numbers: dict[int, Counter[str]] = {}
    for pk, kind, value, number in grouped:
        stand_told = (value or WITHOUT) if kind in KINDS_WITH_POSITIONS else NOT_TAKEN
        numbers.setdefault(pk, Counter())[stand_told] += number
    named = {option.stored[0]: (key, option.label) for key, option in body.options.items()}
    found = [(*named[pk], counted) for pk, counted in numbers.items()]
    return [
        BodyRow(
            label,
            Number(counted.total(), listed(body=code)),
            [(name(stand, key), number_in(counted, key, listed(body=code, stand=key))) for key in keys],
        )
        for code, label, counted in sorted(found, key=lambda one: (-one[2].total(), one[0]))
    ]


def number_in(counted: Counter[str], key: str, href: str) -> Number | None:
    """Nothing for a body on whose recommendations States take no position."""
    return None if NOT_TAKEN in counted else Number(counted[key], href)


def days_due(opened: QuerySet, review: Facet, *, on: date) -> list[Due]:
    """By when the State must answer, the first day first. The day belongs to the internal side of a record."""
    pending = opened.filter(stand=Stand.PENDING, decide_by__isnull=False).order_by("decide_by", "review")
    titles = {pk: option.label for option in review.options.values() for pk in option.stored}
    rows = pending.values("decide_by", "review").annotate(n=Count("*")).values_list("review", "decide_by", "n")
    return [Due(titles.get(pk, review.without), day, number, day < on) for pk, day, number in rows]


def replies_owed(visible: QuerySet, body: Facet, *, on: date) -> list[Reply]:
    """Those that are due soon or were just missed, the first day first."""
    rows = replies_due(on=on).filter(recommendation__in=visible.order_by().values("pk")).order_by("due_on")
    of_one = ("recommendation__body", "recommendation__document__symbol", "due_on")
    labels = {option.stored[0]: option.label for option in body.options.values()}
    told = rows.values(*of_one).annotate(n=Count("recommendation", distinct=True)).values_list(*of_one, "n")
    found = [Reply(labels[pk], symbol or "", day, number, day < on) for pk, symbol, day, number in told]
    return sorted(found, key=lambda one: (one.day, str(one.body), one.symbol))


def named_most(user: User) -> list[tuple[Institution, int]]:
    """The institutions named on or assigned to most records that this person may see."""
    there = Institution.objects.visible_to(user).in_bulk()
    numbers = named_on(there.keys(), user)
    first = sorted(numbers, key=lambda pk: (-numbers[pk], there[pk].code))[:MOST_INSTITUTIONS]
    return [(there[pk], numbers[pk]) for pk in first]


def newest(audience: Audience, review: Facet, numbers: Mapping[str, int]) -> list[Newest]:
    """Reviews by the day of their newest document; those without a day come last."""
    days = dict(audience.visible.filter(review__isnull=False).order_by().values_list("review").annotate(Max("date")))
    found = [(last_day(option.stored, days), key) for key, option in review.options.items() if numbers[key]]
    in_order = sorted(found, key=lambda one: one[0] or date.min, reverse=True)[:MOST_REVIEWS]
    return [Newest(name(review, key), day, Number(numbers[key], listed(review=key))) for day, key in in_order]


def last_day(reviews: tuple, days: Mapping[int, date | None]) -> date | None:
    return max((day for pk in reviews if (day := days.get(pk))), default=None)
