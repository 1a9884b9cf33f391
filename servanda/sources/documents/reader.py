"""Reads a document of any monitoring body: cover, units, gaps, and notes for the person who checks it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from itertools import groupby
from pathlib import Path

from django.utils.translation import ngettext

from servanda.kit.database.sentences import gettext as _
from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.deadlines import MADE_PUBLIC, grants_time
from servanda.language.documents.decided_parts import only_decided, texts_above, with_deputies, with_introductions
from servanda.language.documents.duties import Duty, term_of_reply
from servanda.language.documents.general_comments import cited_in
from servanda.language.documents.loose_units import loose_units
from servanda.language.documents.marks import heading_behind, number_of, numbers_inside
from servanda.language.documents.observations import worry
from servanda.language.documents.operative_parts import operative_units
from servanda.language.documents.paragraph_kinds import Kind, is_demand, plain
from servanda.language.documents.question_lists import question_units
from servanda.language.documents.question_words import THEMES
from servanda.language.documents.segments import ANNOUNCES, segment, tidied
from servanda.language.documents.terms import Term, terms_in
from servanda.language.documents.units import (
    Block,
    Gap,
    Layout,
    Unit,
    flag,
    gaps_between,
    mark_obligations,
    mark_replies,
)
from servanda.language.words.identify import KNOWN_LANGUAGES, identify
from servanda.sources.candidates import Unreadable
from servanda.sources.documents.blocks import read_blocks
from servanda.sources.documents.cover import OTHER as UPR_OTHER
from servanda.sources.documents.cover import QUESTIONS as UPR_QUESTIONS
from servanda.sources.documents.cover import read_cover as read_upr_cover
from servanda.sources.documents.families import BY_CODE, OTHER
from servanda.sources.documents.family import Family
from servanda.sources.documents.letters.heads import mandates_of
from servanda.sources.documents.letters.units import letter_units, subject_of
from servanda.sources.documents.masthead import notes_on_adoption
from servanda.sources.documents.recognition import Cover, family_of, read_cover
from servanda.sources.documents.symbols import COMPLAINT_NAME
from servanda.sources.files.document_text import kind_of_file, printed_lines
from servanda.sources.files.pdf import AsksTooMuch
from servanda.sources.files.word_lines import has_changes
from servanda.sources.printed.states import folded, folded_names

RECOGNISED_PAGES, RECOGNISED_LINES = 2, 120
UPR = lazy_pattern(
    r"universal\s+periodic\s+review|examen\s+p[ée]ri[óo]di\w+\s+universel|examen\s+periódico\s+universal|A/HRC/WG\.6/",
    re.I,
)
DECIDED = {
    "views",
    "achpr-decision",
    "ecthr",
}  # families in which only what the body decides is a request to the State
COURTS = {"iacthr", "afchpr", "ecthr", "achpr-decision"}
ADVANCE_QUESTIONS = "advance-questions"
QUESTIONNAIRE = "questionnaire"
WITHOUT_SYMBOL = {ADVANCE_QUESTIONS, QUESTIONNAIRE}
WITH_INTRODUCTIONS = {"cm-decision", "grevio", "greta"}  # recommendations of committees of ministers and of parties
RECORDS_ONLY = {"cm-decision"}  # its points ask for measures and for information on them in one sentence
COURTESY = lazy_pattern(r"\W*(?:(?:please\s+)?allow\s+me|permettez|permítame|وأغتنم)\b", re.I)  # closes a letter
LOOKED_AT_UNITS = 60
LEAST_SHARE = 0.15  # share of units in a second language from which on the document counts as mixed
MOST_CHARACTERS_OF_UNIT = 60_000


@dataclass(slots=True)
class Reading:
    family: Family
    symbol: str
    title: str
    states: list[str]  # several where a case is against several States
    adopted: date | None
    language: str
    blocks: list[Block]
    units: list[Unit]
    gaps: list[Gap]
    pages: int = 0
    notes: list[str] = field(default_factory=list)
    mandates: list[str] = field(default_factory=list)  # of a letter of special procedures

    @property
    def state(self) -> str:
        return self.states[0] if self.states else ""


def recognise(path: Path) -> bool:
    """Whether the first pages are of a document that is read unit by unit; the UPR has readers of its own."""
    try:
        lines = printed_lines(path, pages=RECOGNISED_PAGES)
    except AsksTooMuch:
        raise
    except Unreadable:
        return False
    first = "\n".join(line.text.strip() for line in lines[:RECOGNISED_LINES] if line.text.strip())
    family, kind = family_of(first).code, read_upr_cover(lines, {}).kind
    if family == ADVANCE_QUESTIONS:
        return kind in (UPR_QUESTIONS, UPR_OTHER)
    return UPR.search(first) is None and kind == UPR_OTHER and family != "other"


def read_document(path: Path, *, country_names: Mapping[str, str] | None = None, family: str = "") -> Reading:
    """Read the units of a file in order. Raises `Unreadable` where there are none, and nothing else."""
    blocks, furniture, pages, without_text = read_blocks(path)
    names = folded_names(country_names or {})
    cover = read_cover(blocks, furniture, names, family if family in BY_CODE else "")
    kind = cover.family
    units, gaps = units_of(blocks, cover, names)
    if kind.code in RECORDS_ONLY:
        mark_replies(units)
    elif kind.layout in (Layout.PARAGRAPHS, Layout.OPERATIVE):
        mark_obligations(units, issued=cover.adopted, of_case=kind.is_case, is_answered=kind.is_answered)
    if kind.is_confidential:
        ask_items(units, blocks)
        ask(units, issued=cover.adopted)
    if kind.is_confidential and kind.is_answered:
        units[:] = with_reply_above_items(units)
    if not units:
        sentence = _("No numbered paragraphs were found in %(file)s. Check that it is the whole document.")
        raise Unreadable(sentence % {"file": path.name})
    languages = languages_of(units)
    reading = Reading(
        kind,
        cover.symbol,
        cover.title,
        cover.states,
        cover.adopted,
        next(iter(languages), ""),
        [*blocks, *map(Block, notes_on_adoption(furniture))],
        units,
        gaps,
        pages,
    )
    if kind.layout == Layout.LETTER:
        reading.mandates = mandates_of([tidied(block.text) for block in blocks])
        reading.title = subject_of(blocks) or reading.title
    reading.notes = [*notes_on_pages(path, without_text), *notes_on_changes(path), *notes_on(reading, languages)]
    return reading


def units_of(blocks: list[Block], cover: Cover, names: Mapping[str, str]) -> tuple[list[Unit], list[Gap]]:
    family = cover.family
    if family.layout in (Layout.QUESTIONS, Layout.LETTER):
        units = units_that_ask(blocks, cover, names)
        return units, [] if family.layout == Layout.LETTER else gaps_between(units)
    if family.layout == Layout.OPERATIVE:
        tidy = [Block(tidied(block.text), block.number, block.is_heading, block.page) for block in blocks]
        if units := operative_units(tidy, of_court=family.code in COURTS):
            units += notification(tidy, after=units[-1].last) if family.code == "iachr" else []
            flag(units)
            return units, gaps_between(units)
    layout = Layout.INFORMATION if family.layout == Layout.INFORMATION else Layout.PARAGRAPHS
    segmented = segment(blocks, layout)
    units, gaps = segmented.units, segmented.gaps
    if not units:
        blocks = list(split_paragraphs(blocks))
        segmented = segment(blocks, layout)
        units, gaps = (segmented.units, segmented.gaps) if segmented.units else (loose_units(blocks, layout), [])
    if not units and family != OTHER:
        units = loose_units(blocks, Layout.INFORMATION)
    if family.code == "concluding-observations":
        worry(units)
    if family.code in DECIDED or cover.symbol.startswith(COMPLAINT_NAME):
        units = only_decided(units)
    introduce(units, blocks, family.code)
    return units, gaps


def notification(blocks: Sequence[Block], *, after: int) -> list[Unit]:
    """The paragraph that transmits an unpublished report and grants the State time to report on it."""
    if any(MADE_PUBLIC.search(plain(block.text)) for block in blocks):
        return []
    for place, block in enumerate(blocks[after + 1 :], after + 1):
        if grants_time(plain(block.text)):
            mark = number_of(f"{block.number} {block.text}".strip())
            number, text = (mark.printed, mark.rest) if mark else ("", block.text)
            return [Unit(number, Kind.RECOMMENDATION, text, page=block.page, first=place, last=place)]
    return []


def introduce(units: list[Unit], blocks: list[Block], family: str) -> None:
    """Add what is printed once above the points of a decision."""
    if family == "cm-decision":
        with_deputies(units, blocks)
    if family in WITH_INTRODUCTIONS:
        with_introductions(units, blocks)


def ask(units: list[Unit], *, issued: date | None) -> None:
    """What a confidential letter requests is to be answered, and becomes no record."""
    for unit in units:
        if unit.kind != Kind.RECOMMENDATION:
            continue
        term = None if COURTESY.match(unit.text) else term_of_reply(unit.whole)
        if term and not (term.day and issued and term.day <= issued):
            unit.kind, unit.duty, unit.deadline = Kind.OBLIGATION, Duty.REPLY, term
        else:
            unit.kind = Kind.INFORMATION if COURTESY.match(unit.text) else Kind.QUESTION
        unit.follow_up = False


def ask_items(units: list[Unit], blocks: Sequence[Block]) -> None:
    """Numbered items below a sentence that requests them, such as "The Committee requests the State party:"."""
    for unit in units:
        if unit.kind == Kind.INFORMATION and unit.number and not unit.lead:
            above = next((text for text in texts_above(unit, blocks) if ANNOUNCES.search(text)), "")
            if above and is_demand(above):
                unit.lead, unit.kind = above, Kind.RECOMMENDATION


def with_reply_above_items(units: Sequence[Unit]) -> Iterator[Unit]:
    """The reply that the sentence above a list requests, and each item as a question that it has to answer."""
    for lead, group in groupby(units, key=lambda unit: unit.lead):
        items = list(group)
        terms = terms_in(lead)
        reply = next((unit for unit in items if unit.kind == Kind.OBLIGATION and unit.deadline in terms), None)
        if reply is None:
            yield from items
            continue
        yield replace(reply, number=reply.paragraph, text=lead, lead="")
        for unit in items:
            is_item = unit.deadline == reply.deadline
            yield replace(unit, kind=Kind.QUESTION, duty=None, deadline=None, follow_up=False) if is_item else unit


def units_that_ask(blocks: list[Block], cover: Cover, names: Mapping[str, str]) -> list[Unit]:
    if cover.family.layout == Layout.LETTER:
        return letter_units(blocks, cover.adopted)
    if cover.family.code == ADVANCE_QUESTIONS:
        return question_units(blocks, state_of=namer(names))
    of_committee = cover.family.code != QUESTIONNAIRE
    return question_units(blocks, of_themes=THEMES.search(cover.title) is not None, of_committee=of_committee)


def namer(names: Mapping[str, str]) -> Callable[[str], str]:
    """A function that gives the code of the State that a line names and nothing else, or ""."""
    return lambda line: names.get(folded(line.strip(" :.").replace("&", "and")), "")


def split_paragraphs(blocks: list[Block]) -> Iterator[Block]:
    """Paragraphs and headings of a text that has lost its line breaks."""
    for block in blocks:
        parts = numbers_inside(block.text)
        for place, part in enumerate(parts, 1):
            text, heading = heading_behind(part) if 1 < place < len(parts) else (part, "")
            yield replace(block, text=text)
            if heading:
                yield replace(block, text=heading, is_heading=True)


def languages_of(units: list[Unit]) -> list[str]:
    """The languages of the units, the most frequent first; units too short to identify are left out."""
    step = max(1, len(units) // LOOKED_AT_UNITS)
    counted = Counter(identify(unit.text, among=KNOWN_LANGUAGES) for unit in units[::step])
    counted.pop("", None)
    total = counted.total() or 1
    return [
        language
        for place, (language, count) in enumerate(counted.most_common())
        if not place or count / total >= LEAST_SHARE
    ]


def notes_on(reading: Reading, languages: list[str]) -> list[str]:
    notes = []
    if len(languages) > 1:
        sentence = _("The document contains several languages (%(languages)s): check the language of every unit.")
        notes.append(sentence % {"languages": ", ".join(languages)})
    notes += notes_on_gaps(reading, languages)
    if len(reading.states) > 1:
        sentence = _("The document is addressed to several States (%(states)s). Select the State of your records.")
        notes.append(sentence % {"states": ", ".join(reading.states)})
    if reading.family.layout == Layout.INFORMATION and reading.family.code != "general-comment":
        notes.append(
            _(
                "Documents of this kind do not usually contain recommendations. Change the kind of each unit that is "
                "a recommendation."
            )
        )
    notes += notes_on_days(reading.units)
    if any(len(unit.text) > MOST_CHARACTERS_OF_UNIT for unit in reading.units):
        notes.append(_("One unit is very long: its numbering may not have been recognised. Split the unit."))
    if reading.family.code == "other":
        notes.append(_("The kind of document is not known; its paragraphs were read by their numbers."))
    if reading.family.layout == Layout.LETTER:
        notes += notes_on_letter(reading)
    return notes


def notes_on_days(units: Sequence[Unit]) -> list[str]:
    sentence = _("Paragraph %(number)s contains a date that does not exist: %(date)s. Enter the deadline.")
    return [
        sentence % {"number": unit.number or "–", "date": term.words}
        for unit in units
        if (term := unit.deadline) and not term.day and not term.length
    ]


def notes_on_pages(path: Path, without_text: Sequence[int]) -> list[str]:
    if not without_text:
        return []
    sentence = ngettext(
        "%(file)s has no text on page %(pages)s. If the page is an image, enter what it contains yourself.",
        "%(file)s has no text on pages %(pages)s. Where a page is an image, enter what it contains yourself.",
        len(without_text),
    )
    return [sentence % {"file": path.name, "pages": ", ".join(map(str, without_text))}]


def notes_on_changes(path: Path) -> list[str]:
    if kind_of_file(path) != "docx" or not has_changes(path):
        return []
    sentence = _(
        "%(file)s contains tracked changes. It was read as if all of them were accepted: insertions are included, "
        "deletions are left out."
    )
    return [sentence % {"file": path.name}]


def notes_on_gaps(reading: Reading, languages: list[str]) -> list[str]:
    notes = []
    if not languages:
        notes.append(_("The language of the document could not be determined. Enter the language."))
    if not reading.symbol and reading.family.code not in WITHOUT_SYMBOL:
        notes.append(_("No symbol was found on the first page. Enter the symbol."))
    return notes


def notes_on_letter(reading: Reading) -> list[str]:
    notes = []
    if reading.adopted is None:
        notes.append(_("No date was found in the letter. Enter its date: the deadline is counted from it."))
    if all(unit.duty for unit in reading.units):
        notes.append(_("No numbered questions were found in the letter."))
    return notes


def as_json(reading: Reading) -> dict:
    """The reading as plain values, for the command and for other programs."""
    return {
        "family": reading.family.code,
        "body": reading.family.body,
        "symbol": reading.symbol,
        "title": reading.title,
        "state": reading.state,
        "states": reading.states,
        "date": reading.adopted.isoformat() if reading.adopted else None,
        "language": reading.language,
        "pages": reading.pages,
        "linkable": reading.family.code == "general-comment",
        "notes": reading.notes,
        "mandates": reading.mandates,
        "gaps": [{"after": gap.after, "before": gap.before, "missing": list(gap.missing)} for gap in reading.gaps],
        "units": [unit_as_json(unit, reading) for unit in reading.units],
    }


def unit_as_json(unit: Unit, reading: Reading) -> dict:
    term = unit.deadline
    cited = cited_in(f"{unit.lead} {unit.text}", symbol=reading.symbol, body=reading.family.body)
    return {
        "number": unit.number,
        "letter": unit.letter,
        "kind": unit.kind.value,
        "text": unit.text,
        "lead": unit.lead,
        "headings": list(unit.headings),
        "page": unit.page,
        "blocks": [unit.first, unit.last],
        "follow_up": unit.follow_up,
        "dissemination": unit.dissemination,
        "general_comments": [asdict(comment) for comment in cited],
        "due": str(unit.duty or ""),
        "combined": unit.combined,
        "deadline": None if term is None else term_as_json(term),
    }


def term_as_json(term: Term) -> dict:
    return {
        "words": term.words,
        "count": term.count,
        "unit": str(term.length or ""),
        "clock": str(term.clock),
        "every": term.every,
        "date": term.day and term.day.isoformat(),
    }
