"""The questions of a letter of special procedures: the lists below what requests them, or paragraphs that ask."""

import re
from collections.abc import Iterator, Sequence

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.dates import days_in
from servanda.language.documents.paragraph_kinds import Kind, sentences
from servanda.language.documents.segments import CLOSED
from servanda.language.documents.units import Block, Unit
from servanda.sources.documents.letters.lists import BULLET, NUMBER, Item, Listed, Row, lists_in, marks_at, rows_of
from servanda.sources.documents.letters.words import (
    ANSWER,
    ASKS_AT_START,
    ASKS_POLITELY,
    BEFORE_MATTERS,
    BELOW,
    CLOSES,
    CONCERNED,
    COURTESY,
    REPLY,
    REQUESTS,
    SIGN,
    TELLS,
    TOLD,
    announces_questions,
    asks_in_form,
    asks_in_prose,
    flat,
    is_of_others,
    measures_only,
    request_in,
)

LEAST_SHARE = 0.5  # of the items of a list that ask
LONGEST_HEADING = 120
OF_AUTHORS = lazy_pattern(
    r"^\W*(?:[\w’' ]+,\s+)?(?:may|might|could|can)\s+(?:i|we)\b"
    r"|^\W*(?:[\w’' ]+,\s+)?(?:puis-je|pouvons-nous|puedo|podemos|posso)\b",
    re.I,
)
FURNITURE = lazy_pattern(r"^\W*(?:(?:page\s+)?\d{1,3}|.{0,60}(?:ohchr\.org|\bTEL:).{0,120})\W*$", re.I)
POSITION = lazy_pattern(  # "We should like to know the position of your Government."
    r"\b(?:views?|position|account|observations?|comments?|version|opinion|opini[oó]n|avis|point\s+de\s+vue|posición|posição|observaciones|comentarios)\b"
    r"|(?<!\w)(?:راي|موقف|ملاحظات|اراء)(?!\w)",
    re.I,
)
MOST_OF_GENERAL = 14
OF_READER = lazy_pattern(
    r"\b(?:could|can|would)\s+(?:you|your)\b|\bpourriez|\bpodría\w*\s+(?:su|usted)|\bpoderia|(?<!\w)ف?هل\s+", re.I
)
CUTS, LEAST_OF_CLAUSE = lazy_pattern(r"(?<=[;؛])\s*"), 3
SEMICOLONS = lazy_pattern(r"\s*[;؛]\s*(?:and\s+|et\s+|y\s+|e\s+|و(?=\s))?")


def questions_of(blocks: Sequence[Block], *, begins: int = 0, ends: int | None = None) -> list[Unit]:
    """The questions between two blocks of the letter, with their marks, or numbered by their order."""
    rows = [row for row in rows_of(blocks) if begins <= row.place and (ends is None or row.place < ends)]
    rows = [row for row in rows if not FURNITURE.match(row.text)]
    if units := list(listed_questions(rows)):
        return units
    return list(numbered_units(unmarked_questions(rows)))


def listed_questions(rows: Sequence[Row]) -> Iterator[Unit]:
    found = lists_in(rows)
    asked = [kept for listed in found if (kept := asked_part(listed, rows))]
    asked = asked or [listed for listed in reversed(found) if is_likely(listed, rows)][:1]
    last = -1
    for listed in asked:
        if listed.first <= last:
            continue  # inside an item of the list above
        close(listed, rows)
        last = listed.last
        yield from (unit_of(item, nth) for nth, item in enumerate(listed.items, 1))


def asked_part(listed: Listed, rows: Sequence[Row]) -> Listed | None:
    """The list, if it asks; of the numbered paragraphs of a whole letter those that ask one after the other."""
    lead = lead_of(listed, rows)
    is_announced = bool(lead) and announces_questions(lead)
    asking = [asks_in_form(item.rest) for item in listed.items]
    if is_announced and len(listed.items) > 0:
        return listed
    if lead and measures_only(flat(lead)) and not any(SIGN.search(item.rest) for item in listed.items):
        return None
    if sum(asking) >= LEAST_SHARE * len(asking) and (len(asking) > 1 or polite(listed.items[0].rest)):
        return listed
    return stretch_of(listed, asking)


