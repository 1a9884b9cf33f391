"""The files of a report: the same blocks in Word, PDF, HTML and Markdown; nothing is lost in silence."""

import re
from contextlib import closing
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from django.utils import timezone
from docx import Document
from lxml import etree

from servanda.people.access import Role
from servanda.people.models import Instance, Institution
from servanda.planning.models import Indicator
from servanda.recommendations.models import Cluster, ClusterMember
from servanda.reporting.documents.blocks import Kind
from servanda.reporting.documents.contents import ReportDocument, document_of, in_language_of
from servanda.reporting.documents.files import WRITERS, name_of
from servanda.reporting.documents.html import page_of
from servanda.reporting.documents.word_blocks import WIDTH
from servanda.reporting.reports import services
from servanda.reporting.reports.counting import plain_text
from tests import indicator_make, make, reports_make, word_edits
from tests.once import built_once
from tests.word_check import W, faults

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 29)
AT = datetime(2026, 11, 29, 10, tzinfo=timezone.get_default_timezone())
RICH = """The law of 2024 **applies** to *all*; see paragraph [#](#chapters) in “[](#chapters)” & <b>not a tag</b>.

## Consultation

1. first
2. second

   still second
   - inner

> A quoted line [^1]

| Year | Value |
| --- | --- |
| 2024 | 1 < 2 & 3 |

`code` and [the web](https://example.org/a?b=1&c=2), [script](javascript:alert(1)).
"""

ARABIC = "القرار 17/119 في الوثيقة A/HRC/42/15 نافذ.\n\n| أ | ب |\n|---|---|\n| ج | د |"


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def written(section, text: str, by):
    return services.write_section(section=section, text=text, seen=section.version, by=by)


def files_of(report, by, *formats: str) -> tuple[ReportDocument, dict[str, bytes]]:
    with in_language_of(report):
        document = document_of(report, by, on=DAY)
        files = {}
        for format in formats or ("docx", "html", "md"):
            with closing(WRITERS[format](document, AT)) as file:
                files[format] = file.read()
    return document, files


@built_once
def rich(coordinator):
    """A report with everything that Markdown has, a section without a text and a matrix of three records."""
    template = reports_make.template("Mid-term report", "Method", "Chapters", "Views")
    reports_make.section(template, "Annex: matrix", content="matrix", is_counted=False)
    cluster = Cluster.objects.create(name="Education")
    for number in range(3):
        record = make.recommendation(f"Build {number} schools & <open> them.")
        ClusterMember.objects.create(cluster=cluster, recommendation=record)
    report = reports_make.report(coordinator, template=template, cluster=cluster, title="Our <report> & more")
    method, chapters = report.sections.get(key="method"), report.sections.get(key="chapters")
    source, fact = reports_make.source("updates"), reports_make.fact()
    quoted = services.quote_fact(section=method, source=source, fact=fact, text="", seen=1, by=coordinator)
    written(quoted, RICH, coordinator)
    written(chapters, "One paragraph.\n\nAnother one.", coordinator)
    return report


def test_word_opens_the_file_without_repair(rich, coordinator):
    _document, files = files_of(rich, coordinator)
    assert faults(files["docx"]) == []


def test_paragraphs_are_numbered_through_the_whole_report(rich, coordinator):
    document, _files = files_of(rich, coordinator)
    assert [block.number for block in document.blocks if block.kind == Kind.PARAGRAPH] == ["1.", "2.", "3.", "4."]
    headings = [(block.number, block.text) for block in document.blocks if block.kind == Kind.HEADING]
    assert headings == [("I.", "Method"), ("", "Consultation"), ("II.", "Chapters"), ("III.", "Views")]


def test_headings_with_numbers_of_their_own_get_no_second_one(coordinator):
    template = reports_make.template("National report")
    template.sections.update(heading={"en": "A. Method"})
    report = reports_make.report(coordinator, template=template)
    report.sections.update(heading="A. Method")
    document, _files = files_of(report, coordinator)
    assert {block.number for block in document.blocks if block.kind == Kind.HEADING} == {""}


