"""Splits the conclusions of a Working Group report into paragraphs and numbered items."""

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

from servanda.sources.candidates import Kind
from servanda.sources.files.document_text import TextLine, is_contents
from servanda.sources.printed.positions import printed_position
from servanda.sources.upr.numbering import by_place

HEADING = re.compile(
    r"^\s*(?:(?:[IVX]+|\d)\s*)?(?:\.\s*)?(?:conclusions?\s*(?:and\s*/?\s*(?:or)?|/)\s*recommendations?"
    r"|conclusions\s+et\s*/?\s*(?:ou)?\s+recommandations|conclusiones\s+y\s*/?\s*o?\s+recomendaciones"
    r"|выводы\s+и\s*/?\s*(?:или)?\s+рекомендации|(?:[二、]\s*)*结论和\s*/?\s*或?建议"
    r"|(?:(?:أولا|ثانيا|ثالثا)ً?\s*[-–.]\s*)?الاستنتاجات\s+و\s*/?\s*(?:أو\s*)?\s*التوصيات)[\W\d]*$",
    re.I,
)
PLEDGES = re.compile(
    r"^\s*(?:(?:[A-Z]|[IVX]+|\d)\s*)?(?:\.\s*)?(?:voluntary\s+(?:pledges|commitments)|pledges\s+and\s+commitments"
    r"|engagements\s+(?:volontaires|exprimés)|promesas\s+y\s+compromisos|compromisos\s+voluntarios)\b.{0,60}$",
    re.I,
)
END = re.compile(
    r"^\s*(?:annex(?:es)?(?:\s+[IVX]+)?|annexe|anexo|composition\s+of\s+the\s+delegation"
    r"|\[?english(?:/french)?(?:/spanish)?\s+only\]?)\W*$",
    re.I,
)
LEADS = re.compile(
    r"will\s+be\s+(?:further\s+)?examined\s+by|enjoys?\s+(?:the|its)\s+support|recommendations\s+were\s+made\s+to",
    re.I,
)

ARABIC = "\u0600-\u06ff"
DOTTED = re.compile(
    r"^[^\w(]*(?:[A-Z]\s?[-–]\s?)?(\d{1,3})"
    rf"(?:\s?[.,]\s?|\s?[-–]\s?(?=\d{{1,3}}[\s.)–-]*[«(]?[{ARABIC}]))(\d{{1,3}})(?![\d])\s*[.):]?\s*(.*)$"
)
PLAIN = re.compile(rf"^[^\w(]*(\d{{1,3}})\s*(?:[.)](?!\d)|[-–](?=\s*[«(]?[{ARABIC}]))\s*(.*)$")
LETTERED = re.compile(r"^\s*\(?([a-z]{1,2}|[ivx]{1,4})\)\s*(.*)$")
BULLET = re.compile(r"^\s*[•–·▪\uf0b7\uf0a7¥-]\s+(.*)$")
INSIDE = re.compile(  # "(Chile); 134.93 Ensure ..." on one line, and "(Spain);110.44.Take ..."
    r"(?<=\)[;.])\s+(?=\d{1,3}\.\d{1,3}\.?(?:\s|$))|(?<=\)[;.])\s*(?=\d{1,3}\.\d{1,3}\.?\s?[A-ZÀ-Ý])"
)
MOST_SKIPPED = 12  # numbers that may be missing in a badly printed list
MOST_SWAPPED = 3  # positions by which a bare number may come too late
ROMAN = "ivx"
CLOSED = re.compile(r"[).;:؛]\W*(?:and|or)?\W*$")
REMARK = re.compile(
    r"^\s*(?:NOTE\b|(?:with|in)\s+re(?:gards?|spect|lation)\s+to\s+(?:the\s+)?(?:above\s+)?recommendations?\b"
    r"|(?:concerning|regarding|on)\s+(?:the\s+)?recommendations?\s+(?:in\s+para|no|\d)"
    r"|the\s+(?:above\s+)?recommendations?\s+(?:above|listed\s+above|from|in\s+paragraphs?\s+\d|\d)"
    r"|the\s+above\s+recommendations?\b|recommendations?\s+(?:nos?\.?\s+)?\d)",
    re.I,
)