def is_likely(listed: Listed, rows: Sequence[Row]) -> bool:
    """Whether a list asks in words that are not known: what stands above it requests something of the reader, or the
    letter closes below it; and it is neither told by the source nor urged. Facts have days."""
    words = request_in(flat(lead_of(listed, rows)))
    is_told = TOLD.search(words) or TELLS.search(words) or CONCERNED.search(words) or measures_only(words)
    if not words or is_told or len(listed.items) < 2:
        return False
    dated = sum(next(days_in(item.text), None) is not None for item in listed.items)
    if dated * 2 > len(listed.items):
        return False
    announces = words.rstrip().endswith((":", "：", "–", "—")) or BELOW.search(words)
    if REQUESTS.search(words) or (announces and (ANSWER.search(words) or BELOW.search(words))):
        return True
    below = [row.text for row in rows[listed.last + 1 : listed.last + 3]]
    return any(is_closing(flat(text)) for text in below)


def stretch_of(listed: Listed, asking: Sequence[bool]) -> Listed | None:
    """The longest row of items that ask politely or with a sign, in a list of other things too."""
    best: list[Item] = []
    row: list[Item] = []
    for item, asks in zip(listed.items, asking, strict=True):
        row = [*row, item] if asks and polite(item.rest) else []
        best = row if len(row) > len(best) else best
    return Listed(listed.sort, best) if len(best) > 1 else None


def polite(text: str) -> bool:
    """Whether it asks in words that facts do not have."""
    words = flat(text)
    return bool(SIGN.search(words)) or bool(ASKS_POLITELY.search(words) and not COURTESY.match(words))


def lead_of(listed: Listed, rows: Sequence[Row]) -> str:
    """The text above a list: the last paragraph, with the one above it where that is only a heading."""
    if not listed.first:
        return ""
    above = rows[listed.first - 1].text
    is_short = len(above) <= LONGEST_HEADING and listed.first > 1 and not announces_questions(above)
    if not is_short:
        return above
    upper = rows[listed.first - 2].text
    return upper if announces_questions(upper) else above


def close(listed: Listed, rows: Sequence[Row]) -> None:
    """Give the last item what goes on below it: its own items, and the rest of its sentence."""
    item = listed.items[-1]
    for index in range(item.index + 1, len(rows)):
        row, above = rows[index], rows[index - 1]
        words = flat(row.text)
        is_open = not CLOSED.search(above.text) or above.text.rstrip().endswith((":", "："))
        is_item = bool(list(marks_at(row.text, row.number))) and listed.sort != BULLET
        if is_closing(words) or row.is_heading or not (is_open or is_item or row.text[:1].islower()):
            break
        item.rows.append(row)
        item.last = index


def is_closing(words: str) -> bool:
    """Whether the authors speak of the letter or its reply."""
    if COURTESY.match(words) or CLOSES.search(words):
        return True
    return bool(REQUESTS.search(words) and REPLY.search(words) and not ASKS_AT_START.match(words))


def unit_of(item: Item, nth: int) -> Unit:
    first, last = item.rows[0], item.rows[-1]
    text = without_closing(item.text)
    return Unit(item.printed or str(nth), Kind.QUESTION, text, page=first.page, first=first.place, last=last.place)


def without_closing(text: str) -> str:
    """Without the closing sentences of the letter, where a file has them in the paragraph of the last question."""
    kept, closing = parted(text)
    return " ".join(kept) if closing else text


def closing_in(text: str) -> str:
    return " ".join(parted(text)[1])


def parted(text: str) -> tuple[list[str], list[str]]:
    """The sentences of a question, and the closing sentences of the letter behind it."""
    parts = sentences(text)
    for place, sentence in enumerate(parts):
        if place and is_closing(flat(sentence)) and not SIGN.search(sentence):
            return parts[:place], parts[place:]
    return parts, []


