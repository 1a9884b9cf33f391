"""What a file of a report consists of: its title block, its sections as blocks, endnotes, charts, the matrix."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.utils import translation
from django.utils.formats import date_format, localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servanda.kit.pages.markdown_segments import item_mark, join_segments
from servanda.kit.templatetags.pages import language_name
from servanda.people.access import Can, can
from servanda.people.models import Instance, User
from servanda.progress.records.matrix_columns import matrix_columns
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.filters.facets import review_title
from servanda.recommendations.register import matrix
from servanda.reporting.documents.blocks import Block, Kind, Notes, Picture, SectionReader, Span, clean
from servanda.reporting.documents.numbering import has_own_number, number_blocks, resolve_references
from servanda.reporting.facts.registry import FactPicture, fact_sources
from servanda.reporting.inputs.queries import SectionInput, input_of
from servanda.reporting.models import (
    Quotation,
    Report,
    ReportSection,
    ReportTranslation,
    TemplateSection,
    WordTemplate,
)
from servanda.reporting.reports.citations import translate_citations
from servanda.reporting.reports.gaps import TextGap, gaps_in, without_gaps
from servanda.reporting.reports.moments import in_words
from servanda.reporting.reports.queries import Measured, measured
from servanda.reporting.reports.rebuilding import sections_at, title_at
from servanda.reporting.reports.scope import end_of_facts, records_of
from servanda.reporting.translations.aligning import aligned
from servanda.vocab.own_state import own_state

Content = TemplateSection.Content
COLUMNS_OF_FACTS = {
    "positions": ("position", matrix.COMMENT),
    "actions": ("lead", "action"),
    "measurements": ("indicator",),
    "assessments": ("status",),
    "evidence": ("evidence",),
}
BETWEEN = " · "  # parts of the line at the top of each page
NAMED = ("body", "obligation", "review", "period", "language", "date", "words")


@dataclass(slots=True)
class ReportDocument:
    title: str
    issuer: str
    language: str
    facts: list[tuple[str, str]]
    status: str  # such as "Draft"; empty for what was submitted
    blocks: list[Block]
    notes: list[str]
    annexes: list[Block] = field(default_factory=list)  # headings and matrices, on landscape pages behind the notes
    layout: matrix.Layout | None = None
    day: str = ""
    sections: list[ReportSection] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)  # of the entries of the table of contents, in Word
    copy: str = ""  # the key of the `SentCopy`, in files that can come back
    named: dict[str, str] = field(default_factory=dict)  # facts by the names of the fields of Word templates
    template: WordTemplate | None = None  # of the State; None for the form of the United Nations
    filled: tuple[dict[str, str], bytes] | None = None  # places of its blocks by their marks, and the filled template

    @property
    def running_parts(self) -> list[str]:
        return list(filter(None, (self.issuer, self.title, self.day, self.status)))

    @property
    def running_line(self) -> str:
        return BETWEEN.join(self.running_parts)


def in_language_of(report: Report | ReportTranslation) -> AbstractContextManager:
    """Everything in a file is in the language of the report, also dates and the numbers of headings."""
    return translation.override(report.language)


def document_of(
    report: Report,
    user: User,
    *,
    on: date,
    into: ReportTranslation | None = None,
    is_draft: bool = True,
    with_charts: bool = True,
    as_of: datetime | None = None,
) -> ReportDocument:
    """The report, or its translation `into` another language, as far as this person sees it. With `as_of`, its title,
    sections, texts, endnotes, facts and matrix are those of that moment; a translation has none of an earlier one.
    Call it within `in_language_of` it."""
    sections = sections_in(report, user, into=into, is_draft=is_draft, as_of=as_of)
    annexed = [section for section in sections if section.content == Content.MATRIX]
    moment = end_of_facts(report, as_of=as_of)
    layout = matrix_of(report, user, moment, columns_for(annexed)) if annexed else None
    notes = Notes()
    pictures = pictures_of(sections, user, moment) if with_charts else {}
    is_current = is_draft and as_of is None  # requests and accepted gaps are known as of today only
    missing = input_of(report, sections, user) if is_current else {}
    accepted = gaps_in(sections) if is_current and into is None else {}
    body, annexes = blocks_of(sections, notes, pictures, layout, missing, accepted)
    total = total_in(sections, report, user) if is_draft and into is None else None
    found = facts_of(report, on=on, into=into, total=total, as_of=as_of)
    facts = [(name, label, clean(value)) for name, label, value in found]
    own_numbers = any(has_own_number(section.heading) for section in sections)
    number_blocks([*body, *annexes], has_own_numbers=own_numbers)
    resolve_references([*body, *annexes])
    return ReportDocument(
        title=clean(title_of(report, into, as_of)),
        issuer=str(own_state() or Instance.current()),
        language=(into or report).language,
        facts=[(label, value) for _name, label, value in facts if value and label],
        status=status_of(as_of) if is_draft else "",
        blocks=body,
        notes=notes.texts,
        annexes=annexes,
        layout=layout,
        day=date_format(on, "DATE_FORMAT"),
        sections=sections,
        named=dict.fromkeys(NAMED, "") | {name: value for name, _label, value in facts},
        template=template_for(report, (into or report).language),
    )


def title_of(report: Report, into: ReportTranslation | None, as_of: datetime | None) -> str:
    if into and into.title:
        return into.title
    return title_at(report, as_of) if as_of else report.title


def sections_in(
    report: Report, user: User, *, into: ReportTranslation | None, is_draft: bool, as_of: datetime | None
) -> list[ReportSection]:
    """The sections that this person sees with their texts for the file; they are not saved."""
    sections = sections_now(report, user) if as_of is None else sections_at(report, user, as_of)
    if into is not None:
        translate_sections(sections, into)
        translate_citations(sections, into.language, user)
    for section in sections:  # after the translation, which is aligned with the text as it was written
        section.text = section.text if is_draft else without_gaps(section.text)
    return sections


def sections_now(report: Report, user: User) -> list[ReportSection]:
    sections = list(report.sections.readable_by(user).select_related("institution").prefetch_related("quotations"))
    for section in sections:
        section.report = report
    return sections


def template_for(report: Report, language: str) -> WordTemplate | None:
    """A translation has the Word template of the report, unless that is for another language."""
    template = report.word_template
    return template if template and template.language in ("", language) else None


def translate_sections(sections: Sequence[ReportSection], into: ReportTranslation) -> None:
    """Give the sections, which are not saved, the headings and texts of the translation, with a gap for each
    paragraph that has none."""
    found = {row.section_id: row for row in into.sections.filter(section__in=sections)}
    gap = _("[Not translated yet.]")
    for section in sections:
        row = found.get(section.pk)
        segments = aligned(section.text, row.segments if row else [])
        section.heading = (row and row.heading) or section.heading
        section.text = join_segments(
            (segment.source, segment.target or untranslated(segment.source, gap)) for segment in segments
        )


def untranslated(source: str, gap: str) -> str:
    """The text for a paragraph without a translation: a gap, or the source if that is a gap itself, which is not
    submitted."""
    return f"{item_mark(source)}{gap}" if without_gaps(source) else source


def status_of(as_of: datetime | None) -> str:
    if as_of is None:
        return pgettext("document", "Draft")
    return _("Draft as of %(day)s") % {"day": in_words(as_of)}


def total_in(sections: Iterable[ReportSection], report: Report, user: User) -> Measured | None:
    """The words of the whole report; only for those who see all its sections."""
    if not can(user, Can.EDIT_REPORTS):
        return None
    return measured(sum(section.words for section in sections if section.is_counted), report.word_limit)


def facts_of(
    report: Report,
    *,
    on: date,
    into: ReportTranslation | None,
    total: Measured | None,
    as_of: datetime | None,
) -> Iterator[tuple[str, str, str]]:
    """Name, label and value; those without a label are not printed in the form of the United Nations."""
    obligation = report.obligation
    if obligation:
        yield "body", _("Body"), str(obligation.body.name)
        yield "obligation", "", obligation.title or str(obligation.get_kind_display())
    if report.review:
        yield (
            "review",
            _("Review"),
            str(review_title(str(report.review.body.name), report.review.cycle, report.review.year)),
        )
    if report.start or report.end:
        days = [date_format(day, "DATE_FORMAT") if day else "…" for day in (report.start, report.end)]
        yield "period", _("Period"), " – ".join(days)
    yield "language", _("Language"), str(capfirst(language_name((into or report).language)))
    yield "date", _("Date"), date_format(on, "DATE_FORMAT")
    if as_of:
        yield "as_of", _("As of"), in_words(as_of)
    if total:
        counted = {"words": localize(total.words), "limit": localize(total.limit)}
        words = _("%(words)s of %(limit)s words") % counted if total.limit else str(counted["words"])
        yield "words", _("Words"), words


def columns_for(annexed: Iterable[ReportSection]) -> list[str]:
    """Those of the facts that the sections with the matrix want; none means the usual ones."""
    wanted = {code for section in annexed for code in section.fact_codes}
    columns = [column for code in COLUMNS_OF_FACTS if code in wanted for column in COLUMNS_OF_FACTS[code]]
    return ["reference", "states", *columns] if columns else []


def matrix_of(report: Report, user: User, moment: datetime | None, columns: Sequence[str] = ()) -> matrix.Layout:
    """As of the moment. Decided positions only: a report that leaves the State has no drafts of them."""
    audience = replace(audience_of(user), drafts=False, notes=False)
    beside = matrix_columns(audience, user, moment)
    source = matrix.Source(records_of(report, user, as_of=moment), audience, beside, columns=columns, moment=moment)
    return matrix.matrix_of(source)


def blocks_of(
    sections: Sequence[ReportSection],
    notes: Notes,
    pictures: Mapping[tuple[int, int], FactPicture | None],
    layout: matrix.Layout | None,
    missing: Mapping[int, SectionInput],
    gaps: Mapping[int, Sequence[TextGap]],
) -> tuple[list[Block], list[Block]]:
    """The blocks of the text, and those of the annexes; `missing` is what has not been answered, by section, and
    `gaps` are those of its text."""
    body: list[Block] = []
    annexes: list[Block] = []
    lists = 0
    for place, section in enumerate(sections):
        is_annex = section.content == Content.MATRIX
        into = annexes if is_annex else body
        heading = Span(clean(section.heading))
        into.append(Block(Kind.HEADING, [heading], level=section.depth, anchor=section.key, is_ordered=not is_annex))
        reader = reader_of(section, notes, lists)
        into += with_pictures(reader.read(section.text), section, notes, pictures)
        lists = reader.lists
        if is_annex and layout is not None:
            into.append(matrix_block(layout))
        elif is_gap(section, sections[place + 1 : place + 2]):
            into.append(Block(Kind.GAP, [Span(gap_of(section))]))
        if section.pk in missing:
            into += missing_blocks(missing[section.pk].not_in_text(section.text))
        into += accepted_blocks(gaps.get(section.pk, ()))
    return body, annexes


def missing_blocks(given: SectionInput) -> Iterator[Block]:
    for institution, questions in given.missing.items():
        named = "; ".join(question.reference for question in questions)
        sentence = _("[No information received from %(institution)s on: %(questions)s.]")
        yield Block(Kind.GAP, [Span(clean(sentence % {"institution": institution, "questions": named}))])
    of_documents = [row.question for row in given.questions if row.question.document and row.is_without_anybody]
    if unasked := [question.reference for question in of_documents if question.pk not in given.reasons]:
        sentence = _("[No institution was asked: %(questions)s.]")
        yield Block(Kind.GAP, [Span(clean(sentence % {"questions": "; ".join(unasked)}))])
    for row in given.questions:
        if reason := given.reasons.get(row.question.pk):
            sentence = _("[Without an answer: %(question)s. %(reason)s]")
            yield Block(Kind.GAP, [Span(clean(sentence % {"question": row.question.reference, "reason": reason}))])


def accepted_blocks(gaps: Iterable[TextGap]) -> Iterator[Block]:
    """The reasons for the accepted gaps of a section, as blocks below its text."""
    for gap in gaps:
        if gap.reason:
            sentence = _("[Accepted gap: %(gap)s %(reason)s]")
            words = sentence % {"gap": gap.sentence.strip("[]"), "reason": gap.reason}
            yield Block(Kind.GAP, [Span(clean(words))])


def reader_of(section: ReportSection, notes: Notes, lists: int) -> SectionReader:
    citations = {quotation.number: quotation.citation for quotation in section.quotations.all()}
    missing = _("[The source of this note is missing.]")
    return SectionReader(section.key, section.depth, citations, notes, missing, lists)


def matrix_block(layout: matrix.Layout) -> Block:
    if layout.lines:
        return Block(Kind.MATRIX)
    return Block(Kind.GAP, [Span(_("[There is no record in the scope of this report.]"))])


def is_gap(section: ReportSection, following: Sequence[ReportSection]) -> bool:
    """Whether the section has no text, and no section below its heading that could have it instead."""
    if section.content == Content.MATRIX or section.text.strip():
        return False
    return not (following and following[0].depth > section.depth)


def gap_of(section: ReportSection) -> str:
    if section.institution:
        return _("[No information received from %(institution)s.]") % {"institution": section.institution}
    return _("[No text yet.]")


# Charts


def pictures_of(
    sections: Iterable[ReportSection], user: User, as_of: datetime | None
) -> dict[tuple[int, int], FactPicture | None]:
    """The chart of each quotation whose source has charts, by section and number; None where it has gone."""
    quoted: dict[str, list[Quotation]] = {}
    for section in sections:
        for quotation in section.quotations.all():
            quoted.setdefault(quotation.source, []).append(quotation)
    found: dict[tuple[int, int], FactPicture | None] = {}
    for source in fact_sources(quoted):
        if source.pictures is not None:
            drawn = source.pictures([quotation.object_id for quotation in quoted[source.code]], user, as_of)
            for quotation in quoted[source.code]:
                found[quotation.section_id, quotation.number] = drawn.get(quotation.object_id)
    return found


def with_pictures(
    blocks: Iterable[Block],
    section: ReportSection,
    notes: Notes,
    pictures: Mapping[tuple[int, int], FactPicture | None],
) -> Iterator[Block]:
    """Each chart stands behind the paragraph that quotes it first, once in a section."""
    shown: set[str] = set()
    for block in blocks:
        yield block
        for span in block.spans:
            key = (section.pk, notes.keys[span.note - 1][1]) if span.note else None
            if key is None or key not in pictures:
                continue
            if (picture := pictures[key]) is None:
                yield Block(Kind.GAP, [Span(_("[The chart of this indicator is not available.]"))])
            elif picture.key not in shown:
                shown.add(picture.key)
                yield picture_block(picture)


def picture_block(picture: FactPicture) -> Block:
    drawing = Picture(picture.draw(), clean(picture.alternative))
    return Block(Kind.PICTURE, [Span(clean(picture.title))], picture=drawing)