def test_references_are_fields_with_the_right_words(rich, coordinator):
    document, files = files_of(rich, coordinator)
    assert "see paragraph 3 in “Chapters” & <b>not a tag</b>." in document.blocks[1].text
    body = etree.fromstring(ZipFile(BytesIO(files["docx"])).read("word/document.xml"))
    marks = {mark.get(f"{W}name"): mark.getparent() for mark in body.iter(f"{W}bookmarkStart")}
    fields = [instruction.text.split() for instruction in body.iter(f"{W}instrText")]
    heading, paragraph = [words[1] for words in sorted(words for words in fields if words[0] == "REF")]
    assert "".join(marks[heading].itertext()) == "Chapters"
    assert "".join(marks[paragraph].itertext()) == "One paragraph."
    assert ["TOC", r"\o", '"1-3"', r"\h", r"\z", r"\u"] in fields


def test_a_reference_to_a_missing_section_is_shown(coordinator):
    report = reports_make.report(coordinator)
    written(report.sections.get(key="method"), "See [](#nowhere).", coordinator)
    document, files = files_of(report, coordinator)
    assert "[There is no section “nowhere”.]" in document.blocks[1].text
    assert faults(files["docx"]) == []


def test_endnotes_are_those_of_word(rich, coordinator):
    _document, files = files_of(rich, coordinator)
    file = ZipFile(BytesIO(files["docx"]))
    notes = etree.fromstring(file.read("word/endnotes.xml"))
    assert "".join(notes[-1].itertext()).strip() == "Update, Ministry"
    assert b'<w:endnoteReference w:id="1"/>' in file.read("word/document.xml")


def test_a_mark_without_a_source_is_shown(coordinator):
    report = reports_make.report(coordinator)
    written(report.sections.get(key="method"), "Known.[^7]", coordinator)
    document, _files = files_of(report, coordinator)
    assert document.notes == ["[The source of this note is missing.]"]


def test_every_file_has_all_texts(rich, coordinator):
    _document, files = files_of(rich, coordinator)
    word = "\n".join(paragraph.text for paragraph in Document(BytesIO(files["docx"])).paragraphs)
    page, markdown = files["html"].decode(), files["md"].decode()
    for text in ("A quoted line", "still second", "inner", "Another one.", "[No text yet.]", "Our <report> & more"):
        assert text in word
        assert text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in page
        assert text.replace("<", r"\<").replace(">", r"\>").replace("[", r"\[").replace("]", r"\]") in markdown
    assert 'href="javascript' not in page
    tables = Document(BytesIO(files["docx"])).tables
    assert tables[0].rows[1].cells[1].text == "1 < 2 & 3"
    assert "Build 2 schools & <open> them." in [cell.text for cell in tables[1].rows[3].cells]


def test_numbered_paragraphs_of_the_markdown_file_read_as_they_are_printed(rich, coordinator):
    document, files = files_of(rich, coordinator)
    numbers = [block.number for block in document.blocks if block.kind == "paragraph" and block.number]
    read = plain_text(files["md"].decode()).split("\n")
    assert numbers[:1] == ["1."]
    assert [number for number in numbers if not any(line.startswith(f"{number} ") for line in read)] == []


def test_the_heads_of_tables_are_repeated_and_the_matrix_is_landscape(rich, coordinator):
    _document, files = files_of(rich, coordinator)
    word = Document(BytesIO(files["docx"]))
    for table in word.tables:
        assert table.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    sizes = [section.page_width > section.page_height for section in word.sections]
    assert sizes == [False, True]


