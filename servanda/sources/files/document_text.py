"""The running text of a PDF, DOCX or TXT document: lines without headers, footers and footnotes."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from servanda.kit.database.sentences import gettext as _
from servanda.kit.files import archives
from servanda.sources.candidates import Unreadable
from servanda.sources.files import pdf, word_lines

OLD_WORD = b"\xd0\xcf\x11\xe0"
MOST_BYTES = 60_000_000
MOST_SECONDS = 120  # for all pages of a PDF
MOST_FOOTNOTE_LINES = 12

SYMBOL = r"A/[A-Z0-9.]+(?:/(?:Add|Rev|Corr)\.\s?\d+|/[A-Z0-9](?:[A-Z0-9.-]*[A-Z0-9])?)+"
FURNITURE = re.compile(
    rf"""^\s*(?:
        \d{{0,3}}\s*{SYMBOL}\**\s*\d{{0,3}}
      | (?:page|página|страница)\s*\d{{1,3}}(?:\s*(?:/|of|de|sur)\s*\d{{1,3}})?
      | \d{{0,3}}\s*GE\.\s?\d\d[-‑–]\d{{4,6}}\s*(?:\([A-Z]\))?[\s\d]*
      | \*\d{{6,8}}\* | \*{{1,3}} | please\s+recycle.{{0,3}} | [-–]\s?\d{{1,3}}\s?[-–]
      | [_-]{{3,}}
    )\s*$""",
    re.I | re.X,
)
PAGE_NUMBER = re.compile(r"^\s*\d{1,3}\s*$")
SAYS_PAGE = re.compile(  # "- 4 -", "Page 3 of 12", "3/12": page numbers wherever they are
    r"^\s*(?:[-–—]\s*\d{1,3}\s*[-–—]|(?:page|página|pág\.|p\.|страница|صفحة|الصفحة)\s*\d{1,3}"
    r"(?:\s*(?:/|of|de|sur|из|من)\s*\d{1,3})?|\d{1,3}\s*/\s*\d{1,3}|\d{1,3}\s+(?:of|de|sur|من)\s+\d{1,3}"
    r"|\d{1,3}\s*\|\s*page|[ivxl]{1,6})\s*$",
    re.I,
)
FOOTNOTE = re.compile(r"^\s*(?:\*+|(\d{1,2}))\s+\S")
LOWERCASE_BEHIND_NUMBER = re.compile(r"^\s*\d{1,2}\s+[a-zà-öø-ÿа-я]")
# At the end of the line above a number of the text itself.
BEFORE_NUMBER = re.compile(
    r"\b(?:articles?|arts?\.|paragraph(?:e?s?)|paras?\.|artículos?|artigos?|párrafos?|parágrafos?|rules?|sections?|стать\w+|пункт\w*"
    r"|and|or|to|of|et|ou|à|y|o|al?|e|de|и|по)$",
    re.I,
)
NOTE_ON_TEXT = re.compile(
    r"^\s*(?:\*+\s+(?:the\s+)?conclusions\b"
    r"|[\s*]*the\s+recommendation\s+as\s+(?:read|made)\s+(?:out\s+)?(?:during|in)\s+the\s+interactive|\d{1,2}\s+(?:the\s+)?(?:original\s+wording\b"
    r"|(?:original\s+)?recommendations?\b.{0,60}?\b"
    r"(?:as\s+(?:read|made|originally|formulated)|originally|was\s+(?:read|made|not)|reads?\s+as|made\s+during)\b))",
    re.I,
)
NOTE_ON_EDITING = re.compile(
    r"^[\s*\d]*(?:"
    r"(?:the\s+)?conclusions\s+and(?:\s*/\s*or)?\s+recommendations\s+(?:(?:have|has|will|were|are|shall|is)\b|as\s+received)"
    r"|(?:les\s+)?conclusions\s+et(?:\s*/\s*ou)?\s+recommandations\s+(?:n[’']ont|ne\s+(?:sont|seront)|n[’']étaient)\b"
    r"|(?:las\s+)?conclusiones\s+y(?:\s*/\s*o)?\s+recomendaciones\s+(?:no\s+(?:se\s+|han|serán|fueron)|se\s+(?:reproducen|publican))"
    r"|(?:the\s+)?(?:present\s+)?annex\b.{0,60}\b(?:is|are|being|was)\s+(?:being\s+)?(?:circulated|reproduced|issued)\b"
    r"|the\s+present\s+(?:document|report)\s+(?:was\s+not\s+edited|has\s+been\s+reproduced|is\s+(?:being\s+)?circulated)"
    r"|l[’']annexe\b.{0,60}\b(?:est|sont)\s+(?:distribuée?|reproduite?|publiée?)"
    r"|el\s+anexo\b.{0,60}\bse\s+(?:distribuye|reproduce|publica)"
    r"|لم\s+تُ?حرَّ?ر\s+الاستنتاجات|الاستنتاجات\s+والتوصيات\s+(?:لم|غير)"
    r")",
    re.I,
)
LONGEST_NOTE_ON_EDITING = 4  # lines
FEWEST_HEADS = 3  # pages that must have the same words at their head or foot
LEAST_SHARE_OF_PAGES = 0.4  # odd and even pages may have different heads
LONGEST_HEAD = 120
EDGE_LINES = 2  # at the top and at the bottom of a page
MARKED_ABOVE, MARKED_BELOW = 80, 15  # lines before and after a note in which its mark is looked for
MARKED_NOTE = re.compile(r"^\s*(\d{1,2})\s+(?=[A-Z“\"])")
ITEM_BELOW = re.compile(r"^\s*(?:\d{1,3}\s?\.|\()")
CONTENTS = re.compile(r"(?:\.\s?){4,}")


@dataclass(frozen=True, slots=True)
class TextLine:
    text: str
    page: int = 0  # 0 where the file does not say
    small: bool = False  # printed smaller than the body, at the foot of the page
    bold: bool = False
    left: float = 0.0  # edges and foot as printed on the page; 0 where the file does not say
    right: float = 0.0
    foot: float = 0.0


def printed_lines(path: Path, *, pages: int | None = None) -> list[TextLine]:
    """All lines as printed, including headers and footnotes; `pages` limits a PDF to its first pages.

    Raises `Unreadable`.
    """
    kind = kind_of_file(path)
    if kind == "pdf":
        seconds = MOST_SECONDS if pages is None else pdf.MOST_SECONDS
        return [TextLine(*row) for row in pdf.lines(path, first=pages or 0, seconds=seconds)[0]]
    if kind == "docx":
        return [TextLine(text) for text in word_lines.read(path)]
    return text_lines(path.read_bytes(), path.name)


def kind_of_file(path: Path) -> str:
    """The kind by content: "pdf", "docx" or "text". Raises `Unreadable` for files that are not safe to open."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(_("%(file)s is too large for a document of this kind.") % {"file": path.name})
    with path.open("rb") as file:
        start = file.read(1024)
    if not start:
        raise Unreadable(_("%(file)s is empty. Send the document again.") % {"file": path.name})
    if b"%PDF-" in start:
        return "pdf"
    if start.startswith(b"PK"):
        refuse_unsafe_archive(path)
        return "docx"
    if start.startswith(OLD_WORD):
        raise Unreadable(
            _("%(file)s is an old Word file (DOC) or protected by a password. Save it as DOCX or PDF.")
            % {"file": path.name}
        )
    return "text"


