"""Word files made before a section was divided: each part is compared and decided by itself."""

import pytest

from servanda.kit.refusal import Refused
from servanda.people.versioning import ChangedMeanwhile
from servanda.reporting.models import ReturnedNote, SectionDivision
from servanda.reporting.reports.splitting import split_report_section
from servanda.reporting.returns import part_services as part_deeds
from servanda.reporting.returns import parts as dividing
from servanda.reporting.returns import services as deeds
from servanda.reporting.returns.queries import compared
from tests import word_edits
from tests.returns_make import kept, returned, sent, written
from tests.word_edits import replace_words

pytestmark = pytest.mark.django_db
KINDS = ReturnedNote.Kind


def divided(report, key: str, number: int, heading: str, by):
    section = report.sections.get(key=key)
    return split_report_section(section=section, number=number, heading=heading, seen=section.version, by=by)


def texts(report) -> list[str]:
    return [row.text.strip() for row in report.sections.all()]


FOUR = "One.\n\nTwo of the first.\n\nThree of the second.\n\nFour."


def test_a_file_made_before_a_division_comes_back_to_both_parts(report, coordinator):
    written(report, "chapters", FOUR, coordinator)
    content = word_edits.edited(sent(report, coordinator), replace_words("One.", "Only one."))
    content = word_edits.edited(content, replace_words("Four", "Only four"))
    divided(report, "chapters", 2, "Second", coordinator)
    word_return = kept(report, content, coordinator)
    [row] = compared(word_return, word_return.sections.all())
    assert [part.section.heading for part in row.parts] == ["Chapters", "Second"]
    assert not row.is_uncertain
    before = texts(report)
    deeds.accept_returned_section(returned=row.returned, seen=None, by=coordinator)
    assert texts(report)[1:] == [
        "Only one.\n\nTwo of the first.",
        "Three of the second.\n\nOnly four.",
    ]
    deeds.undo_returned_section(returned=row.returned, by=coordinator)
    assert texts(report) == before


def test_a_section_that_was_divided_twice_after_the_file_was_read(report, coordinator):
    written(report, "chapters", FOUR, coordinator)
    content = word_edits.edited(sent(report, coordinator), replace_words("Four", "Only four"))
    word_return = kept(report, content, coordinator)
    second = divided(report, "chapters", 2, "Second", coordinator)
    divided(report, second.key, 1, "Third", coordinator)
    divided(report, "chapters", 1, "First and a half", coordinator)
    deeds.accept_returned_section(returned=word_return.sections.get(), seen=None, by=coordinator)
    assert texts(report)[1:] == ["One.", "Two of the first.", "Three of the second.", "Only four."]


def test_a_part_that_was_changed_since_is_not_overwritten(report, coordinator):
    written(report, "chapters", FOUR, coordinator)
    content = word_edits.edited(sent(report, coordinator), replace_words("Four", "Only four"))
    made = divided(report, "chapters", 2, "Second", coordinator)
    [row] = kept(report, content, coordinator).sections.all()
    with pytest.raises(ChangedMeanwhile, match="Open the page again"):
        deeds.accept_returned_section(returned=row, seen=None, seen_parts={made.pk: made.version - 1}, by=coordinator)
    made.refresh_from_db()
    deeds.accept_returned_section(returned=row, seen=None, seen_parts={made.pk: made.version}, by=coordinator)
    written(report, made.key, "Anew.", coordinator)
    with pytest.raises(Refused, match="changed since"):
        deeds.undo_returned_section(returned=row, by=coordinator)


def test_a_part_that_the_file_left_as_it_was_is_not_written(report, coordinator):
    written(report, "chapters", FOUR, coordinator)
    content = word_edits.edited(sent(report, coordinator), replace_words("Four", "Only four"))
    divided(report, "chapters", 2, "Second", coordinator)
    [row] = kept(report, content, coordinator).sections.all()
    first = report.sections.get(key="chapters")
    deeds.accept_returned_section(returned=row, seen=None, by=coordinator)
    assert (report.sections.get(key="chapters").version, row.parts.count()) == (first.version, 1)
    written(report, "chapters", "Anew.", coordinator)
    deeds.undo_returned_section(returned=row, by=coordinator)
    assert texts(report)[1:] == ["Anew.", "Three of the second.\n\nFour."]


@pytest.fixture
def halves(report, coordinator):
    """A section that was divided, whose file changed both parts; with its first and its second part."""
    written(report, "chapters", FOUR, coordinator)
    content = word_edits.edited(sent(report, coordinator), replace_words("One.", "Only one."))
    content = word_edits.edited(content, replace_words("Four", "Only four"))
    made = divided(report, "chapters", 2, "Second", coordinator)
    [row] = kept(report, content, coordinator).sections.all()
    return row, report.sections.get(key="chapters"), made