def test_columns_of_a_table_are_as_wide_as_their_texts_need(coordinator):
    report = reports_make.report(coordinator)
    table = "| No. | Action | Year |\n| --- | --- | --- |\n| 1 | Train judges on the rights of the child | 2026 |"
    written(report.sections.get(key="method"), table, coordinator)
    _document, files = files_of(report, coordinator, "docx")
    [number, action, year] = [
        int(cell.get(f"{W}w"))
        for cell in Document(BytesIO(files["docx"])).element.body.xpath("//w:tbl[1]/w:tblGrid/w:gridCol")
    ]
    assert action > 2 * number
    assert number + action + year <= WIDTH
    assert min(number, year) >= WIDTH // 6


def test_the_pdf_is_tagged_and_has_a_title(rich, coordinator):
    _document, files = files_of(rich, coordinator, "pdf")
    with pikepdf.open(BytesIO(files["pdf"])) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "en"
        assert "pdfuaid" in pdf.Root.Metadata.read_bytes().decode()
        assert pdf.docinfo.Title == "Our <report> & more"


def test_a_section_without_a_text_names_who_was_to_write_it(coordinator):
    ministry = make.institution("ministry")
    report = reports_make.report(coordinator)
    section = reports_make.assigned(report, "method", ministry, coordinator)
    document, _files = files_of(report, coordinator)
    gaps = [block.text for block in document.blocks if block.kind == Kind.GAP]
    assert gaps == [f"[No information received from {ministry}.]", "[No text yet.]"]
    assert section.heading == "Method"


def test_the_gap_of_an_institution_that_no_longer_exists_is_still_named(coordinator):
    ministry = make.institution("ministry")
    report = reports_make.report(coordinator)
    reports_make.assigned(report, "method", ministry, coordinator)
    Institution.objects.filter(pk=ministry.pk).update(active_to=date(2020, 1, 1))
    document, files = files_of(report, coordinator)
    assert f"[No information received from {ministry}.]" in [block.text for block in document.blocks]
    assert faults(files["docx"]) == []


def test_an_annex_of_hundreds_of_rows_has_every_row_and_opens_without_repair(coordinator):
    template = reports_make.template("Report", "Method")
    reports_make.section(template, "Annex", content="matrix")
    other = make.body("CRC", "treaty-body")
    records = [make.recommendation(f"Build {number} schools.", body=other) for number in range(600)]
    report = reports_make.report(coordinator, template=template, review=records[0].review)
    document, files = files_of(report, coordinator)
    assert len(document.layout.lines) == 600
    assert faults(files["docx"]) == []
    assert max(len(table._tbl.tr_lst) for table in Document(BytesIO(files["docx"])).tables) == 601
    for number in (0, 500, 599):
        assert f"Build {number} schools." in files["html"].decode()
        assert f"Build {number} schools." in files["md"].decode()


def test_a_heading_above_other_sections_needs_no_text(coordinator):
    report = reports_make.report(coordinator)
    report.sections.filter(key="chapters").update(depth=2)
    written(report.sections.get(key="chapters"), "Text.", coordinator)
    document, _files = files_of(report, coordinator)
    assert Kind.GAP not in {block.kind for block in document.blocks}


def test_a_matrix_without_records_says_so(coordinator):
    template = reports_make.template("Report", "Method")
    reports_make.section(template, "Annex", content="matrix")
    cluster = Cluster.objects.create(name="Empty")
    document, files = files_of(reports_make.report(coordinator, template=template, cluster=cluster), coordinator)
    assert [block.text for block in document.annexes][-1] == "[There is no record in the scope of this report.]"
    assert faults(files["docx"]) == []


def test_drafts_of_positions_stay_inside(rich, coordinator):
    record = ClusterMember.objects.first().recommendation
    record.positions.create(stand="noted", comment="Secret draft", is_draft=True)
    _document, files = files_of(rich, coordinator, "docx", "html", "md", "xlsx")
    assert all(b"Secret draft" not in content for content in files.values())
    body = ZipFile(BytesIO(files["docx"])).read("word/document.xml")
    assert b"Secret draft" not in body


