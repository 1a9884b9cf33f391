"""OHCHR's thematic lists of the recommendations of one review (DOCX), in the layouts of cycles 1 to 4."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from docx.document import Document
from docx.table import Table

from servanda.sources.candidates import Candidate, Label, PrintedPosition, Problem, Stand, Unreadable
from servanda.sources.documents.cover import cycle_of
from servanda.sources.files.document_text import SYMBOL, refuse_unsafe_archive
from servanda.sources.files.word_lines import malformed_as_unreadable, opened
from servanda.sources.printed.positions import printed_position
from servanda.sources.printed.states import closing_states, folded_names
from servanda.sources.upr.numbering import remark_on_collection

COLUMNS = {
    "recommendation": re.compile(r"^recommendation", re.I),
    "position": re.compile(r"^position", re.I),
    "themes": re.compile(r"themes", re.I),
    "sdgs": re.compile(r"\bSDGs?\b|sustainable development", re.I),
    "comment": re.compile(r"assessment|comment", re.I),
}
REVIEW = re.compile(
    r"(?:UPR|universal periodic review)\s+of\s+(?:the\s+)?(?P<state>.+?)\s*\(\s*(?P<cycle>\d)\w*\s+cycle"
    r"(?:\W+(?P<session>\d{1,2})\w*\s+session)?",
    re.I,
)
SESSION_IN_TITLE = re.compile(r"UPR[ _-]?(\d{1,2})\b|UPR(\d{1,2})_", re.I)
THEME = re.compile(r"^\s*theme\s*:\s*", re.I)
SOURCE = re.compile(r"\s*source\s+of\s+position\s*:\s*(.*)$", re.I | re.S)
PARAGRAPH = re.compile(r"para(?:graph)?s?\b\W*(\d+)", re.I)
NUMBERED = re.compile(r"^\s*(\d{1,3}(?:\s?\.\s?\d{1,3})?)\.?\s+(.*)$", re.S)
OLD_CODE = re.compile(r"^[A-Z]\d{1,3}\s")
HEADINGS = (
    ("uhri-group", re.compile(r"^(?:affected|groups?\s+of)\s+persons?\s*:\s*", re.I)),
    ("sdg", re.compile(r"^(?:relevant\s+)?SDGs?\s*:\s*", re.I)),
    ("uhri-theme", re.compile(r"^(?:themes?|full\s+list\s+of\s+themes)\s*:\s*", re.I)),
)


@dataclass(slots=True)
class Review:
    """What the list says about itself in its header, its title or the text above its table."""

    state: str = ""
    cycle: int | None = None
    session: int | None = None


def read(path: Path, *, country_names: Mapping[str, str] | None = None) -> Iterator[Candidate]:
    """One candidate for each recommendation, with every label of every theme under which it stands.

    Names of States are told from other parentheses by `country_names` (name -> ISO3), or by their shape.
    """
    refuse_unsafe_archive(path)
    document = opened(path)
    with malformed_as_unreadable(path):
        if (table := list_table(document)) is not None:
            found = merged(rows(table, review_of(document), folded_names(country_names or {})))
            remark_on_collection(found)
            return iter(found)
    raise Unreadable(
        _("%(file)s has no table of recommendations with their positions and themes.") % {"file": path.name}
    )


def recognise(path: Path) -> bool:
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return False
    try:
        refuse_unsafe_archive(path)
        with malformed_as_unreadable(path):
            return list_table(opened(path)) is not None
    except Unreadable:
        return False


def list_table(document: Document) -> Table | None:
    return next(
        (table for table in document.tables if {"recommendation", "position"} <= columns_of(table).keys()), None
    )


def columns_of(table: Table) -> dict[str, int]:
    if not table.rows:
        return {}
    found: dict[str, int] = {}
    for place, cell in enumerate(table.rows[0].cells):
        title = " ".join(cell.text.split())
        name = next((name for name, pattern in COLUMNS.items() if pattern.search(title)), None)
        if name:
            found.setdefault(name, place)
    return found


def review_of(document: Document) -> Review:
    headers = (p.text for s in document.sections for part in (s.header, s.first_page_header) for p in part.paragraphs)
    said = "\n".join([*headers, document.core_properties.title or "", *(p.text for p in document.paragraphs[:10])])
    named = REVIEW.search(said)
    if named:
        session = named["session"]
        return Review(" ".join(named["state"].split()), int(named["cycle"]), int(session) if session else None)
    titled = SESSION_IN_TITLE.search(said)
    return Review(session=int(titled[1] or titled[2]) if titled else None)


def rows(table: Table, review: Review, names: Mapping[str, str]) -> Iterator[Candidate]:
    columns, theme = columns_of(table), ""
    for number, row in enumerate(table.rows, 1):
        cells = [cell.text.strip() for cell in row.cells]
        first = cells[columns["recommendation"]]
        if THEME.match(first):
            theme = THEME.sub("", first)
        elif number > 1 and any(cells):
            yield candidate(number, cells, columns, theme, review, names)


def candidate(
    number: int, cells: list[str], columns: dict[str, int], theme: str, review: Review, names: Mapping[str, str]
) -> Candidate:
    named = {name: cells[place] for name, place in columns.items() if place < len(cells)}
    source = SOURCE.search(named["recommendation"])
    paragraph, text = numbered(SOURCE.sub("", named["recommendation"]))
    position = position_of(named["position"], source[1] if source else "")
    symbol = re.sub(r"/Add\.\d+.*$", "", position.symbol) if position else ""
    return Candidate(
        where=_("row %(number)s") % {"number": number},
        raw="\t".join(cells),
        countries=[review.state] if review.state else [],
        body="UPR",
        symbol=symbol,
        paragraph=paragraph,
        texts={"en": text},
        cycle=review.cycle or cycle_of(review.session, symbol),
        session=review.session,
        recommending=closing_states(text, names),
        position=position,
        labels=labels_of(named.get("themes", ""), named.get("sdgs", ""), theme),
        comment=named.get("comment", ""),
        problems=problems_of(paragraph, text, position),
    )


def numbered(cell: str) -> tuple[str, str]:
    found = NUMBERED.match(cell)
    number, text = (re.sub(r"\s", "", found[1]), found[2]) if found else ("", cell)
    return number, re.sub(r"\s*;\s*$", "", " ".join(text.split()))


def position_of(words: str, source: str) -> PrintedPosition | None:
    symbol, place = re.search(SYMBOL, source), PARAGRAPH.search(source)
    said = printed_position(words)
    if said is None:
        return None
    is_both = "supported" in words.lower() and "noted" in words.lower()
    return PrintedPosition(
        stand=Stand.PARTLY if is_both else said.stand,
        words=words,
        symbol=symbol[0] if symbol else "",
        paragraph=place[1] if place else "",
    )


def labels_of(themes: str, sdgs: str, theme: str) -> list[Label]:
    labels = [*labels_under(themes, "uhri-theme"), *labels_under(sdgs, "sdg")]
    if theme and not any(label.text == theme for label in labels):
        labels.insert(0, theme_label(theme))
    return list({(label.scheme, label.text): label for label in labels}.values())


def labels_under(cell: str, scheme: str) -> Iterator[Label]:
    """Labels of a cell; a line such as "Affected persons:" says what the lines below it are."""
    for line in cell.splitlines():
        text = line.strip().removeprefix("-").strip()
        for other, heading in HEADINGS:
            if heading.match(text):
                scheme, text = other, heading.sub("", text)
        if text:
            yield theme_label(text) if scheme == "uhri-theme" else Label(scheme, text)


def theme_label(text: str) -> Label:
    return Label("upr-theme" if OLD_CODE.match(text) else "uhri-theme", text)


def problems_of(paragraph: str, text: str, position: PrintedPosition | None) -> list[Problem]:
    problems = []
    if not text:
        problems.append(Problem("text", _("The row has no text of a recommendation.")))
    if not paragraph:
        problems.append(Problem("paragraph", _("The recommendation has no paragraph number."), fatal=False))
    if position is None:
        problems.append(Problem("position", _("The position of the State is missing or unknown."), fatal=False))
    return problems


def merged(found: Iterator[Candidate]) -> list[Candidate]:
    """A recommendation listed under several themes is one candidate with the labels of all its rows."""
    by_paragraph: dict[tuple[str, str], Candidate] = {}
    for place, item in enumerate(found):
        key = (item.paragraph, item.texts["en"]) if item.paragraph else ("", str(place))
        first = by_paragraph.setdefault(key, item)
        if first is not item:
            first.labels += [label for label in item.labels if label not in first.labels]
            first.raw += f"\n{item.raw}"
    return list(by_paragraph.values())
