"""Inserts the report itself into a filled Word template: its blocks, contents, endnotes and matrix.

Styles of the template with the same name are used, the others are added. Nothing of the report is left out: what the
template has no place for, is refused or put at the end.
"""

from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from io import BytesIO
from typing import IO, Any

from django.utils.translation import gettext as _
from lxml import etree

from servanda.kit.files.word_package import MAIN, Properties
from servanda.kit.refusal import Refused
from servanda.reporting.documents.blocks import Kind
from servanda.reporting.documents.contents import ReportDocument
from servanda.reporting.documents.filled_package import FilledPackage, W
from servanda.reporting.documents.filling import Marks, blocks_of_section, fill, values_of
from servanda.reporting.documents.word_blocks import BlockWriter

LANDSCAPE_MARGIN = "680"


def write_in_template(document: ReportDocument, template: bytes, *, at: datetime) -> IO[bytes]:
    """The report as a Word file. Raises `Refused` if the template is faulty or has no place for a section."""
    marks, package = filled(document, template)
    inserting = Inserting(document, package, marks)
    inserting.insert()
    # Where the template writes the headings, no one could tell them from the texts when the file comes back.
    copy = document.copy if inserting.writer.are_headings_written else ""
    properties = Properties(document.title, document.issuer, document.language, at, copy)
    return BytesIO(package.written(properties))


def filled(document: ReportDocument, template: bytes) -> tuple[Marks, FilledPackage]:
    """The filled template, cached for the document."""
    if document.filled is None:
        marks = Marks()
        document.filled = (marks.blocks, fill(template, values_of(document, marks)))
    places, content = document.filled
    return Marks(blocks=dict(places)), FilledPackage(content)


def texts_of_template(document: ReportDocument, template: bytes) -> Iterator[str]:
    """The texts of the file that come from its template."""
    marks, package = filled(document, template)
    for paragraph in package.body.iter(f"{W}p"):
        text = "".join(piece.text or "" for piece in paragraph.iter(f"{W}t"))
        if not any(mark in text for mark in marks.blocks):
            yield text


