"""Word files that come back: what was changed in them, by whom, and what becomes of it."""

import random
import time
from copy import deepcopy
from datetime import date
from functools import partial
from io import BytesIO

import pytest
from docx import Document
from lxml import etree

from servanda.kit.refusal import Refused
from servanda.people.versioning import ChangedMeanwhile
from servanda.reporting.models import ReturnedNote, ReturnedSection, SentCopy, WordReturn
from servanda.reporting.reports import services as writing
from servanda.reporting.returns import services as deeds
from servanda.reporting.returns.comparing import merged, paragraph_difference
from tests import reports_make, word_edits
from tests.reporting.documents.test_report_documents import ARABIC, RICH
from tests.returns_make import kept, notes, proposals, returned, sent, written
from tests.word_check import W, faults
from tests.word_edits import paragraph_with, replace_words, run, tracked, xml

pytestmark = pytest.mark.django_db
FRENCH = "Le Gouvernement a adopté la loi : « elle s’applique à tous » ; voir A/HRC/42/15.\n\n1. d’abord\n2. ensuite"
PROSE = "the State adopted a law on equal access to health care for all persons in rural areas"
KINDS = ReturnedNote.Kind
NAMESPACES = {"w": word_edits.MAIN}


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


def test_paragraphs_without_words_in_common_are_not_mixed():
    old = "It offers its experience with the register of accessible buildings."
    new = f"{old}\n\nText below a heading that the system does not know."
    assert paragraph_difference(old, "## H. Something of our own\n\nA heading that the system has.") == [
        ("gone", old),
        ("same", "\n\n"),
        ("new", "## H. Something of our own\n\nA heading that the system has."),
    ]
    assert paragraph_difference(old, new)[0] == ("same", old)


# Files that are refused
