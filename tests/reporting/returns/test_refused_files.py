"""Word files that cannot be read, are not ours, or were read before."""

from io import BytesIO

import pytest
from docx import Document

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.reporting.models import ReturnedNote, SentCopy, WordReturn
from servanda.reporting.returns.receiving import MOST_COMMENTS
from tests import make, reports_make, word_edits
from tests.returns_make import proposals, returned, sent
from tests.word_edits import replace_words

pytestmark = pytest.mark.django_db


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
