"""A report as a Word file in the form of the United Nations: numbered headings and paragraphs, contents, references
and page numbers as fields, endnotes, charts with text alternatives, the matrix on landscape pages behind the notes.

It has no symbol and no masthead: the Secretariat assigns them.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import IO

from servanda.kit.files.word import first_direction
from servanda.kit.files.word_package import MAIN, Properties, WordPackage, field
from servanda.reporting.documents import word_frame
from servanda.reporting.documents.blocks import Kind
from servanda.reporting.documents.contents import BETWEEN, ReportDocument
from servanda.reporting.documents.word_blocks import BOLD, BlockWriter

COPY_MARK = "_Copy_"  # a hidden bookmark: which copy this is


def write_docx(document: ReportDocument, *, at: datetime) -> IO[bytes]:
    properties = Properties(document.title, document.issuer, document.language, at, document.copy)
    with WordPackage(properties) as package:
        WordWriter(document, package).write()
    return package.file


class WordWriter(BlockWriter):
    def __init__(self, document: ReportDocument, package: WordPackage) -> None:
        super().__init__(document, package)
        self.file = package

    def write(self) -> None:
        latin, bidi = self.language_codes
        self.file.add_part("styles.xml", "styles", self.styles)
        self.file.add_part("settings.xml", "settings", word_frame.settings(latin, bidi))
        self.file.add_part("numbering.xml", "numbering", self.numbering)
        self.file.add_part("endnotes.xml", "endnotes", self.endnotes())
        head = f'<w:hdr xmlns:w="{MAIN}">{self.paragraph("Header", self.running_line())}</w:hdr>'
        pages = field("PAGE", self.run("1")) + self.run(" / ")
        pages += field("NUMPAGES", self.run("1"))
        foot = f'<w:ftr xmlns:w="{MAIN}">{self.paragraph("Footer", pages)}</w:ftr>'
        head_key = self.file.add_part("header1.xml", "header", head)
        foot_key = self.file.add_part("footer1.xml", "footer", foot)
        self.file.write_body(self.body(head_key, foot_key))

    def running_line(self) -> str:
        """Each part in runs of its own direction: a Latin title keeps together on a page from right to left."""
        parts = (
            self.plain_run(part) if self.is_rtl and first_direction(part) == "ltr" else self.run(part)
            for part in self.document.running_parts
        )
        return self.run(BETWEEN).join(parts)

    def body(self, head: str, foot: str) -> Iterator[str]:
        yield from self.title_block()
        yield from self.table_of_contents()
        for block in self.document.blocks:
            yield self.block(block)
        yield self.end_of_section()
        upright = word_frame.page(head, foot, is_landscape=False, is_rtl=self.is_rtl)
        if not self.document.annexes:
            yield upright
            return
        yield f"<w:p><w:pPr>{upright}</w:pPr></w:p>"
        for block in self.document.annexes:
            yield from self.matrix() if block.kind == Kind.MATRIX else [self.block(block)]
        yield f"<w:p>{self.end_of_section()}</w:p>"  # Word needs a paragraph behind a table
        yield word_frame.page(head, foot, is_landscape=True, is_rtl=self.is_rtl)

    def title_block(self) -> Iterator[str]:
        document = self.document
        yield self.paragraph("Normal", self.run(document.issuer))
        title = self.run(document.title)
        if document.copy:
            title = self.bookmarked(f"{COPY_MARK}{document.copy}", title)
        yield self.paragraph("Title", title)
        if document.status:
            yield self.paragraph("Status", self.run(document.status))
        for label, value in document.facts:
            yield self.paragraph("TitleBlock", f"{self.run(label, BOLD)}<w:r><w:tab/></w:r>{self.run(value)}")