@pytest.mark.database
def test_each_part_is_accepted_or_refused_alone(report, coordinator, halves):
    row, first, second = halves
    before = texts(report)
    part_deeds.accept_returned_part(returned=row, section=second, seen=second.version, by=coordinator)
    assert texts(report)[1:] == ["One.\n\nTwo of the first.", "Three of the second.\n\nOnly four."]
    row.refresh_from_db()
    assert row.state == "proposed"
    part_deeds.refuse_returned_part(returned=row, section=first, by=coordinator)
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("accepted", coordinator)
    part_deeds.undo_returned_part(returned=row, section=second, by=coordinator)
    assert texts(report) == before
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("proposed", None)
    part_deeds.refuse_returned_part(returned=row, section=second, by=coordinator)
    row.refresh_from_db()
    assert row.state == "refused"


def test_all_parts_that_are_left_are_decided_at_once(report, coordinator, halves):
    row, first, second = halves
    part_deeds.refuse_returned_part(returned=row, section=first, by=coordinator)
    deeds.accept_returned_section(returned=row, seen=None, by=coordinator)
    assert texts(report)[1:] == ["One.\n\nTwo of the first.", "Three of the second.\n\nOnly four."]
    deeds.undo_returned_section(returned=row, by=coordinator)
    part_deeds.accept_returned_part(returned=row, section=first, seen=None, by=coordinator)
    deeds.refuse_returned_section(returned=row, by=coordinator)
    row.refresh_from_db()
    assert row.state == "accepted"
    assert {part.section: part.state for part in row.parts.all()} == {first: "accepted", second: "refused"}


def test_a_part_is_decided_once_and_only_if_it_is_one(report, coordinator, halves):
    row, first, second = halves
    part_deeds.refuse_returned_part(returned=row, section=first, by=coordinator)
    with pytest.raises(Refused, match="just done"):
        part_deeds.accept_returned_part(returned=row, section=first, seen=None, by=coordinator)
    with pytest.raises(Refused, match="just done"):
        part_deeds.refuse_returned_part(returned=row, section=report.sections.get(key="method"), by=coordinator)
    with pytest.raises(Refused, match="just done"):
        part_deeds.undo_returned_part(returned=row, section=second, by=coordinator)
    with pytest.raises(ChangedMeanwhile, match="Open the page again"):
        part_deeds.accept_returned_part(returned=row, section=second, seen=second.version - 1, by=coordinator)


@pytest.mark.parametrize(("returned", "is_uncertain"), [("## B", False), ("## C", True)])
def test_a_changed_heading_that_became_the_title_of_a_part_is_uncertain(report, returned, is_uncertain):
    section, made = report.sections.all()
    division = SectionDivision(section=section, made=made, first="a b c", second="g h i")
    parts = dividing.cut(dividing.Part(section, "a b c\n\n## B\n\ng h i", f"a b c\n\n{returned}\n\ng h i"), division)
    assert [part.is_uncertain for part in parts] == [is_uncertain] * 2


@pytest.mark.parametrize(
    ("returned_text", "first", "second", "is_uncertain"),
    [
        ("a b c\n\nd e f\n\ng h i", "a b c\n\nd e f", "g h i", False),
        ("a b c\n\nd e X\n\ng h Y", "a b c\n\nd e X", "g h Y", False),
        ("a b c\n\nd e f\n\nnew\n\ng h i", "a b c\n\nd e f\n\nnew", "g h i", True),
        ("a b c\n\nnew\n\nd e X\n\ng h Y", "a b c\n\nnew\n\nd e X", "g h Y", True),
        ("a b c\n\nd e f", "a b c\n\nd e f", "", False),
        ("g h i", "", "g h i", False),
        ("", "", "", False),
    ],
)
def test_each_text_that_came_back_is_in_one_part(report, returned_text, first, second, is_uncertain):
    section, made = report.sections.all()
    division = SectionDivision(section=section, made=made, first="a b c\n\nd e f", second="g h i")
    parts = dividing.cut(dividing.Part(section, "a b c\n\nd e f\n\ng h i", returned_text), division)
    assert [part.proposed.strip() for part in parts] == [first, second]
    assert [part.is_uncertain for part in parts] == [is_uncertain] * 2


def test_a_comment_comes_back_to_the_part_that_it_is_about(report, coordinator):
    written(report, "chapters", FOUR, coordinator)
    content = word_edits.with_comments(sent(report, coordinator), [("Four.", "Which four?")])
    made = divided(report, "chapters", 2, "Second", coordinator)
    word_return = returned(report, content, coordinator)
    assert [row.section for row in word_return.notes.filter(kind=KINDS.COMMENT)] == [made]
