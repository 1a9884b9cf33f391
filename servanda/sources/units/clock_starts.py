"""The day on which the clock of a unit's deadline starts, and whether the document itself shows that day."""

import re
from datetime import date

from servanda.language.documents.dates import ALIF, days_in
from servanda.language.documents.due_days import SENTENCE_END, in_principle
from servanda.language.documents.paragraph_kinds import plain
from servanda.language.documents.term_words import Clock
from servanda.language.documents.terms import again_in
from servanda.language.documents.units import Layout
from servanda.sources.documents.document_date import BEGINS_RANGE
from servanda.sources.documents.families import BY_CODE, OTHER
from servanda.sources.documents.masthead import ADOPTED_NOTE
from servanda.sources.models import DocumentReading, ReadUnit
from servanda.sources.models.documents import FIRST_BLOCKS

# A judgment does not show when the State was notified: a time limit from the notification is estimated from its date.
STARTS_LATER = {Clock.NOTIFICATION, Clock.RECEIPT, Clock.FINALITY}
TRANSMITTED = {"cpt", "spt"}  # reports whose terms run from their transmission, which comes before their publication
DISTRIBUTED = {"concluding-observations"}  # documents whose date is that of their distribution, after the adoption
ADOPTED = re.compile(
    r"\b(?:adopted|approved)\s+(?:the|these)\s+(?:present\s+)?concluding\s+observations"
    r"|\badopté\s+(?:les\s+présentes|ces)\s+observations\s+finales"
    r"|\b(?:aprobó|adoptó)\s+(?:las\s+presentes|estas)\s+observaciones\s+finales"
    r"|\b(?:adotou|aprovou)\s+as\s+presentes\s+observações\s+finais"
    r"|اعتمدت\s+(?:\S+\s+){0,12}?(?:هذه\s+)?الملاحظات\s+الختامي[ةه]",
    re.I,
)


def clock_start(unit: ReadUnit, reading: DocumentReading) -> date | None:
    """The day from which the length of a deadline is counted: that of the adoption where the text counts from it."""
    if not counted_from_adoption(unit, reading):
        return reading.date
    return adopted_on(reading) or adopted_in_note(reading) or reading.date


def starts_later(unit: ReadUnit, reading: DocumentReading) -> bool:
    """Whether the clock starts on a day that the document does not show."""
    family, clock = BY_CODE.get(reading.family, OTHER), unit.deadline_clock
    if clock in STARTS_LATER or reading.family in TRANSMITTED or is_interval(unit):
        return True
    if clock == Clock.LETTER:
        return family.layout != Layout.LETTER and not family.is_confidential
    if counted_from_adoption(unit, reading):
        return adopted_on(reading) is None and adopted_in_note(reading, sessions=False) is None
    return not clock and family.is_case


def is_interval(unit: ReadUnit) -> bool:
    """Whether the document says how often something is due, and not when for the first time."""
    again = again_in(plain(unit.deadline).translate(ALIF)) if unit.deadline_every else None
    return again is not None and again[1] == 0


def counted_from_adoption(unit: ReadUnit, reading: DocumentReading) -> bool:
    return unit.deadline_clock == Clock.ISSUED and reading.family in DISTRIBUTED


def adopted_on(reading: DocumentReading) -> date | None:
    """The day of the meeting at which the observations were adopted, as their first paragraphs name it."""
    for text in reading.blocks.order_by("place").values_list("text", flat=True)[:FIRST_BLOCKS]:
        flat = plain(text).translate(ALIF)
        for match in ADOPTED.finditer(flat):
            start = max((end.end() for end in SENTENCE_END.finditer(flat, 0, match.start())), default=0)
            end = SENTENCE_END.search(flat, match.end())
            days = list(days_in(flat[start : end.start() if end else len(flat)]))
            if days:
                return days[-1].day
    return None


def adopted_in_note(reading: DocumentReading, *, sessions: bool = True) -> date | None:
    """The day that a footnote such as "* Adopted by the Committee at its 2010th meeting" names. One with a session
    only has its last day, on which or shortly before which the observations were adopted."""
    for note in reading.blocks.filter(text__startswith="*").values_list("text", flat=True):
        days = list(days_in(note)) if ADOPTED_NOTE.match(note) else []
        if days and (sessions or not BEGINS_RANGE.search(note[: days[-1].start])):
            return days[-1].day
    return None


def is_to_be_confirmed(unit: ReadUnit) -> bool:
    """Whether the body calls the day that the document names one "in principle"."""
    named = {day.day for day in days_in(unit.deadline)}
    if unit.deadline_day not in named:
        return False
    flat = plain(unit.whole).translate(ALIF)
    return any(in_principle(flat, day.start) for day in days_in(flat) if day.day == unit.deadline_day)
