import re
from io import BytesIO

import pytest
from django.utils import timezone, translation
from docx import Document
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.recommendations.filters.audiences import Audience, audience_of
from servanda.recommendations.models import Position, Recommendation, RecommendingState, TextVersion
from servanda.recommendations.register import matrix
from tests import assessing_make, make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def records():
    for paragraph in ("140.10", "140.2"):
        record = make.recommendation(f"Text of {paragraph}.", paragraph=paragraph, stand="noted")
        RecommendingState.objects.create(recommendation=record, country=make.country("PER", "Peru"))
        Position.objects.create(recommendation=record, stand="noted", comment="As the law stands.")
    return Recommendation.objects.all()


def everything() -> Audience:
    return audience_of(make.user(Role.COORDINATOR))


def source(records, **more) -> matrix.Source:
    return matrix.Source(records, everything(), **more)


def cells(file) -> list[list[str]]:
    (table,) = Document(file).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def sheet(records) -> list[list]:
    with matrix.write_xlsx(source(records)) as file:
        return CalamineWorkbook.from_filelike(BytesIO(file.read())).get_sheet_by_index(0).to_python()


def test_the_word_matrix_has_one_line_for_each_record_as_a_person_counts(records):
    assert cells(matrix.write_docx(source(records))) == [
        ["No.", "Recommendation", "Recommending States", "Position", "Comment"],
        ["140.2", "Text of 140.2.", "Peru", "Noted", "As the law stands."],
        ["140.10", "Text of 140.10.", "Peru", "Noted", "As the law stands."],
    ]


@pytest.mark.parametrize(
    ("kind", "label"), [("commitment", "Commitment of the network"), ("measure", "Measure ordered")]
)
def test_a_matrix_of_one_other_kind_is_not_headed_recommendations(kind, label):
    make.recommendation("Meet once a year.", kind=kind)
    layout = matrix.matrix_of(source(Recommendation.every_kind.all()))
    assert (layout.title, layout.headings) == ("Matrix", ["No.", label])
    make.recommendation("Ratify the Convention.")
    layout = matrix.matrix_of(source(Recommendation.every_kind.all()))
    assert (layout.title, layout.headings[1]) == ("Matrix of recommendations", "Recommendation")


def test_the_page_lies_on_its_side_and_the_header_repeats(records):
    document = Document(matrix.write_docx(source(records)))
    section = document.sections[0]
    assert section.page_width > section.page_height
    header = document.tables[0].rows[0]._tr
    assert header.find(f".//{qn('w:tblHeader')}") is not None


def test_in_arabic_table_paragraphs_and_runs_go_right_to_left(records):
    TextVersion.objects.create(recommendation=records[0], language="ar", text="التصديق على الاتفاقية")
    with translation.override("ar"):
        document = Document(matrix.write_docx(source(records)))
    table = document.tables[0]
    assert table._tbl.tblPr.find(qn("w:bidiVisual")) is not None
    arabic, english = table.rows[1].cells[1].paragraphs[0], table.rows[2].cells[1].paragraphs[0]
    assert arabic.text == "التصديق على الاتفاقية"
    assert arabic._p.pPr.find(qn("w:bidi")) is not None
    assert arabic.runs[0]._r.rPr.find(qn("w:rtl")) is not None
    assert document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}").get(qn("w:bidi")) == "ar"
    assert english.runs[0]._r.find(f"{qn('w:rPr')}/{qn('w:lang')}").get(qn("w:val")) == "en"
    assert english._p.pPr is None  # an English text in an Arabic matrix stays left to right


def widths(document) -> list[int]:
    return [column.width for column in document.tables[0].columns]


def test_widths_go_by_the_contents_and_fill_the_page(records):
    Recommendation.objects.all()[0].texts.update(text="A long text of a recommendation. " * 20)
    document = Document(matrix.write_docx(source(records)))
    number, text, *_others = widths(document)
    assert text > 5 * number
    room = document.sections[0].page_width - 2 * document.sections[0].left_margin
    assert sum(widths(document)) == pytest.approx(room, rel=0.01)