PLEDGED = re.compile(
    r"voluntary\s+(?:pledge|commitment)|(?:following|these)\s+(?:\w+\s+)?(?:pledges|commitments)|\bpledged\s+to", re.I
)
COMMENTS = re.compile(
    r"\b(?:offer|make|made|provide|present|submit|give|gave)\w*\s+(?:(?:the|its)\s+)?(?:following\s+)?(?:\w+\s+)?"
    r"(?:comment|clarification|observation|remark|explanation|reason)s?\b"
    r"|\b(?:formul|ofrec|hizo|present|proporcion)\w*\s+l[ao]s\s+siguientes\s+(?:comentarios|observaciones|aclaraciones)"
    r"|\b(?:formul|fai|fourni|présent|apport)\w*\s+les\s+(?:commentaires|observations|précisions|remarques)"
    r"\s+(?:suivant|ci-après)",
    re.I,
)
LABEL = (
    r"(?:comments?|response|reply|answer|explanation|clarification|remarks?|comentarios?|respuesta|observaciones"
    r"|commentaires?|réponse|observations?|تعليق|رد)\b[^.;:\n]{0,60}:"
)
COMMENT = re.compile(rf"^\W*{LABEL}", re.I)
INSIDE_COMMENT = re.compile(rf"(?<=\)[;.])\s+(?={LABEL})", re.I)  # "(Chile); Comment: ..." on one line
NEW_TEXT_BELOW = re.compile(r"\)\s*[;.]\s*$")
LONGEST_ROW = 200  # characters; in a text with longer lines each line is a paragraph
SHORT = 0.8  # share of the longest line: a shorter line ends a paragraph
RECOMMENDATION = re.compile(r"recomm?[ae]nda|рекоменда|建议|توصي", re.I)
STATE_ENDS = re.compile(r"[(（][^()（）]*[)）]\W*$")


@dataclass(slots=True)
class Item:
    """A numbered recommendation or pledge of a paragraph."""

    number: str
    lines: list[TextLine]
    is_dotted: bool = False
    printed: str = ""  # the number as printed, if it differs
    comment: list[TextLine] = field(default_factory=list)  # comment of the State below this item


@dataclass(slots=True)
class Paragraph:
    number: int
    lines: list[TextLine]
    is_pledge: bool = False
    items: list[Item] = field(default_factory=list)
    remarks: list[TextLine] = field(default_factory=list)  # of the State, still open
    earlier_remarks: list[list[TextLine]] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        if self.is_pledge or (PLEDGED.search(self.lead) and not printed_position(self.lead)):
            return Kind.PLEDGE
        return Kind.OTHER if has_comments(self) and not lists_recommendations(self) else Kind.RECOMMENDATION

    @property
    def width(self) -> float:
        """The right edge of its longest line, in points where the file has them, otherwise in characters."""
        return max((reach(line) for item in self.items for line in item.lines), default=0)

    @property
    def last(self) -> int:
        return int(self.items[-1].number) if self.items and self.items[-1].number.isdigit() else 0

    @property
    def open_lines(self) -> list[TextLine]:
        return self.remarks or (self.items[-1].lines if self.items else self.lines)

    @property
    def lead(self) -> str:
        return " ".join(line.text.strip() for line in self.lines)


def section(lines: list[TextLine]) -> list[TextLine]:
    """The lines of the chapter of conclusions, without its heading; empty where there is none."""
    starts = [row for row, line in enumerate(lines) if HEADING.match(line.text) and not is_contents(line)]
    if starts:
        start = starts[-1] + 1
    else:
        rows = [row for row, line in enumerate(lines) if LEADS.search(line.text) and PLAIN.match(line.text)]
        start = rows[0] if rows else len(lines)
    ends = (row for row in range(start, len(lines)) if END.match(lines[row].text))
    chapter = lines[start : next(ends, len(lines))]
    return [replace(line, text=part) for line in chapter for part in parts_of(line.text)]


def parts_of(text: str) -> list[str]:
    return [part for piece in INSIDE.split(text) for part in INSIDE_COMMENT.split(piece)]


