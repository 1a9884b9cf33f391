"""Word files that come back: what was changed in them, by whom, and what becomes of it."""

import random
import time
from contextlib import closing
from copy import deepcopy
from datetime import date, datetime
from functools import partial
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from docx import Document
from lxml import etree

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.reporting.documents.contents import document_of, in_language_of
from servanda.reporting.documents.files import WRITERS
from servanda.reporting.models import ReturnedNote, ReturnedSection, SectionDivision, SentCopy, WordReturn
from servanda.reporting.reports import services as writing
from servanda.reporting.reports.splitting import split_report_section
from servanda.reporting.returns import part_services as part_deeds
from servanda.reporting.returns import parts as dividing
from servanda.reporting.returns import services as deeds
from servanda.reporting.returns.comparing import merged, paragraph_difference
from servanda.reporting.returns.copies import mark_copy
from servanda.reporting.returns.queries import compared
from servanda.reporting.returns.receiving import MOST_COMMENTS, read_word_return
from tests import make, reports_make, word_edits
from tests.reporting.documents.test_report_documents import ARABIC, RICH
from tests.word_check import W, faults
from tests.word_edits import paragraph_with, replace_words, run, tracked

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 29)
AT = datetime(2026, 11, 29, 10, tzinfo=timezone.get_default_timezone())
FRENCH = "Le Gouvernement a adopté la loi : « elle s’applique à tous » ; voir A/HRC/42/15.\n\n1. d’abord\n2. ensuite"
PROSE = "the State adopted a law on equal access to health care for all persons in rural areas"
KINDS = ReturnedNote.Kind
NAMESPACES = {"w": word_edits.MAIN}


@pytest.fixture
def coordinator():
    return make.user(Role.COORDINATOR)


@pytest.fixture
def report(coordinator):
    made = reports_make.report(coordinator)
    written(made, "method", "The law of 2024 applies.\n\nIt is **new** and it works.", coordinator)
    written(made, "chapters", "One paragraph.\n\nAnother one.", coordinator)
    return made


def written(report, key: str, text: str, by):
    section = report.sections.get(key=key)
    return writing.write_section(section=section, text=text, seen=section.version, by=by)


def sent(report, by) -> bytes:
    with in_language_of(report):
        document = document_of(report, by, on=DAY)
        mark_copy(document, report, by=by)
        with closing(WRITERS["docx"](document, AT)) as file:
            return file.read()


def returned(report, content: bytes, by, name: str = "returned.docx") -> WordReturn:
    return read_word_return(report=report, file=ContentFile(content), name=name, by=by)


def proposals(word_return: WordReturn) -> dict[str, str]:
    rows = word_return.sections.filter(state=ReturnedSection.State.PROPOSED).select_related("sent__section")
    return {row.sent.section.key: row.text for row in rows}


def notes(word_return: WordReturn, *kinds: str) -> list[tuple]:
    rows = word_return.notes.filter(kind__in=kinds) if kinds else word_return.notes.all()
    return [(row.kind, row.section.key if row.section else "", row.author, row.text) for row in rows]


def kept(report, content: bytes, by) -> WordReturn:
    word_return = returned(report, content, by)
    deeds.keep_word_return(word_return=word_return, by=by)
    return word_return


def test_a_file_that_was_not_edited_changes_nothing(report, coordinator):
    word_return = returned(report, sent(report, coordinator), coordinator)
    assert proposals(word_return) == {}
    assert notes(word_return) == []


RICHEST = f"""{RICH}

10. ten
11. eleven

---

```
code {{}} here

  and `there`
```

- item

  > quoted in an item

  | a | b |
  | --- | --- |
  | 1 | 2 |
- last

* a * b, snake_case, 2024. Then [sic] & &amp; <b>; **bold *and* more** end.[^9]
"""


@pytest.mark.parametrize(
    ("language", "text"), [("en", RICHEST), ("ar", ARABIC), ("fr", FRENCH)], ids=["en", "ar", "fr"]
)
def test_libreoffice_saves_it_without_a_change(coordinator, tmp_path, language, text):
    template = reports_make.template("Mid-term report", "Method", "Chapters", "Views")
    reports_make.section(template, "Annex: matrix", content="matrix", is_counted=False)
    report = reports_make.report(coordinator, template=template, language=language, title="تقرير <1> & more")
    written(report, "method", text, coordinator)
    written(report, "chapters", "See [](#method), paragraph [#](#method).", coordinator)
    content = sent(report, coordinator)
    assert faults(content) == []
    word_return = returned(report, word_edits.saved_by_libreoffice(content, tmp_path), coordinator)
    assert proposals(word_return) == {}
    assert notes(word_return) == []


