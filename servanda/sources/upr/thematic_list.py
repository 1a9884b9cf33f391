"""Reads OHCHR's thematic lists of the recommendations of one review (DOCX), in the layouts of cycles 1 to 4."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from docx.document import Document
from docx.table import Table

from servanda.kit.database.sentences import gettext as _
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
    """Facts about the list from its header, its title or the text above its table."""

    state: str = ""
    cycle: int | None = None
    session: int | None = None


def read(path: Path, *, country_names: Mapping[str, str] | None = None) -> Iterator[Candidate]:
    """One candidate for each recommendation, with all labels of all themes under which it is listed.

    Names of States are distinguished from other parentheses by `country_names` (name -> ISO3), or by their form.
    Raises `Unreadable`.
    """
    refuse_unsafe_archive(path)
    document = opened(path)
    with malformed_as_unreadable(path):
        if (table := list_table(document)) is not None:
            recommendations = merged(rows(table, review_of(document), folded_names(country_names or {})))
            remark_on_collection(recommendations)
            return iter(recommendations)
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
    columns: dict[str, int] = {}
    for place, cell in enumerate(table.rows[0].cells):
        title = " ".join(cell.text.split())
        name = next((name for name, pattern in COLUMNS.items() if pattern.search(title)), None)
        if name:
            columns.setdefault(name, place)
    return columns


def review_of(document: Document) -> Review:
    headers = (p.text for s in document.sections for part in (s.header, s.first_page_header) for p in part.paragraphs)
    description = "\n".join(
        [*headers, document.core_properties.title or "", *(p.text for p in document.paragraphs[:10])]
    )
    review_match = REVIEW.search(description)
    if review_match:
        session = review_match["session"]
        return Review(
            " ".join(review_match["state"].split()), int(review_match["cycle"]), int(session) if session else None
        )
    titled = SESSION_IN_TITLE.search(description)
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
    values = {name: cells[place] for name, place in columns.items() if place < len(cells)}
    source = SOURCE.search(values["recommendation"])
    paragraph, text = numbered(SOURCE.sub("", values["recommendation"]))
    position = position_of(values["position"], source[1] if source else "")
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
        labels=labels_of(values.get("themes", ""), values.get("sdgs", ""), theme),
        comment=values.get("comment", ""),
        problems=problems_of(paragraph, text, position),
    )


def numbered(cell: str) -> tuple[str, str]:
    match = NUMBERED.match(cell)
    number, text = (re.sub(r"\s", "", match[1]), match[2]) if match else ("", cell)
    return number, re.sub(r"\s*;\s*$", "", " ".join(text.split()))


def position_of(printed: str, source: str) -> PrintedPosition | None:
    symbol, place = re.search(SYMBOL, source), PARAGRAPH.search(source)
    stated = printed_position(printed)
    if stated is None:
        return None
    is_both = "supported" in printed.lower() and "noted" in printed.lower()
    return PrintedPosition(
        stand=Stand.PARTLY if is_both else stated.stand,
        words=printed,
        symbol=symbol[0] if symbol else "",
        paragraph=place[1] if place else "",
    )


def labels_of(themes: str, sdgs: str, theme: str) -> list[Label]:
    labels = [*labels_under(themes, "uhri-theme"), *labels_under(sdgs, "sdg")]
    if theme and not any(label.text == theme for label in labels):
        labels.insert(0, theme_label(theme))
    return list({(label.scheme, label.text): label for label in labels}.values())


def labels_under(cell: str, scheme: str) -> Iterator[Label]:
    """Labels of a cell; a line such as "Affected persons:" gives the scheme of the lines below it."""
    for line in cell.splitlines():
        text = line.strip().removeprefix("-").strip()
        for heading_scheme, heading in HEADINGS:
            if heading.match(text):
                scheme, text = heading_scheme, heading.sub("", text)
        if text:
            yield theme_label(text) if scheme == "uhri-theme" else Label(scheme, text)


def theme_label(text: str) -> Label:
    return Label("upr-theme" if OLD_CODE.match(text) else "uhri-theme", text)


def problems_of(paragraph: str, text: str, position: PrintedPosition | None) -> list[Problem]:
    problems = []
    if not text:
        problems.append(Problem("text", _("The row has no recommendation text.")))
    if not paragraph:
        problems.append(Problem("paragraph", _("The recommendation has no paragraph number."), fatal=False))
    if position is None:
        problems.append(Problem("position", _("The position of the State is missing or unknown."), fatal=False))
    return problems


def merged(listed_candidates: Iterator[Candidate]) -> list[Candidate]:
    """Merge rows of a recommendation that is listed under several themes into one candidate with all labels."""
    by_paragraph: dict[tuple[str, str], Candidate] = {}
    for place, item in enumerate(listed_candidates):
        key = (item.paragraph, item.texts["en"]) if item.paragraph else ("", str(place))
        first = by_paragraph.setdefault(key, item)
        if first is not item:
            first.labels += [label for label in item.labels if label not in first.labels]
            first.raw += f"\n{item.raw}"
    return list(by_paragraph.values())
