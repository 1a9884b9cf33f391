"""One recommendation as a PDF or Word file, in the order of its page. It holds what the page shows to everybody."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from unicodedata import bidirectional

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Pt

from servanda.kit.files.pdf import pdf_of
from servanda.kit.files.word import is_right_to_left, set_language, set_run_language, turn
from servanda.kit.pages.translations import listed
from servanda.people.models import Instance
from servanda.planning.models import Action
from servanda.progress.assessments.voices import Voices
from servanda.progress.models import Update
from servanda.recommendations.models import Position
from servanda.recommendations.pages.detail import Record

FIRST_STRONG = {"L", "R", "AL"}
SIZES = {"Normal": 10, "Heading 1": 15, "Heading 2": 12}


@dataclass(frozen=True, slots=True)
class TextLine:
    text: str
    language: str = ""  # empty: that of the page
    is_typed: bool = False  # in a language that was not recorded: its first letter decides the direction

    @property
    def is_rtl(self) -> bool:
        if self.is_typed:
            kinds = map(bidirectional, self.text)
            return next((kind for kind in kinds if kind in FIRST_STRONG), "L") != "L"
        return is_right_to_left(self.language) if self.language else get_language_bidi()

    @property
    def direction(self) -> str:
        return "rtl" if self.is_rtl else "ltr"


@dataclass(slots=True)
class Part:
    title: str
    lines: list[TextLine]


@dataclass(slots=True)
class RecordFile:
    heading: TextLine
    facts: list[TextLine]
    parts: list[Part]
    source: list[TextLine]  # the last lines: where and when the file was made


def file_of(
    record: Record, *, planned: Sequence[Action], updates: Sequence[Update], voices: Voices, address: str
) -> RecordFile:
    it, first = record.recommendation, next(iter(record.texts), None)
    parts = [
        Part(_("Text"), [TextLine(text.text, text.language) for text in (*record.texts[1:], *record.plain)]),
        Part(_("Labels"), list(of_labels(record))),
        Part(_("Position of the State"), list(of_positions(record.positions_newest_first))),
        Part(_("Actions planned by the State"), list(of_actions(planned))),
        Part(_("Updates"), list(of_updates(updates))),
        Part(_("Implementation status"), list(of_voices(voices))),
    ]
    return RecordFile(
        heading=TextLine(first.text, first.language) if first else TextLine(it.code),
        facts=list(of_facts(record)),
        parts=[part for part in parts if part.lines],
        source=[TextLine(f"{Instance.current()}, {day(timezone.localdate())}"), TextLine(address, "en")],
    )


def of_facts(record: Record) -> Iterator[TextLine]:
    it = record.recommendation
    cycle = _("cycle %(cycle)s") % {"cycle": it.review.cycle} if it.review and it.review.cycle else ""
    yield TextLine(" · ".join(filter(None, (it.code, str(it.body.name), cycle))))
    document = it.document.symbol if it.document else ""
    paragraph = f"{_('para.')} {it.paragraph}" if it.paragraph else ""
    if where := listed(filter(None, (document, paragraph, day(it.date)))):
        yield TextLine(where)
    if record.states:
        yield TextLine(f"{_('Recommending States')}: {listed([str(state.country) for state in record.states])}")


def of_labels(record: Record) -> Iterator[TextLine]:
    for group in record.labels:
        yield TextLine(f"{group.taxonomy}: {listed([str(tagging.term) for tagging in group.taggings])}")


def of_positions(positions: Iterable[Position]) -> Iterator[TextLine]:
    for position in positions:
        yield TextLine(listed(filter(None, (position.get_stand_display(), day(position.day), position.symbol))))
        for words in filter(None, (position.words, position.comment)):
            yield TextLine(words, is_typed=True)


def of_actions(actions: Iterable[Action]) -> Iterator[TextLine]:
    for action in actions:
        due = _("due %(day)s") % {"day": day(action.due_on)} if action.due_on else ""
        yield TextLine(" · ".join(filter(None, (str(action.title), action.get_status_display(), due))))


def of_updates(updates: Iterable[Update]) -> Iterator[TextLine]:
    for update in updates:
        yield TextLine(" · ".join(filter(None, (str(update.institution), day(update.published_at)))))
        yield TextLine(update.text, update.language, is_typed=not update.language)


def of_voices(voices: Voices) -> Iterator[TextLine]:
    for column in voices.columns:
        for line in column.now:
            assessment = line.assessment
            yield TextLine(
                f"{column.label}: {assessment.get_common_display()} ({listed([line.who, day(assessment.date)])})"
            )
            if assessment.reason:
                yield TextLine(assessment.reason, is_typed=True)


def day(moment: date | None) -> str:
    return date_format(moment, "DATE_FORMAT") if moment else ""


def write_pdf(file: RecordFile, title: str) -> bytes:
    """Raises `Refused` where system libraries are missing."""
    page = {
        "file": file,
        "title": title,
        "instance": Instance.current(),
        "language": get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
    }
    return pdf_of(render_to_string("progress/records/record_pdf.html", page))


def write_docx(file: RecordFile, title: str) -> bytes:
    document = Document()
    set_language(document)
    for name, size in SIZES.items():
        document.styles[name].font.size = Pt(size)
    paper = document.sections[0]
    paper.page_width, paper.page_height = Cm(21), Cm(29.7)
    paper.left_margin = paper.right_margin = paper.top_margin = paper.bottom_margin = Cm(2)
    document.core_properties.title, document.core_properties.author = title, str(Instance.current())
    document.core_properties.comments = ""
    for line in file.facts:
        add(document, line)
    add(document, file.heading, "Heading 1")
    for part in file.parts:
        add(document, TextLine(part.title), "Heading 2")
        for line in part.lines:
            add(document, line)
    for line in file.source:
        add(document, line)
    add_page_number(paper)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def add(document: DocumentType, line: TextLine, style: str = "Normal") -> None:
    paragraph = document.add_paragraph(style=style)
    run = paragraph.add_run(line.text)
    turn(paragraph, is_rtl=line.is_rtl, size=SIZES[style])
    set_run_language(run, line.language)


def add_page_number(paper: Section) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paper.footer.paragraphs[0]._p.append(field)


WRITERS: dict[str, Callable[[RecordFile, str], bytes]] = {"pdf": write_pdf, "docx": write_docx}