def test_a_changed_word_is_proposed_and_the_rest_keeps_its_markdown(report, coordinator):
    written(report, "method", "A [link](https://example.org).\n\nIt is **new** and it works.", coordinator)
    content = word_edits.edited(sent(report, coordinator), replace_words("it works", "it is in force"))
    word_return = returned(report, content, coordinator)
    assert proposals(word_return) == {
        "method": "A [link](https://example.org).\n\nIt is **new** and it is in force.\n"
    }


def test_paragraphs_lists_and_tables_come_back_as_markdown(report, coordinator, tmp_path):
    content = sent(report, coordinator)
    document = Document(BytesIO(content))
    anchor = next(row for row in document.paragraphs if row.text == "Another one.")
    for text in ("1. not a list", "# not a heading", "a * star, [x](y) and `code`"):
        anchor.insert_paragraph_before(text)
    bold = anchor.insert_paragraph_before()
    bold.add_run("Bold").bold = True
    bold.add_run(" and plain")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip(
        [cell for row in table.rows for cell in row.cells], ["Year", "Value", "2024", "a|b"], strict=True
    ):
        cell.text = words
    anchor._p.addprevious(table._tbl)
    edited = BytesIO()
    document.save(edited)
    word_return = returned(report, edited.getvalue(), coordinator)
    text = proposals(word_return)["chapters"]
    assert text == (
        "One paragraph.\n\n1\\. not a list\n\n\\# not a heading\n\na * star, [x\\](y) and \\`code\\`\n\n"
        "**Bold** and plain\n\n| Year | Value |\n| --- | --- |\n| 2024 | a\\|b |\n\nAnother one.\n"
    )


def test_a_changed_list_keeps_its_levels(report, coordinator):
    written(report, "method", "- one\n- two\n\n  more of two\n  1. inner\n  2. last\n\nEnd.", coordinator)
    content = word_edits.edited(sent(report, coordinator), replace_words("inner", "within"))
    word_return = returned(report, content, coordinator)
    assert proposals(word_return)["method"] == ("- one\n- two\n\n  more of two\n\n  1. within\n  2. last\n\nEnd.\n")


def change_with_marks(body) -> None:
    paragraph = paragraph_with(body, "The law of 2024")
    old = paragraph.find(f"{W}r")
    old.addprevious(tracked("del", run("The law of 2024 applies.", deleted=True), number=901))
    old.addprevious(tracked("ins", run("Act 7 applies to all.")))
    paragraph.remove(old)
    moved, end = paragraph_with(body, "One paragraph."), paragraph_with(body, "Another one.")
    text = moved.find(f"{W}r")
    text.addprevious(tracked("moveFrom", run("One paragraph.", deleted=True), number=902))
    moved.remove(text)
    end.append(tracked("moveTo", run(" One paragraph."), number=903))


def test_tracked_changes_are_read_with_their_author(report, coordinator):
    content = word_edits.edited(sent(report, coordinator), change_with_marks)
    word_return = returned(report, content, coordinator)
    assert proposals(word_return) == {
        "method": "Act 7 applies to all.\n\nIt is **new** and it works.\n",
        "chapters": "Another one. One paragraph.\n",
    }
    assert notes(word_return) == [
        (KINDS.DELETED, "method", "Ana Legal", "The law of 2024 applies."),
        (KINDS.INSERTED, "method", "Ana Legal", "Act 7 applies to all."),
        (KINDS.MOVED_AWAY, "chapters", "Ana Legal", "One paragraph."),
        (KINDS.MOVED_HERE, "chapters", "Ana Legal", "One paragraph."),
    ]
    assert word_return.notes.first().day == date(2026, 11, 20)