def refuse_unsafe_archive(path: Path) -> None:
    if "word/document.xml" not in archives.names_inside(path):
        raise Unreadable(_("%(file)s is not a Word document (DOCX).") % {"file": path.name})


def text_lines(content: bytes, name: str) -> list[TextLine]:
    if b"\x00" in content[:4096]:
        raise Unreadable(_("%(file)s is neither PDF, DOCX nor plain text.") % {"file": name})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return lines_of(text)


def lines_of(text: str) -> list[TextLine]:
    return [
        TextLine(row, page if "\f" in text else 0)
        for page, sheet in enumerate(text.split("\f"), 1)
        for row in sheet.splitlines()
    ]


def running_lines(lines: list[TextLine]) -> list[TextLine]:
    """The body of the document: no headers, footers, page numbers, footnotes or empty lines."""
    furniture = furniture_rows(lines)
    dropped = furniture | footnote_rows(lines, furniture)
    return [line for row, line in enumerate(lines) if row not in dropped and line.text.strip()]


def furniture_rows(lines: list[TextLine]) -> set[int]:
    filled = [row for row, line in enumerate(lines) if line.text.strip()]
    rows = {row for row in filled if FURNITURE.match(lines[row].text)} | running_heads(lines, filled)
    for place, row in enumerate(filled):
        if PAGE_NUMBER.match(lines[row].text):
            around = filled[max(0, place - 1) : place + 2]
            if rows.intersection(around) or any(lines[near].page != lines[row].page for near in around):
                rows.add(row)
    return rows


