"""Are kind, State, date, symbol and units of documents recognised? Made and real ones, beside a simple baseline."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from csv import DictReader
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bench.bodies import VARIANTS, MadeDocument, country_names, documents, write

PROJECT = Path(__file__).resolve().parent.parent
BAR = 0.97
FACTS = ("kinds of documents", "States", "dates", "symbols", "kinds of units", "leads")
FIRST_LETTERS = 40
DEMANDS = re.compile(
    r"recommend|urge|request|invite|call(?:s|ed)? (?:up)?on|encourage|order|should|shall|recommand|demand|exhort|prie"
    r"|invit|recomend|recomiend|insta|solicita|exhorta|debe|توصي|تطلب|يدعو|تحث|ينبغي|تأمر",
    re.I,
)
# The kinds of the points of real decisions in their order: information, recommendation, concern, obligation.
READ_BY_HAND = {
    "CM/Del/Dec(2026)1553/H46-19": "icrrrrrrrrrrri",
    "286/04": "iiirro",
    "414/12": "ii",
    "252/02": "i",
    "264/02": "i",
    "290/04": "ii",
    "322/06": "i",
    "206/97": "ir",
    "143/95-150/96": "ir",
    "135/94": "i",
}


@dataclass(slots=True)
class Tally:
    """By fact, how many values were right and wrong: ours, and those of the simple baseline."""

    ours: dict[str, Counter] = field(default_factory=dict)
    simple: dict[str, Counter] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)

    def count(self, fact: str, *, is_right: bool, is_simple_right: bool | None = None, miss: str = "") -> None:
        self.ours.setdefault(fact, Counter())[is_right] += 1
        if is_simple_right is not None:
            self.simple.setdefault(fact, Counter())[is_simple_right] += 1
        if not is_right:
            self.misses.append(f"{fact}: {miss}")

    def report(self, say: Callable[..., None], name: str) -> None:
        for fact in FACTS:
            counts = self.ours.get(fact)
            if not counts:
                continue
            share = counts[True] / counts.total()
            say(f"{name}: {fact}, {counts.total()}", share, f"at least {BAR}", ok=share >= BAR)
            if simple := self.simple.get(fact):
                say(f"{name}: {fact}, the simplest way", simple[True] / simple.total(), "")


def first_state(text: str, names: Mapping[str, str]) -> str:
    """The baseline: the first State that a text names."""
    positions = {
        text.find(name): code for name, code in sorted(names.items(), key=lambda item: len(item[0])) if name in text
    }
    return positions[min(positions)] if positions else ""


def first_symbol(text: str) -> str:
    from servanda.sources.documents.symbols import ALL

    matches = [match for pattern in ALL for match in pattern.finditer(text)]
    return min(matches, key=lambda match: match.start())[0] if matches else ""


def first_day(text: str) -> date | None:
    from servanda.language.documents.dates import days_in

    return next((mention.day for mention in days_in(text)), None)


def score_made(document: MadeDocument, folder: Path, tally: Tally) -> None:
    from servanda.sources.candidates import Unreadable
    from servanda.sources.documents.reader import read_document

    names = country_names()
    try:
        reading = read_document(write(document, folder), country_names=names)
    except Unreadable as problem:
        for fact in FACTS:
            tally.count(fact, is_right=False, miss=f"{document.name}: {problem}")
        return
    text, name = document.text, document.name
    family, states, wanted_states = reading.family.code, reading.states, list(document.states)
    tally.count(FACTS[0], is_right=family == document.family, miss=f"{name}: {family}")
    tally.count(
        FACTS[1], is_right=states == wanted_states,
        is_simple_right=[first_state(text, names)] == (wanted_states or [""]),
        miss=f"{name}: {states}, wanted {wanted_states}",
    )  # fmt: skip
    tally.count(
        FACTS[2], is_right=reading.adopted == document.day, is_simple_right=first_day(text) == document.day,
        miss=f"{name}: {reading.adopted}, wanted {document.day}",
    )  # fmt: skip
    tally.count(
        FACTS[3], is_right=reading.symbol == document.symbol, is_simple_right=first_symbol(text) == document.symbol,
        miss=f"{name}: {reading.symbol!r}, wanted {document.symbol!r}",
    )  # fmt: skip
    score_units(document, reading.units, tally)


def score_units(document: MadeDocument, units: list, tally: Tally) -> None:
    for wanted in document.wanted:
        start = letters(wanted.text)[:FIRST_LETTERS]
        unit = next((unit for unit in units if letters(unit.text).startswith(start)), None)
        simple = "recommendation" if DEMANDS.search(wanted.text) else "information"
        tally.count(
            FACTS[4],
            is_right=unit is not None and unit.kind == wanted.kind and letters(unit.text) == letters(wanted.text),
            is_simple_right=(simple == "recommendation") == (wanted.kind == "recommendation"),
            miss=f"{document.name}: {unit and unit.kind.value}, wanted {wanted.kind}: {wanted.text[:90]}",
        )
        if wanted.needs_lead:
            is_right = unit is not None and bool(unit.lead) and unit.number == wanted.number
            tally.count(FACTS[5], is_right=is_right, miss=f"{document.name} {wanted.number}: {unit and unit.number}")
    known = {letters(expected.text)[:FIRST_LETTERS] for expected in document.wanted}
    for unit in units:
        if unit.kind in ("recommendation", "obligation") and letters(unit.text)[:FIRST_LETTERS] not in known:
            tally.count(FACTS[4], is_right=False, miss=f"{document.name}: not wanted: {unit.text[:90]}")


def letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


@dataclass(frozen=True, slots=True)
class RealDocument:
    """A real document with the facts that its publisher gives; empty where the text itself does not print them."""

    family: str
    name: str
    text: str
    symbol: str
    state: str
    day: date | None
    language: str = "en"


REAL = {
    "achpr_communications_decisions": ("achpr-decision", "", "country"),
    "afchpr_judgments_operative": ("afchpr", "citation", "state"),
    "coe_cpt_reports": ("cpt", "reference", "state"),
    "coe_ecsr_decisions_conclusions": ("ecsr", "complaint_number", "respondent_state"),
    "coe_hudoc_exec_cm": ("cm", "document_reference", "respondent_state"),
    "iachr_merits_reports": ("iachr", "report_number", "country"),
    "iacthr_judgments_operative": ("iacthr", "series_c_number", "state"),
}
CM = {"CMDEC": "cm-decision", "CMNOT": "cm-notes"}
HEADS = {
    "afchpr": "AFRICAN COURT ON HUMAN AND PEOPLES’ RIGHTS",
    "iachr": "INTER-AMERICAN COMMISSION ON HUMAN RIGHTS",
    "iacthr": "CORTE INTERAMERICANA DE DERECHOS HUMANOS",
}


def real_names() -> dict[str, str]:
    path = PROJECT / "servanda" / "vocab" / "data" / "countries.csv"
    names: dict[str, str] = {}
    with path.open(encoding="utf-8") as file:
        for row in DictReader(file):
            spellings = [row[language] for language in ("en", "es", "fr", "pt", "ar", "ru", "zh")]
            names |= {name: row["code"] for name in [*spellings, *row["aliases"].split("|")] if name}
    return names


def real_documents(rows_of: Callable[[str], list[dict]]) -> Iterator[RealDocument]:
    """Excerpts are read below the title that their publisher prints above them."""
    for name, (family, symbol, state) in REAL.items():
        for row in rows_of(name):
            yield real(family, row, str(row.get(symbol, "")), row[state])


def real(family: str, row: dict, symbol: str, state: str) -> RealDocument:
    from servanda.language.documents.dates import days_in

    title, text = html.unescape(row["title"]), row.get("text") or row.get("operative_excerpt") or ""
    if family == "achpr-decision":
        symbol = title.split(" ")[0]
        text = text if text.startswith(symbol) else f"{title}\n\n{text}"
    elif family in HEADS:
        country = f"\n{state}" if family == "iachr" else ""
        text = f"{HEADS[family]}\n{title}{country}\n\n{text}" if text else ""
    family = CM.get(row.get("document_type", ""), "cm-communication") if family == "cm" else family
    day = date.fromisoformat(row["date"]) if row.get("date") else None
    day = day if day in {mention.day for mention in days_in(text)} else None
    language = {"fre": "fr", "fra": "fr", "es": "es"}.get(str(row.get("language", "")).lower(), "en")
    if family == "iachr" and re.search(r"\bla CIDH\b|\bal Estado\b", text):
        language = "es"
    return RealDocument(family, title, text, symbol, html.unescape(state), day, language)


def score_real(document: RealDocument, read: Callable, names: Mapping[str, str], tally: Tally) -> None:
    from servanda.sources.printed.states import folded

    reading = read(document.text)
    if reading is None:
        tally.count(FACTS[0], is_right=False, miss=f"{document.name[:70]}: not read")
        return
    name = document.name[:70]
    codes = {folded(spelling): code for spelling, code in names.items()}
    state = codes.get(folded(document.state), document.state)
    tally.count(FACTS[0], is_right=reading.family.code == document.family, miss=f"{name}: {reading.family.code}")
    tally.count(
        FACTS[1], is_right=reading.state == state, is_simple_right=first_state(document.text, names) == state,
        miss=f"{name}: {reading.state}, wanted {state}",
    )  # fmt: skip
    if document.day:
        tally.count(
            FACTS[2], is_right=reading.adopted == document.day,
            is_simple_right=first_day(document.text) == document.day,
            miss=f"{name}: {reading.adopted}, wanted {document.day}",
        )  # fmt: skip
    if document.symbol:
        wanted = re.sub(r"\W", "", document.symbol)
        tally.count(
            FACTS[3], is_right=wanted in re.sub(r"\W", "", reading.symbol),
            is_simple_right=wanted in re.sub(r"\W", "", first_symbol(document.text)),
            miss=f"{name}: {reading.symbol!r}, wanted {document.symbol!r}",
        )  # fmt: skip
    score_points(document, reading.units, tally)


def score_points(document: RealDocument, units: list, tally: Tally) -> None:
    if (known := READ_BY_HAND.get(document.symbol)) is None:
        return
    kinds = [unit.kind.value[0] for unit in units]
    for index in range(max(len(known), len(kinds))):
        wanted, kind = known[index : index + 1], "".join(kinds[index : index + 1])
        demands = bool(index < len(units) and DEMANDS.search(units[index].text))
        tally.count(
            FACTS[4], is_right=wanted == kind, is_simple_right=demands == (wanted == "r"),
            miss=f"{document.name[:60]}, point {index + 1}: {kind or 'missing'}, wanted {wanted or 'none'}",
        )  # fmt: skip


def report_made(say: Callable[..., None], folder: Path, misses: list[str], variants: int = VARIANTS) -> None:
    for language in ("en", "fr", "es", "ar"):
        tally = Tally()
        for document in documents(language, variants):
            score_made(document, folder, tally)
        tally.report(say, f"made, {language}")
        misses += tally.misses


def report_real(say: Callable[..., None], read_text: Callable, rows_of: Callable, misses: list[str]) -> None:
    names = real_names()
    tallies = {language: Tally() for language in ("en", "es", "fr")}
    for document in real_documents(rows_of):
        if document.text:
            score_real(document, lambda text: read_text(text, names), names, tallies[document.language])
    for language, tally in tallies.items():
        tally.report(say, f"real, {language}")
        misses += tally.misses
