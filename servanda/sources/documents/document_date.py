"""The date of a document itself, as opposed to dates of hearings, applications or cited judgments."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.dates import Day, days_in
from servanda.language.documents.due_days import is_due_by
from servanda.language.documents.paragraph_kinds import plain
from servanda.sources.documents.letters.heads import (
    ANNEX,
    MANDATES,
    NOT_OWN,
    REFERENCE_LABEL,
    WITH_FILES,
    head_of,
)
from servanda.sources.documents.letters.labels import is_for_reply, without_reply_days
from servanda.sources.documents.masthead import LONGEST_ROW, Masthead
from servanda.sources.documents.symbols import LETTER

NEAR = 90  # characters between a word such as "Adopted" and its day
# Words that tell which date follows, for each kind of document the most reliable first.
DISTRIBUTION = lazy_pattern(r"\bdistr(?:ibution)?\b|(?:التوزيع|توزيع)|\bраспр", re.I)
ADOPTION = lazy_pattern(
    r"\b(?:date\s+of\s+(?:the\s+)?(?:adoption|decision|judgment|views)|adopt(?:ion|ed)|approved"
    r"|(?:date\s+de\s+l[’']adoption|adoptée?s?|adoption)|(?:fecha\s+de\s+(?:adopci[oó]n|aprobaci[oó]n)|aprobad[oa]s?"
    r"|adoptad[oa]s?)|delivered|pronounced|rendered|prononcée?|rendue?)\b"
    r"|(?:تاريخ\s+اعتماد|اعتمدت?ها|اعتمدت?ه|اعتُمدت?|اعتمدت)",
    re.I,
)
VIEWS_ADOPTED = lazy_pattern(
    r"\bdate\s+of\s+(?:the\s+)?(?:present\s+)?(?:adoption|decision|views)"
    r"|\bdate\s+(?:de\s+l[’']adoption|des\s+(?:présentes\s+)?constatations|de\s+la\s+(?:présente\s+)?décision)"
    r"|\bfecha\s+(?:de\s+(?:la\s+)?(?:presente\s+)?(?:adopci[oó]n|aprobaci[oó]n|decisi[oó]n)|del\s+(?:presente\s+)?dictamen)"
    r"|تاريخ\s+(?:اعتماد|صدور|هذا\s+القرار)",
    re.I,
)
JUDGMENT = lazy_pattern(
    r"^\W*(?:(?:judge?ments?|ruling|order|decision|sentencia|resoluci[oó]n|sentença|arrêt|ordonnance|décision|jugement"
    r"|opini[oó]n|advisory\s+opinion|avis|strasbourg|estrasburgo)\b|(?:ال)?(?:حكم|قرار)(?!\w)|أمر(?!\w)|رأي\s+استشاري)",
    re.I,
)
FLAT_JUDGMENT = lazy_pattern(r"\b(?:JUDGMENT|DECISION|ARRÊT|DÉCISION|SENTENCIA|STRASBOURG)\b")
CLOSING = lazy_pattern(
    r"^\W*(?:(?:done|given|taken|adopted|signed|approved)\s+(?:at|in|this|during|on|by)\b|fait\s+(?:à|en|au)\b"
    r"|(?:adoptée?|prononcée?|rendue?)\s+(?:à|lors|au|en|par)\b"
    r"|(?:redactad[ao]|dad[oa](?:\s+y\s+firmad[oa])?|hech[oa]|emitid[oa]|adoptad[oa]|aprobad[oa]|redigid[oa]|feito)"
    r"\s+(?:en|em|por|el)\b|corte\s+idh\.\s+(?!.*\bserie\s+c\b).*?\b(?:sentencia|resoluci[oó]n)\s+de\b"
    r"|(?:حُرر|حرر|حررت|صدر|صدرت|اعتُمد|اعتمد|اعتمدت|اعتُمدت|تم\s+اعتماد)(?!\w))",
    re.I,
)
DRAWN_UP = lazy_pattern(  # the formula with which a court closes a judgment, before separate opinions
    r"^\W*(?:done\s+(?:at|in|this)\b|fait\s+(?:à|en)\b|redactad[ao]\s+en\b|redigid[ao]\s+em\b|dad[oa]\s+(?:y\s+firmad[oa]\s+)?en\b"
    r"|(?:حُرر|حرر|حررت|صدر|صدرت)\s+(?:هذا\s+)?(?:\w+\s+)?(?:في|ب))",
    re.I,
)
MOST_WORDS_BESIDE_DAY = 4
MOST_SIGNED_ROWS, LONGEST_SIGNED_ROW = 8, 120
LABEL_OF_LETTER = lazy_pattern(
    r"(?:^|\n)\W*(?:date[d]?(?:\s+(?:of|de)\s+\w+|\s+d[’']\w+)?|fecha(?:\s+de\s+\w+)?|data|(?:ال)?تاريخ|дата|sent(?:\s+on)?|datum)(?![^\W\d_])",
    re.I,
)
LABEL = lazy_pattern(r"(?:^|[\n|\s])date\s*:", re.I)
PUBLISHED = lazy_pattern(r"\b(?:published|publication|publiée?s?|publicad[oa]|publicaci[oó]n)\b|نُشر|نشر", re.I)
# Words that make a date one of something else.
OF_ANOTHER = lazy_pattern(
    r"(?:\b(?:heard|hearings?|audiences?|audiencias?|lodged|registered|received|dated|submitted|filed|introduced"
    r"|deliberat\w+|delib[eé]r\w+|deliberad\w+|en\s+chambre\s+du\s+conseil|born|née?|nacid[oa]|deposit\w*|dépos\w+"
    r"|depositad\w+|ratifi\w+|entered\s+into\s+force|entrée?\s+en\s+vigueur|entrada\s+en\s+vigor|final\s+on|définiti\w+"
    r"|became\s+final|notif\w+|published|publication|publi\w+|visit\w*|application\s+of|requ[eê]te|introduite?"
    r"|enregistrée?|reçue?|presentad[oa]|recibid[oa]|sometid[oa]|petici[oó]n|denuncia|initial\s+submission|communiqu\w+"
    r"|judge?ment\s+of|arrêt\s+du|sentencia\s+de\s+fondo|see|voir|véase|until|since|depuis|hasta|desde|law|loi|ley|meetings?|seen"
    r"|present\w+|signed|accession|adhésion|rehearing|oral|plaidoir\w+|vista|referred|transmitted|transmis\w*)\b"
    r"|جلسة|الجلسة|تقديم|قُدم|قدم|ورد|سُجل|مؤرخ|المؤرخ|إيداع|أودع|تصديق|زيارة|الصادر|انضمام|مداول)"
    r"[^.;\n]{0,70}$",
    re.I,
)
SESSION = lazy_pattern(
    r"\b(?P<n>\d{1,3})(?:st|nd|rd|th|e|ème|a|ª|º)?\s+(?:(?P<kind>extra-?ordinary|ordinary)\s+)?session\b", re.I
)
# "from 3 to 13 November 2025": the days of a visit.
BEGINS_RANGE = lazy_pattern(
    r"\b\d{1,2}(?:st|nd|rd|th|er|º)?\s(?:de\s)?(?:[^\W\d]{3,10}\s)?(?:(?:de\s)?\d{4}\s)?(?:to|and|until|au|et|al|a|y|e|ao|[-–—]|إلى|و)\s?"
    r"(?:le\s|el\s)?$|\b\d{1,2}\s?[-–—]\s?$"
)
COURTS = {"iacthr", "afchpr", "ecthr"}
ON_VISITS = {"cpt", "spt", "visit-report"}
LONGEST_DATED_ROW = 70
OF_NOTE = lazy_pattern(
    r"\bpresents\s+(?:its|their|his|her)\s+compliments\b|\bprésentent?\s+(?:ses|leurs)\s+compliments\b|\bsaluda[n]?\s+(?:muy\s+)?atentamente"
    r"|\bcumprimenta[m]?\b|(?<!\w)[تي]هدي\s.{0,80}?(?:تحيات|أطيب)|свидетельству\w+\s+сво\w+\s+уважение",
    re.I,
)
# Between the reference and its day: "OL TST 3/2026, dated 14 May 2026".
DATED = lazy_pattern(
    r"[\s,،(–—-]*(?:dated|of|datée?(?:\s+du)?|du|(?:de\s+)?fechad?a?(?:\s+(?:de|el))?|del?|datad[oa]\s+de|от"
    r"|(?:ال)?مؤرخة?(?:\s+في)?|بتاريخ)\s*",
    re.I,
)
MOST_OF_TITLE, ROWS_BELOW_TITLE = 160, 4


def day_of(head: Masthead, family: str) -> date | None:
    """The date of the document from its masthead or its closing formula."""
    return next((day for day in candidate_days(head, family) if day), None)


def candidate_days(head: Masthead, family: str) -> Iterator[date | None]:
    head = without_ranges(head) if family in ON_VISITS else head
    text = head.text
    if family in COURTS:
        yield below_title(head)
        yield drawn_up(head)
        yield closing(head)
        yield in_brackets(head)
    elif family == "sp-letter":
        yield from days_of_letter(head)
        return
    elif family == "achpr-decision":
        yield closing(head)
        yield signed(head)
        yield behind(text, ADOPTION)
        yield of_session(head)
        return
    elif family in ("views", "wgad"):
        yield behind("\n".join(head.blocks[:80]), VIEWS_ADOPTED)
        yield closing(head)
    elif family in ("ecsr", "grevio", "greta", "ecri", "fcnm", "ecrml"):
        yield behind(text, ADOPTION)
    yield behind(text, LABEL)
    yield behind(text, DISTRIBUTION, near=200)
    yield alone(head)
    if family == "other":
        yield drawn_up(head)
    yield first_own(text)
    if family in ("iachr", "achpr", "other"):
        yield closing(head)
    yield behind("\n".join(head.adopted_notes), ADOPTION)
    yield behind(text, PUBLISHED)


def without_ranges(head: Masthead) -> Masthead:
    """The masthead without the days on which a visit ended."""
    rows = list(head.rows)
    for place, row in enumerate(rows):
        for day in reversed(list(days_in(row))):
            if BEGINS_RANGE.search(row[: day.start]):
                rows[place] = f"{row[: day.start]}{row[day.end :]}"
    return replace(head, rows=tuple(rows))


def above_salutation(head: Masthead) -> Masthead:
    """The head of a letter, without its facts, which have dates too."""
    rows = tuple(without_reply_days(below_note(head_of(head.opening))))
    return replace(head, rows=rows)


def below_note(rows: Sequence[str]) -> Sequence[str]:
    """The head below the note verbale with which the letter is sent; the note has a day of its own."""
    note = next((place for place, row in enumerate(rows) if OF_NOTE.search(row)), None)
    if note is None:
        return rows
    begins = next((place for place, row in enumerate(rows) if place > note and begins_head(row)), 0)
    return rows[begins:]


def days_of_letter(head: Masthead) -> Iterator[date | None]:
    """The day in the head of the letter, or else the one below its closing words."""
    above = above_salutation(head)
    yield behind(above.text, LABEL_OF_LETTER)
    yield dated_reference(above.rows)
    yield nearest_alone(above.rows)
    yield behind_reference(above)
    flat_day = last_day(above.rows[-1]) if above.rows and len(above.rows[-1]) > LONGEST_DATED_ROW else None
    yield flat_day.day if flat_day else None
    yield signed_on(head)


def begins_head(row: str) -> bool:
    return bool(MANDATES.match(row) or REFERENCE_LABEL.match(row) or WITH_FILES.match(row))


def dated_reference(rows: Sequence[str]) -> date | None:
    """The day of the row of the reference, right behind it: "OL TST 3/2026 dated 14 May 2026"."""
    for row in rows:
        reference = WITH_FILES.search(row)
        if reference is None or NOT_OWN.search(row[: reference.start()]):
            continue
        behind_it = row[reference.end() :]
        day = next(days_in(behind_it), None)
        if day and DATED.fullmatch(behind_it, 0, day.start):
            return day.day
    return None


def signed_on(head: Masthead) -> date | None:
    """The day below the closing words, in one of the last short rows above the annexes."""
    annex = next(
        (place for place, row in enumerate(head.blocks) if place and ANNEX.match(row) and len(row) < 120), None
    )
    for row in reversed(head.blocks[:annex][-MOST_SIGNED_ROWS:]):
        day = last_day(row)
        if day is None or len(row) > LONGEST_SIGNED_ROW or row[day.end :].strip(" .)]"):
            continue
        is_reply_due = is_for_reply(row[: day.start]) or is_due_by(plain(row), day.start, day.end)
        if not OF_ANOTHER.search(row[: day.start]) and not is_reply_due:
            return day.day
    return None


def nearest_alone(rows: Sequence[str]) -> date | None:
    """The day of the row with the fewest other words; a row may name the letters before: "Our note of 3 May 2026"."""
    found = []
    for place, row in enumerate(rows):
        day = next(days_in(row), None)
        if day is None or len(row) > LONGEST_DATED_ROW or OF_ANOTHER.search(row[: day.start]):
            continue
        words = len(re.findall(r"[^\W\d_]+", row[: day.start] + row[day.end :]))
        if words <= MOST_WORDS_BESIDE_DAY:
            found.append((words, place, day.day))
    return min(found)[2] if found else None


def behind_reference(head: Masthead) -> date | None:
    """The date behind the reference of a letter. In some PDF files the whole head is one row."""
    reference = LETTER.search(head.text)
    return behind(head.text[: reference.end() + NEAR], LETTER) if reference else None


def behind(text: str, pattern: re.Pattern[str], near: int = NEAR) -> date | None:
    """The first date shortly after one of the words, unless it is the date of something else."""
    days = list(days_in(text))
    for word in pattern.finditer(text):
        for day in days:
            between = text[word.end() : day.start]
            if day.start < word.end() or len(between) > near:
                continue
            if OF_ANOTHER.search(between) is None:
                return day.day
            break
    return None


def below_title(head: Masthead) -> date | None:
    """The date beside or below "JUDGMENT" in the masthead."""
    for place, row in enumerate(head.rows):
        if len(row) > LONGEST_ROW / 2:
            return behind(row, FLAT_JUDGMENT)
        if not JUDGMENT.match(row) or len(row) > MOST_OF_TITLE:
            continue
        for near in head.rows[place : place + ROWS_BELOW_TITLE]:
            day = next(days_in(near), None)
            is_own = near is row or (day and OF_ANOTHER.search(near[: day.start]) is None)
            if day and len(near) <= MOST_OF_TITLE and is_own:
                return day.day
    return None


def closing(head: Masthead) -> date | None:
    """The date of the last "Done at ..."."""
    for place in range(len(head.tail) - 1, -1, -1):
        word = CLOSING.match(head.tail[place])
        closing_text = " ".join(head.tail[place : place + 3])[word.end() :] if word else ""
        day = next(days_in(closing_text), None)
        if day and day.start < 3 * NEAR:
            return day.day
    return None


def drawn_up(head: Masthead) -> date | None:
    """The date of the last "Done at ..." of a judgment, wherever separate opinions follow it."""
    for place in range(len(head.blocks) - 1, -1, -1):
        word = DRAWN_UP.match(head.blocks[place])
        formula = " ".join(head.blocks[place : place + 3])[word.end() :] if word else ""
        day = next(days_in(formula), None)
        if day and day.start < 3 * NEAR:
            return day.day
    return None


def signed(head: Masthead) -> date | None:
    """Place and date in a short row near the end: "Kigali, Rwanda, 15th November 1999."."""
    for row in reversed(head.tail):
        day = next(days_in(row), None)
        if day and re.fullmatch(r"[A-ZÀ-Ý][^\d:;]{2,60}", row[: day.start]) and row[day.end :][:1] in ("", "."):
            return day.day
    return None


def last_day(text: str) -> Day | None:
    return next(iter(reversed(list(days_in(text)))), None)


def in_brackets(head: Masthead) -> date | None:
    """The date in brackets at the end of a row: "X v. Y (Application No. 6/2012) [2025] AfCHPR 38 (4 December
    2025)"."""
    for row in head.rows:
        day = last_day(row)
        if day and row[: day.start].rstrip().endswith("(") and row[day.end :].strip() in (")", ")."):
            return day.day
    return None