def test_the_block_below_the_title_names_what_the_file_holds(records):
    document = Document(matrix.write_docx(source(records, filter=["Theme: Health"])))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert "Filter\tTheme: Health" in lines
    assert "Records\t2" in lines
    assert any(line.startswith("Body\t") for line in lines)
    assert "PAGE" in document.sections[0].footer._element.xml
    assert "Draft" not in document.sections[0].header.paragraphs[0].text


def test_a_matrix_with_a_draft_position_names_itself_a_draft_on_each_page(records):
    Position.objects.create(recommendation=records[0], stand="supported", is_draft=True)
    document = Document(matrix.write_docx(source(records)))
    assert document.sections[0].header.paragraphs[0].text.endswith("· Draft")
    assert "Draft: contains positions that are not decided." in [line.text for line in document.paragraphs]


def test_columns_are_chosen_and_the_file_is_named_after_state_review_and_day(client, records):
    Instance.objects.create(state_code="SVN")
    client.force_login(make.user(Role.READER))
    answer = client.get("/desk/register-matrix.docx?column=text&column=states&column=unknown")
    assert re.search(r'filename="SVN-UPR4-matrix-20\d\d-\d\d-\d\d\.docx"', answer["Content-Disposition"])
    file = BytesIO(b"".join(answer.streaming_content))
    assert cells(file)[0] == ["Recommendation", "Recommending States"]


def test_lead_action_and_status_are_columns_for_those_inside(client, records):
    record = records[0]
    make.assignment(record, make.institution("HEALTH"), due_on=timezone.localdate())
    assessing_make.assessment(record, "started")
    client.force_login(make.user(Role.READER))
    answer = client.get("/desk/register-matrix.docx?column=lead&column=status&column=deadline")
    head, first, *_rest = cells(BytesIO(b"".join(answer.streaming_content)))
    assert head == ["Recommendation", "Lead", "Deadline", "Implementation status"]
    assert first[3] == "Government assessment: Started"


def test_the_spreadsheet_says_the_same(records):
    rows = sheet(records)
    assert [str(cell) for cell in rows[1]] == ["140.2", "Text of 140.2.", "Peru", "Noted", "As the law stands."]


def test_a_draft_is_marked_as_one_and_a_deadline_is_told(records):
    first, second = records
    Position.objects.create(recommendation=first, stand="supported", is_draft=True, comment="Ministry agrees.")
    Recommendation.objects.filter(pk=second.pk).update(stand="pending", decide_by="2025-09-01")
    lines = list(matrix.lines(Recommendation.objects.all(), everything()))
    assert (lines[0].values["position"], lines[0].values["comment"]) == (
        "Noted\nDraft: Supported",
        "Ministry agrees.",
    )
    assert lines[1].values["position"] == "To be examined\nto be decided by 1 September 2025"


def test_a_text_that_looks_like_a_formula_stays_a_text(records):
    TextVersion.objects.filter(recommendation=records[0]).update(text="=1+1")
    assert sheet(records)[1][1] == "=1+1"


def test_too_many_rows_for_word_are_refused_with_a_way_out(records, monkeypatch):
    monkeypatch.setattr(matrix, "MOST_ROWS_OF_WORD", 1)
    with pytest.raises(Refused, match="rows. Narrow the list, or download the spreadsheet."):
        matrix.write_docx(source(records))


def test_the_matrix_holds_what_the_list_is_filtered_to(client, records):
    make.recommendation("A treaty body's.", body=make.body("CRC", "treaty-body"), review=None, year=2020)
    client.force_login(make.user(Role.READER))
    answer = client.get("/desk/register-matrix.docx?body=CRC")
    file = BytesIO(b"".join(answer.streaming_content))
    assert [row[1] for row in cells(file)[1:]] == ["A treaty body's."]


def test_strangers_get_no_matrix(client):
    assert client.get("/desk/register-matrix.xlsx").status_code == 302


def test_a_column_that_is_ticked_is_there_to_be_filled_in(client, records):
    client.force_login(make.user(Role.READER))
    answer = client.get("/desk/register-matrix.docx?column=text&column=action&column=comment")
    assert cells(BytesIO(b"".join(answer.streaming_content)))[0] == ["Recommendation", "Action", "Comment"]


def test_both_forms_of_the_register_offer_the_columns(client, records):
    client.force_login(make.user(Role.COORDINATOR))
    page = client.get("/desk/register/").content.decode()
    assert page.count('name="column" value="action"') == 2
