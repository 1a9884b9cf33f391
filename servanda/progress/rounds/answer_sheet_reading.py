"""Read returned answer sheets, even with added columns, deleted keys, tracked changes or changed quotation marks."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from docx.oxml.xmlchemy import BaseOxmlElement

from servanda.kit.database.sentences import gettext as _
from servanda.kit.files import archives, workbook
from servanda.kit.refusal import Unreadable
from servanda.progress.rounds.answer_sheet import KEY, LABELS, Answer, folded, known_labels
from servanda.sources.files.word_lines import opened

HEADER_WITHIN = 10
MOST_ANSWERS = 5_000
MARK = re.compile(r"\{(\w+)(?::(\d+))?\}")
# What Word keeps beside a text and is no part of it.
NOT_SAID = {qn(f"w:{name}") for name in ("pPr", "rPr", "instrText", "tcPr", "trPr", "tblPr")}
ENDS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): " ", qn("w:noBreakHyphen"): "-"}
IN_A_LIST = f"{qn('w:pPr')}/{qn('w:numPr')}"


def read_answers(path: Path) -> list[Answer]:
    """Every row or table that names a record; `Unreadable` says why the file is none of ours."""
    with path.open("rb") as file:
        start = file.read(4)
    if not start.startswith(b"PK"):
        raise Unreadable(
            _("%(file)s is not an XLSX, ODS or DOCX file. Save it in one of these formats.") % {"file": path.name}
        )
    is_word = "word/document.xml" in archives.names_inside(path)
    found = list(in_word(path) if is_word else in_a_workbook(path))
    if not found:
        sentence = _("%(file)s does not contain answers to a round. Use the answer sheet of the round.")
        raise Unreadable(sentence % {"file": path.name})
    if len(found) > MOST_ANSWERS:
        raise Unreadable(
            _("The file has more than %(most)d answers. Split it into smaller files.") % {"most": MOST_ANSWERS}
        )
    return found


def in_a_workbook(path: Path) -> Iterator[Answer]:
    book, labels = workbook.load(path), known_labels()
    for sheet in book.sheet_names:
        columns: dict[int, str] = {}
        for number, row in workbook.sheet_rows(book, sheet, path.name):
            cells = [workbook.cell_text(cell) for cell in row]
            if header := columns_of(cells, labels):
                columns = columns or header
            elif columns:
                where = _("%(sheet)s, row %(number)d") % {"sheet": sheet, "number": number}
                written = {name: cells[place] for place, name in columns.items() if place < len(cells)}
                yield Answer(where, written)
            elif number >= HEADER_WITHIN:
                break


def columns_of(cells: list[str], labels: Mapping[str, str]) -> dict[int, str]:
    """The field of each column if this is the header row, by our names or by the labels of the sheet."""
    names = [cell.strip() if cell.strip() in {KEY, *LABELS} else labels.get(folded(cell), "") for cell in cells]
    found: dict[int, str] = {}
    for place, name in enumerate(names):
        if name and name not in found.values():
            found[place] = name
    return found if {"code", "text"} <= set(found.values()) else {}


def in_word(path: Path) -> Iterator[Answer]:
    body, labels = opened(path).element.body, known_labels()
    number = 0
    for table in body.iter(qn("w:tbl")):
        if any(True for _above in table.iterancestors(qn("w:tbl"))):
            continue  # a table that a person put into an answer is part of the answer
        number += 1
        cells = cells_of(table, labels)
        if "text" in cells and (cells.get("code") or cells.get(KEY)):
            yield Answer(_("table %(number)d") % {"number": number}, cells)


def cells_of(table: CT_Tbl, labels: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in table.iterchildren(qn("w:tr"), qn("w:sdt")):
        places = [one for one in row.iter(qn("w:tc")) if nearest_table(one) is table]
        if len(places) < 2:
            continue
        label, value = words_of(places[0]), words_of(places[1])
        marked = MARK.search(label)
        name = marked[1] if marked and marked[1] in LABELS else labels.get(folded(MARK.sub("", label)), "")
        if name == "code" and (key := MARK.search(value)) and key[1] == KEY:
            found[KEY] = key[2] or ""
        if name:
            found.setdefault(name, MARK.sub("", value) if name == "code" else value)
    return found


def nearest_table(cell: BaseOxmlElement) -> BaseOxmlElement:
    return next(cell.iterancestors(qn("w:tbl")))


def words_of(element: BaseOxmlElement) -> str:
    return "".join(pieces(element)).strip()


def pieces(element: BaseOxmlElement) -> Iterator[str]:
    """What is read in the text; its tracked changes are accepted already."""
    for child in element:
        if child.tag in NOT_SAID or not isinstance(child.tag, str):
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in ENDS:
            yield ENDS[child.tag]
        elif child.tag == qn("w:p"):
            yield "– " if child.find(IN_A_LIST) is not None else ""
            yield from pieces(child)
            yield "\n"
        else:
            yield from pieces(child)
