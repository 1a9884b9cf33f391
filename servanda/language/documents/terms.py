"""Finds terms in texts of bodies: "within one year of notification", "by 1 May 2028", and what starts their clock."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from servanda.kit.days import end_of_term
from servanda.language.documents.claimants import is_of_claimants
from servanda.language.documents.dates import ALIF, days_in
from servanda.language.documents.due_days import day_behind, days_due_in, impossible_days_due_in
from servanda.language.documents.paragraph_kinds import plain
from servanda.language.documents.term_words import (
    AFTER,
    AND_THEN,
    BEFORE,
    DUALS,
    EVERY,
    FIRST,
    INTERVALS,
    LENGTH,
    NEAR,
    NUMBERS,
    ONE_YEAR,
    REPORT_BEFORE,
    REPORT_BEHIND,
    REPORT_LATER,
    STARTING,
    STARTS,
    THEN_BEFORE,
    THEN_BEHIND,
    WISHES,
    WITHIN,
    WORD,
    Clock,
    Length,
)


@dataclass(frozen=True, slots=True)
class Term:
    """A term: the words of the document, and their meaning as a length from a start, or as a date, which comes first
    where the document gives both. A day that no calendar has is neither."""

    words: str
    start: int = 0
    end: int = 0
    count: int = 0
    length: Length | None = None
    day: date | None = None
    clock: Clock = Clock.UNKNOWN
    every: int = 0  # months after which it is due again

    def due_after(self, start: date) -> date:
        """The deadline if the clock starts on a day."""
        return self.day or (later(start, self.count, self.length) if self.length else start)


def later(start: date, count: int, length: str) -> date:
    """The day so many units after another; hours count as started days, working days as Mondays to Fridays."""
    if length in (Length.MONTHS, Length.YEARS):
        return end_of_term(start, count * (12 if length == Length.YEARS else 1))
    if length == Length.WORKING_DAYS:
        day, remaining = start, count
        while remaining:
            day += timedelta(days=1)
            remaining -= day.weekday() < 5
        return day
    days = {Length.HOURS: -(-count // 24), Length.WEEKS: 7 * count}.get(Length(length), count)
    return start + timedelta(days=days)


def terms_in(text: str) -> list[Term]:
    """All terms of a paragraph in order; a date counts only after a word such as "by"."""
    flat = plain(text).translate(ALIF)
    terms = [term for pattern in WITHIN for match in pattern.finditer(flat) if (term := measured(match, flat))]
    terms += [
        Term(match[0], match.start(), match.end(), 1, Length.YEARS, clock=first_start(match["rest"]))
        for match in ONE_YEAR.finditer(flat)
    ]
    terms = [with_day_behind(term, flat) for term in terms]
    terms += [Term("", due.start, due.end, day=due.day) for due in days_due_in(flat)]
    terms += [Term("", start, end) for start, end in impossible_days_due_in(flat)]
    ordered: list[Term] = []
    terms = [term for term in terms if not is_of_claimants(flat, term.start)]
    for term in sorted(terms, key=lambda term: (term.start, -term.end)):
        if not ordered or term.start >= ordered[-1].end:
            ordered.append(term)
    return list(repeated(ordered, flat, plain(text)))


def lengths_in(text: str) -> list[Term]:
    """Every length of a text, whatever stands before it: "sixty days from today", "a period of 60 days"."""
    flat = plain(text).translate(ALIF)
    found = [term for match in LENGTH.finditer(flat) if (term := measured(match, flat))]
    return [replace(term, words=plain(text)[term.start : term.end].strip()) for term in found]


def with_day_behind(term: Term, flat: str) -> Term:
    """The term with the day that stands behind its length: "within two years (that is, by 12 May 2028)"."""
    behind = day_behind(flat, term.end)
    return replace(term, end=behind.end, day=behind.day) if behind else term


def measured(match: re.Match[str], flat: str) -> Term | None:
    groups = match.groupdict()
    if dual := groups.get("dual"):
        count, length = 2, DUALS.get(dual, Length.YEARS)
    else:
        count = number_in(groups.get("count") or "")
        length = next(unit for unit in Length if groups.get(unit.name.lower()))
    return (
        Term(match[0], match.start(), match.end(), count, length, clock=clock_of(flat, match.start(), match.end()))
        if count
        else None
    )


def number_in(printed: str) -> int:
    """The value of "60", "sixty", "one hundred and eighty", "اثني عشر"; 1 where nothing is printed."""
    if not printed:
        return 1
    if printed.isdecimal():
        return int(printed)
    total = 0
    words = re.findall(rf"(?:{WORD})(?!\w)", printed.lower()) if printed.lower() not in NUMBERS else [printed.lower()]
    for word in words:
        value = NUMBERS[word]
        total = max(total, 1) * 100 if value == 100 and total < 10 else total + value
    return total


def clock_of(flat: str, start: int, end: int) -> Clock:
    """What starts the clock of a term, by the words behind it, or else those of the clause before it."""
    if after := AFTER.match(flat[end : end + 140]):
        return first_start(re.split(r"[,;،؛.]", after["rest"], maxsplit=1)[0])
    before = BEFORE.search(flat[max(0, start - 120) : start])
    return first_start(WISHES.split(before["rest"])[0]) if before else Clock.UNKNOWN


def first_start(words: str) -> Clock:
    places = {
        clock: match.start()
        for clock, pattern in STARTS
        if (match := re.search(rf"(?<!\w)(?:[وبل]?ال|[بل])?(?:{pattern})", words, re.I))
    }
    if Clock.LIST_OF_ISSUES in places:  # "receipt of the list of issues"
        return Clock.LIST_OF_ISSUES
    if len(places) > 1:  # "from the date on which this judgment is notified"
        places.pop(Clock.ISSUED, None)
    return min(places, key=lambda clock: places[clock], default=Clock.UNKNOWN)


def repeated(terms: list[Term], flat: str, printed: str) -> Iterator[Term]:
    """The terms with their words, and with the interval of "and every six months thereafter"."""
    for place, term in enumerate(terms):
        limit = terms[place + 1].start if place + 1 < len(terms) else len(flat)
        words, again = printed[term.start : term.end].strip(), again_behind(flat[term.end : limit])
        if again is None:
            yield replace(term, words=words, every=every_before(terms, term, flat))
            continue
        months, start, end = again
        between = printed[term.end : term.end + start] if start <= NEAR else " … "
        yield replace(term, words=f"{words}{between}{printed[term.end + start : term.end + end]}", every=months)


def again_behind(words: str) -> tuple[int, int, int] | None:
    """The months after which a term before these words is due again: "and every six months", "and annually
    thereafter", but not "with quarterly statistics"."""
    again = again_in(words)
    if again is None:
        return None
    before, behind = words[: again[1]], words[again[2] :]
    if THEN_BEFORE.search(before) or THEN_BEHIND.match(behind):
        return again
    return again if AND_THEN.search(before) and EVERY.match(words, again[1]) else None


