"""A Word template to begin with, made by code: every field in a place where it makes sense."""

from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servanda.kit.files.word_package import MAIN, Properties, WordPackage, field
from servanda.reporting.documents import word_frame
from servanda.reporting.documents.contents import ReportDocument
from servanda.reporting.documents.word_blocks import BOLD, BlockWriter


def write_example(*, at: datetime) -> IO[bytes]:
    """In the language of the page, and its direction."""
    language, title = get_language() or "en", _("Example of a Word template")
    empty = ReportDocument(title, "", language, [], "", [], [])
    with WordPackage(Properties(title, "", language, at)) as package:
        writer = BlockWriter(empty, package)
        latin, bidi = writer.language_codes
        package.add_part("styles.xml", "styles", writer.styles)
        package.add_part("settings.xml", "settings", word_frame.settings(latin, bidi))
        package.add_part("numbering.xml", "numbering", writer.numbering)
        package.add_part("endnotes.xml", "endnotes", writer.endnotes())
        line = "".join([tag(writer, "title"), writer.run(" · "), tag(writer, "status")])
        head = f'<w:hdr xmlns:w="{MAIN}">{writer.paragraph("Header", line)}</w:hdr>'
        pages = field("PAGE", writer.run("1")) + writer.run(" / ") + field("NUMPAGES", writer.run("1"))
        foot = f'<w:ftr xmlns:w="{MAIN}">{writer.paragraph("Footer", pages)}</w:ftr>'
        keys = (package.add_part("header1.xml", "header", head), package.add_part("footer1.xml", "footer", foot))
        package.write_body(body_of(writer, *keys))
    return package.file


def tag(writer: BlockWriter, name: str, properties: str = "") -> str:
    """In one run: Word shows it in one piece."""
    return f'{writer.opened(properties)}<w:t xml:space="preserve">{{{{ {name} }}}}</w:t></w:r>'


def statement(writer: BlockWriter, words: str) -> str:
    """In a paragraph of its own, which is not in the report."""
    return writer.paragraph("Normal", f'{writer.opened()}<w:t xml:space="preserve">{{%p {words} %}}</w:t></w:r>')


def body_of(writer: BlockWriter, head: str, foot: str) -> Iterator[str]:
    yield writer.paragraph("Normal", tag(writer, "state"))
    yield writer.paragraph("Title", tag(writer, "title"))
    yield statement(writer, "if status")
    yield writer.paragraph("Status", tag(writer, "status"))
    yield statement(writer, "endif")
    yield statement(writer, "for fact in facts")
    yield writer.paragraph(
        "TitleBlock", f"{tag(writer, 'fact.label', BOLD)}<w:r><w:tab/></w:r>{tag(writer, 'fact.value')}"
    )
    yield statement(writer, "endfor")
    for place in ("contents", "text", "matrix"):
        yield writer.paragraph("Normal", tag(writer, place))
    yield word_frame.page(head, foot, is_landscape=False, is_rtl=writer.is_rtl)