def move_the_method(body, *, keeps_mark_at: str) -> None:
    """The first section to the end, as Word tracks it; its bookmark stays at one of the two places or at both."""
    rows = [row for row in body if row.tag == f"{W}p"]
    [first, second] = [
        next(
            place
            for place, row in enumerate(rows)
            if words in "".join(row.itertext()) and row.xpath(".//*[@w:name]", namespaces=NAMESPACES)
        )
        for words in ("Method", "Chapters")
    ]
    away = rows[first:second]
    here = deepcopy(away)
    for kind, moved in (("moveFrom", away), ("moveTo", here)):
        for paragraph in moved:
            word_edits.track_move(paragraph, kind)
            for mark in paragraph.xpath("w:bookmarkStart | w:bookmarkEnd", namespaces=NAMESPACES):
                if keeps_mark_at not in (kind, "both"):
                    paragraph.remove(mark)
    for paragraph in here:
        paragraph_with(body, "Another one.").getparent().append(paragraph)


@pytest.mark.parametrize("place", ["moveFrom", "moveTo", "both"])
def test_a_section_that_was_moved_with_tracked_changes_keeps_its_text(report, coordinator, place):
    content = word_edits.edited(sent(report, coordinator), partial(move_the_method, keeps_mark_at=place))
    word_return = returned(report, content, coordinator)
    assert proposals(word_return) == {}
    [away, here] = notes(word_return, KINDS.MOVED_AWAY, KINDS.MOVED_HERE)
    assert here[:2] == ("moved-here", "method")
    assert away[3] == here[3]


def delete_the_end_of_a_paragraph(body) -> None:
    paragraph = paragraph_with(body, "One paragraph.")
    marks = etree.SubElement(paragraph.find(f"{W}pPr"), f"{W}rPr")
    marks.append(tracked("del"))


def test_a_deleted_paragraph_mark_joins_two_paragraphs(report, coordinator):
    content = word_edits.edited(sent(report, coordinator), delete_the_end_of_a_paragraph)
    assert proposals(returned(report, content, coordinator)) == {"chapters": "One paragraph.Another one.\n"}


def test_comments_come_back_at_their_section(report, coordinator):
    wanted = [("The law of 2024", "Which law?"), ("Another one.", "Name it.")]
    content = word_edits.with_comments(sent(report, coordinator), wanted)
    word_return = returned(report, content, coordinator)
    assert proposals(word_return) == {}
    assert notes(word_return) == [
        (KINDS.COMMENT, "method", "Ana Legal", "Which law?"),
        (KINDS.COMMENT, "chapters", "Ana Legal", "Name it."),
    ]
    comment = word_return.notes.first()
    assert (comment.quoted, comment.day) == ("The law of 2024 applies.", date(2026, 11, 20))


def test_a_comment_over_two_sections_is_at_the_first_and_quotes_both(report, coordinator):
    content = word_edits.with_comments(sent(report, coordinator), [("it works", "Both?")])

    def widen(body):
        [end] = body.iter(f"{W}commentRangeEnd")
        paragraph_with(body, "One paragraph").extend([end, end.getnext()])

    word_return = returned(report, word_edits.edited(content, widen), coordinator)
    [comment] = word_return.notes.all()
    assert (comment.section.key, comment.quoted) == ("method", "It is new and it works. Chapters One paragraph.")


def test_comments_survive_libreoffice(report, coordinator, tmp_path):
    content = word_edits.with_comments(sent(report, coordinator), [("Another one.", "اذكره")])
    word_return = returned(report, word_edits.saved_by_libreoffice(content, tmp_path), coordinator)
    assert notes(word_return) == [(KINDS.COMMENT, "chapters", "Ana Legal", "اذكره")]


def test_what_was_sent_is_compared_not_what_is_here_now(report, coordinator):
    content = sent(report, coordinator)
    written(report, "chapters", "One paragraph.\n\nA third one.", coordinator)
    assert proposals(returned(report, content, coordinator)) == {}


def add_outside(body) -> None:
    for words, before in (("A cover letter.", "Language"), ("New heading text", "Chapters")):
        paragraph = paragraph_with(body, before)
        copy = deepcopy(paragraph)
        for text in list(copy.iter(f"{W}t"))[1:]:
            text.getparent().remove(text)
        next(copy.iter(f"{W}t")).text = words
        if before == "Language":
            paragraph.addnext(copy)
        else:
            next(paragraph.iter(f"{W}t")).text = words


def test_text_outside_of_the_sections_is_kept(report, coordinator):
    content = word_edits.edited(sent(report, coordinator), add_outside)
    word_return = returned(report, content, coordinator)
    assert proposals(word_return) == {}
    assert {(kind, key, text) for kind, key, _author, text in notes(word_return)} == {
        (KINDS.OUTSIDE, "", "A cover letter."),
        (KINDS.OUTSIDE, "chapters", "Heading: New heading text"),
    }