class Inserting:
    def __init__(self, document: ReportDocument, package: FilledPackage, marks: Marks) -> None:
        self.document = document
        self.package = package
        self.marks = marks
        self.writer = BlockWriter(document, package)
        self.writer.bookmarks = package.last_id(f"{W}bookmarkStart", f"{W}id")
        self.writer.pictures = package.last_picture

    def insert(self) -> None:
        places = self.places()
        self.refuse_missing(set(places))
        self.package.prepare(self.writer)
        self.writer.are_headings_written = "text" in places
        # In the order of the file: endnotes are numbered through, and each section ends where the next begins.
        for place, paragraph in places.items():
            if place == "matrix":
                self.annexes(paragraph)
            else:
                self.replace(paragraph, self.pieces(place))
        if "matrix" not in places and self.document.annexes:
            paragraph = etree.Element(f"{W}p")
            self.package.body.insert(len(self.package.body) - 1, paragraph)
            self.annexes(paragraph)

    def places(self) -> dict[str, Any]:
        """The paragraph of each place, in the order of the file."""
        found: dict[str, Any] = {}
        for paragraph in self.package.body.iter(f"{W}p"):
            text = "".join(piece.text or "" for piece in paragraph.iter(f"{W}t"))
            for mark, place in self.marks.blocks.items():
                if mark not in text:
                    continue
                if text.strip() != mark or not self.is_alone(paragraph):
                    sentence = _("The field %(field)s must be alone in a paragraph, outside of tables and boxes.")
                    raise Refused(sentence % {"field": tag_of(place)})
                if place in found:
                    raise Refused(_("The field %(field)s is used twice. Use it once.") % {"field": tag_of(place)})
                found[place] = paragraph
        beside = self.package.beside_body
        if any(mark in beside for mark in self.marks.blocks):
            sentence = _("The fields contents, text and matrix belong in the text, not in headers or footnotes.")
            raise Refused(sentence)
        return found

    def is_alone(self, paragraph: Any) -> bool:
        return paragraph.getparent() is self.package.body and paragraph.find(f".//{W}p") is None

    def refuse_missing(self, places: set[str]) -> None:
        sections = {block.anchor: block.text for block in self.document.blocks if block.anchor}
        written = {place.partition(" ")[2] for place in places if place.startswith("section ")}
        if "text" in places and written:
            raise Refused(_("The template has the text of the report twice, as a whole and section by section."))
        missing = [] if "text" in places else [heading for key, heading in sections.items() if key not in written]
        if missing:
            sentence = _("The template has no place for the text of these sections: %(sections)s.")
            raise Refused(sentence % {"sections": "; ".join(missing)})

    def pieces(self, place: str) -> Iterator[str]:
        if place == "contents":
            yield from self.writer.table_of_contents()
        elif place == "text":
            for block in self.document.blocks:
                yield self.writer.block(block)
            yield self.writer.end_of_section()
        else:
            heading, *blocks = blocks_of_section(self.document.blocks, place.partition(" ")[2])
            yield self.writer.begin_section(heading)
            for block in blocks:
                yield self.writer.block(block)
            yield self.writer.end_of_section()

    def replace(self, paragraph: Any, pieces: Iterator[str]) -> None:
        parent = paragraph.getparent()
        at = parent.index(paragraph)
        for element in self.package.elements("".join(pieces)):
            parent.insert(at, element)
            at += 1
        parent.remove(paragraph)

    # The matrix

    def annexes(self, paragraph: Any) -> None:
        """On landscape pages: sections of the document before and behind it have those of the template."""
        body = self.package.body
        if not self.document.annexes:
            return body.remove(paragraph)
        page = next(section for section in paragraph.xpath("following::w:sectPr", namespaces={"w": MAIN}))
        is_last = page.getparent() is body and not any(
            following.tag != f"{W}sectPr" and "".join(following.itertext()).strip()
            for following in paragraph.itersiblings()
        )
        paragraph.addprevious(self.page_break(deepcopy(page)))
        pieces: list[str] = []
        for block in self.document.annexes:
            pieces += self.writer.matrix() if block.kind == Kind.MATRIX else [self.writer.block(block)]
        pieces.append(f"<w:p>{self.writer.end_of_section()}</w:p>")  # Word needs a paragraph behind a table
        if not is_last:
            paragraph.addnext(self.page_break(turned(deepcopy(page))))
        else:
            for following in [*paragraph.itersiblings()]:
                if following is not page:
                    body.remove(following)
            turned(page)
        return self.replace(paragraph, iter(pieces))

    def page_break(self, page: Any) -> Any:
        paragraph = etree.Element(f"{W}p")
        etree.SubElement(paragraph, f"{W}pPr").append(page)
        return paragraph


def turned(page: Any) -> Any:
    """A section with the same page in landscape, starting on a new page."""
    for name in ("type", "titlePg", "cols"):
        for element in page.findall(f"{W}{name}"):
            page.remove(element)
    size, margins = page.find(f"{W}pgSz"), page.find(f"{W}pgMar")
    kind = etree.Element(f"{W}type", {f"{W}val": "nextPage"})
    if size is None:
        page.append(kind)
        return page
    size.addprevious(kind)
    width, height = (int(size.get(f"{W}{name}", 0)) for name in ("w", "h"))
    size.set(f"{W}w", str(max(width, height)))
    size.set(f"{W}h", str(min(width, height)))
    size.set(f"{W}orient", "landscape")
    if margins is not None:
        margins.set(f"{W}left", LANDSCAPE_MARGIN)
        margins.set(f"{W}right", LANDSCAPE_MARGIN)
    return page


def tag_of(place: str) -> str:
    return "{{ section.text }}" if place.startswith("section ") else f"{{{{ {place} }}}}"
