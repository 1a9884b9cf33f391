"""The register at a glance, for readers with little time. All numbers equal those of the lists."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, Max, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from servanda.kit.database.kept_texts import Kept
from servanda.kit.database.prepared import Prepared
from servanda.people.models import Institution, User
from servanda.people.reader_keys import all_of_reader
from servanda.planning.assignments.facets import DUE as DUE_DATE
from servanda.planning.assignments.facets import LEAD, PAST
from servanda.progress.assessments.worsening import worsened
from servanda.progress.dashboard.figures import leads_open_to
from servanda.progress.models import Assessment, Common, Voice
from servanda.progress.records.facets import UPDATE
from servanda.progress.updates.inactivity import (
    HALF_A_YEAR,
    LastReport,
    Numbers,
    answers_owed,
    institutions_heard,
    last_publications,
    leads_heard,
    numbers_of,
)
from servanda.recommendations.counting.counts import Tally, count_unfiltered
from servanda.recommendations.counting.related_counts import NOT_TAKEN
from servanda.recommendations.filters.audiences import Audience, audience_of
from servanda.recommendations.filters.facets import WITHOUT, Facet
from servanda.recommendations.filters.follow_up import DUE, replies_due
from servanda.recommendations.filters.follow_up import KEY as FOLLOW_UP
from servanda.recommendations.filters.registry import facets_for
from servanda.recommendations.labels.queries import texts_of
from servanda.recommendations.models import Recommendation, Stand, TextVersion
from servanda.sources.models import Obligation
from servanda.sources.obligations.listing import ORDER
from servanda.vocab.procedures import KINDS_WITH_POSITIONS

MOST_BODIES, MOST_DAYS, MOST_REPLIES, MOST_INSTITUTIONS, MOST_REVIEWS, MOST_WORSE = 4, 3, 2, 4, 2, 3
LATELY = timedelta(days=365)
REPLY = ("recommendation__body", "recommendation__document__symbol", "obligation__due_on")
MOST_OBLIGATIONS, NEAR = 5, timedelta(days=90)
COUNTED = {"stand", "review", "body", DUE_DATE, UPDATE, *Voice.values}


@dataclass(frozen=True, slots=True)
class Number:
    count: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one body, position and review, and the date of the newest."""

    body: int
    kind: str
    stand: str
    review: int | None
    count: int
    last: date | None


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
class Late:
    """One lead institution with its records, those past their due date, those without a recent update, and its
    overdue answers."""

    institution: object
    led: Number
    past: Number
    silent: Number
    owed: int


@dataclass(frozen=True, slots=True)
class Worse:
    """One record, the assessment before and the lower one."""

    code: str
    text: TextVersion | None
    href: str
    voice: object
    before: object
    now: object
    day: date


@dataclass(frozen=True, slots=True)
class Newest:
    review: object
    day: date | None
    number: Number


@dataclass(frozen=True, slots=True)
class Brief:
    total: Number
    attention: list[tuple[object, Number]]
    institutions: list[Late]
    institutions_left_out: int
    worse: list[Worse]
    worse_left_out: int
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
    obligations: list[Obligation]  # overdue or due within 90 days
    obligations_left_out: int
    reviews: list[Newest]

    @property
    def is_assessed(self) -> bool:
        return any(number.count for _voice, numbers in self.voices for _label, number in numbers[:-1])