def every_before(terms: list[Term], term: Term, flat: str) -> int:
    """The months of an interval before the only term of a text: "a report every six months, the first of them within
    one year"; 0 if that is not what it says."""
    before = flat[: term.start]
    again = again_in(before) if len(terms) == 1 else None
    if again is None or not is_of_report(before, again[1], again[2]):
        return 0
    if not FIRST.search(before[again[2] :] + flat[term.start : term.end + NEAR]):
        return 0
    return again[0]


def is_of_report(flat: str, start: int, end: int) -> bool:
    """Whether an interval is that of a report: "quarterly reports", "report every two months"."""
    if REPORT_BEHIND.match(flat, end) or REPORT_BEFORE.search(flat[start:end]):
        return True
    if EVERY.match(flat, start) and REPORT_LATER.match(flat, end):
        return True
    return REPORT_BEFORE.search(flat[max(0, start - 120) : start]) is not None


def again_in(words: str) -> tuple[int, int, int] | None:
    """The months after which a term is due again, and where the text states that."""
    match = EVERY.search(words)
    if match is None:
        found = [(months, *match.span()) for months, pattern in INTERVALS if (match := pattern.search(words))]
        return min(found, key=lambda again: again[1], default=None)
    groups = match.groupdict()
    dual = groups.get("dual")
    count = 2 if dual else number_in(groups.get("count") or "")
    if groups.get("years") or dual in ("سنتين", "عامين"):
        return count * 12, match.start(), match.end()
    return (count, match.start(), match.end()) if groups.get("months") or dual else None


def interval_in(text: str) -> Term | None:
    """The interval of a report that is due "every two months" without a first term, and the day on which it "
    "starts."""
    flat, printed = plain(text).translate(ALIF), plain(text)
    if (again := again_in(flat)) is None:
        return None
    months, start, end = again
    first = next((day for day in days_in(flat) if STARTING.search(flat[max(0, day.start - 40) : day.start])), None)
    if first is None:
        return Term(printed[start:end], start, end, months, Length.MONTHS, every=months)
    words = f"{printed[start:end]} … {printed[first.start : first.end]}"
    return Term(words, start, end, day=first.day, every=months)