def paragraphs(lines: list[TextLine]) -> list[Paragraph]:
    """The paragraphs of the chapter in order; text before the first number is left out."""
    chapter: list[Paragraph] = []
    is_pledge = False
    for place, line in enumerate(lines):
        if PLEDGES.match(line.text):
            is_pledge = True
        elif opened := opened_paragraph(line, chapter, lines[place + 1 : place + 3], is_pledge=is_pledge):
            chapter.append(opened)
        elif chapter:
            add(line, chapter[-1])
    for paragraph in chapter:
        separate_single_text(paragraph)
        separate_comments(paragraph)
        correct_misprints(paragraph)
    return chapter


def has_comments(paragraph: Paragraph) -> bool:
    return COMMENTS.search(paragraph.lead) is not None


def lists_recommendations(paragraph: Paragraph) -> bool:
    """Whether a list that is introduced by comments of the State contains recommendations, and not those comments."""
    ended = sum(any(STATE_ENDS.search(line.text) for line in item.lines) for item in paragraph.items)
    return printed_position(paragraph.lead) is not None and ended * 2 >= len(paragraph.items)


def separate_single_text(paragraph: Paragraph) -> None:
    """Separate a single recommendation without a number from the sentence that announces it."""
    if paragraph.items or paragraph.is_pledge:
        return
    for row, line in enumerate(paragraph.lines[:-1], 1):
        if line.text.rstrip().endswith((":", "：")):
            lead, text = paragraph.lines[:row], paragraph.lines[row:]
            if is_announcement(lead) and STATE_ENDS.search(text[-1].text):
                paragraph.lines, paragraph.items = lead, [Item("", text)]
            return


def is_announcement(lines: list[TextLine]) -> bool:
    text = " ".join(line.text for line in lines)
    return RECOMMENDATION.search(text) is not None and printed_position(text) is not None


def reach(line: TextLine) -> float:
    return line.right or len(line.text)


def has_new_paragraph(item: Item, width: float) -> bool:
    """Whether a text continues in a new paragraph, which may be a recommendation that lost its number."""
    return any(
        NEW_TEXT_BELOW.search(above.text)
        and below.text.strip()[:1].isupper()
        and (reach(above) < width * SHORT or (not above.right and width > LONGEST_ROW))
        for above, below in pairwise(item.lines)
    )


def separate_comments(paragraph: Paragraph) -> None:
    """Separate comments of the State below recommendations from their text."""
    is_announced = has_comments(paragraph) and paragraph.kind == Kind.RECOMMENDATION
    for item in paragraph.items:
        start = start_of_comment(item.lines, is_announced=is_announced)
        item.lines, item.comment = item.lines[:start], item.lines[start:]


def start_of_comment(lines: list[TextLine], *, is_announced: bool) -> int:
    for row in range(1, len(lines)):
        if not CLOSED.search(lines[row - 1].text):
            continue
        if COMMENT.match(lines[row].text):
            return row
        is_new_sentence = STATE_ENDS.search(lines[row - 1].text) and lines[row].text.strip()[:1].isupper()
        if is_announced and is_new_sentence and not STATE_ENDS.search(lines[-1].text):
            return row
    return len(lines)


def correct_misprints(paragraph: Paragraph) -> None:
    items = [item for item in paragraph.items if item.number.isdigit()]
    for row, number in by_place([int(item.number) for item in items]).items():
        item = items[row]
        item.printed = item.printed or (f"{paragraph.number}.{item.number}" if item.is_dotted else item.number)
        item.number = str(number)


def opened_paragraph(
    line: TextLine, paragraphs_so_far: list[Paragraph], following: list[TextLine], *, is_pledge: bool
) -> Paragraph | None:
    dotted = DOTTED.match(line.text)
    if (
        dotted
        and (not paragraphs_so_far or int(dotted[1]) == paragraphs_so_far[-1].number + 1)
        and int(dotted[2]) == 1
    ):
        return Paragraph(int(dotted[1]), [], is_pledge, [Item("1", [replace(line, text=dotted[3])], is_dotted=True)])
    plain = PLAIN.match(line.text)
    if not plain or (dotted and paragraphs_so_far and int(dotted[1]) == paragraphs_so_far[-1].number):
        return None
    number, text = int(plain[1]), plain[2]
    lead = [text, *(row.text for row in takewhile(lambda row: not PLAIN.match(row.text), following))]
    if paragraphs_so_far and not continues(number, " ".join(lead), paragraphs_so_far[-1]):
        return None
    return Paragraph(number, [replace(line, text=text)], is_pledge)


