"""Are lists of questions read right? Slovenia's real advance questions, and made lists of issues, lists prior to
reporting and questionnaires in six languages as DOCX and PDF, beside the dumbest way: each line with a number."""

import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import docx
import pypdfium2

from bench.question_lists import MadeList, as_docx, as_pdf, made_lists
from bench.shared import DATA

NEEDS_DATABASE = False
TINY: dict[str, int] = {"documents": 2}
BAR = 0.97
LEFT_OUT = {"Cf", "Mn", "Zs", "Cc"}
LINE = re.compile(r"^\s*(\d{1,3}(?:\.\d{1,2})?)\s*[.)]\s+(.*)$")
# Headings of subjects in Argentina's questions, typed from the file.
SUBJECTS = ("Adopción de políticas", "Derechos de la mujer.", "Protección de Minorías", "Tráfico de Personas")
TRANSLATION = "[Informal translation"
STATES = {
    "BELGIUM": "BEL", "COSTA RICA": "CRI", "GERMANY": "DEU", "LIECHTENSTEIN": "LIE", "PORTUGAL": "PRT",
    "SPAIN": "ESP", "UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND": "GBR",
    "UNITED STATES OF AMERICA": "USA", "DENMARK": "DNK", "SWEDEN": "SWE",
    "UNITED KINGDOM OF GREAT BRITAIN & NORTHERN IRELAND": "GBR", "ARGENTINA": "ARG",
    "CZECH REPUBLIC": "CZE", "NORWAY": "NOR",
}  # fmt: skip


class Asked(NamedTuple):
    """One question, as wanted or as found."""

    number: str
    text: str


class Compared(NamedTuple):
    """A document with what was wanted of it, what was found, and what the dumbest way finds."""

    name: str
    is_held_back: bool
    wanted: list[Asked]
    found: list[Asked]
    simple: list[Asked]
    articles: tuple[int, int] = (0, 0)  # right, of how many


def run(report: Callable[..., None], *, documents: int = 1000) -> None:
    real = list(real_documents())
    with tempfile.TemporaryDirectory() as folder:
        made = [row for kind in ("docx", "pdf") for row in made_documents(kind, Path(folder), documents)]
    for name, rows in (("real advance questions", real), ("made lists", made)):
        if rows:
            report_set(report, name, rows)
    held_back = [row for row in made if row.is_held_back]
    for name, value in zip(("precision", "recall"), shares(held_back), strict=True):
        report(f"made lists, held back: {name}, {len(held_back)} documents", value, "")
    right, total = (sum(row.articles[place] for row in made) for place in (0, 1))
    report(f"made lists: articles, {total}", right / (total or 1), f"at least {BAR}", ok=right >= BAR * total)
    for row in (*real, *made):
        for error in errors_of(row):
            report(f"wrong: {row.name}", error, "")


def report_set(report: Callable[..., None], name: str, rows: list[Compared]) -> None:
    count = sum(len(row.wanted) for row in rows)
    for fact, value in zip(("precision", "recall"), shares(rows), strict=True):
        report(f"{name}: {fact}, {count} in {len(rows)} documents", value, f"at least {BAR}", ok=value >= BAR)
    for fact, value in zip(("precision", "recall"), shares(rows, simply=True), strict=True):
        report(f"{name}: {fact}, the dumbest way", value, "")


def shares(rows: Iterable[Compared], *, simply: bool = False) -> tuple[float, float]:
    """Precision and recall of numbers with their texts."""
    right = found = wanted = 0
    for row in rows:
        read = row.simple if simply else row.found
        right += (Counter(map(key, read)) & Counter(map(key, row.wanted))).total()
        found, wanted = found + len(read), wanted + len(row.wanted)
    return round(right / (found or 1), 4), round(right / (wanted or 1), 4)


def key(question: Asked) -> tuple[str, str]:
    return question.number, squeezed(question.text)


def squeezed(text: str) -> str:
    """Without spaces, marks of direction, and vowels, which a PDF holds apart; everything else has to be the same."""
    signs = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in signs if unicodedata.category(sign) not in LEFT_OUT)


def errors_of(row: Compared) -> Iterator[str]:
    wanted, found = Counter(map(key, row.wanted)), Counter(map(key, row.found))
    yield from (f"missing {number}: {text[:70]} … {text[-40:]}" for number, text in wanted - found)
    yield from (f"too much {number}: {text[:70]} … {text[-40:]}" for number, text in found - wanted)


