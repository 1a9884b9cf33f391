"""A report in other languages: written, reviewed by another person, outdated when the section changes, cleared, and
what was translated before."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.models import User
from servanda.people.versioning import ChangedMeanwhile
from servanda.proceedings.models import Clearance
from servanda.reporting.models import MemorySegment, Report, ReportSection, ReportTranslation, SectionTranslation
from servanda.reporting.reports import services as writing
from servanda.reporting.submissions import clearance, making
from servanda.reporting.submissions import services as submitting
from servanda.reporting.translations import services
from servanda.reporting.translations.memory import exact_for, similar_to
from servanda.reporting.translations.queries import assigned_translations, translations_of, unfinished_of
from servanda.reporting.translations.services import TranslationValues, Written
from servanda.reporting.translations.terms import finder_of
from servanda.sources.models import Submission
from tests import make, obligation_make, reports_make
from tests.once import built_once
from tests.reports_make import into, translated

pytestmark = pytest.mark.django_db
LAW = "The law of 2024 protects victims of trafficking in persons."
LOI = "La loi de 2024 protège les victimes de la traite des personnes."


@built_once
def coordinator(loaded_once):
    return make.user(Role.COORDINATOR)


@built_once
def colleague(loaded_once):
    return make.user(Role.COORDINATOR)


@built_once
def report(coordinator) -> Report:
    made = reports_make.report(coordinator)
    for section in made.sections.all():
        writing.write_section(section=section, text=f"{LAW}\n\nSecond paragraph.", seen=1, by=coordinator)
    return made


@built_once
def french(report, coordinator) -> SectionTranslation:
    """The section "Method", not translated yet."""
    return into(report, "fr", coordinator).sections.get(section__key="method")


def fresh(translation) -> SectionTranslation:
    return SectionTranslation.objects.select_related("into__report", "section__report__clearance").get(
        pk=translation.pk
    )


def change(translation, text, by) -> None:
    section = ReportSection.objects.get(pk=translation.section_id)
    writing.write_section(section=section, text=text, seen=section.version, by=by)


def test_a_translation_is_written_and_reviewed_by_another_person(french, coordinator, colleague):
    assert fresh(french).shown_state == "none"
    translated(french, [LOI], coordinator)
    assert fresh(french).shown_state == "draft"
    with pytest.raises(Refused, match="First translate all paragraphs"):
        services.review_translation(translation=french, seen=None, by=colleague)
    translated(french, [LOI, "Deuxième paragraphe."], coordinator)
    with pytest.raises(Refused, match="another person must review"):
        services.review_translation(translation=french, seen=None, by=coordinator)
    with pytest.raises(ChangedMeanwhile, match="Open the page again"):
        services.review_translation(translation=french, seen=french.version - 1, by=colleague)
    services.review_translation(translation=french, seen=fresh(french).version, by=colleague)
    assert (fresh(french).shown_state, fresh(french).words) == ("reviewed", 14)
    assert fresh(french).text == f"{LOI}\n\nDeuxième paragraphe."


def test_the_database_refuses_a_review_by_the_translator(french, coordinator):
    translated(french, [LOI, "Deuxième."], coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        SectionTranslation.objects.filter(pk=french.pk).update(state="reviewed", reviewed_by=coordinator)


def test_a_changed_section_makes_the_translation_outdated_until_its_paragraph_is_checked(
    french, coordinator, colleague
):
    reviewed(french, coordinator, colleague)
    change(french, f"{LAW}\n\nSecond paragraph, changed.", colleague)
    assert fresh(french).shown_state == "outdated"
    with pytest.raises(Refused, match="source text has changed"):
        services.review_translation(translation=french, seen=None, by=colleague)
    translated(french, [LOI, "Deuxième paragraphe."], coordinator)
    assert fresh(french).shown_state == "outdated"
    translated(french, [LOI, "Deuxième paragraphe, modifié."], coordinator, fitting={1})
    assert fresh(french).shown_state == "draft"
    services.review_translation(translation=french, seen=None, by=colleague)
    assert fresh(french).is_finished


def test_a_paragraph_that_was_deleted_leaves_the_translation_when_that_is_reviewed(french, coordinator, colleague):
    reviewed(french, coordinator, colleague)
    change(french, LAW, colleague)
    assert fresh(french).shown_state == "outdated"
    services.review_translation(translation=french, seen=None, by=colleague)
    assert (fresh(french).shown_state, fresh(french).text) == ("reviewed", LOI)
    assert fresh(french).versions.first().text == f"{LOI}\n\nDeuxième paragraphe."


def reviewed(translation, by, colleague, *, targets=(LOI, "Deuxième paragraphe.")) -> SectionTranslation:
    translated(translation, targets, by)
    services.review_translation(translation=translation, seen=None, by=colleague)
    return fresh(translation)


@pytest.mark.database
def test_the_set_of_unfinished_ones_agrees_with_each_row(french, report, coordinator, colleague):
    other = french.into.sections.get(section__key="chapters")
    for step in (
        lambda: None,
        partial(reviewed, french, coordinator, colleague),
        partial(translated, other, [LOI, ""], coordinator),
        partial(change, french, "Another text.", colleague),
        partial(change, french, f"{LAW}\n\nSecond paragraph.", colleague),
    ):
        step()
        rows = SectionTranslation.objects.select_related("section")
        assert {row.pk for row in rows if not row.is_finished} == {row.pk for row in rows.unfinished()}
        assert {row.pk for row in rows if row.is_finished} == {row.pk for row in rows.finished()}


def test_the_second_of_two_people_is_told(french, coordinator, colleague):
    seen = french.version
    translated(french, [LOI], coordinator)
    with pytest.raises(ChangedMeanwhile):
        translated(french, ["Autre"], colleague, seen=seen)
    shown = fresh(french).section.version
    change(french, "Another text.", colleague)
    typed = Written(heading="Méthode", targets=[LOI, ""], source_seen=shown)
    with pytest.raises(ChangedMeanwhile, match="while you were translating"):
        services.write_translation(translation=french, written=typed, seen=fresh(french).version, by=coordinator)


def test_an_earlier_version_is_restored_beside_the_section_as_it_is_now(french, coordinator, colleague):
    translated(french, [LOI, "Deuxième."], coordinator)
    translated(french, ["Autre.", "Autre."], colleague)
    change(french, f"{LAW}\n\nSecond paragraph.\n\nThird.", coordinator)
    services.restore_translation_version(translation=french, number=1, by=coordinator)
    restored = fresh(french)
    assert [target for _source, target in restored.segments] == [LOI, "Deuxième.", ""]
    assert [version.number for version in restored.versions.all()] == [3, 2, 1]
    with pytest.raises(Refused, match="cannot be restored"):
        services.restore_translation_version(translation=french, number=3, by=coordinator)


def test_what_was_reviewed_is_offered_for_the_same_and_for_a_similar_text(french, report, coordinator, colleague):
    later = reports_make.report(coordinator, title="Later report")
    section = later.sections.get(key="method")
    same, similar = LAW, LAW.replace("2024", "2025")
    writing.write_section(section=section, text=f"{same}\n\n{similar}", seen=1, by=coordinator)
    target = into(later, "fr", coordinator).sections.get(section__key="method")
    translated(french, [LOI, "Deuxième paragraphe."], coordinator)
    assert exact_for(target, [same], coordinator) == {}
    services.review_translation(translation=french, seen=None, by=colleague)
    [[found]] = exact_for(target, [same, similar], coordinator).values()
    assert (found.segment.target, found.likeness, found.segment.day) == (LOI, 100, timezone.localdate())
    [near] = similar_to(target, similar, coordinator)
    assert near.segment.target == LOI
    assert 90 < near.likeness < 100
    assert similar_to(target, "Nothing alike was ever written in a report.", coordinator) == []
    spanish = into(later, "es", coordinator).sections.get(section__key="method")
    assert exact_for(spanish, [same], coordinator) == {}


def test_a_sentence_of_a_paragraph_is_remembered_too(french, report, coordinator, colleague):
    change(french, f"{LAW} It has applied since March.", coordinator)
    reviewed(french, coordinator, colleague, targets=[f"{LOI} Elle s’applique depuis mars."])
    other = french.into.sections.get(section__key="chapters")
    found = similar_to(other, f"{LAW} Something else was never decided by the courts.", coordinator)
    assert [(row.segment.target, row.is_sentence) for row in found if row.is_sentence] == [(LOI, True)]


def test_nothing_is_offered_from_a_report_that_the_person_does_not_see(french, coordinator, colleague):
    reviewed(french, coordinator, colleague)
    translator = make.user(Role.READER)
    later = reports_make.report(coordinator, title="Later report")
    section = later.sections.get(key="method")
    writing.write_section(section=section, text=LAW, seen=1, by=coordinator)
    target = into(later, "fr", coordinator, translator=translator).sections.get(section__key="method")
    assert exact_for(target, [LAW], coordinator)
    assert exact_for(target, [LAW], translator) == {}
    assert similar_to(target, LAW, translator) == []
    assert not MemorySegment.objects.visible_to(translator).exists()
    writing.withdraw_report(report=french.section.report, reason="Wrong.", by=coordinator)
    assert exact_for(target, [LAW], coordinator) == {}


@pytest.mark.parametrize("bodies", ["", "CRC"])
def test_a_translator_stops_reading_when_the_appointment_ends_or_no_longer_covers_the_body(
    report, coordinator, bodies
):
    translator = make.user(Role.FOCAL_POINT)
    obligation = obligation_make.obligation("Reply", confidentiality="restricted")
    Report.objects.filter(pk=report.pk).update(obligation=obligation)
    into(report, "ar", coordinator, translator=translator)
    assert report in Report.objects.visible_to(translator)
    translator.appointments.update(end=timezone.localdate() - timedelta(days=1))
    if bodies:
        make.appointment(translator, make.institution("health"), "reader", bodies=bodies)
    assert report not in Report.objects.visible_to(User.objects.get(pk=translator.pk))


def test_an_assigned_translator_reads_and_translates_that_report_and_no_other(report, coordinator, colleague):
    translator, other = make.user(Role.READER), reports_make.report(coordinator)
    assert not Report.objects.visible_to(translator).exists()
    row = into(report, "ar", coordinator, translator=translator).sections.get(section__key="method")
    assert list(Report.objects.visible_to(translator)) == [report]
    assert set(ReportSection.objects.readable_by(translator)) == set(report.sections.all())
    assert not ReportSection.objects.visible_to(translator).exists()
    assert [into.language for into in assigned_translations(translator)] == ["ar"]
    translated(row, ["نص", "نص"], translator)
    hidden = into(other, "ar", coordinator).sections.get(section__key="method")
    with pytest.raises(Refused, match="do not have permission to translate"):
        translated(hidden, [], translator)
    services.remove_report_translation(into=row.into, by=coordinator)
    assert not Report.objects.visible_to(translator).exists()
    assert not SectionTranslation.objects.visible_to(coordinator).filter(pk=row.pk).exists()
    services.restore_report_translation(into=row.into, by=coordinator)
    assert fresh(row).text == "نص\n\nنص"


def test_people_of_an_assigned_institution_translate(report, coordinator):
    place = make.institution("translation-service")
    person = make.user(Role.FOCAL_POINT, place)
    row = into(report, "fr", coordinator, institution=place).sections.get(section__key="method")
    translated(row, [LOI], person)
    outsider = make.user(Role.FOCAL_POINT, make.institution("ministry"))
    with pytest.raises(Refused, match="do not have permission"):
        translated(row, ["Autre"], outsider)
    assert not ReportTranslation.objects.visible_to(outsider).exists()


def test_a_language_is_added_once_and_headings_come_from_the_template(coordinator, colleague):
    template = reports_make.template("Report", "Method", "Chapters")
    heading = template.sections.get(key="method").heading
    heading.data["fr"] = "Méthode"
    template.sections.filter(key="method").update(heading=heading)
    report = reports_make.report(coordinator, template=template)
    made = into(report, "fr", coordinator)
    assert dict(made.sections.values_list("section__key", "heading")) == {"method": "Méthode", "chapters": ""}
    with pytest.raises(FieldRefused, match="in this language already"):
        into(report, "fr", coordinator)
    with pytest.raises(FieldRefused, match="in this language already"):
        into(report, "en", coordinator)
    assert services.review_headings(into=made, by=colleague) == 1
    assert [row.section.key for row in unfinished_of(report)] == ["chapters"]


def test_the_step_of_translation_is_blocked_and_names_what_is_missing(french, report, coordinator, colleague):
    steps = {"steps": ["Legal service", "Translation", "Minister"], "translated_by": "Translation"}
    clearance.start_report_clearance(report=report, **steps, by=coordinator)
    clear = partial(clearance.clear_report, report=report, by=colleague)
    clear()
    with pytest.raises(Refused, match="Translate the title of the report first: French"):
        clear()
    values = TranslationValues(language="fr", title="Notre rapport")
    services.edit_report_translation(into=french.into, values=values, seen=1, by=coordinator)
    with pytest.raises(Refused, match="2 translated sections .* “Method” .French., “Chapters”"):
        clear()
    for row in french.into.sections.all():
        reviewed(row, coordinator, colleague)
    assert Report.objects.get().clearance.state == Clearance.State.OPEN
    clear()
    clear()
    assert Report.objects.get().clearance.state == Clearance.State.CLEARED


def test_a_change_after_that_step_opens_the_clearance_again(french, report, coordinator, colleague):
    whole(french, coordinator, colleague)
    cleared(report, coordinator, colleague)
    translated(french, [LOI, "Autre."], coordinator)
    assert Report.objects.get().clearance.state == Clearance.State.REOPENED
    services.review_translation(translation=french, seen=None, by=colleague)
    cleared(report, coordinator, colleague)
    into(report, "es", coordinator)
    assert Report.objects.get().clearance.state == Clearance.State.REOPENED


def whole(translation, by, colleague) -> None:
    """All sections of that language are reviewed, and the title is translated."""
    ReportTranslation.objects.filter(pk=translation.into_id).update(title="Notre rapport")
    for row in translation.into.sections.all():
        reviewed(row, by, colleague)


def cleared(report, by, colleague) -> None:
    clearance.start_report_clearance(report=report, steps=["Translation"], by=by)
    clearance.clear_report(report=report, by=colleague)


def test_the_submitted_report_has_files_in_each_language(coordinator, colleague):
    due = obligation_make.obligation("Mid-term report", kind="mid-term", language="fr")
    report = reports_make.report(coordinator, obligation=due)
    for section in report.sections.all():
        writing.write_section(section=section, text=f"{LAW}\n\nSecond.", seen=1, by=coordinator)
    whole(into(report, "fr", coordinator).sections.get(section__key="method"), coordinator, colleague)
    cleared(report, coordinator, colleague)
    snapshot = submitting.submit_report(report=report, submitted_on=timezone.localdate(), by=coordinator)
    making.make_submitted_files.call(str(snapshot.key))
    files = {(file.format, file.language): file for file in snapshot.files.all()}
    assert set(files) == {(format, language) for format in ("docx", "pdf", "html", "md") for language in ("", "fr")}
    with files["md", "fr"].file.open() as stored:
        text = stored.read().decode()
    assert "Notre rapport" in text
    assert LOI in text
    assert LAW not in text
    submission = Submission.objects.get()
    assert (submission.language, submission.words) == ("fr", 28)


def test_a_translation_that_changes_while_the_files_are_made_is_not_submitted(french, report, coordinator, colleague):
    whole(french, coordinator, colleague)
    cleared(report, coordinator, colleague)
    snapshot = submitting.submit_report(report=report, submitted_on=timezone.localdate(), by=coordinator)
    translated(french, [LOI, "Autre."], coordinator)
    making.make_submitted_files.call(str(snapshot.key))
    snapshot.refresh_from_db()
    assert snapshot.state == "failed"


def test_the_overview_has_each_section_in_each_language(french, report, coordinator, django_assert_max_num_queries):
    into(report, "ar", coordinator)
    with django_assert_max_num_queries(6):
        progress, rows = translations_of(report, coordinator)
    assert [(done.into.language, done.finished, done.total) for done in progress] == [("ar", 0, 2), ("fr", 0, 2)]
    assert [[row.shown_state for row in line.translations] for line in rows] == [["none", "none"]] * 2


def test_terms_are_found_in_any_of_their_forms(vocabulary):
    text = "A person with disabilities wrote to the COMMITTEE against Torture. Agencies and languages are no terms."
    found = {term.source: term.target for term in finder_of("en", "fr").found_in(text)}
    assert found == {
        "Persons with disabilities": "Personnes handicapées",
        "Committee against Torture": "Comité contre la torture",
    }
