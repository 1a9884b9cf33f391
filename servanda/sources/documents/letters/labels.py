"""Rows of the head of a letter that say by when the reply is due; their day is not that of the letter."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.dates import Day, days_in
from servanda.language.documents.due_days import is_due_by
from servanda.language.documents.paragraph_kinds import plain
from servanda.language.documents.terms import Term, lengths_in, terms_in

LONGEST_ROW, MOST_WORDS_BETWEEN = 200, 6
_FOR = r"\s*(?:for|of|to|de|du|pour|para|por|da|do|la|le|votre|your|the|su|sua|l[’'])?"
_LABEL = (
    r"(?:^|[\s|/(])(?:"
    r"(?:repl(?:y|ies)|response|answer)s?\s+(?:is\s+|are\s+|kindly\s+|date\W+)*(?:requested|expected|due|required|sought|awaited|by|before|date|deadline)"
    r"|réponse\s+(?:\w+\s+)?(?:attendue|demandée|souhaitée|sollicitée|due|requise|avant)"
    r"|resp(?:ue|o)sta\s+(?:\w+\s+)?(?:solicitada|esperada|requerida|pedida|antes|até)"
    r"|(?:deadline|due|(?:date|fecha|data)\s+l[ií]mite|time[\s-]?limit|plazo|délai|échéance|prazo|vencimiento|date|fecha|data|reply)"
    rf"(?:{_FOR}){{0,3}}\s*(?:repl(?:y|ies)|response|answers?|réponse|respuesta|resposta)"
    r"|(?:deadline|date\s+limite|fecha\s+l[ií]mite|data\s+limite)(?!\w)"
    r"|(?:آخر\s+)?(?:موعد|مهلة|أجل|تاريخ|ميعاد)\s+(?:تقديم\s+|تلقي\s+|ورود\s+|استلام\s+)?(?:ال|لل)?(?:رد|جواب|إجابة)(?:كم)?"
    r"|(?:الرد|الجواب)\s+(?:ال)?(?:مطلوب|منتظر|متوقع|قبل|بحلول)"
    r"|срок\s+(?:для\s+)?ответа|ответ\s+(?:ожидается|просим)"
    r")(?![^\W\d_])"
)
# The State has replied on that day.
_GIVEN = (
    r"\s+(?:of|from|by|received|del?|du|da|do|reçue|recibida|من)\s+(?:the\s+|your\s+|la\s+|su\s+)?"
    r"(?:gov|state|auth|gobierno|estado|autor|état|mission|misi|ال?حكوم|ال?دول)"
)
FOR_REPLY = lazy_pattern(rf"{_LABEL}(?!{_GIVEN})", re.I)
NAMES_REPLY = lazy_pattern(_LABEL, re.I)
OTHER_LABEL = lazy_pattern(r"(?:^|[\s|])(?:date|dated|fecha|data|(?:ال)?تاريخ|дата)(?:\s+d\S+\s+\w+)?\s*[:\t]", re.I)


def is_for_reply(text: str, label: re.Pattern[str] = FOR_REPLY) -> bool:
    """Whether the words before a day say that a reply is due on it."""
    found = list(label.finditer(text))
    if not found or OTHER_LABEL.search(text, found[-1].end()):
        return False
    return len(re.findall(r"[^\W\d_]+", text[found[-1].end() :])) <= MOST_WORDS_BETWEEN


def without_reply_days(rows: Sequence[str]) -> Iterator[str]:
    """The rows of the head of a letter without the days on which the reply is due."""
    above = ""
    for row in rows:
        kept = row
        label = f"{above} " if is_for_reply(above) and not any(days_in(above)) else ""
        for day in reversed(list(days_in(row))):
            if is_for_reply(label + row[: day.start], NAMES_REPLY) or is_due_by(plain(row), day.start, day.end):
                kept = f"{kept[: day.start]}{kept[day.end :]}"
        yield kept
        above = row


def labelled_reply(rows: Sequence[str]) -> tuple[int, Term] | None:
    """The row of the head with the time for the reply, and that time."""
    for place, row in enumerate(rows):
        label = FOR_REPLY.search(row)
        if label is None or len(row) > LONGEST_ROW or not is_for_reply(row[: label.end()]):
            continue
        behind = row[label.end() :]
        is_alone = not re.search(r"\d", behind) and place + 1 < len(rows)
        own, of = (rows[place + 1], place + 1) if is_alone else (behind, place)
        days = [
            term_of(day)
            for day in days_in(own)
            if is_for_reply(f"{row} " if is_alone else row[: label.end() + day.start])
        ]
        is_near = len(re.findall(r"[^\W\d_]+", own)) <= 2 * MOST_WORDS_BETWEEN
        for term in [*terms_in(own), *days, *lengths_in(own)] if is_near else ():
            return of, replace(term, words=term.words or plain(own)[term.start : term.end])
    return None


def term_of(day: Day) -> Term:
    return Term("", day.start, day.end, day=day.day)
