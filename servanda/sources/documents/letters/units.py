"""Letters of special procedures: mandates, subject, the questions asked, and the deadline of the reply."""

import re
from collections.abc import Sequence
from datetime import date

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.paragraph_kinds import sentences
from servanda.language.documents.segments import tidied
from servanda.language.documents.units import Block, Unit
from servanda.sources.documents.letters.heads import ANNEX, begin_of, mandates_of
from servanda.sources.documents.letters.labels import labelled_reply
from servanda.sources.documents.letters.questions import questions_of
from servanda.sources.documents.letters.replies import is_past, reply_of, reply_unit
from servanda.sources.documents.letters.words import REPLY, REQUESTS, flat, measures_only
from servanda.sources.documents.person_names import without_names

URGENT = ("UA", "JUA")
# The letter itself by its heading or its own words, and not one that it refers to: "our urgent appeal of 3 March".
URGENT_APPEAL = lazy_pattern(
    r"\b(?:this|the\s+present)\s+(?:joint\s+)?urgent\s+appeal\b|\b(?:cet|le\s+présent)\s+appel\s+urgent\b"
    r"|\b(?:este|el\s+presente)\s+llamamiento\s+urgente\b|\b(?:este|o\s+presente)\s+apelo\s+urgente\b"
    r"|هذا\s+النداء\s+العاجل|النداء\s+العاجل\s+هذا"
    r"|\b(?-i:URGENT\s+APPEAL|APPEL\s+URGENT|LLAMAMIENTO\s+URGENTE|APELO\s+URGENTE)\b",
    re.I,
)
LONGEST_SUBJECT = 300
LONGEST_HEADING = 120
SUBJECT_LINE = lazy_pattern(r"^\W*(?:subject|objet|asunto|assunto|الموضوع)\s*:\s*(?P<subject>.+)$", re.I)
SUBJECT = lazy_pattern(
    r"(?:information|allegations)\s+(?:that\s+)?(?:we\s+have\s+)?received\s+(?:concerning|regarding|about|on|in\s+relation\s+to|relating\s+to)\s+(?P<en>.+?)(?=\.(?:\s|$)|$)"
    r"|(?:informations?|allégations?)\s+(?:que\s+nous\s+avons\s+)?reçue?s?\s+(?:concernant|relatives?\s+[àa]u?x?|au\s+sujet\s+d\w+|sur|en\s+ce\s+qui\s+concerne)\s*(?P<fr>.+?)(?=\.(?:\s|$)|$)"
    r"|(?:información|informaciones|alegaciones)\s+(?:que\s+hemos\s+)?(?:recibid[oa]s?\s+)(?:en\s+relación\s+con|sobre|acerca\s+de|relativ[oa]s?\s+al?|respecto\s+de|con\s+respecto\s+a)\s+(?P<es>.+?)(?=\.(?:\s|$)|$)"
    r"|(?:informações|alegações)\s+(?:que\s+recebemos|recebidas)\s+(?:sobre|acerca\s+d[eoa]s?|a\s+respeito\s+d[eoa]s?|relativas\s+(?:a|à|ao)s?|referentes\s+(?:a|à|ao)s?|em\s+relação\s+(?:a|à|ao)s?)\s+(?P<pt>.+?)(?=\.(?:\s|$)|$)"
    r"|(?:ال)?معلومات\s+(?:التي\s+)?(?:تلقيناها|تلقينا|وردت\s+إلينا|وردتنا)\s+(?:بشأن|فيما\s+يتعلق\s+ب|حول|عن|تتعلق\s+ب|بخصوص)\s*(?P<ar>.+?)(?=\.(?:\s|$)|$)",
    re.I | re.S,
)


def subject_of(blocks: Sequence[Block]) -> str:
    """What the letter is about, without the names of persons."""
    for block in blocks:
        if match := SUBJECT_LINE.match(block.text.strip()):
            return without_names(tidied(match["subject"]))[:LONGEST_SUBJECT]
    for block in blocks:
        if match := SUBJECT.search(without_names(tidied(block.text))):
            return without_names(next(part for part in match.groups() if part).strip())[:LONGEST_SUBJECT]
    return ""


def letter_units(blocks: Sequence[Block], issued: date | None = None) -> list[Unit]:
    """The questions of the letter with their numbers, and the reply that is due; `issued` is the day of the
    letter."""
    rows = [tidied(block.text) for block in blocks]
    begin = begin_of(rows)
    begins = 0 if begin is None else begin
    ends = annex_of(rows, begins)
    questions = questions_of(blocks, begins=begins, ends=ends) or questions_of(blocks, begins=begins)
    reply = reply_in_head(blocks[:begins], issued) or reply_of(blocks, questions, issued, begins)
    reply = reply or usual_reply(questions) or reply_to_mandates(blocks)
    reply = reply or reply_to_request(blocks[begins:ends], begins)
    units = [*questions, *([reply] if reply else [])]
    return sorted(units, key=lambda unit: unit.first)


def annex_of(rows: Sequence[str], begins: int) -> int | None:
    """The heading below which the letter has only standards of international law."""
    return next(
        (
            place
            for place, row in enumerate(rows)
            if place > begins and len(row) < LONGEST_HEADING and ANNEX.match(row)
        ),
        None,
    )


def reply_in_head(blocks: Sequence[Block], issued: date | None) -> Unit | None:
    """The reply of a row such as "Reply requested by: 3 May 2026" above the salutation."""
    rows = [tidied(block.text) for block in blocks]
    if (found := labelled_reply(rows)) is None:
        return None
    place, term = found
    if is_past(term, issued):
        return None
    return reply_unit(place, blocks[place], rows[place], term)


def usual_reply(questions: Sequence[Unit]) -> Unit | None:
    """The reply to a letter without a deadline of its own; when it is due, the rules say."""
    if not questions:
        return None
    last = questions[-1]
    return reply_unit(last.last, Block(last.text, page=last.page), last.text, None)


def reply_to_request(blocks: Sequence[Block], begins: int) -> Unit | None:
    """The reply that a sentence asks for which neither puts a question nor sets a time: the last of them."""
    for place in reversed(range(len(blocks))):
        text = tidied(blocks[place].text)
        asking = (flat(part) for part in sentences(text))
        if any(REQUESTS.search(words) and REPLY.search(words) and not measures_only(words) for words in asking):
            return reply_unit(begins + place, blocks[place], text, None)
    return None


def reply_to_mandates(blocks: Sequence[Block]) -> Unit | None:
    """The reply to a letter in which neither a question nor a deadline was recognised: it must not be lost."""
    for place, block in enumerate(blocks):
        text = tidied(block.text)
        if mandates_of([text]):
            return reply_unit(place, block, text, None)
    return None


def is_urgent(reference: str, words: str) -> bool:
    """Whether it is the reference of an urgent appeal; the words of a letter count where it has no reference."""
    return reference.split(" ")[0].upper() in URGENT if reference else asks_urgently(words)


def asks_urgently(words: str) -> bool:
    return URGENT_APPEAL.search(words) is not None
