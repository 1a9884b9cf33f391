"""Pages of translations: the languages of a report, and a section beside its translation."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.reporting.models import Report, ReportSection, ReportTranslation, SectionTranslation
from servanda.reporting.reports.services import write_section
from servanda.reporting.submissions.clearance import start_report_clearance
from servanda.reporting.translations import services
from tests import make, reports_make
from tests.desk.reports.test_report_pages import text_of
from tests.desk.tiles import tiles_on_desk

pytestmark = pytest.mark.django_db
LAW = "The law of 2024 protects victims of trafficking. [^1]"
LOI = "La loi de 2024 protège les victimes de la traite. [^1]"


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def colleague():
    return make.user(Role.COORDINATOR)


@pytest.fixture
def french(coordinator) -> SectionTranslation:
    report = reports_make.report(coordinator)
    section = report.sections.get(key="method")
    write_section(section=section, text=f"{LAW}\n\nSecond <b>paragraph</b>.", seen=1, by=coordinator)
    return reports_make.into(report, "fr", coordinator).sections.get(section__key="method")


def address(translation, name="translate_section", *more) -> str:
    into, section = translation.into, translation.section
    return reverse(f"desk:{name}", args=[into.report.key, into.language, section.key, *more])


def typed(client, translation, *targets, **fields) -> dict[str, str]:
    """What the form sends, with these translations."""
    page = client.get(address(translation)).context
    names = [f"target-{row.offered.segment.place}-{row.offered.segment.key}" for row in page["rows"]]
    form = page["form"]
    sent = {"heading": "Méthode", "seen": form["seen"].value(), "source_seen": form["source_seen"].value()}
    return sent | dict(zip(names, targets, strict=True)) | fields


def test_a_language_is_added_and_edited(client, coordinator):
    report = reports_make.report(coordinator)
    page = reverse("desk:report_translations", args=[report.key])
    assert "No translations yet" in text_of(client.get(page))
    form = reverse("desk:add_report_translation", args=[report.key])
    key = text_of(client.get(form)).partition('name="form_key" value="')[2][:36]
    shown = text_of(client.post(form, {"form_key": key, "language": "ar", "title": ""}, follow=True))
    assert "Language added." in shown
    assert "The title is not translated yet." in shown
    edit = reverse("desk:edit_report_translation", args=[report.key, "ar"])
    values = {"title": "تقريرنا", "due_on": "2020-01-01", "translator": coordinator.pk, "seen": 1}
    assert "Enter a date that is not in the past." in text_of(client.post(edit, values))
    values["due_on"] = "2120-01-01"
    assert "تقريرنا" in text_of(client.post(edit, values, follow=True))
    report.translations.update(due_on="2020-01-01")
    assert "overdue" in text_of(client.get(page))
    assert "Another user" in text_of(client.post(edit, values))
    assert tiles_on_desk(client)["translations"].count == 1
    assert "Our report" in text_of(client.get(reverse("desk:reports"))).partition('id="translations"')[2]


def test_a_translation_that_is_due_is_on_the_desk_of_its_translator(client, coordinator):
    translator = make.user(Role.READER)
    client.force_login(translator)
    assert "translations" not in tiles_on_desk(client)
    late = timezone.localdate() - timedelta(days=1)
    reports_make.into(reports_make.report(coordinator), "fr", coordinator, translator=translator, due_on=late)
    tile = tiles_on_desk(client)["translations"]
    assert (tile.count, tile.note) == (1, "overdue: 1")
    assert "Report to translate" in text_of(client.get(reverse("desk:home")))


def test_a_removed_language_is_restored(client, french):
    names = [french.into.report.key, "fr"]
    shown = text_of(client.post(reverse("desk:remove_report_translation", args=names), follow=True))
    assert "No translations yet" in shown
    assert reverse("desk:restore_report_translation", args=names) in shown
    client.post(reverse("desk:restore_report_translation", args=names))
    assert not ReportTranslation.objects.get().is_dropped


def test_each_paragraph_is_beside_its_translation_in_its_direction(client, coordinator, french):
    arabic = reports_make.into(french.into.report, "ar", coordinator).sections.get(section=french.section)
    page = text_of(client.get(address(arabic)))
    assert '<p class="translation-source" lang="en" dir="ltr">The law of 2024' in page
    assert 'lang="ar" dir="rtl"' in page.partition("<textarea")[2]
    assert "Second &lt;b&gt;paragraph&lt;/b&gt;." in page


def test_a_translation_is_saved_reviewed_and_its_words_are_counted(client, coordinator, colleague, french):
    page = text_of(client.post(address(french), typed(client, french, LOI, "Deuxième paragraphe."), follow=True))
    assert "Saved." in page
    assert "12 words" in page
    assert "another person must review" in page
    client.force_login(colleague)
    assert "may still be writing" in text_of(client.get(address(french)))
    seen = SectionTranslation.objects.get(pk=french.pk).version
    page = text_of(client.post(address(french, "review_translation"), {"seen": seen}, follow=True))
    assert "Translation reviewed." in page
    assert "Reviewer" in page


def test_the_script_saves_without_a_page(client, french):
    sent = typed(client, french, LOI, "", autosave="1")
    answer = json.loads(client.post(address(french), sent).content)
    assert answer["seen"] == 2
    assert "10 words" in answer["saved"]
    refused = client.post(address(french), sent)
    assert (refused.status_code, "Another user" in json.loads(refused.content)["refused"]) == (409, True)


def test_what_is_missing_in_a_translation_is_named(client, french):
    client.post(address(french), typed(client, french, "La loi de 2025.", ""))
    page = text_of(client.get(address(french)))
    missing = page.partition("Not in the translation:")[2].partition("</p>")[0]
    assert "[^1]" in missing
    assert "2024" in missing


def test_two_people_at_once_see_both_texts(client, coordinator, colleague, french):
    sent = typed(client, french, "Ma loi.", "Le mien.")
    reports_make.translated(french, ["Son texte."], colleague)
    answer = client.post(address(french), sent)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Another user saved this translation" in page
    assert "Ma loi." in page.partition("<textarea")[2]
    assert "Saved." in text_of(client.post(address(french), typed_again(answer), follow=True))
    assert "Ma loi." in SectionTranslation.objects.get(pk=french.pk).text


def typed_again(answer) -> dict[str, str]:
    rows = [row.offered.segment for row in answer.context["rows"]]
    form = answer.context["form"]
    sent = {name: form[name].value() for name in ("heading", "seen", "source_seen")}
    return sent | {f"target-{row.place}-{row.key}": row.target for row in rows}


def test_what_was_typed_is_kept_when_the_section_changes_meanwhile(client, coordinator, french):
    sent = typed(client, french, "Ma loi.", "Le mien.")
    section = ReportSection.objects.get(pk=french.section_id)
    write_section(section=section, text=f"New first paragraph.\n\n{LAW}", seen=section.version, by=coordinator)
    answer = client.post(address(french), sent)
    page = text_of(answer)
    assert answer.status_code == 409
    assert [row.offered.segment.target for row in answer.context["rows"]] == ["", "Ma loi."]
    assert "These paragraphs were deleted" in page
    assert "Le mien." in page


def test_an_outdated_paragraph_shows_what_changed_until_it_is_marked(client, coordinator, french):
    reports_make.translated(french, [LOI, "Deuxième."], coordinator)
    section = ReportSection.objects.get(pk=french.section_id)
    changed = f"{LAW}\n\nSecond paragraph, amended."
    write_section(section=section, text=changed, seen=section.version, by=coordinator)
    page = text_of(client.get(address(french)))
    assert "The section has changed since it was translated." in page
    assert "<ins>" in page
    client.post(address(french), typed(client, french, LOI, "Deuxième, modifié."))
    assert "changed since it was translated" in text_of(client.get(address(french)))
    client.post(address(french), typed(client, french, LOI, "Deuxième, modifié.", **{"fits-1": "1"}))
    assert "<ins>" not in text_of(client.get(address(french)))


def test_earlier_translations_are_taken_over_by_a_person_only(client, coordinator, colleague, french):
    reports_make.translated(french, [LOI, "Deuxième."], coordinator)
    services.review_translation(translation=french, seen=None, by=colleague)
    later = reports_make.report(coordinator, title="Later report")
    section = later.sections.get(key="method")
    near = LAW.replace("2024", "2025")
    write_section(section=section, text=f"{LAW}\n\n{near}", seen=1, by=coordinator)
    target = reports_make.into(later, "fr", coordinator).sections.get(section__key="method")
    page = text_of(client.get(address(target)))
    assert "Same text" in page
    assert "Our report" in page
    assert SectionTranslation.objects.get(pk=target.pk).text == ""
    answer = client.post(address(target), typed(client, target, "", "", similar="1"))
    assert answer["Location"].endswith("?similar=1#segment-1")
    page = client.get(answer["Location"])
    assert "% similar" in text_of(page)
    [found] = page.context["similar"]
    client.post(address(target), typed(client, target, "", "", use=f"1:{found.segment.pk}"))
    assert SectionTranslation.objects.get(pk=target.pk).text == LOI
    page = text_of(client.post(address(target), typed(client, target, "", "", use="1:999999")))
    assert "no longer available" in page


def test_versions_are_listed_and_restored(client, coordinator, colleague, french):
    assert "No versions yet" in text_of(client.get(address(french, "translation_versions")))
    reports_make.translated(french, [LOI], coordinator)
    reports_make.translated(french, ["Autre."], colleague)
    page = text_of(client.get(address(french, "translation_versions")))
    assert "What version 2 changed" in page
    client.post(address(french, "restore_translation_version", 1))
    assert SectionTranslation.objects.get(pk=french.pk).text == LOI


@pytest.mark.parametrize("format", ["docx", "html", "md", "pdf"])
def test_the_translation_is_downloaded_with_its_gaps(client, coordinator, french, format):
    reports_make.translated(french, [LOI], coordinator)
    name = reverse("desk:translated_file", args=[french.into.report.key, "fr", format])
    answer = client.get(name)
    content = b"".join(answer.streaming_content)
    assert f"-fr-{timezone.localdate()}.{format}" in answer["Content-Disposition"]
    if format in ("md", "html"):
        assert "La loi de 2024" in content.decode()
        assert "[Pas encore traduit.]" in content.decode().replace("\\", "")


def test_the_page_of_the_report_lists_what_blocks_clearance(client, coordinator, colleague, french):
    report = Report.objects.get()
    for section in report.sections.all():
        if not section.text:
            write_section(section=section, text="Text.", seen=1, by=coordinator)
    start_report_clearance(report=report, steps=["Translation"], by=coordinator)
    client.force_login(colleague)
    page = text_of(client.get(report.get_absolute_url()))
    assert "This step can be cleared once 2 translated sections are finished" in " ".join(page.split())
    assert "Clear this step" not in page
    assert "Translation: translated" not in page


def test_a_section_with_200_paragraphs_has_as_many_queries_as_a_short_one(
    client, coordinator, french, django_assert_max_num_queries
):
    section = ReportSection.objects.get(pk=french.section_id)
    text = "\n\n".join(f"Paragraph number {number} of the section." for number in range(200))
    write_section(section=section, text=text, seen=section.version, by=coordinator)
    with django_assert_max_num_queries(20):
        assert len(client.get(address(french)).context["rows"]) == 200


def test_those_who_read_a_section_read_its_translation_and_write_nothing(client, coordinator, french):
    place = make.institution("ministry")
    section = reports_make.assigned(french.into.report, "method", place, coordinator)
    assert section.pk == french.section_id
    person = make.user(Role.FOCAL_POINT, place)
    sent = typed(client, french, LOI, "")
    client.force_login(person)
    page = text_of(client.get(address(french)))
    assert "readonly" in page
    assert "Mark as reviewed" not in page
    assert "do not have permission" in text_of(client.post(address(french), sent))
    assert SectionTranslation.objects.get(pk=french.pk).text == ""