def brief_for(user: User, *, on: date) -> Brief:
    audience = audience_of(user)
    facets = [facet for facet in facets_for(user, audience) if facet.key in COUNTED]
    by_key = {facet.key: facet for facet in facets}
    tally = count_unfiltered(audience, facets)
    voices = [by_key[voice] for voice in Voice.values]
    stand, review = by_key["stand"], by_key["review"]
    keys = [*stand.options, WITHOUT]
    stands = stand.counts(tally)
    queries = QUERIES.get(all_of_reader(user), lambda: queries_for(user, audience, on=on))
    groups = [Group(*row) for row in queries.groups.values()]
    lines = body_lines(groups, by_key["body"], stand, keys)
    due = days_due(queries.days.values(), review, on=on)
    replies, records_owed = replies_owed(queries.replies.values(), by_key["body"], on=on)
    numbers = numbers_of(queries.leads.values(), queries.owed.values(), queries.last.values(), on=on)
    institutions = lead_institutions(numbers)
    obligations, worse = queries.obligations.read(), queries.worse.read()
    return Brief(
        total=Number(tally["total"][0], listed()),
        attention=needs_attention(by_key, tally),
        institutions=institutions[:MOST_INSTITUTIONS],
        institutions_left_out=len(institutions[MOST_INSTITUTIONS:]),
        worse=worse_lines(worse[:MOST_WORSE]),
        worse_left_out=len(worse[MOST_WORSE:]),
        stands=[(name(stand, key), Number(stands[key], listed(stand=key))) for key in keys],
        voices=[line for line in (voice_numbers(facet, facet.counts(tally)) for facet in voices) if line],
        lines=lines[:MOST_BODIES],
        bodies_left_out=max(0, len(lines) - MOST_BODIES),
        late=sum(item.count for item in due if item.is_late),
        due=due[:MOST_DAYS],
        due_left_out=sum(item.count for item in due[MOST_DAYS:]),
        owed=Number(records_owed, listed(**{FOLLOW_UP: DUE})),
        replies=replies[:MOST_REPLIES],
        replies_left_out=len(replies[MOST_REPLIES:]),
        obligations=obligations[:MOST_OBLIGATIONS],
        obligations_left_out=len(obligations[MOST_OBLIGATIONS:]),
        reviews=newest(groups, review, review.counts(tally)),
    )


class Queries(NamedTuple):
    """What is asked for one reader and day."""

    groups: Prepared
    days: Prepared
    replies: Prepared
    leads: Prepared
    owed: Prepared
    last: Prepared
    obligations: Prepared[Obligation]
    worse: Prepared[Assessment]


QUERIES = Kept[Queries](lambda queries: [prepared.text for prepared in queries])