def continues(number: int, text: str, last: Paragraph) -> bool:
    """Whether a plain number begins the next paragraph, and not the next item of this one."""
    if number == last.number + 1:
        is_next_item = last.items and not last.items[-1].is_dotted and number == last.last + 1
        return not is_next_item or is_lead(text)
    return last.number < number <= last.number + 3 and is_lead(text) and number != last.last + 1


def is_lead(text: str) -> bool:
    return "recommendation" in text.lower() and (
        re.search(r"conclusions?\s+and", text[:60], re.I) is not None or printed_position(text) is not None
    )


def add(line: TextLine, paragraph: Paragraph) -> None:
    item = opened_item(line, paragraph)
    if item:
        paragraph.items.append(item)
        if paragraph.remarks and not paragraph.is_pledge:
            paragraph.earlier_remarks.append(paragraph.remarks)
            paragraph.remarks = []
    elif is_remark(line, paragraph):
        paragraph.remarks.append(line)
    else:
        paragraph.open_lines.append(line)


def is_remark(line: TextLine, paragraph: Paragraph) -> bool:
    text = paragraph.items[-1].lines[-1].text if paragraph.items else ""
    return bool(REMARK.match(line.text) and CLOSED.search(text))


def opened_item(line: TextLine, paragraph: Paragraph) -> Item | None:
    dotted = DOTTED.match(line.text)
    if dotted and belongs(int(dotted[1]), int(dotted[2]), paragraph):
        number, printed = dotted[2].lstrip("0") or "0", f"{dotted[1]}.{dotted[2]}"
        is_misprint = printed != f"{paragraph.number}.{number}"
        item = Item(number, [replace(line, text=dotted[3])], is_dotted=True)
        item.printed = printed if is_misprint else ""
        return item
    if paragraph.items and paragraph.items[-1].is_dotted:
        return None
    return plain_item(line, paragraph) or lettered_item(line, paragraph)


def belongs(number: int, item: int, paragraph: Paragraph) -> bool:
    """Whether "86.75" continues the list of a paragraph; "85.75" between 86.74 and 86.76 is a misprint of it."""
    if number == paragraph.number:
        is_near = 0 <= item - paragraph.last <= MOST_SKIPPED
        return is_near or (bool(paragraph.items) and not paragraph.remarks and is_closed(paragraph))
    is_next = bool(paragraph.items) and paragraph.items[-1].is_dotted and item == paragraph.last + 1
    return is_next and abs(number - paragraph.number) <= 1 and item > 1 and is_closed(paragraph)


def plain_item(line: TextLine, paragraph: Paragraph) -> Item | None:
    plain = PLAIN.match(line.text)
    if not plain or (paragraph.items and not paragraph.items[-1].number.isdigit()):
        return None
    skipped = int(plain[1]) - paragraph.last - 1
    is_late = -MOST_SWAPPED <= skipped < 0 and all(item.number != plain[1] for item in paragraph.items)
    is_item = skipped == 0 or ((0 < skipped <= 2 or is_late) and is_closed(paragraph))
    return Item(plain[1], [replace(line, text=plain[2])]) if is_item else None


def is_closed(paragraph: Paragraph) -> bool:
    """Whether the previous line ends a sentence or announces a list."""
    return not paragraph.open_lines or CLOSED.search(paragraph.open_lines[-1].text) is not None


def lettered_item(line: TextLine, paragraph: Paragraph) -> Item | None:
    if paragraph.items and paragraph.items[-1].number.isdigit():
        return None
    lettered = LETTERED.match(line.text)
    if lettered and lettered[1] in next_letters(paragraph) and is_closed(paragraph):
        return Item(lettered[1], [replace(line, text=lettered[2])])
    bullet = BULLET.match(line.text) if paragraph.is_pledge else None
    return Item(f"•{len(paragraph.items) + 1}", [replace(line, text=bullet[1])]) if bullet else None


def next_letters(paragraph: Paragraph) -> list[str]:
    """The next letter, and the one after it unless a roman numbering could begin with that."""
    if not paragraph.items:
        return ["a"]
    last = paragraph.items[-1].number
    if len(last) != 1 or not last.isalpha():
        return []
    following, next_but_one = chr(ord(last) + 1), chr(ord(last) + 2)
    return [following] if next_but_one in ROMAN else [following, next_but_one]
