"""Pages of Word tables for translators: download, send back, compare, decide."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from servanda.people.access import Role
from servanda.reporting.models import ReturnedTable, SectionTranslation
from servanda.reporting.reports.services import write_section
from tests import make, reports_make
from tests.desk.reports.test_report_pages import text_of
from tests.reporting.translation_tables.test_translation_tables import LAW, LOI, fill, fill_title, filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def french(coordinator) -> SectionTranslation:
    report = reports_make.report(coordinator)
    write_section(section=report.sections.get(key="method"), text=f"{LAW}\n\nSecond.", seen=1, by=coordinator)
    return reports_make.into(report, "fr", coordinator).sections.get(section__key="method")


def at(french, name: str) -> str:
    return reverse(f"desk:{name}", args=[french.into.report.key, french.into.language])


def send(client, french, content: bytes, name: str = "table.docx"):
    file = ContentFile(content, name)
    return client.post(at(french, "send_translation_table"), {"file": file}, follow=True)


def downloaded(client, french) -> bytes:
    answer = client.get(at(french, "translation_table"))
    assert answer["content-disposition"].startswith("attachment")
    assert "Our-report-translation-fr-" in answer["content-disposition"]
    return b"".join(answer.streaming_content)


def test_a_table_goes_out_and_comes_back_and_is_accepted_paragraph_by_paragraph(client, french, coordinator):
    languages = reverse("desk:report_translations", args=[french.into.report.key])
    assert at(french, "translation_table") in text_of(client.get(languages))
    assert "No files sent yet" in text_of(client.get(at(french, "send_translation_table")))
    content = filled(downloaded(client, french), fill("The law", LOI), fill("Second", "Deuxième."))
    shown = text_of(send(client, french, content))
    assert LOI in shown
    assert "To be decided" in shown
    table = ReturnedTable.objects.get()
    assert "1 section to be decided" in text_of(client.get(at(french, "send_translation_table")))
    accept = reverse("desk:accept_returned_translation", args=[table.key, "method"])
    assert "Select at least one paragraph" in text_of(client.post(accept, {"seen": 1, "place": "x"}, follow=True))
    shown = text_of(client.post(accept, {"seen": 1, "place": "1"}, follow=True))
    assert "Accepted as a draft." in shown
    french.refresh_from_db()
    assert (french.text, french.state) == ("Deuxième.", "draft")
    undo = reverse("desk:undo_returned_translation", args=[table.key, "method"])
    assert "Undone." in text_of(client.post(undo, follow=True))
    everything = reverse("desk:accept_returned_table", args=[table.key])
    assert "The translations of 1 section were accepted as drafts." in text_of(client.post(everything, follow=True))
    french.refresh_from_db()
    assert french.text == f"{LOI}\n\nDeuxième."


def test_the_same_file_sent_twice_and_a_file_that_is_no_table_are_refused(client, french, coordinator):
    content = filled(downloaded(client, french), fill("The law", LOI))
    send(client, french, content)
    assert "already read as" in text_of(send(client, french, content, "again.docx"))
    assert "not a Word file" in text_of(send(client, french, b"%PDF-1.7", "x.docx"))
    assert ReturnedTable.objects.count() == 1


def test_refusing_leaves_the_translation(client, french, coordinator):
    send(client, french, filled(downloaded(client, french), fill("The law", LOI)))
    table = ReturnedTable.objects.get()
    refuse = reverse("desk:refuse_returned_translation", args=[table.key, "method"])
    assert "stays as it is" in text_of(client.post(refuse, follow=True))
    french.refresh_from_db()
    assert french.text == ""


def test_the_title_is_decided_like_a_section(client, french, coordinator):
    send(client, french, filled(downloaded(client, french), fill_title("Notre rapport")))
    table = ReturnedTable.objects.get()
    shown = text_of(client.get(table.get_absolute_url()))
    assert "Title of the report" in shown
    assert "Notre rapport" in shown
    accept = reverse("desk:accept_returned_translation", args=[table.key, "report-title"])
    client.post(accept, {"seen": french.into.version, "place": "heading"}, follow=True)
    assert french.into.report.translations.get().title == "Notre rapport"
    undo = reverse("desk:undo_returned_translation", args=[table.key, "report-title"])
    assert "Undone." in text_of(client.post(undo, follow=True))
    assert french.into.report.translations.get().title == ""
    refuse = reverse("desk:refuse_returned_translation", args=[table.key, "report-title"])
    assert "stays as it is" in text_of(client.post(refuse, follow=True))


def test_the_pages_have_a_fixed_number_of_queries(client, french, coordinator, django_assert_max_num_queries):
    report = french.into.report
    for section in report.sections.exclude(key="method"):
        write_section(section=section, text=LAW, seen=1, by=coordinator)
    content = downloaded(client, french)
    send(client, french, filled(content, fill("The law", LOI)))
    table = ReturnedTable.objects.get()
    for translation in french.into.sections.exclude(pk=french.pk):
        row = table.sections.model(table=table, translation=translation, heading=["a", "", ""], rows=[[LAW, "", LOI]])
        row.save()
    with django_assert_max_num_queries(20):
        assert client.get(table.get_absolute_url()).status_code == 200
    with django_assert_max_num_queries(20):
        assert client.get(at(french, "translation_table")).status_code == 200


def test_an_institution_that_does_not_translate_finds_nothing(client, french, coordinator):
    table = reports_make.returned_table(french, coordinator)
    reports_make.assigned(french.into.report, "method", make.institution("moj"), coordinator)
    client.force_login(make.user(Role.FOCAL_POINT, make.institution("moj")))
    assert client.get(table.get_absolute_url()).status_code == 404
    assert client.get(at(french, "translation_table")).status_code == 404
