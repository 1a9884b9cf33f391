"""Deadlines by day: a month in weeks, a year in months, and the timeline of the bodies."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils.formats import date_format, get_format
from django.utils.text import capfirst
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _

from servanda.kit.days import months_later
from servanda.kit.pages.text_language import in_brackets
from servanda.kit.timelines import Mark, Span, ticks_of
from servanda.sources.models import Obligation, ObligationQuerySet, ObligationStepQuerySet
from servanda.sources.models.obligations import is_overdue, mark_of
from servanda.sources.models.step_titles import shown_title
from servanda.sources.obligations.listing import LATE
from servanda.vocab.models import Body, Certainty, ObligationKind

FIRST_YEAR, LAST_YEAR = 1950, 2199
YEARS_BEFORE, YEARS_AHEAD, MOST_AHEAD = 1, 3, 20  # on the timeline
MOST_LATER = 500  # deadlines after the next years
MOST_LISTED = 8  # of one body, beside its marks
SOURCE_COLUMNS = ("day_from", "document__symbol", "paragraph", "rule__source", "is_internal")


@dataclass(slots=True)
class Entry:
    """One deadline in the words of a calendar."""

    code: str
    body: str
    title: str
    day: date
    date: str  # in words
    style: str
    note: str  # overdue, how sure the day is, or how it ended
    is_late: bool
    is_waiting: bool
    is_fixed: bool
    source: str  # where the day comes from; of a step, that it is internal and of which institution
    url: str = ""  # of its page, if that is not of an obligation


@dataclass(slots=True)
class Day:
    day: date
    is_inside: bool  # of the month that is shown
    is_today: bool
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Month:
    first: date
    weeks: Sequence[Sequence[Day]]
    names: Sequence[str]  # of the days of the week, in their order here

    @property
    def number(self) -> int:
        return sum(len(day.entries) for week in self.weeks for day in week)


@dataclass(slots=True)
class MonthOfYear:
    first: date
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """The deadlines of one body on the timeline."""

    body: Body
    entries: list[Entry]
    marks: list[Mark]

    @property
    def listed(self) -> list[Entry]:
        """The first ones that are not finished; all are marks."""
        return self.waiting[:MOST_LISTED]

    @property
    def left_out(self) -> int:
        return len(self.waiting) - len(self.listed)

    @property
    def waiting(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_waiting]


@dataclass(slots=True)
class Timeline:
    rows: list[Row]
    ticks: Sequence[Mark]
    today: Mark
    first: date
    last: date


def month_in(text: str) -> date | None:
    """The first day of the month of an address, such as 2027-03; None where it is none."""
    year, _hyphen, month = text.partition("-")
    first = year_in(year)
    is_month = month.isdecimal() and len(month) <= 2 and 1 <= int(month) <= 12
    return date(first, int(month), 1) if first and is_month else None


def year_in(text: str) -> int | None:
    if not (text.isdecimal() and len(text) == 4):
        return None
    return int(text) if FIRST_YEAR <= int(text) <= LAST_YEAR else None


class SourceOfDay:
    """Where a day comes from, in words; documents, some of which are not public, for those who see the internal side
    of the obligation."""

    def __init__(self) -> None:
        self.paragraph = _("paragraph %(number)s")
        self.labels = {code: f"{capfirst(_('deadline from'))}: {label}" for code, label in Obligation.DayFrom.choices}

    def words(
        self, day_from: str, symbol: str | None, paragraph: str, rule_source: str | None, is_internal: object
    ) -> str:
        where = ""
        if day_from == Obligation.DayFrom.DOCUMENT and symbol and is_internal:
            where = ", ".join([symbol, *([self.paragraph % {"number": paragraph}] if paragraph else [])])
        elif day_from == Obligation.DayFrom.RULE:
            where = rule_source or ""
        return f"{self.labels[day_from]} {in_brackets(where)}" if where else self.labels[day_from]


def short_names() -> dict[int, str]:
    """Of the bodies, in the language of the page."""
    return {body.pk: str(body.short) for body in Body.objects.only("code", "short_name")}


def deadlines_between(
    found: ObligationQuerySet, steps: ObligationStepQuerySet | None, first: date, last: date, *, on: date
) -> list[Entry]:
    names = short_names()
    due = entries_of(found, names, first, last, on=on)
    return [entry for _body, entry in (*due, *step_entries_of(steps, names, first, last, on=on))]


def entries_of(
    found: ObligationQuerySet, names: Mapping[int, str], first: date, last: date, *, on: date
) -> list[tuple[int, Entry]]:
    """The deadlines between two days, each with its body; `found` is `with_internal_side` of its reader."""
    columns = (
        *("body", "code", "kind", "title", "combined", "due_on", "certainty", "force", "state"),
        *("is_past_at_entry", *SOURCE_COLUMNS),
    )
    rows = found.between(first, last).order_by("due_on", "code").values_list(*columns)
    kinds, notes, words = dict(ObligationKind.choices), notes_by_code(), DayWords()
    sources = SourceOfDay()
    entries = []
    for pk, code, kind, title, combined, day, certainty, force, state, is_past, *facts in rows:
        is_late, mark = not is_past and is_overdue(day, certainty, force, state, on=on), mark_of(state)
        what = str(title or kinds[kind]) + (f" {in_brackets(combined)}" if combined else "")
        style = f"calendar-{mark} calendar-late" if is_late else f"calendar-{mark}"
        key = LATE if is_late else certainty if certainty != Certainty.FIXED else state if is_over(mark) else ""
        is_waiting, is_fixed = state in Obligation.UNFINISHED, certainty == Certainty.FIXED
        note, source = notes[key], sources.words(*facts)
        entry = Entry(code, names[pk], what, day, words[day], style, note, is_late, is_waiting, is_fixed, source)
        entries.append((pk, entry))
    return entries


def step_entries_of(
    steps: ObligationStepQuerySet | None, names: Mapping[int, str], first: date, last: date, *, on: date
) -> list[tuple[int, Entry]]:
    """The steps between two days, each with its body: internal deadlines, marked as such."""
    if steps is None:
        return []
    of_obligation = ("body", "code", "kind", "title", "is_derived")
    columns = ("title", "due_on", "done_on", "institution__name", *(f"obligation__{name}" for name in of_obligation))
    rows = steps.current().filter(due_on__range=(first, last)).order_by("due_on", "obligation__code", "place")
    kinds, words, internal = dict(ObligationKind.choices), DayWords(), capfirst(_("internal deadline"))
    notes = {"": "", LATE: pgettext("of an obligation", "Overdue"), "done": pgettext("step of an obligation", "Done")}
    entries = []
    for step, day, done_on, institution, pk, code, kind, title, is_derived in rows.values_list(*columns):
        key = "done" if done_on else LATE if day < on else ""
        # The title of a step of a proceeding has its reference already.
        what = shown_title(step) if is_derived else f"{shown_title(step)} {in_brackets(title or str(kinds[kind]))}"
        style = f"calendar-step calendar-{'late' if key == LATE else 'completed' if done_on else 'planned'}"
        source = f"{internal} · {institution}" if institution else internal
        is_late, is_waiting = key == LATE, done_on is None
        marks: dict[str, Any] = {"is_late": is_late, "is_waiting": is_waiting, "is_fixed": True, "source": source}
        entries.append((pk, Entry(code, names[pk], what, day, words[day], style, notes[key], **marks)))
    return entries


def is_over(mark: str) -> bool:
    return mark in ("completed", "abandoned")


def notes_by_code() -> dict[str, str]:
    notes = {"": "", LATE: pgettext("of an obligation", "Overdue")}
    return notes | {code: str(label) for code, label in (*Certainty.choices, *Obligation.State.choices)}


class DayWords(dict[date, str]):
    """Days in words, each formatted once."""

    def __missing__(self, day: date) -> str:
        self[day] = date_format(day, "DATE_FORMAT")
        return self[day]


def month_of(
    found: ObligationQuerySet,
    first: date,
    *,
    on: date,
    steps: ObligationStepQuerySet | None = None,
    more: Iterable[Entry] = (),
) -> Month:
    """The weeks that touch this month, each of its days with what is due, with these steps (a query for each), and
    with what else takes place."""
    weekday = (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7
    weeks = calendar.Calendar(weekday).monthdatescalendar(first.year, first.month)
    days = {day: Day(day, day.month == first.month, day == on) for week in weeks for day in week}
    last = months_later(first, 1) - timedelta(days=1)
    for entry in (*deadlines_between(found, steps, first, last, on=on), *more):
        days[entry.day].entries.append(entry)
    names = [date_format(day, "l") for day in weeks[0]]
    return Month(first, [[days[day] for day in week] for week in weeks], names)


def year_of(
    found: ObligationQuerySet,
    year: int,
    *,
    on: date,
    steps: ObligationStepQuerySet | None = None,
    more: Iterable[Entry] = (),
) -> list[MonthOfYear]:
    months = [MonthOfYear(date(year, number, 1)) for number in range(1, 13)]
    first, last = date(year, 1, 1), date(year, 12, 31)
    entries = (*deadlines_between(found, steps, first, last, on=on), *more)
    for entry in sorted(entries, key=lambda entry: entry.day):
        months[entry.day.month - 1].entries.append(entry)
    return months


def timeline_of(found: ObligationQuerySet, *, on: date) -> Timeline:
    """The deadlines of each body from last year on, in whole years until the last one, the next one first."""
    first = date(on.year - YEARS_BEFORE, 1, 1)
    span = Span(first, date(last_year_of(found, on=on), 12, 31), get_language_bidi())
    by_body: dict[int, list[Entry]] = {}
    for body, entry in entries_of(found, short_names(), span.first, span.last, on=on):
        by_body.setdefault(body, []).append(entry)
    bodies = Body.objects.filter(pk__in=by_body).order_by("order", "code")
    rows = [Row(body, by_body[body.pk], marks_of(by_body[body.pk], span)) for body in bodies]
    return Timeline(rows, ticks_of(span), Mark(span.place(on), date_format(on, "DATE_FORMAT")), span.first, span.last)


def last_year_of(found: ObligationQuerySet, *, on: date) -> int:
    """That of the last deadline, as cycles are of eight years. Very many marks would neither be told apart nor sent
    over a slow link, so then only the next years are shown."""
    near = on.year + YEARS_AHEAD
    later = found.between(date(near + 1, 1, 1), date(on.year + MOST_AHEAD, 12, 31))
    facts = later.aggregate(number=Count("pk"), last=Max("due_on"))
    return facts["last"].year if 0 < facts["number"] <= MOST_LATER else near


def marks_of(entries: Iterable[Entry], span: Span) -> list[Mark]:
    """A filled mark is a fixed deadline, an empty one an estimate."""
    return [Mark(span.place(entry.day), f"{entry.title}, {entry.date}", entry.is_fixed) for entry in entries]