def without_marks(body) -> None:
    for mark in [*body.iter(f"{W}bookmarkStart"), *body.iter(f"{W}bookmarkEnd")]:
        mark.getparent().remove(mark)


def test_lost_marks_of_sections_are_replaced_by_headings(report, coordinator):
    content = word_edits.edited(sent(report, coordinator), without_marks)
    content = word_edits.edited(content, replace_words("Another one.", "Another two."))
    assert proposals(returned(report, content, coordinator)) == {"chapters": "One paragraph.\n\nAnother two.\n"}


def with_marks_at_the_end(body) -> None:
    """As LibreOffice leaves the bookmark of a section that ends with a table."""
    mark = next(row for row in body.iter(f"{W}bookmarkStart") if row.get(f"{W}name") == "_Section_2")
    paragraph_with(body, "Another one.").append(mark)


def test_a_mark_that_moved_to_the_end_of_its_section_is_replaced_by_the_heading(report, coordinator):
    content = word_edits.edited(sent(report, coordinator), with_marks_at_the_end)
    word_return = returned(report, content, coordinator)
    assert not word_return.sections.exists()
    assert notes(word_return) == []


def without_chapters(body) -> None:
    for words in ("Chapters", "One paragraph.", "Another one."):
        paragraph = paragraph_with(body, words)
        paragraph.getparent().remove(paragraph)


def test_a_section_that_is_missing_is_named_and_stays(report, coordinator):
    content = word_edits.edited(sent(report, coordinator), without_chapters)
    word_return = returned(report, content, coordinator)
    [row] = word_return.sections.all()
    assert (row.sent.section.key, row.state) == ("chapters", ReturnedSection.State.MISSING)