def made_documents(kind: str, folder: Path, most: int) -> Iterator[Compared]:
    for made in list(made_lists())[:most]:
        path = folder / f"{made.sender}-{made.language}.{kind}"
        (as_docx if kind == "docx" else as_pdf)(made, path)
        yield compared(made, path)


def compared(made: MadeList, path: Path) -> Compared:
    from servanda.sources.candidates import Unreadable
    from servanda.sources.documents.reader import read_document, recognise

    try:
        units = read_document(path).units if recognise(path) else []
    except Unreadable:
        units = []
    asked = [unit for unit in units if unit.kind == "question"]
    articles = {unit.number: unit.articles for unit in asked}
    named = [question for question in made.wanted if question.articles is not None]
    return Compared(
        f"{made.name} {path.suffix}",
        made.is_held_back,
        [Asked(question.number, question.text) for question in made.wanted],
        [Asked(unit.number, unit.whole) for unit in asked],
        list(simply_read(path)),
        (sum(articles.get(question.number) == question.articles for question in named), len(named)),
    )


def simply_read(path: Path) -> Iterator[Asked]:
    """Each line that begins with a number, and what follows it up to the next."""
    from servanda.sources.candidates import Unreadable
    from servanda.sources.files.document_text import printed_lines

    number, parts = "", []
    try:
        lines = [line.text for line in printed_lines(path)]
    except Unreadable:
        lines = []
    for line in lines:
        if match := LINE.match(line):
            if number:
                yield Asked(number, " ".join(parts))
            number, parts = match[1], [match[2]]
        elif number:
            parts.append(line)
    if number:
        yield Asked(number, " ".join(parts))


def real_documents() -> Iterator[Compared]:
    """The files of the reviews of 2010 and 2025, with what their paragraphs and dashes are without the reader."""
    from servanda.sources.documents.reader import read_document

    folder = DATA / "documents" / "slovenia_upr"
    if not (folder / "c4_UPR-wg48-Advance-Questions-Slovenia.docx").exists():
        return
    names = {name.replace("&", "and"): code for name, code in STATES.items()}
    for name in ("c4_UPR-wg48-Advance-Questions-Slovenia.docx", "c1_Slovenia.pdf", "c1_Slovenia_Add.pdf"):
        path = folder / name
        wanted = list(numbered(rows_of_word(path) if path.suffix == ".docx" else rows_of_pdf(path)))
        units = [unit for unit in read_document(path, country_names=names).units if unit.kind == "question"]
        found = [Asked(f"{unit.asked_by} {unit.number}", unit.text) for unit in units]
        simple = [Asked(f" {question.number}", question.text) for question in simply_read(path)]
        yield Compared(name, is_held_back=False, wanted=wanted, found=found, simple=simple)


def rows_of_word(path: Path) -> Iterator[str]:
    """Names of States, and the paragraphs of lists with a dash before them."""
    for paragraph in docx.Document(str(path)).paragraphs:
        is_listed = paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
        yield f"• {paragraph.text}" if is_listed else paragraph.text.strip()


def rows_of_pdf(path: Path) -> Iterator[str]:
    """The lines of the text that the PDF holds, joined up to the next dash, name or subject."""
    row = ""
    for page in pypdfium2.PdfDocument(path):
        for line in page.get_textpage().get_text_range().splitlines():
            line = line.strip().strip("-_")
            begins = line[:1] in "•\uf0b7" or line in STATES or line in SUBJECTS or line.startswith(TRANSLATION)
            if begins and row:
                yield row
            row = line if begins else f"{row} {line}"
            if line in STATES or line in SUBJECTS or line.startswith(TRANSLATION):
                yield row
                row = ""
    yield row


def numbered(rows: Iterable[str]) -> Iterator[Asked]:
    state, number, is_translated = "", 0, False
    for row in rows:
        if row in STATES:
            state, number, is_translated = STATES[row], 0, False
        elif row.startswith(TRANSLATION):
            is_translated = True
        elif row[:1] in ("•", "\uf0b7") and state and not is_translated:
            number += 1
            yield Asked(f"{state} {number}", row[1:].strip())
