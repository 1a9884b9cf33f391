"""Reports: made from a template, assigned, written section by section, and seen by those who write them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.reporting.models import Quotation, Report, ReportSection, SectionVersion
from servanda.reporting.reports import assigning, services
from servanda.reporting.reports.forms import ReportForm
from servanda.reporting.reports.queries import find_reports, measured, total_of
from servanda.sources.models import Obligation
from servanda.trail.models import Event
from tests import make, obligation_make, proceedings_make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def ministry():
    return make.institution("ministry")


@built_once
def focal_point(ministry):
    return make.user(Role.FOCAL_POINT, ministry)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def written(section: ReportSection, text: str, by, **options) -> ReportSection:
    return services.write_section(section=section, text=text, seen=fresh(section).version, by=by, **options)


# Making


def test_a_report_has_the_sections_of_its_template_in_its_own_language(coordinator):
    template = reports_make.template("Report", "Method", word_limit=1000)
    template.sections.update(heading={"en": "Method", "fr": "Méthode"}, share=20)
    report = reports_make.report(coordinator, template=template, language="fr")
    section = report.sections.get()
    assert (section.heading, section.word_limit, report.word_limit) == ("Méthode", 200, 1000)


def test_later_changes_of_the_template_leave_the_report_alone(coordinator):
    template = reports_make.template("Report", "Method")
    report = reports_make.report(coordinator, template=template)
    template.sections.all().delete()
    assert [section.heading for section in report.sections.all()] == ["Method"]


def test_the_limit_of_the_obligation_goes_before_that_of_the_template_and_it_is_in_preparation(coordinator):
    due = obligation_make.obligation(word_limit=5000, state="open")
    template = reports_make.template(word_limit=1000)
    report = reports_make.report(coordinator, template=template, obligation=due)
    assert report.word_limit == 5000
    assert fresh(due).state == "in-preparation"


def test_an_initial_report_has_the_limit_of_the_rule_of_its_body(coordinator):
    template = reports_make.template(kinds="periodic-report initial-report", word_limit=21_200)
    committee = make.committee("CEDAW")
    due = obligation_make.obligation(kind="initial-report", body=committee)
    make.rule("cedaw-initial", body=committee, kind="initial-report", word_limit=31_800)
    make.rule("cedaw-periodic", body=committee, kind="periodic-report", word_limit=21_200)
    assert reports_make.report(coordinator, template=template, obligation=due).word_limit == 31_800
    make.rule("cedaw-other", body=committee, kind="initial-report", word_limit=10_000)
    assert reports_make.report(coordinator, template=template, obligation=due).word_limit == 21_200


def test_replies_have_the_limit_of_the_rule_for_any_committee(coordinator):
    due = obligation_make.obligation(kind="list-of-issues", body=make.committee("CEDAW"))
    make.rule("any-issues", body=None, kind="list-of-issues", word_limit=10_700)
    assert reports_make.report(coordinator, obligation=due).word_limit == 10_700
    make.rule("cedaw-issues", body=due.body, kind="list-of-issues", word_limit=5_000)
    assert reports_make.report(coordinator, obligation=due).word_limit == 5_000


def test_an_obligation_that_was_submitted_stays_so(coordinator):
    due = obligation_make.obligation()
    obligation_make.submission(due)
    reports_make.report(coordinator, obligation=due)
    assert fresh(due).state == "submitted"


def test_a_template_without_sections_makes_no_report(coordinator):
    template = reports_make.template()
    template.sections.all().delete()
    with pytest.raises(FieldRefused, match="no sections yet"):
        reports_make.report(coordinator, template=template)
    assert not Report.objects.exists()


def test_no_report_is_begun_on_the_deadline_of_a_communication(coordinator):
    letter = proceedings_make.proceeding(coordinator)
    template = reports_make.template()
    with pytest.raises(FieldRefused, match="deadline of a communication"):
        reports_make.report(coordinator, template=template, obligation=letter.obligation)
    offered = ReportForm(user=coordinator).fields["obligation"].queryset
    assert list(offered) == [] != list(Obligation.objects.visible_to(coordinator).unfinished())


def test_a_period_ends_after_it_begins(coordinator):
    with pytest.raises(FieldRefused, match="not before the start date"):
        reports_make.report(coordinator, start=date(2026, 2, 1), end=date(2026, 1, 1))


def test_only_editors_of_reports_make_assign_and_withdraw_them(coordinator, focal_point, ministry):
    report = reports_make.report(coordinator)
    with pytest.raises(Refused, match="permission to edit reports"):
        reports_make.report(focal_point)
    with pytest.raises(Refused, match="permission to edit reports"):
        assigning.assign_sections(report=report, owners={}, seen=1, by=focal_point)
    with pytest.raises(Refused, match="permission to edit reports"):
        services.withdraw_report(report=report, reason="Twice.", by=focal_point)


def test_the_second_of_two_people_who_edit_a_report_is_told(coordinator):
    report = reports_make.report(coordinator)
    values = reports_make.report_values(report.template, "First")
    services.edit_report(report=report, values=values, seen=1, by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        services.edit_report(report=report, values=values, seen=1, by=coordinator)
    assert fresh(report).title == "First"


# Who sees what


def test_an_institution_sees_its_section_and_no_other(coordinator, focal_point, ministry):
    report = reports_make.report(coordinator)
    assert not Report.objects.visible_to(focal_point).exists()
    reports_make.assigned(report, "method", ministry, coordinator)
    assert Report.objects.visible_to(focal_point).get() == report
    assert [section.key for section in ReportSection.objects.visible_to(focal_point)] == ["method"]
    assert total_of(report, focal_point) is None


@pytest.mark.parametrize("role", [Role.READER, Role.AUDITOR, Role.PUBLIC])
def test_others_see_no_report(coordinator, ministry, role):
    reports_make.assigned(reports_make.report(coordinator), "method", ministry, coordinator)
    person = make.user(role, make.institution("elsewhere")) if role == Role.READER else make.user(role)
    assert not Report.objects.visible_to(person).exists()
    assert not ReportSection.objects.visible_to(person).exists()


def test_an_appointment_for_another_body_opens_no_section(coordinator, ministry):
    person = make.user(Role.PUBLIC)
    make.appointment(person, ministry, "principal", bodies="CRC")
    due = obligation_make.obligation(body=make.committee("CEDAW"))
    reports_make.assigned(reports_make.report(coordinator, obligation=due), "method", ministry, coordinator)
    assert not ReportSection.objects.visible_to(person).exists()


def test_a_withdrawn_report_is_gone_until_it_is_restored(coordinator, focal_point, ministry):
    report = reports_make.report(coordinator)
    reports_make.assigned(report, "method", ministry, coordinator)
    services.withdraw_report(report=report, reason="Started twice.", by=coordinator)
    assert not ReportSection.objects.visible_to(focal_point).exists()
    assert Report.objects.former_for(coordinator).get() == report
    assert not Report.objects.former_for(focal_point).exists()
    services.restore_report(report=report, by=coordinator)
    assert ReportSection.objects.visible_to(focal_point).exists()
    with pytest.raises(Refused, match="just done this"):
        services.restore_report(report=report, by=coordinator)


# Writing


def test_a_text_is_counted_without_marks_and_endnotes(coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    text = "## Two words\n\nThe **law** of [2024](https://example.org/a-law) changed.[^1]"
    text += "\n\n| a | b |\n|---|---|\n| c | d |"
    assert written(section, text, coordinator).words == 2 + 5 + 4


def test_only_counted_sections_are_in_the_total(coordinator):
    report = reports_make.report(coordinator)
    report.sections.filter(key="chapters").update(is_counted=False)
    for section in report.sections.all():
        written(section, "Three short words", coordinator)
    assert total_of(report, coordinator).words == 3
    assert find_reports(coordinator).get().counted_words == 3


@pytest.mark.parametrize(("words", "share"), [(179, 89), (180, 90), (199, 99), (200, 100), (201, 101)])
def test_a_share_is_not_rounded_across_a_bar(words, share):
    assert measured(words, 200).share == share


@pytest.mark.parametrize(("words", "warning"), [(0, ""), (89, ""), (90, "near"), (100, "near"), (101, "over")])
def test_it_warns_from_ninety_per_cent_and_above_the_limit(coordinator, words, warning):
    report = reports_make.report(coordinator, word_limit=100)
    report.sections.filter(key="method").update(words=words)
    assert total_of(report, coordinator).warning == warning


def test_the_second_of_two_people_on_a_section_is_told_and_nothing_is_lost(coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    services.write_section(section=section, text="First.", seen=1, by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        services.write_section(section=section, text="Second.", seen=1, by=make.user(Role.COORDINATOR))
    assert fresh(section).text == "First."


def test_what_saves_itself_in_a_sitting_is_one_version_and_one_line_of_the_trail(coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    for text in ("One.", "One two.", "One two three."):
        written(section, text, coordinator, is_autosave=True)
    version = section.versions.get()
    assert (version.number, version.words) == (1, 3)
    assert Event.objects.filter(action="report-section-written").count() == 1


def test_another_person_or_a_later_sitting_makes_the_next_version(coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    written(section, "One.", coordinator, is_autosave=True)
    written(section, "One two.", make.user(Role.COORDINATOR), is_autosave=True)
    SectionVersion.objects.filter(number=2).update(begun_at=timezone.now() - timedelta(minutes=11), by=coordinator)
    written(section, "One two three.", coordinator, is_autosave=True)
    assert list(section.versions.values_list("number", "text")) == [
        (3, "One two three."),
        (2, "One two."),
        (1, "One."),
    ]


@pytest.mark.parametrize("saved_twice", [False, True])
def test_what_was_saved_with_the_button_is_never_overwritten(coordinator, saved_twice):
    section = reports_make.report(coordinator).sections.get(key="method")
    written(section, "One two.", coordinator, is_autosave=saved_twice)
    if saved_twice:  # by itself, and then with the button, without a change in between
        written(section, "One two.", coordinator)
    written(section, "", coordinator, is_autosave=True)
    assert list(section.versions.values_list("text", flat=True)) == ["", "One two."]


def test_most_of_a_long_text_that_is_deleted_at_once_can_be_restored(coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    whole = "The State party has adopted a law. " * 10
    for text in (whole, whole[:200], "", "T"):
        written(section, text, coordinator, is_autosave=True)
    assert list(section.versions.values_list("text", flat=True)) == ["T", whole[:200]]


def test_an_earlier_version_comes_back_as_a_new_one(coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    written(section, "One.", coordinator)
    written(section, "Two.", make.user(Role.COORDINATOR))
    services.restore_section_version(section=section, number=1, by=coordinator)
    assert (fresh(section).text, section.versions.count()) == ("One.", 3)
    with pytest.raises(Refused, match="cannot be restored"):
        services.restore_section_version(section=section, number=3, by=coordinator)


def test_control_characters_are_left_out_and_a_text_without_end_is_refused(coordinator, monkeypatch):
    section = reports_make.report(coordinator).sections.get(key="method")
    assert written(section, "a\0b\r\nc", coordinator).text == "ab\nc"
    monkeypatch.setattr(services, "LONGEST_TEXT", 5)
    with pytest.raises(FieldRefused, match="too long"):
        written(section, "too long", coordinator)


def test_an_institution_writes_its_own_section_and_no_other(coordinator, focal_point, ministry):
    report = reports_make.report(coordinator)
    reports_make.assigned(report, "method", ministry, coordinator)
    assert written(report.sections.get(key="method"), "Ours.", focal_point).text == "Ours."
    with pytest.raises(Refused, match="permission to write this section"):
        written(report.sections.get(key="chapters"), "Theirs.", focal_point)


def test_assigning_is_one_line_of_the_trail_and_needs_the_present_version(coordinator, ministry):
    report = reports_make.report(coordinator)
    reports_make.assigned(report, "method", ministry, coordinator)
    assert Event.objects.filter(action="report-sections-assigned").count() == 1
    with pytest.raises(ChangedMeanwhile):
        assigning.assign_sections(report=report, owners={}, seen=1, by=coordinator)
    assert report.sections.get(key="method").institution == ministry


def test_a_quotation_keeps_where_it_is_from(coordinator):
    report = reports_make.report(coordinator)
    section = report.sections.get(key="method")
    fact = reports_make.fact("The law changed.\nIt applies.", citation="Update, Ministry, 1 March 2026")
    for seen in (1, 2):
        services.quote_fact(
            section=section,
            source=reports_make.source("updates"),
            fact=fact,
            text=fresh(section).text,
            seen=seen,
            by=coordinator,
        )
    assert fresh(section).text == (
        "> The law changed.\n> It applies. [^1]\n\n> The law changed.\n> It applies. [^2]\n"
    )
    quotation = Quotation.objects.get(number=2)
    assert (quotation.source, quotation.object_id, quotation.added_by) == ("updates", fact.key, coordinator)
    assert quotation.citation == "Update, Ministry, 1 March 2026"


def test_a_title_is_a_label_without_marks_that_turn_it_round(coordinator):
    report = reports_make.report(coordinator, title=" Report\u202e2026\u202c  of\n\u2066us\u2069 ")
    assert report.title == "Report2026 of us"
    values = reports_make.report_values(report.template, "Late\u202ereport")
    services.edit_report(report=report, values=values, seen=report.version, by=coordinator)
    report.refresh_from_db()
    assert report.title == "Latereport"


def test_a_form_feed_begins_a_paragraph(coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    section = services.write_section(section=section, text="One.\fTwo.", seen=1, by=coordinator)
    assert (section.text, section.words) == ("One.\n\nTwo.", 2)
