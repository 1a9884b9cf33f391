"""All comments of a consultation in a file: a spreadsheet, or a Word file in the order of the draft."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import batched
from typing import IO

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from servanda.kit.files.tables import xlsx_file
from servanda.kit.refusal import Refused
from servanda.people.instance.file_names import file_name
from servanda.people.models import Instance, User
from servanda.reporting.consultations.queries import CommentLine, comment_lines
from servanda.reporting.documents.blocks import Block, Kind, Span, clean
from servanda.reporting.documents.contents import ReportDocument
from servanda.reporting.documents.numbering import number_blocks
from servanda.reporting.documents.word import write_docx
from servanda.reporting.models import Consultation, ConsultationCommentQuerySet
from servanda.vocab.own_state import own_state

FORMATS = ("xlsx", "docx")
MOST_IN_WORD = 2_000
AT_ONCE = 500


def name_of_comments(format: str, *, on: date) -> str:
    return file_name(_("comments"), format, on=on)


def xlsx_of_comments(consultation: Consultation, comments: ConsultationCommentQuerySet, *, to: User) -> IO[bytes]:
    header = [
        _("Section"),
        pgettext("sender", "From"),
        pgettext("on a draft", "Comment"),
        _("Language"),
        _("Received"),
        pgettext("comment on a draft", "Status"),
        pgettext("comment on a draft", "Reply"),
        _("Reason, or what was changed"),
        _("Replied on"),
    ]
    return xlsx_file(
        _("Comments"), header, cells_of(comments, to), cover=[consultation.title, str(consultation.ends_on)]
    )


def cells_of(comments: ConsultationCommentQuerySet, to: User) -> Iterator[list[object]]:
    for some in batched(comments.iterator(chunk_size=AT_ONCE), AT_ONCE):
        for line in comment_lines(some, to, on=timezone.localdate()):
            comment = line.comment
            yield [
                heading_of(line),
                sender_of(line),
                words_of(line),
                comment.language,
                day_of(comment.sent_at),
                comment.get_state_display(),
                comment.get_verdict_display(),
                comment.reply,
                day_of(comment.replied_at),
            ]


def sender_of(line: CommentLine) -> str:
    """The author of the comment; an accredited institution is marked as such."""
    accredited = _("Accredited institution")
    return f"{line.who} ({accredited})" if line.comment.is_signed else line.who


def heading_of(line: CommentLine) -> str:
    return line.comment.section.heading if line.comment.section else _("The whole draft")


def words_of(line: CommentLine) -> str:
    comment = line.comment
    if comment.is_withheld:
        return f"[{comment.get_withheld_for_display()}: {comment.withheld_reason}]"
    return comment.text


def day_of(moment: datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""


def docx_of_comments(
    consultation: Consultation, comments: ConsultationCommentQuerySet, *, to: User, at: datetime
) -> IO[bytes]:
    """By section, each comment with its reply. Raises `Refused` for more comments than a Word file should have."""
    if comments.count() > MOST_IN_WORD:
        sentence = _("A Word file has at most %(most)d comments. Use filters, or download the spreadsheet.")
        raise Refused(sentence % {"most": MOST_IN_WORD})
    lines = comment_lines(comments, to, on=at.date())
    blocks = list(blocks_of(lines))
    number_blocks(blocks, has_own_numbers=True)
    document = ReportDocument(
        title=clean(consultation.title),
        issuer=str(own_state() or Instance.current()),
        language=get_language() or consultation.language,
        facts=[(_("Deadline for comments"), date_format(consultation.ends_on, "DATE_FORMAT"))],
        status="",
        blocks=blocks,
        notes=[],
        day=date_format(at.date(), "DATE_FORMAT"),
    )
    return write_docx(document, at=at)


def blocks_of(lines: list[CommentLine]) -> Iterator[Block]:
    heading = None
    for line in lines:
        if heading_of(line) != heading:
            heading = heading_of(line)
            yield Block(Kind.HEADING, [Span(clean(heading))], level=1)
        day = date_format(timezone.localdate(line.comment.sent_at), "DATE_FORMAT")
        yield Block(Kind.HEADING, [Span(clean(f"{sender_of(line)}, {day}"))], level=2)
        for paragraph in words_of(line).split("\n"):
            yield Block(Kind.QUOTE, [Span(clean(paragraph))])
        verdict, reply = line.comment.get_verdict_display(), line.comment.reply
        yield Block(Kind.PARAGRAPH, [Span(verdict, is_bold=True), Span(clean(f" {reply}".rstrip()))])