def running_heads(lines: list[TextLine], filled: list[int]) -> set[int]:
    """Rows that many pages repeat at their head or foot, apart from the page number."""
    pages: dict[int, list[int]] = defaultdict(list)
    for row in filled:
        pages[lines[row].page].append(row)
    edges = [row for page, rows in pages.items() if page for row in {*rows[:EDGE_LINES], *rows[-EDGE_LINES:]}]
    letters_by_row = {row: "".join(sign for sign in lines[row].text if sign.isalpha()) for row in edges}
    counts = Counter(word for row, word in letters_by_row.items() if word and is_like_a_head(lines[row].text))
    fewest = max(FEWEST_HEADS, len(pages) * LEAST_SHARE_OF_PAGES)
    return {row for row, word in letters_by_row.items() if counts[word] >= fewest and is_like_a_head(lines[row].text)}


def is_like_a_head(text: str) -> bool:
    return (
        len(text) < LONGEST_HEAD and not ITEM_BELOW.match(text) and not text.rstrip().endswith((";", ")", ".", ":"))
    )


def page_number_rows(lines: list[TextLine]) -> set[int]:
    """Rows with page numbers: explicit ones, and bare numbers next to an empty line or a page's edge."""
    rows = {row for row, line in enumerate(lines) if SAYS_PAGE.match(line.text)}
    for row, line in enumerate(lines):
        if PAGE_NUMBER.match(line.text):
            around = (lines[near] for near in (row - 1, row + 1) if 0 <= near < len(lines))
            is_at_edge = row in (0, len(lines) - 1)
            if is_at_edge or any(not near.text.strip() or near.page != line.page for near in around):
                rows.add(row)
    return rows


def footnote_rows(lines: list[TextLine], furniture: set[int]) -> set[int]:
    rows = {row for row, line in enumerate(lines) if line.small}
    last_note = 0
    for row, line in enumerate(lines):
        if NOTE_ON_EDITING.match(line.text):
            rows.update(range(row, end_of_sentence(lines, row, furniture)))
        elif NOTE_ON_TEXT.match(line.text) or is_marked(lines, row) or follows_note(lines, row, rows):
            rows.update(range(row, end_of_note(lines, row, furniture)))
        mark = FOOTNOTE.match(line.text)
        if not mark or row in rows or line.bold or continues_sentence(lines, row):
            continue
        end = end_of_page(lines, row, furniture)
        if end is None or (mark[1] and int(mark[1]) != last_note + 1):
            continue
        last_note = int(mark[1] or last_note)
        rows.update(range(row, end))
    return rows


def continues_sentence(lines: list[TextLine], row: int) -> bool:
    """Whether the number is of a sentence or heading that takes two lines: "articles" / "1 to 27 of the Covenant"."""
    above = next((line.text.strip() for line in reversed(lines[max(row - 3, 0) : row]) if line.text.strip()), "")
    return BEFORE_NUMBER.search(above) is not None and LOWERCASE_BEHIND_NUMBER.match(lines[row].text) is not None