def alone(head: Masthead) -> date | None:
    """The date of a row of the masthead that contains little else, such as a place."""
    for row in head.rows:
        day = next(days_in(row), None)
        if day and len(row) <= LONGEST_DATED_ROW and OF_ANOTHER.search(row[: day.start]) is None:
            around = row[: day.start] + row[day.end :]
            if len(re.findall(r"\w+", around)) <= 4:
                return day.day
    return None


def first_own(text: str) -> date | None:
    """The first date of the masthead that is not the date of something else."""
    for day in days_in(text):
        preceding = text[max(0, day.start - NEAR) : day.start]
        if OF_ANOTHER.search(preceding[preceding.rfind("\n") + 1 :]) is None:
            return day.day
    return None


def of_session(head: Masthead) -> date | None:
    """The date of the session in which it was adopted ("Taken at the 33rd Ordinary Session"), if the document has
    it."""
    wanted = next((match for row in reversed(head.tail) for match in sessions(row)), None)
    if wanted is None:
        return None
    for text in head.blocks:
        for match in SESSION.finditer(text):
            if match["n"] != wanted["n"]:
                continue
            day = next(days_in(text[match.end() : match.end() + NEAR + 30]), None)
            if day and "held" in text[match.end() : match.end() + 30].lower():
                return day.day
    return None


def sessions(row: str) -> Iterable[re.Match[str]]:
    return SESSION.finditer(row) if CLOSING.search(row) or len(row) < 90 else ()