def queries_for(user: User, audience: Audience, *, on: date) -> Queries:
    visible = audience.visible
    led = leads_open_to(audience).filter(recommendation__in=visible.order_by().values("pk"))
    return Queries(
        Prepared(groups_of(visible)),
        Prepared(positions_due(Recommendation.objects.opened_to(user))),
        Prepared(replies_of(visible, on=on).values_list("recommendation", *REPLY)),
        Prepared(leads_heard(led, on=on)),
        Prepared(answers_owed(audience, user, on=on)),
        Prepared(last_publications(Institution.objects.all(), audience)),
        Prepared(obligations_near(user, visible, on=on)),
        Prepared(worsened(visible, since=on - LATELY, until=on).select_related("recommendation")),
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


def groups_of(visible: QuerySet) -> QuerySet:
    """The visible records by body, position and review, in one query for the lines of bodies and of reviews."""
    columns = ("body", "body__kind", "stand", "review")
    grouped = visible.order_by().values(*columns).annotate(n=Count("*"), last=Max("date"))
    return grouped.values_list(*columns, "n", "last")


def body_lines(groups: list[Group], body: Facet, stand: Facet, keys: list[str]) -> list[BodyRow]:
    """Bodies with records, the most first."""
    numbers: dict[int, Counter[str]] = {}
    for group in groups:
        stand_told = (group.stand or WITHOUT) if group.kind in KINDS_WITH_POSITIONS else NOT_TAKEN
        numbers.setdefault(group.body, Counter())[stand_told] += group.count
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


def positions_due(opened: QuerySet) -> QuerySet:
    """By day, in order, and by review. They are internal, so only records open to the reader count."""
    pending = opened.filter(stand=Stand.PENDING, decide_by__isnull=False).order_by("decide_by", "review")
    return pending.values("decide_by", "review").annotate(n=Count("*")).values_list("review", "decide_by", "n")


def days_due(rows: Iterable[tuple], review: Facet, *, on: date) -> list[Due]:
    """The days on which positions are due."""
    titles = {pk: option.label for option in review.options.values() for pk in option.stored}
    return [Due(titles.get(pk, review.without), day, number, day < on) for pk, day, number in rows]


def replies_owed(rows: Iterable[tuple], body: Facet, *, on: date) -> tuple[list[Reply], int]:
    """Replies that are due soon or just overdue, by day, and the number of their records."""
    labels = {option.stored[0]: option.label for option in body.options.values()}
    records: dict[tuple, set[int]] = {}
    for record, *reply in rows:
        records.setdefault(tuple(reply), set()).add(record)
    replies = [Reply(labels[pk], symbol or "", day, len(of), day < on) for (pk, symbol, day), of in records.items()]
    in_order = sorted(replies, key=lambda reply: (reply.day, str(reply.body), reply.symbol))
    return in_order, len(set().union(*records.values()))


def replies_of(visible: QuerySet, *, on: date) -> QuerySet:
    return replies_due(on=on).filter(recommendation__in=visible.order_by().values("pk")).order_by()


def obligations_near(user: User, records: QuerySet, *, on: date) -> QuerySet[Obligation]:
    """Overdue obligations and those due within 90 days.

    Estimates are included only in the second group; replies listed with their records are left out.
    """
    listed = replies_of(records, on=on).values("obligation")
    visible = Obligation.objects.visible_to(user).exclude(pk__in=listed)
    near = visible.late(on=on) | visible.unfinished().between(on, on + NEAR)
    return near.select_related("body").order_by(*ORDER)


def needs_attention(facets: Mapping[str, Facet], tally: Tally) -> list[tuple[object, Number]]:
    """Records past the due date of their lead, and records without a recent update."""
    lines: list[tuple[object, Number]] = []
    if due := facets.get(DUE_DATE):
        lines.append((_("Overdue"), Number(due.counts(tally)[PAST], listed(**{DUE_DATE: PAST}))))
    update, older = facets[UPDATE], f"older-{HALF_A_YEAR}"
    numbers = update.counts(tally)
    lines.append((_("No update yet"), Number(numbers[WITHOUT], listed(**{UPDATE: WITHOUT}))))
    lines.append((_("No update for six months"), Number(numbers[older], listed(**{UPDATE: older}))))
    return lines


def lead_institutions(numbers: Numbers) -> list[Late]:
    """The lead institutions with the most overdue records and answers first, then those without recent updates."""
    rows = institutions_heard(numbers)
    rows.sort(key=lambda row: (-row.past - row.owed, -row.never - row.silent, -row.led, row.institution.code))
    return [late_line(row) for row in rows]


def late_line(row: LastReport) -> Late:
    code = row.institution.code
    silent = f"{listed(**{LEAD: code})}&{urlencode([(UPDATE, WITHOUT), (UPDATE, f'older-{HALF_A_YEAR}')])}"
    return Late(
        institution=row.institution,
        led=Number(row.led, listed(**{LEAD: code})),
        past=Number(row.past, listed(**{LEAD: code, DUE_DATE: PAST})),
        silent=Number(row.never + row.silent, silent),
        owed=row.owed,
    )


def worse_lines(assessments: Sequence[Assessment]) -> list[Worse]:
    texts = texts_of(assessment.recommendation_id for assessment in assessments) if assessments else {}
    return [worse_line(assessment, texts.get(assessment.recommendation_id)) for assessment in assessments]


def worse_line(assessment: Assessment, text: TextVersion | None) -> Worse:
    code = assessment.recommendation.code
    return Worse(
        code=code,
        text=text,
        href=reverse("desk:record", args=[code]),
        voice=assessment.get_voice_display(),
        before=Common(vars(assessment)["before"]).label,
        now=assessment.get_common_display(),
        day=assessment.date,
    )


def newest(groups: list[Group], review: Facet, numbers: Mapping[str, int]) -> list[Newest]:
    """Reviews by the date of their newest document, those without a date last."""
    days: dict[int | None, date] = {}
    for group in groups:
        if group.last:
            days[group.review] = max(group.last, days.get(group.review, group.last))
    dated = [(last_day(option.stored, days), key) for key, option in review.options.items() if numbers[key]]
    in_order = sorted(dated, key=lambda pair: pair[0] or date.min, reverse=True)[:MOST_REVIEWS]
    return [Newest(name(review, key), day, Number(numbers[key], listed(review=key))) for day, key in in_order]


def last_day(reviews: tuple, days: Mapping[int | None, date]) -> date | None:
    return max((day for pk in reviews if (day := days.get(pk))), default=None)
