"""What Word puts around paragraphs: containers, text boxes, fonts of symbols."""

import pytest
from lxml import etree

from servanda.reporting.models import ReturnedNote
from tests import word_edits
from tests.returns_make import notes, proposals, returned, sent, written
from tests.word_check import W
from tests.word_edits import paragraph_with, xml

pytestmark = pytest.mark.django_db
KINDS = ReturnedNote.Kind


def proposals_after(report, by, change) -> dict[str, str]:
    content = word_edits.edited(sent(report, by), change)
    return proposals(returned(report, content, by))


@pytest.fixture
def two_sections(report, coordinator):
    written(report, "method", "One.\n\nTwo.\n\n| a | b |\n| --- | --- |\n| c | d |\n\nLast.", coordinator)
    written(report, "chapters", "Three.\n\nFour.", coordinator)
    return report


def test_a_paragraph_that_was_joined_with_the_heading_behind_it_stays_in_its_section(two_sections, coordinator):
    def join(body):
        paragraph = word_edits.paragraph_with(body, "Last.")
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            properties = etree.Element(f"{W}pPr")
            paragraph.insert(0, properties)
        properties.append(xml("<w:rPr><w:del w:id='9' w:author='A'/></w:rPr>"))

    assert proposals_after(two_sections, coordinator, join) == {}


@pytest.mark.parametrize(
    ("container", "shown"),
    [
        ("<w:ins w:id='9' w:author='A'>{}</w:ins>", True),
        ("<w:moveTo w:id='9' w:author='A'>{}</w:moveTo>", True),
        ("<w:unknown>{}</w:unknown>", True),
        ("<w:sdt><w:sdtContent><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:sdtContent></w:sdt>", True),
        ("<w:del w:id='9' w:author='A'>{}</w:del>", False),
    ],
)
def test_paragraphs_in_a_container_are_not_lost(two_sections, coordinator, container, shown):
    paragraph = "<w:p><w:r><w:t>Inside.</w:t></w:r></w:p>"

    def put(body):
        word_edits.paragraph_with(body, "Three.").addnext(xml(container.format(paragraph)))

    expected = {"chapters": "Three.\n\nInside.\n\nFour.\n"} if shown else {}
    assert proposals_after(two_sections, coordinator, put) == expected


def test_of_several_forms_of_the_same_blocks_the_first_is_read(two_sections, coordinator):
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    form = f"<w:p xmlns:w='{word_edits.MAIN}'><w:r><w:t>{{}}.</w:t></w:r></w:p>"
    forms = f"<mc:Choice>{form.format('First')}</mc:Choice><mc:Fallback>{form.format('Second')}</mc:Fallback>"
    both = etree.fromstring(f"<mc:AlternateContent xmlns:mc='{space}'>{forms}</mc:AlternateContent>")
    read = proposals_after(
        two_sections, coordinator, lambda body: word_edits.paragraph_with(body, "Three.").addnext(both)
    )
    assert read == {"chapters": "Three.\n\nFirst.\n\nFour.\n"}


@pytest.mark.parametrize(
    ("char", "read"),
    [("F0E0", "→"), ("00E9", "é"), ("F012", "\N{REPLACEMENT CHARACTER}"), ("none", "\N{REPLACEMENT CHARACTER}")],
)
def test_a_symbol_of_a_font_is_read_or_marked(two_sections, coordinator, char, read):
    symbol = f"<w:r><w:sym w:font='Wingdings' w:char='{char}'/></w:r>"
    found = proposals_after(
        two_sections, coordinator, lambda body: word_edits.paragraph_with(body, "Three.").append(xml(symbol))
    )
    assert found == {"chapters": f"Three.{read}\n\nFour.\n"}


def test_a_text_box_in_a_cell_is_read_once(two_sections, coordinator):
    inside = "<w:p><w:r><w:t>Boxed.</w:t></w:r></w:p>"
    box = f"<w:p><w:r><w:pict><w:txbxContent>{inside}</w:txbxContent></w:pict></w:r></w:p>"

    def put(body):
        next(cell for cell in body.iter(f"{W}tc") if "".join(cell.itertext()) == "c").append(xml(box))

    content = word_edits.edited(sent(two_sections, coordinator), put)
    word_return = returned(two_sections, content, coordinator)
    assert proposals(word_return) == {}
    assert [note.text for note in word_return.notes.all()] == ["Boxed."]


def test_a_comment_in_a_text_box_comes_back_at_the_section_around_it(two_sections, coordinator):
    inside = '<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>Boxed.</w:t></w:r><w:commentRangeEnd w:id="0"/></w:p>'
    content = word_edits.with_comments(sent(two_sections, coordinator), [("Four", "Why a box?")])

    def put(body):
        for element in list(body.iter(f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}commentReference")):
            element.getparent().remove(element)
        box = xml(f"<w:r><w:pict><w:txbxContent>{inside}</w:txbxContent></w:pict></w:r>")
        paragraph_with(body, "Four").append(box)

    word_return = returned(two_sections, word_edits.edited(content, put), coordinator)
    assert notes(word_return, KINDS.COMMENT) == [("comment", "chapters", "Ana Legal", "Why a box?")]