def unmarked_questions(rows: Sequence[Row]) -> list[tuple[Row, str]]:
    """Sentences that ask without marks; below a paragraph that requests them all that ask in form, elsewhere only
    those that do politely or with a sign."""
    start = next((index for index, row in enumerate(rows) if announces_questions(row.text)), None)
    below = rows[start + 1 :] if start is not None else rows
    found = [
        (row, part) for row in below if not is_marked(row) for part in asked_in(row.text, is_below=start is not None)
    ]
    if len(found) > 1 and is_general(flat(found[0][1])):
        found = found[1:]
    if start is not None:
        found = [*inside(rows[start]), *found] or clauses_below(rows, start)
    return [part for row in rows for part in inside(row)] or found


def asked_in(text: str, *, is_below: bool) -> list[str]:
    """The sentences of a paragraph that ask."""
    asking = (part for part in sentences(text) if is_question(part, is_below=is_below))
    return [matter for part in asking for matter in matters_in(part)]


def matters_in(sentence: str) -> list[str]:
    """The matters that one sentence asks about, divided by semicolons; the words that ask are those of all."""
    clauses = [part for part in CUTS.split(sentence) if part.strip()]
    if len(clauses) < 2 or any(len(part.split()) < LEAST_OF_CLAUSE for part in clauses[1:]):
        return [sentence]
    first = BEFORE_MATTERS.sub("", clauses[0], count=1)
    return [first or clauses[0], *clauses[1:]]


def is_marked(row: Row) -> bool:
    """Whether it has a number, such as a standard in an annex; lists that ask have been read before."""
    return any(mark.sort == NUMBER and not polite(mark.rest) for mark in marks_at(row.text, row.number))


def is_general(words: str) -> bool:
    """Whether a question only introduces others: "May I ask for your views?", "… comment on what follows?"."""
    if OF_AUTHORS.search(words) or (BELOW.search(words) and SIGN.search(words)):
        return True
    return len(words.split()) <= MOST_OF_GENERAL and POSITION.search(words) is not None and not polite(words)


def is_question(text: str, *, is_below: bool) -> bool:
    words = flat(text)
    is_close = is_closing(words) and not SIGN.search(words) and not asks_in_prose(text)
    return not is_close and (asks_in_prose(text) or (is_below and asks_in_form(text) and not is_of_others(words)))


def inside(row: Row) -> list[tuple[Row, str]]:
    """What a paragraph asks behind its colon, or after "know", in one or several clauses."""
    head, _colon, tail = row.text.partition(":")
    words = " ".join(sentences(flat(head))[-1:])
    is_asked = REQUESTS.search(words) or OF_READER.search(words)
    if not tail.strip() or not is_asked or measures_only(words) or TELLS.search(words):
        return []
    clauses = [part for part in SEMICOLONS.split(without_closing(tail.strip())) if len(part.split()) > 1]
    is_announced = ANSWER.search(words) or (len(clauses) > 1 and (BELOW.search(words) or OF_READER.search(words)))
    return [(row, part) for part in clauses] if is_announced else []


def clauses_below(rows: Sequence[Row], start: int) -> list[tuple[Row, str]]:
    """Clauses in paragraphs of their own, without marks: "the legal basis of the arrest;"."""
    found = []
    for row in rows[start + 1 :]:
        if is_closing(flat(row.text)):
            break
        found.append((row, row.text))
        if not row.text.rstrip().endswith((";", "؛", ",", "،")) and not re.search(
            r"\b(?:and|et|y|e|و)$", row.text.strip()
        ):
            break
    return found if len(found) > 1 else []


def numbered_units(found: Sequence[tuple[Row, str]]) -> Iterator[Unit]:
    for nth, (row, text) in enumerate(found, 1):
        yield Unit(str(nth), Kind.QUESTION, without_closing(text), page=row.page, first=row.place, last=row.place)