def test_endnotes_keep_their_marks_and_new_ones_are_put_in_parentheses(report, coordinator):
    source = reports_make.source("updates")
    for key in ("1", "2"):
        section = report.sections.get(key="method")
        fact = reports_make.fact(f"Fact {key}.", key=key, citation=f"Update {key}")
        writing.quote_fact(
            section=section, source=source, fact=fact, text=section.text, seen=section.version, by=coordinator
        )
    content = word_edits.edited(sent(report, coordinator), replace_words("Fact 2.", "Fact two."))
    parts = word_edits.parts_of(content)
    parts["word/endnotes.xml"] = parts["word/endnotes.xml"].replace(b"Update 1", b"Update 1, of 2025")
    text = proposals(returned(report, word_edits.packed(parts), coordinator))["method"]
    assert "> Fact 1. (Update 1, of 2025)" in text
    assert "> Fact two.[^2]" in text


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_a_comment_on_a_note_comes_back_at_the_section_with_its_mark(report, coordinator, kind):
    content = word_edits.with_comments(sent(report, coordinator), [("One paragraph", "Whose?")])
    note = (
        f'<w:{kind} w:id="77"><w:p><w:r><w:t>See </w:t></w:r><w:commentRangeStart w:id="0"/><w:r><w:t>the act'
        f'</w:t></w:r><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p></w:{kind}>'
    )

    def cite(body):
        for element in list(body.iter(f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}commentReference")):
            element.getparent().remove(element)
        paragraph_with(body, "Another one").append(xml(f'<w:r><w:{kind}Reference w:id="77"/></w:r>'))

    parts = word_edits.parts_of(word_edits.edited(content, cite))
    if kind == "endnote" and "word/endnotes.xml" in parts:
        parts["word/endnotes.xml"] = parts["word/endnotes.xml"].replace(
            b"</w:endnotes>", f"{note}</w:endnotes>".encode()
        )
        content = word_edits.packed(parts)
    else:
        content = word_edits.add_part(parts, f"{kind}s", f'<w:{kind}s xmlns:w="{word_edits.MAIN}">{note}</w:{kind}s>')
    word_return = returned(report, content, coordinator)
    assert notes(word_return, KINDS.COMMENT) == [("comment", "chapters", "Ana Legal", "Whose?")]
    assert word_return.notes.get().quoted == "the act"
    assert "Another one. (See the act)" in proposals(word_return)["chapters"]


def test_accepting_writes_the_section_and_undo_brings_it_back(report, coordinator):
    content = word_edits.edited(sent(report, coordinator), replace_words("One", "Only one"))
    word_return = kept(report, content, coordinator)
    [row] = word_return.sections.all()
    section = report.sections.get(key="chapters")
    deeds.accept_returned_section(returned=row, seen=section.version, by=coordinator)
    section.refresh_from_db()
    assert section.text == "Only one paragraph.\n\nAnother one.\n"
    row.refresh_from_db()
    assert row.state == ReturnedSection.State.ACCEPTED
    deeds.undo_returned_section(returned=row, by=coordinator)
    section.refresh_from_db()
    row.refresh_from_db()
    assert (section.text, row.state) == ("One paragraph.\n\nAnother one.", ReturnedSection.State.PROPOSED)


def test_undo_refuses_where_the_section_was_changed_since(report, coordinator):
    content = word_edits.edited(sent(report, coordinator), replace_words("One", "Only one"))
    [row] = kept(report, content, coordinator).sections.all()
    deeds.accept_returned_section(returned=row, seen=None, by=coordinator)
    written(report, "chapters", "Anew.", coordinator)
    with pytest.raises(Refused, match="changed since"):
        deeds.undo_returned_section(returned=row, by=coordinator)


def test_what_was_changed_here_since_is_kept_beside_what_came_back(report, coordinator):
    content = word_edits.edited(sent(report, coordinator), replace_words("One", "Only one"))
    [row] = kept(report, content, coordinator).sections.all()
    section = written(report, "chapters", "One paragraph.\n\nAnother one.\n\nA third.", coordinator)
    with pytest.raises(ChangedMeanwhile, match="Open the page again"):
        deeds.accept_returned_section(returned=row, seen=section.version - 1, by=coordinator)
    deeds.accept_returned_section(returned=row, seen=section.version, by=coordinator)
    section.refresh_from_db()
    assert section.text == "Only one paragraph.\n\nAnother one.\n\nA third.\n"


@pytest.mark.parametrize(
    ("present", "proposed", "text", "both"),
    [
        ("a\n\nb\n\nc", "a\n\nX\n\nc\n", "a\n\nX\n\nc\n", 0),
        ("A\n\nb\n\nc", "a\n\nb\n\nC", "A\n\nb\n\nC\n", 0),
        ("a\n\nOurs\n\nc", "a\n\nTheirs\n\nc", "a\n\nOurs\n\nTheirs\n\nc\n", 1),
        ("a\n\nSame\n\nc", "a\n\nSame\n\nc", "a\n\nSame\n\nc\n", 0),
        ("a\n\nc", "a\n\nb\n\nc\n\nd", "a\n\nc\n\nd\n", 0),
        ("", "a\n\nX\n\nc", "a\n\nX\n\nc\n", 1),
    ],
)
def test_two_changes_go_together(present, proposed, text, both):
    result = merged("a\n\nb\n\nc", present, proposed)
    assert (result.text, result.both) == (text, both)


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


def test_a_decision_needs_the_file_to_be_kept(report, coordinator):
    content = word_edits.edited(sent(report, coordinator), replace_words("One", "Only one"))
    word_return = returned(report, content, coordinator)
    with pytest.raises(Refused, match="Keep"):
        deeds.accept_returned_section(returned=word_return.sections.get(), seen=None, by=coordinator)
    deeds.discard_word_return(word_return=word_return, by=coordinator)
    assert not WordReturn.objects.exists()
    assert report.sections.get(key="chapters").text == "One paragraph.\n\nAnother one."


def test_equal_files_are_one_copy(report, coordinator):
    sent(report, coordinator)
    sent(report, coordinator)
    assert SentCopy.objects.count() == 1
    written(report, "chapters", "Other.", coordinator)
    sent(report, coordinator)
    assert SentCopy.objects.count() == 2


def test_long_texts_are_compared_in_time():
    """Two texts without a sentence in common: words are compared where that is quick, the rest as a whole."""
    chance = random.Random(7)
    old, new = (
        "\n\n".join(" ".join(chance.choices(PROSE.split(), k=250)) for _row in range(60)) for _text in range(2)
    )
    start = time.process_time()
    found = paragraph_difference(old, new)
    assert time.process_time() - start < 20
    assert "".join(text for kind, text in found if kind != "new").replace("\n", "") == old.replace("\n", "")
    assert "".join(text for kind, text in found if kind != "gone").replace("\n", "") == new.replace("\n", "")


# Files that are refused


def of_another_report(report, coordinator):
    other = reports_make.report(coordinator, title="Other report")
    return sent(other, coordinator)


def of_somebody_else(_report, _coordinator):
    file = BytesIO()
    Document().save(file)
    return file.getvalue()


def with_an_unknown_copy(report, coordinator):
    content = sent(report, coordinator)
    SentCopy.objects.all().delete()
    return content


def cut(report, coordinator):
    return sent(report, coordinator)[:2000]


def with_broken_xml(report, coordinator):
    parts = word_edits.parts_of(sent(report, coordinator))
    return word_edits.packed(parts | {"word/document.xml": parts["word/document.xml"][:-300]})


def with_an_entity(report, coordinator):
    parts = word_edits.parts_of(sent(report, coordinator))
    body = parts["word/document.xml"].partition(b"?>")[2]
    return word_edits.packed(parts | {"word/document.xml": b'<!DOCTYPE x [<!ENTITY a "b">]>' + body.strip()})


def with_macros(report, coordinator):
    parts = word_edits.parts_of(sent(report, coordinator))
    return word_edits.packed(parts | {"word/vbaProject.bin": b"macro"})


def with_many_comments(report, coordinator):
    comments = [("Another one.", str(number)) for number in range(3)]
    content = word_edits.with_comments(sent(report, coordinator), comments)
    parts = word_edits.parts_of(content)
    row = b'<w:comment w:id="7" w:author="A"><w:p><w:r><w:t>x</w:t></w:r></w:p></w:comment>'
    parts["word/comments.xml"] = parts["word/comments.xml"].replace(
        b"</w:comments>", row * (MOST_COMMENTS + 3000) + b"</w:comments>"
    )
    return word_edits.packed(parts)


def bomb(report, coordinator):
    parts = word_edits.parts_of(sent(report, coordinator))
    return word_edits.packed(parts | {"word/media/x.xml": b"0" * 40_000_000})


REFUSED = [
    (of_another_report, "another report: “Other report”"),
    (of_somebody_else, "was not made here"),
    (with_an_unknown_copy, "created by another system"),
    (cut, "cause.docx is damaged"),
    (with_broken_xml, "cause.docx is damaged"),
    (with_an_entity, "cause.docx is damaged"),
    (with_macros, "contains macros"),
    (with_many_comments, "has 5003 comments"),
    (bomb, "unpacks to"),
    (lambda _report, _by: b"\xd0\xcf\x11\xe0 old", "old format of Word"),
    (lambda _report, _by: b"%PDF-1.7", "is not a Word file"),
    (lambda _report, _by: b"", "is not a Word file"),
]


@pytest.mark.parametrize(("make_file", "cause"), REFUSED, ids=[cause for _file, cause in REFUSED])
def test_a_file_that_cannot_be_read_names_the_cause_and_leaves_nothing(report, coordinator, make_file, cause):
    content = make_file(report, coordinator)
    with pytest.raises(FieldRefused, match=cause):
        returned(report, content, coordinator, name="cause.docx")
    assert not WordReturn.objects.exists()
    assert not ReturnedNote.objects.exists()


def test_the_same_file_is_not_read_twice(report, coordinator):
    content = sent(report, coordinator)
    returned(report, content, coordinator)
    with pytest.raises(FieldRefused, match="already read as returned.docx"):
        returned(report, content, coordinator)


def test_control_characters_and_bidi_tricks_are_left_out(report, coordinator):
    content = word_edits.edited(sent(report, coordinator), replace_words("One", "\u202eOne\u2066 {{ 7 }} <b>"))
    assert proposals(returned(report, content, coordinator))["chapters"].startswith("One {{ 7 }} <b> paragraph.")


def test_only_those_who_edit_reports_take_files_back(report, coordinator):
    with pytest.raises(Refused, match="do not have permission"):
        returned(report, sent(report, coordinator), make.user(Role.READER))


# What Word and other programs write


def proposals_after(report, by, change) -> dict[str, str]:
    content = word_edits.edited(sent(report, by), change)
    return proposals(returned(report, content, by))


@pytest.fixture
def two_sections(report, coordinator):
    written(report, "method", "One.\n\nTwo.\n\n| a | b |\n| --- | --- |\n| c | d |\n\nLast.", coordinator)
    written(report, "chapters", "Three.\n\nFour.", coordinator)
    return report


def xml(text: str) -> etree._Element:
    return etree.fromstring(text.replace("<w:", f'<w:x xmlns:w="{word_edits.MAIN}"><w:', 1) + "</w:x>")[0]


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
