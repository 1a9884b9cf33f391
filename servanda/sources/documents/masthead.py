"""The parts of a document that identify it: masthead, end, headers and footers.

Other documents are cited in the body, in footnotes and after words such as "see"; what the document itself is, whom
it concerns and its date are only in the masthead and the closing formula.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.marks import number_of
from servanda.language.documents.segments import tidied
from servanda.language.documents.units import Block

MOST_ROWS = 60
MOST_CHARACTERS = 5000
LONGEST_ROW = 700  # a longer one is a page without line breaks, or prose
LONGEST_FLAT_HEAD = 1200
SHORTEST_PARAGRAPH = 60  # characters after its number
TAIL_ROWS = 150  # footnotes may follow the closing formula
LONGEST_EDGE = 90
FLAT_BODY = lazy_pattern(
    r"\s1\.\s+\S|(?<!of )\bthe\s+deputies\b(?!\s+of)|\bles\s+délégués\b(?!\s+des\s+ministres)"
    r"|\b(?:case\s+description|description\s+(?:de\s+l[’']|des\s+)affaires?|description\s+of\s+the\s+case)\b",
    re.I,
)
BODY = lazy_pattern(
    r"^\W*(?:[IVX1A]+\s?[.)–-]?\s*)?(?:procedure|procédure|procedimiento|introduction|introducción|introdução|the\s+facts"
    r"|en\s+fait|los\s+hechos|summary\s+of\s+(?:the\s+)?(?:facts|complaint)|résumé\s+des\s+faits"
    r"|resumen\s+de\s+los\s+hechos|(?:table\s+of\s+)?contents|table\s+des\s+matières|[íi]ndice|the\s+complaint"
    r"|المحتويات|مقدمة|الوقائع|ملخص\s+الوقائع|موجز\s+الوقائع|الإجراءات)\W*$",
    re.I,
)
CITES = lazy_pattern(
    r"(?:\b(?:see|cf|voir|véase|ver|cited|citée?|résolutions?|resolutions?|resoluci[oó]n(?:es)?|decisions?\s+of|pursuant"
    r"\s+to|contained\s+in|set\s+out\s+in|reference\s+documents?|documents?\s+de\s+référence|documentos?\s+de\s+"
    r"referencia|reports?\s+of|corrigendum\s+to|replaces|remplace|reemplaza|previous|précédent\w*|anterior\w*|under"
    r"|in\s+document|dans\s+le\s+document|en\s+el\s+documento|contenue?s?\s+dans|contenid[oa]s?\s+en)"
    r"|انظر|القرار|الوثيقة|الوثائق\s+المرجعية|الواردة?\s+في|بموجب|السابقة)(?:\W+[\w./()-]+){0,4}?\W*$",
    re.I,
)
REFERENCES = lazy_pattern(
    r"(?:reference\s+documents?|documents?\s+de\s+référence|documentos?\s+de\s+referencia|الوثائق?\s+المرجعية)\b"
    r"[^\S\n]*:?[^\S\n]*(?:\n[^\n]{0,200}|[^\n]{0,160})",
    re.I,
)
MANDATES = lazy_pattern(
    r"^\W*(?:mandat(?:e|o)?s?\s+(?:of|du|de|des|del|do|da)\b|ولاي(?:ة|ات|تا)\s)", re.I
)  # up to 25 in one row
ADOPTED_NOTE = lazy_pattern(  # "* Adopted by the Committee at its 114th session (5–26 May 2025)."
    r"^\W*(?:(?:adopted|approved)\s+by\s+the\b|(?:adoptée?s?|approuvée?s?)\s+par\s+le\b"
    r"|(?:aprobad|adoptad|aprovad)[oa]s?\s+p(?:or|el[oa])\b|принят\w*\s+комитет|اعتمدت?ها?\s+اللجنة|委员会\S{0,40}通过)",
    re.I,
)
MOST_NOTE_ROWS = 3
FOOTNOTE = lazy_pattern(r"^\s*(?:\*+|\d{1,3}|\[\d{1,3}\])\s+\S{2,}")
CITING_ROW = lazy_pattern(r"^\W*(?:\d{1,3}\s+)?(?:cfr|cf|see|véase|vid|ver|voir)\b|^\W*انظر", re.I)
OWN_TITLE = lazy_pattern(
    r"^\W*(?:(?:interim|final)\s+)?(?:resolution|résolution|resolución|decision|décision|notes?)"
    r"(?:\s+(?:intérimaire|finale))?\W*$",
    re.I,
)
CITED_WITHIN = 60
OPENING = 250


@dataclass(frozen=True, slots=True)
class Masthead:
    rows: tuple[str, ...]  # above the body, as printed
    edges: tuple[str, ...] = ()  # short rows of headers and footers
    tail: tuple[str, ...] = ()  # the end of the document
    blocks: tuple[str, ...] = field(default=(), repr=False)  # everything, in order

    @property
    def text(self) -> str:
        return "\n".join(self.rows)

    @property
    def opening(self) -> tuple[str, ...]:
        """The first rows, also those in which the body may have begun."""
        return self.blocks[:MOST_ROWS] or self.rows

    @property
    def adopted_notes(self) -> tuple[str, ...]:
        """Footnotes of the first page with a mark that is no number."""
        return tuple(row for row in self.edges if row.startswith("*"))


def masthead_of(blocks: Sequence[Block], furniture: str) -> Masthead:
    """The masthead; `furniture` is the text of headers and footers, row by row."""
    texts = tuple(text for block in blocks if (text := tidied(block.text)))
    edges = (tidied(row) for row in furniture.split("\n"))
    return Masthead(
        rows=tuple(head_rows(blocks)),
        edges=tuple(row for row in edges if row and (len(row) <= LONGEST_EDGE or row.startswith("*"))),
        tail=texts[-TAIL_ROWS:],
        blocks=texts,
    )


def notes_on_adoption(furniture: str) -> Iterator[str]:
    """Footnotes such as "* Adopted by the Committee at its 114th session", each whole."""
    rows = [tidied(row) for row in furniture.split("\n")]
    for place, row in enumerate(rows):
        if row.startswith("*") and ADOPTED_NOTE.match(row):
            yield first_sentence(rows[place : place + MOST_NOTE_ROWS])


def first_sentence(rows: Sequence[str]) -> str:
    ends = (place for place, row in enumerate(rows, 1) if row.endswith((".", "。")))
    return " ".join(rows[: next(ends, len(rows))])


def head_rows(blocks: Sequence[Block]) -> Iterator[str]:
    """The rows above the first numbered paragraph or the first heading of the body."""
    shown = count = 0
    for block in blocks:
        text = tidied(block.text)
        if not text:
            continue
        if (count and is_body(block, text)) or count >= MOST_ROWS or shown >= MOST_CHARACTERS:
            return
        if len(text) > LONGEST_ROW and not MANDATES.match(text):
            cut = FLAT_BODY.search(text)
            yield text[: min(cut.start() if cut else LONGEST_FLAT_HEAD, LONGEST_FLAT_HEAD)]
            return
        yield text
        count, shown = count + 1, shown + len(text)


def is_body(block: Block, text: str) -> bool:
    mark = number_of(f"{block.number} {text}".strip())
    return bool(BODY.match(text)) or bool(mark and len(mark.rest) > SHORTEST_PARAGRAPH)


def is_cited(text: str, start: int) -> bool:
    """Whether the text at this position is the name of another document that is cited."""
    preceding = text[text.rfind("\n", 0, start) + 1 : start]
    if OWN_TITLE.match(preceding):
        return False
    return CITING_ROW.match(preceding) is not None or CITES.search(preceding[-CITED_WITHIN:]) is not None


# Printed on the left of the row whose right end is the symbol.
PUBLISHER = lazy_pattern(
    r"^\W*(?:united\s+nations|nations\s+unies|naciones\s+unidas|организация\s+объединенных\s+наций"
    r"|(?:ال)?أمم\s+المتحدة|联\s?合\s?国)",
    re.I,
)


# The cell of the masthead in which the symbol may be printed: "Distr. GENERAL CCPR/C/TST/CO/3 31 August 2012".
DISTRIBUTION = lazy_pattern(
    r"^.{0,200}?(?:^|\s)(?:distr(?:ibution)?|распр(?:остранение)?|(?:ال)?توزيع)\b[\s.:]*(?:g[eé]n[eé]ra\w*|limit\w*|restr\w*|общ\w+|عام)?\W*$",
    re.I,
)


def opens_row(text: str, start: int) -> bool:
    """Whether no word precedes this position in its row or, on a page without line breaks, whether it is early."""
    row = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    is_flat = (len(text) if end < 0 else end) - row > LONGEST_ROW / 2
    before = DISTRIBUTION.sub("", PUBLISHER.sub("", text[row:start]))
    return start - row < OPENING if is_flat else re.search(r"[^\W\d_]{2,}", before) is None


def without_references(text: str) -> str:
    """The text with its reference documents replaced by spaces, so that positions do not change."""
    return REFERENCES.sub(lambda match: " " * len(match[0]), text)