def test_hostile_text_comes_out_clean(coordinator):
    report = reports_make.report(coordinator)
    text = "A\u202egnp.exe\u202c & <w:t>\u2066x\u2069 ]]> \x0b\x1f {{ 7 }} \ufffe end"
    report.sections.filter(key="method").update(text=text)
    _document, files = files_of(report, coordinator)
    assert faults(files["docx"]) == []
    paragraphs = [paragraph.text for paragraph in Document(BytesIO(files["docx"])).paragraphs]
    assert any("Agnp.exe & <w:t>x ]]>" in text and "{{ 7 }}" in text for text in paragraphs)
    assert not {"\u202e", "\u202c", "\u2066"} & set("".join(paragraphs) + files["html"].decode())


@built_once
def charted(coordinator):
    """A report that quotes two values of one indicator."""
    record = make.recommendation()
    indicator = indicator_make.indicator("EDU-1", about=record, name="Children in school")
    values = [indicator_make.value(indicator, year, number) for year, number in ((2023, 40), (2024, 55))]
    report = reports_make.report(coordinator)
    for value in values:
        section = report.sections.get(key="method")
        fact = reports_make.fact(f"{value.value} per cent", key=str(value.pk))
        services.quote_fact(
            section=section, source=reports_make.source("measurements"), fact=fact,
            text=section.text, seen=section.version, by=coordinator,
        )  # fmt: skip
    return report


def test_a_quoted_value_brings_its_chart_once_with_what_it_shows(charted, coordinator):
    document, files = files_of(charted, coordinator)
    [chart] = [block for block in document.blocks if block.kind == Kind.PICTURE]
    assert "from 40" in chart.picture.alternative
    assert faults(files["docx"]) == []
    [picture] = Document(BytesIO(files["docx"])).inline_shapes
    assert picture._inline.docPr.get("descr") == chart.picture.alternative
    assert f'alt="{chart.picture.alternative}"' in files["html"].decode()
    assert "from 40" in files["md"].decode()


def test_a_chart_whose_values_have_gone_leaves_a_gap(charted, coordinator, monkeypatch):
    Indicator.objects.all().delete()
    document, _files = files_of(charted, coordinator)
    assert "[The chart of this indicator is not available.]" in [block.text for block in document.blocks]


def test_arabic_runs_from_right_to_left(coordinator):
    template = reports_make.template("Report", "Method")
    reports_make.section(template, "Annex", content="matrix")
    cluster = Cluster.objects.create(name="Education")
    ClusterMember.objects.create(cluster=cluster, recommendation=make.recommendation())
    report = reports_make.report(coordinator, template=template, cluster=cluster, language="ar", title="تقرير")
    written(
        report.sections.get(key="method"),
        ARABIC,
        coordinator,
    )
    document, files = files_of(report, coordinator)
    assert faults(files["docx"]) == []
    body = etree.fromstring(ZipFile(BytesIO(files["docx"])).read("word/document.xml"))
    assert len(list(body.iter(f"{W}bidiVisual"))) == 2
    symbol = next(run for run in body.iter(f"{W}r") if "".join(run.itertext()) == "A/HRC/42/15")
    assert symbol.find(f"{W}rPr/{W}rtl") is None
    assert all(section.find(f"{W}bidi") is not None for section in body.iter(f"{W}sectPr"))
    assert document.blocks[0].number == "أ-"
    assert '<html lang="ar" dir="rtl">' in files["html"].decode()


def test_numbers_and_symbols_alone_run_with_an_arabic_report(coordinator):
    """A paragraph in another language keeps its direction; symbols of documents are of no language."""
    report = reports_make.report(coordinator, language="ar")
    text = "**121.5, 122.20 (A/HRC/43/15)**\n\nPublic expenditure rose (A/HRC/43/15).\n\nزاد الإنفاق."
    written(report.sections.get(key="method"), text, coordinator)
    _document, files = files_of(report, coordinator)
    body = etree.fromstring(ZipFile(BytesIO(files["docx"])).read("word/document.xml"))
    paragraphs = {"".join(row.itertext()): row for row in body.iter(f"{W}p")}
    turned = {
        words: row.find(f"{W}pPr/{W}bidi") is not None
        for words, row in paragraphs.items()
        if "15" in words or "زاد" in words
    }
    assert turned == {
        "121.5, 122.20 (A/HRC/43/15)": True,
        "Public expenditure rose (A/HRC/43/15).": False,
        "زاد الإنفاق.": True,
    }
    html = files["html"].decode()
    assert re.search(r'dir="rtl">(?:<span[^>]*>[^<]*</span> )?<strong>121', html)
    assert re.search(r'dir="ltr">(?:<span[^>]*>[^<]*</span> )?Public', html)


