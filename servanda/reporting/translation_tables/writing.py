"""Write the table as a Word file: source and translation side by side, one row for each paragraph.

Each row has a hidden bookmark with its number, so that rows may be moved. Texts are in Markdown, as on the page.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO
from uuid import uuid4

from django.db import transaction
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from servanda.kit.files.word import HEAD, is_right_to_left
from servanda.kit.files.word_package import MAIN, STYLES, Properties, WordPackage, text
from servanda.kit.refusal import Refused
from servanda.people.models import Instance, User
from servanda.reporting.documents import word_frame
from servanda.reporting.documents.word import COPY_MARK
from servanda.reporting.documents.word_blocks import BOLD, CODES
from servanda.reporting.models import ReportTranslation, SectionTranslation, SentTable
from servanda.reporting.models.translation_tables import TITLE
from servanda.reporting.translations.aligning import aligned
from servanda.reporting.translations.services import refuse_non_translators
from servanda.vocab.own_state import own_state

ROW_MARK = "_Row_"  # hidden bookmarks, with the number of the row
WIDTHS = (7569, 7569)  # twips, on a landscape page


def send_table(*, into: ReportTranslation, by: User, at: datetime) -> IO[bytes]:
    """The Word file for the translator, which is recorded so that it can be compared when it comes back.

    Raises `Refused` for those who do not translate the report, and if there is nothing to translate.
    """
    refuse_non_translators(into, by=by)
    rows = rows_of(into, by)
    if not rows:
        raise Refused(_("There is nothing to translate yet: no section has a heading or a text."))
    printed = printed_texts(into)
    digest = hashlib.sha256(json.dumps([rows, printed]).encode()).hexdigest()
    with transaction.atomic():
        values = {"key": uuid4(), "rows": rows, "printed": printed, "by": by}
        sent, _is_new = SentTable.objects.get_or_create(into=into, digest=digest, defaults=values)
    return TableWriter(sent).written(at)


def rows_of(into: ReportTranslation, by: User) -> list[list[str]]:
    """Key of the section, source and translation; the title of the report comes first, with a key of its own, and the
    heading of each section before its paragraphs."""
    found = SectionTranslation.objects.visible_to(by).filter(into=into).select_related("section")
    rows: list[list[str]] = []
    for translation in found.order_by("section__place", "section"):
        section = translation.section
        rows.append([section.key, section.heading, translation.heading])
        pairs = aligned(section.text, translation.segments)
        rows += [[section.key, row.source, row.target] for row in pairs]
    return [[TITLE, into.report.title, into.title], *rows] if rows else []


def printed_texts(into: ReportTranslation) -> list[str]:
    return [
        into.report.title,
        _(
            "Write the translation in the second column. Changes in the source column are ignored. Keep the marks of "
            "Markdown (**, #, -, |) and of endnotes ([^1]). One row is one paragraph: do not delete rows."
        ),
        _("Source text"),
        _("Translation"),
    ]


class TableWriter:
    def __init__(self, sent: SentTable) -> None:
        self.sent = sent
        self.source, self.target = sent.into.report.language, sent.into.language
        self.is_rtl = is_right_to_left(self.source)  # the source is in the column where its readers begin

    def written(self, at: datetime) -> IO[bytes]:
        title, instance = self.sent.printed[0], Instance.current()
        key = self.sent.key.hex
        with WordPackage(Properties(title, str(own_state() or instance), self.target, at, key)) as package:
            styles = STYLES.read_text().partition("\n")[2]
            latin = next((CODES.get(code, code) for code in self.languages if not is_right_to_left(code)), "en-GB")
            bidi = next((CODES.get(code, code) for code in self.languages if is_right_to_left(code)), "ar-SA")
            package.add_part("styles.xml", "styles", styles.replace("{latin}", latin).replace("{bidi}", bidi))
            package.add_part("settings.xml", "settings", word_frame.settings(latin, bidi))
            package.add_part("numbering.xml", "numbering", word_frame.numbering({}, is_rtl=self.is_rtl))
            notes = f'<w:endnotes xmlns:w="{MAIN}">{word_frame.SEPARATORS}</w:endnotes>'
            package.add_part("endnotes.xml", "endnotes", notes)
            package.write_body(self.body())
        return package.file

    @property
    def languages(self) -> tuple[str, str]:
        return self.target, self.source

    def body(self) -> Iterator[str]:
        title, lead, *labels = self.sent.printed
        copy = bookmarked(0, f"{COPY_MARK}{self.sent.key.hex}", run(title, self.source))
        yield paragraph(copy, style="Title", is_rtl=self.is_rtl)
        yield paragraph(run(lead, get_language() or ""), style="Normal", is_rtl=get_language_bidi())
        yield word_frame.table_start(WIDTHS, is_rtl=self.is_rtl)
        page = get_language() or ""
        head = (cell([paragraph(run(label, page, BOLD), is_rtl=get_language_bidi())], HEAD) for label in labels)
        yield word_frame.row("".join(head), is_head=True)
        yield from (self.row(number, *row) for number, row in enumerate(self.sent.rows, 1))
        yield "</w:tbl><w:p/>"
        yield page_of_table(is_rtl=self.is_rtl)

    def row(self, number: int, section: str, source: str, target: str) -> str:
        is_heading = number == 1 or self.sent.rows[number - 2][0] != section
        form, fill = (BOLD, HEAD) if is_heading else ("", "")
        first, *others = source.split("\n")
        start = bookmarked(number, f"{ROW_MARK}{number}", run(first, self.source, form))
        left = [start, *(run(line, self.source, form) for line in others)]
        right = [run(line, self.target, form) if line else "" for line in target.split("\n")]
        columns = ((left, self.source), (right, self.target))
        written = [
            cell([paragraph(line, is_rtl=is_right_to_left(language)) for line in lines], fill)
            for lines, language in columns
        ]
        return f"<w:tr><w:trPr/>{''.join(written)}</w:tr>"


def page_of_table(*, is_rtl: bool) -> str:
    width, height = reversed(word_frame.PAGE)
    margins = "".join(f' w:{side}="850"' for side in ("top", "right", "bottom", "left"))
    return (
        f'<w:sectPr><w:pgSz w:w="{width}" w:h="{height}" w:orient="landscape"/>'
        f'<w:pgMar{margins} w:header="567" w:footer="567" w:gutter="0"/>{"<w:bidi/>" if is_rtl else ""}</w:sectPr>'
    )


def bookmarked(key: int, name: str, content: str) -> str:
    return f'<w:bookmarkStart w:id="{key}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{key}"/>'


def run(words: str, language: str, form: str = "") -> str:
    is_rtl = is_right_to_left(language)
    kind, direction = ("bidi", "<w:rtl/>") if is_rtl else ("val", "")
    marks = f'{direction}<w:lang w:{kind}="{CODES.get(language, language)}"/>'
    return f'<w:r><w:rPr>{form}{marks}</w:rPr><w:t xml:space="preserve">{text(words)}</w:t></w:r>'


def paragraph(content: str, *, style: str = "TableText", is_rtl: bool) -> str:
    direction = "<w:bidi/>" if is_rtl else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{direction}</w:pPr>{content}</w:p>'


def cell(paragraphs: Sequence[str], fill: str = "") -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    width = f'<w:tcW w:w="{WIDTHS[0]}" w:type="dxa"/>'
    return f"<w:tc><w:tcPr>{width}{shade}</w:tcPr>{''.join(paragraphs)}</w:tc>"