def end_of_page(lines: list[TextLine], row: int, furniture: set[int]) -> int | None:
    """The row at which the page of a possible footnote ends; None where that is too far below."""
    for below in range(row, min(row + MOST_FOOTNOTE_LINES, len(lines))):
        if below in furniture or lines[below].page != lines[row].page:
            return below
    return None


def is_marked(lines: list[TextLine], row: int) -> bool:
    """Whether the row is a note in a text without pages whose mark follows a word near by: "against women2"."""
    note = MARKED_NOTE.match(lines[row].text)
    if not note or lines[row].page:
        return False
    near = lines[max(0, row - MARKED_ABOVE) : row] + lines[row + 1 : row + MARKED_BELOW]
    mark = re.compile(rf"[^\W\d_]{{3}}[)”’]?{note[1]}(?!\d)")
    return any(mark.search(line.text) for line in near)


def follows_note(lines: list[TextLine], row: int, notes: set[int]) -> bool:
    """Whether the row is the next note after a note: "12 As read: ...", "13 Parliament is free to decide."."""
    note = MARKED_NOTE.match(lines[row].text)
    previous_note = MARKED_NOTE.match(lines[row - 1].text) if row - 1 in notes else None
    return bool(note and previous_note and int(note[1]) == int(previous_note[1]) + 1)


def end_of_sentence(lines: list[TextLine], row: int, furniture: set[int]) -> int:
    """The row after a note on editing, which is one sentence; the text of the page continues below it."""
    for last in range(row, min(row + LONGEST_NOTE_ON_EDITING, len(lines))):
        if re.search(r"\.\W*$", lines[last].text):
            return last + 1
        if last + 1 in furniture or last + 1 == len(lines) or not lines[last + 1].text.strip():
            return last + 1
    return row + 1


def end_of_note(lines: list[TextLine], row: int, furniture: set[int]) -> int:
    """The row after a note between the items of a text without pages."""
    for below in range(row + 1, min(row + MOST_FOOTNOTE_LINES, len(lines))):
        text = lines[below].text
        if below in furniture or not text.strip() or ITEM_BELOW.match(text) or MARKED_NOTE.match(text):
            return below
    return row + 1


BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-\u0002]\s*$")
LONGEST_BREAK, LONGEST_WORD = 8, 80  # characters
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
BROKEN_RANGE = re.compile(r"\d\s?[-\u0002–]\s*$")


def joined(lines: list[TextLine] | list[str], word_counts: Counter[str] | None = None) -> str:
    """Join lines to a paragraph; words and ranges of numbers that were broken at line ends are rejoined."""
    text = ""
    for line in lines:
        row = (line.text if isinstance(line, TextLine) else line).strip()
        end = text[-LONGEST_BREAK:]  # searching a whole long paragraph again for each line would be slow
        if BROKEN_RANGE.search(end) and row[:1].isdigit():
            text += row
        elif BROKEN_WORD.search(end) and row[:1].islower():
            text = rejoin_word(text, row, word_counts)
        elif row:
            has_space = bool(text) and not (CHINESE.match(text[-1]) and CHINESE.match(row))
            text = f"{text}{' ' if has_space else ''}{row}"
    return re.sub(r"\s+", " ", text.replace("\u0002", "-")).strip()


def rejoin_word(text: str, row: str, word_counts: Counter[str] | None) -> str:
    """Rejoin a word broken at a line end. Compounds keep their hyphen, so it is removed only if the word also occurs
    without one."""
    head, tail = re.search(r"[^\W\d_]+$", text[-LONGEST_WORD:-1]), re.match(r"[^\W\d_]+", row)
    if word_counts and head and tail and word_counts[(head[0] + tail[0]).lower()]:
        return text[:-1] + row
    return text[:-1] + "-" + row


def words_of(lines: list[TextLine]) -> Counter[str]:
    return Counter(word.lower() for line in lines for word in re.findall(r"[^\W\d_]+", line.text))


def is_contents(line: TextLine) -> bool:
    return bool(CONTENTS.search(line.text))