def test_an_arabic_sentence_that_begins_with_a_latin_name_reads_from_right_to_left(coordinator):
    report = reports_make.report(coordinator, language="ar", title="تقرير")
    mixed, latin = "Seminar on clusters (ندوة سنوية؛ Ljubljana).", "Ratify the Convention."
    written(report.sections.get(key="method"), f"{mixed}\n\n{latin}", coordinator)
    _document, files = files_of(report, coordinator)
    body = etree.fromstring(ZipFile(BytesIO(files["docx"])).read("word/document.xml"))
    turned = {"".join(part.itertext()): part.find(f"{W}pPr/{W}bidi") is not None for part in body.iter(f"{W}p")}
    assert (turned[mixed], turned[latin]) == (True, False)
    page = files["html"].decode()
    assert page.index('dir="rtl"', page.index(mixed) - 160) < page.index(mixed)
    assert 'dir="ltr"' in page[page.index(latin) - 160 : page.index(latin)]


def test_a_latin_title_is_one_run_of_the_line_on_an_arabic_page(coordinator):
    report = reports_make.report(coordinator, language="ar", title="UPR (2026): report 2")
    document, files = files_of(report, coordinator)
    head = etree.fromstring(ZipFile(BytesIO(files["docx"])).read("word/header1.xml"))
    runs = {"".join(run.itertext()): run.find(f"{W}rPr/{W}rtl") is not None for run in head.iter(f"{W}r")}
    assert runs["UPR (2026): report 2"] is False
    assert runs[" · "] is True
    assert "<bdi>UPR (2026): report 2</bdi>" in page_of(document, is_for_print=True)


def test_a_draft_says_so_on_each_page_and_carries_no_symbol(rich, coordinator):
    _document, files = files_of(rich, coordinator)
    head = ZipFile(BytesIO(files["docx"])).read("word/header1.xml").decode()
    assert "Draft" in head
    assert "United Nations" not in head


def test_the_name_says_state_review_kind_and_day(coordinator):
    instance = Instance.current()
    instance.state_code = "SVN"
    instance.save()
    report = reports_make.report(coordinator)
    assert name_of(report, "docx", on=DAY) == "SVN-report-2026-11-29.docx"


def test_an_institution_gets_its_own_sections_only(rich, coordinator):
    ministry = make.institution("ministry")
    reports_make.assigned(rich, "chapters", ministry, coordinator)
    writer = make.user(Role.FOCAL_POINT, ministry)
    document, _files = files_of(rich, writer)
    assert [block.text for block in document.blocks] == ["Chapters", "One paragraph.", "Another one."]
    assert document.annexes == []


def test_libreoffice_opens_and_saves_it_without_loss(rich, coordinator, tmp_path):
    _document, files = files_of(rich, coordinator)
    content = word_edits.saved_by_libreoffice(files["docx"], tmp_path)
    before, after = Document(BytesIO(files["docx"])), Document(BytesIO(content))
    assert words(after) == words(before)
    assert [len(table.rows) for table in after.tables] == [len(table.rows) for table in before.tables]
    saved = ZipFile(BytesIO(content))
    assert b"Update, Ministry" in saved.read("word/endnotes.xml")
    assert b"REF _Ref_" in saved.read("word/document.xml")


def words(document) -> list[str]:
    return " ".join(paragraph.text for paragraph in document.paragraphs).split()
