"""Facts from the first page of a United Nations document."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.dates import days_in
from servanda.sources.files.document_text import SYMBOL, TextLine, is_contents
from servanda.sources.printed.states import folded

REPORT, ADDENDUM, OUTCOME, OTHER = "working-group", "addendum", "outcome", "other"
NATIONAL_REPORT, COMPILATION, SUMMARY, QUESTIONS = "national-report", "compilation", "summary", "questions"

COVER_LINES = 60
TITLE = lazy_pattern(
    r"report\s*of\s*the\s*working\s*group\s*on\s*the\s*universal\s*periodic\s*review"
    r"|rapport\s+du\s+groupe\s+de\s+travail\s+sur\s+l[’']examen\s+périodique\s+universel"
    r"|informe\s+del\s+grupo\s+de\s+trabajo\s+sobre\s+el\s+examen\s+periódico\s+universal"
    r"|доклад\s+рабочей\s+группы\s+по\s+универсальному\s+периодическому\s+обзору"
    r"|普遍定期审议工作组(?:的)?报告|تقرير\s+الفريق\s+العامل\s+المعني\s+بالاستعراض\s+الدوري\s+الشامل",
    re.I,
)
ADDED = lazy_pattern(r"\n\s*(?:addendum|additif|adición|добавление|增编|إضافة)\W*\n|/Add\.\s?\d", re.I)
TITLES = (
    (
        OUTCOME,
        lazy_pattern(
            r"outcome\s+of\s+the\s+universal\s+periodic\s+review|decision\s+adopted\s+by\s+the\s+human\s+rights\s+council",
            re.I,
        ),
    ),
    (NATIONAL_REPORT, lazy_pattern(r"(?:^|\n)\W*national\s+report\s+(?:submitted|of)", re.I)),
    (COMPILATION, lazy_pattern(r"(?:^|\n)\W*compilation\s+(?:prepared|on)|\n\s*compilation\b", re.I)),
    (SUMMARY, lazy_pattern(r"(?:^|\n)\W*summary\s+(?:prepared|of\s+(?:stakeholders|other))", re.I)),
    (QUESTIONS, lazy_pattern(r"(?:^|\n)\W*(?:advanced?|additional)\s+questions\s+(?:to|for|from|by)\b", re.I)),
)
SYMBOL_ROW = lazy_pattern(rf"(?:^|\s)({SYMBOL})\**(?:\s+\d{{1,3}})?\s*$")
DISTRIBUTED = lazy_pattern(r"distr|التوزيع|распр", re.I)
DAY_WITHIN = 90  # characters behind "Distr."
ORIGINAL = lazy_pattern(r"\s+(?:\w+\s+)?(?:original|الأصل)", re.I)
REVIEWED = lazy_pattern(
    r"the\s+review\s+(?:of|concerning)\s+(?:the\s+)?(.{3,70}?)\s+was\s+(?:held|conducted|considered)"
    r"|l[’']examen\s+concernant\s+(.{3,70}?)\s+(?:a\s+eu\s+lieu|s[’']est)|el\s+examen\s+de\s+(.{3,70}?)\s+se\s+(?:llevó|realizó)",
    re.I | re.S,
)
END_OF_STATE = lazy_pattern(
    r"^\s*(?:\*|addendum|additif|adición|ge\.|_{3,}|views\s|note|united\s+nations|contents|distr|\d)", re.I
)
SESSION = lazy_pattern(r"held\s+its\s+([a-z]+(?:-[a-z]+)?)\s+session", re.I)
UNITS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
TEENS = [
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]
TENS = {"twent": 20, "thirt": 30, "fort": 40, "fift": 50, "sixt": 60}
LAST_SESSIONS = (12, 26, 40, 54)  # of the Working Group, for each cycle
LAST_COUNCILS = (19, 35, 51, 70)  # sessions of the Council that adopted the reports of each cycle


@dataclass(slots=True)
class Cover:
    kind: str
    symbol: str = ""
    state: str = ""
    published: date | None = None
    session: int | None = None
    cycle: int | None = None
    language: str = ""

    @property
    def report_symbol(self) -> str:
        return re.sub(r"/(?:Add|Corr|Rev)\.\d+.*$", "", self.symbol)


def read_cover(lines: list[TextLine], names: Mapping[str, str]) -> Cover:
    first = cover_text(lines)
    symbol = symbol_of(lines, first)
    session = session_of(" ".join(line.text for line in lines[:250]))
    return Cover(
        kind=kind_of(first, symbol),
        symbol=symbol,
        state=state_of(lines, first, names),
        published=issued_on(first),
        session=session,
        cycle=cycle_of(session, symbol),
        language=language_of(first),
    )


def cover_text(lines: list[TextLine]) -> str:
    """The text of the first page; where pages are unknown, the lines above the table of contents."""
    rows: list[str] = []
    for line in lines:
        if line.page > 1 or (not line.page and (len(rows) >= COVER_LINES or is_end_of_cover(line))):
            break
        rows.append(line.text.strip())
    return "\n".join(row for row in rows if row)


def is_end_of_cover(line: TextLine) -> bool:
    return is_contents(line) or re.match(r"\s*(?:contents|introduction)\s*$", line.text, re.I) is not None


def kind_of(first: str, symbol: str) -> str:
    flat = " ".join(first.split())
    if TITLE.search(flat):
        return ADDENDUM if "/Add." in symbol or ADDED.search(f"{first}\n") else REPORT
    return next((kind for kind, pattern in TITLES if pattern.search(first)), OTHER)


def symbol_of(lines: list[TextLine], first: str) -> str:
    """The symbol at the head of most pages; in a masthead its first letter may be printed apart from it."""
    rows = [match[1] for line in lines if len(line.text) < 60 and (match := SYMBOL_ROW.search(line.text))]
    issued = [row for row in rows or re.findall(SYMBOL, first) if "/L." not in row]
    rows = issued or rows
    return Counter(re.sub(r"\s", "", row) for row in rows).most_common(1)[0][0] if rows else ""


def state_of(lines: list[TextLine], first: str, names: Mapping[str, str]) -> str:
    titled = state_below_title(first, names)
    if titled and (not names or folded(titled) in names):
        return titled
    reviewed = REVIEWED.search(" ".join(line.text.strip() for line in lines[:250]))
    printed_state = next((part for part in reviewed.groups() if part), "") if reviewed else ""
    return printed_state if printed_state and (not names or folded(printed_state) in names) else titled


def state_below_title(first: str, names: Mapping[str, str]) -> str:
    titles = list(
        re.finditer(
            r"(?:periodic\s*review|périodique\s+universel|periódico\s+universal|обзору|工作组报告)[ *]*\n",
            first,
            re.I,
        )
    )
    for title in reversed(titles):
        rows: list[str] = []
        for row in first[title.end() :].splitlines()[:4]:
            if rows and END_OF_STATE.match(row):
                break
            rows.extend([row.strip(" *\u2022")] if row.strip(" *") else [])
        known_names = [" ".join(rows[:count]) for count in (3, 2, 1) if folded(" ".join(rows[:count])) in names]
        if known_names or (rows and not names):
            return known_names[0] if known_names else " ".join(rows[:2])
    return ""


def issued_on(first: str) -> date | None:
    """The day after "Distr.", or else the one above the original language."""
    days = list(days_in(first))
    for mark in DISTRIBUTED.finditer(first):
        for dated in days:
            if 0 <= dated.start - mark.end() <= DAY_WITHIN:
                return dated.day
    return next((dated.day for dated in days if ORIGINAL.match(first[dated.end :])), None)


def session_of(text: str) -> int | None:
    match = SESSION.search(text)
    return ordinal(match[1].lower()) if match else None


def ordinal(word: str) -> int | None:
    if word in UNITS:
        return UNITS.index(word) + 1
    if word in TEENS:
        return TEENS.index(word) + 10
    for start, worth in TENS.items():
        if word == f"{start}ieth":
            return worth
        if word.startswith(f"{start}y-") and word.split("-")[1] in UNITS:
            return worth + UNITS.index(word.split("-")[1]) + 1
    return None


def cycle_of(session: int | None, symbol: str) -> int | None:
    council = re.match(r"A/HRC/(?:WG\.6/)?(\d+)/", symbol)
    number, limits = (session, LAST_SESSIONS) if session else (int(council[1]) if council else None, LAST_COUNCILS)
    if not session and symbol.startswith("A/HRC/WG.6/"):
        limits = LAST_SESSIONS
    return None if number is None else next((cycle for cycle, last in enumerate(limits, 1) if number <= last), None)


def language_of(first: str) -> str:
    title = TITLE.search(" ".join(first.split()))
    if not title:
        return ""
    return {"re": "en", "ra": "fr", "in": "es", "до": "ru", "普遍": "zh", "تق": "ar"}[title[0][:2].lower()]
