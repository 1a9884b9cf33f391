"""From the file for Word to the texts that came back in it, through the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from servanda.kit.templatetags.form_keys import FIELD
from servanda.people.access import Role
from servanda.reporting.models import ReportSection, ReturnedNote, ReturnedSection, WordReturn
from servanda.reporting.reports import services as writing
from servanda.reporting.reports.splitting import split_report_section
from tests import make, reports_make, word_edits
from tests.word_edits import replace_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def report(coordinator):
    made = reports_make.report(coordinator)
    for section in made.sections.all():
        text = f"The text of {section.key}.\n\nIts end."
        writing.write_section(section=section, text=text, seen=1, by=coordinator)
    return made


def text_of(answer) -> str:
    return answer.content.decode()


def downloaded(client, report) -> bytes:
    answer = client.get(reverse("desk:report_file", args=[report.key, "docx"]))
    return b"".join(answer.streaming_content)


def send(client, report, content: bytes, **form):
    file = SimpleUploadedFile("legal.docx", content)
    return client.post(reverse("desk:send_word_file", args=[report.key]), {"file": file, **form})


def edited(client, report) -> bytes:
    content = word_edits.edited(downloaded(client, report), replace_words("The text of method", "The new text"))
    return word_edits.with_comments(content, [("Its end.", "Is it?")])


def deed(client, name: str, *arguments, **form) -> str:
    return text_of(client.post(reverse(f"desk:{name}", args=arguments), form, follow=True))


def test_from_the_file_for_word_to_an_accepted_text(client, report, coordinator):
    answer = send(client, report, edited(client, report))
    found = WordReturn.objects.get()
    assert answer["Location"] == found.get_absolute_url()
    page = text_of(client.get(found.get_absolute_url()))
    assert "Nothing was changed in the report." in page
    assert "/accept/" not in page
    assert "<del" in page
    assert "Decide on each changed section" in deed(client, "keep_word_return", found.key)
    section = report.sections.get(key="method")
    page = deed(client, "accept_returned_section", found.key, "method", seen=section.version)
    assert "Text accepted." in page
    section.refresh_from_db()
    assert section.text.startswith("The new text.")
    page = deed(client, "undo_returned_section", found.key, "method")
    assert "to be decided again" in page
    assert report.sections.get(key="method").text == "The text of method.\n\nIts end."
    assert "Text refused." in deed(client, "refuse_returned_section", found.key, "method")
    assert ReturnedSection.objects.get().state == ReturnedSection.State.REFUSED


def test_a_comment_is_shown_beside_its_section_until_it_is_resolved(client, report, coordinator):
    send(client, report, edited(client, report))
    found = WordReturn.objects.get()
    editor = reverse("desk:write_section", args=[report.key, "method"])
    assert "Is it?" not in text_of(client.get(editor))
    deed(client, "keep_word_return", found.key)
    page = text_of(client.get(editor))
    assert "Ana Legal" in page
    assert "Is it?" in page
    comment = ReturnedNote.objects.get(kind="comment")
    page = deed(client, "resolve_returned_comment", found.key, comment.place, from_section="1")
    assert "Comment resolved." in page
    assert "Is it?" not in page
    page = deed(client, "reopen_returned_comment", found.key, comment.place)
    assert "Is it?" in page


def test_a_section_that_was_changed_here_since_says_so(client, report, coordinator):
    send(client, report, edited(client, report))
    found = WordReturn.objects.get()
    deed(client, "keep_word_return", found.key)
    section = report.sections.get(key="method")
    text = "The text of method, today.\n\nIts end."
    writing.write_section(section=section, text=text, seen=section.version, by=coordinator)
    page = text_of(client.get(found.get_absolute_url()))
    assert "This section was changed here since it was sent." in page
    assert "In 1 place both changed the same text" in page
    page = deed(client, "accept_returned_section", found.key, "method", seen=section.version)
    assert "Text accepted." not in page
    assert ReportSection.objects.get(pk=section.pk).text == text


def test_a_file_that_cannot_be_read_says_why_beside_the_field(client, report, coordinator):
    answer = send(client, report, b"%PDF-1.7")
    assert answer.status_code == 422
    assert "legal.docx is not a Word file." in text_of(answer)
    assert not WordReturn.objects.exists()


def test_a_preview_can_be_discarded_and_the_file_sent_again(client, report, coordinator):
    content = edited(client, report)
    send(client, report, content)
    page = deed(client, "discard_word_return", WordReturn.objects.get().key)
    assert "File discarded." in page
    assert send(client, report, content).status_code == 302


def test_the_same_form_sent_twice_leads_to_the_first(client, report, coordinator):
    content = edited(client, report)
    page = text_of(client.get(reverse("desk:send_word_file", args=[report.key])))
    key = html.fromstring(page).xpath(f"//input[@name='{FIELD}']/@value")[0]
    first = send(client, report, content, **{FIELD: key})
    second = send(client, report, content, **{FIELD: key})
    assert first["Location"] == second["Location"] == WordReturn.objects.get().get_absolute_url()


def test_the_page_of_a_file_asks_as_much_for_many_sections_as_for_one(client, coordinator):
    template = reports_make.template("Long", *[f"Part {number}" for number in range(30)])
    report = reports_make.report(coordinator, template=template)
    for section in report.sections.all():
        writing.write_section(section=section, text="Text.", seen=1, by=coordinator)
    content = downloaded(client, report)

    def change(body) -> None:
        for text in body.iter(f"{word_edits.W}t"):
            text.text = (text.text or "").replace("Text.", "Other.")

    send(client, report, word_edits.edited(content, change))
    found = WordReturn.objects.get()
    assert found.sections.count() == 30
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = text_of(client.get(f"{found.get_absolute_url()}?page=2"))
    assert "Part 10" in page
    assert "Part 9<" not in page
    assert len(queries) <= 20


def test_the_parts_of_a_divided_section_are_decided_one_by_one(client, report, coordinator):
    section = report.sections.get(key="chapters")
    writing.write_section(section=section, text="One.\n\nTwo.\n\nThree.\n\nFour.", seen=2, by=coordinator)
    content = word_edits.edited(downloaded(client, report), replace_words("One.", "Only one."))
    content = word_edits.edited(content, replace_words("Four.", "Only four."))
    section.refresh_from_db()
    made = split_report_section(section=section, number=2, heading="Second", seen=section.version, by=coordinator)
    send(client, report, content)
    found = WordReturn.objects.get()
    deed(client, "keep_word_return", found.key)
    names = (found.key, section.key)
    page = text_of(client.get(found.get_absolute_url()))
    assert page.count("Accept this part") == page.count("Refuse this part") == 2
    assert "Accept all parts" in page
    deed(client, "refuse_returned_part", *names, section.key)
    page = deed(client, "accept_returned_part", *names, made.key, seen=made.version)
    assert "Undo all parts" in page
    made.refresh_from_db()
    assert made.text == "Three.\n\nOnly four.\n"
    page = deed(client, "undo_returned_part", *names, made.key)
    assert page.count("Accept this part") == 1
    assert client.post(reverse("desk:accept_returned_part", args=[*names, "nothing"])).status_code == 404
