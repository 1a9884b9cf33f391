"""Pages that look back: facts of a day, changed quotations, the report before, and figures stated twice."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.proceedings.models import PromisedMeasure
from servanda.progress.models import Update
from servanda.reporting.models import Report, SectionVersion
from servanda.reporting.reports import services
from servanda.trail.models import Event
from tests import (
    actions_make,
    indicator_make,
    make,
    obligation_make,
    proceedings_make,
    progress_make,
    reports_make,
)
from tests.desk.reports.test_report_pages import address, text_of

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=1)


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def record():
    return make.recommendation()


@pytest.fixture
def section(coordinator, record):
    template = reports_make.template("Report", "Method", "Chapters")
    template.sections.update(facts="updates")
    due = obligation_make.obligation(body=record.body)
    return reports_make.report(coordinator, template=template, obligation=due).sections.get(key="method")


@pytest.fixture
def update(record, coordinator):
    place = make.institution("ministry")
    return progress_make.update(record, place, state="published", text="We built it.", written_by=coordinator)


def quoted(client, section, update):
    client.post(address(section), {"text": "", "seen": "1", "quote": f"updates:{update.pk}"})
    Update.objects.filter(pk=update.pk).update(text="We built two.")
    section.refresh_from_db()
    return section


def test_what_would_change_is_shown_taken_and_undone(client, section, update):
    quoted(client, section, update)
    page = text_of(client.get(address(section)))
    assert "<del>it</del>" in page
    form = {"text": section.text + "Typed.", "seen": section.version}
    page = text_of(client.post(address(section), form | {"renew": "1"}, follow=True))
    section.refresh_from_db()
    assert section.text == "> We built two. [^1]\nTyped."
    assert "changed since it was quoted" not in page
    client.post(address(section), {"text": section.text, "seen": section.version, "undo": "1"})
    section.refresh_from_db()
    assert section.text == "> We built it. [^1]\nTyped."


@pytest.mark.parametrize(
    ("button", "deed"),
    [
        ({"quote": "updates:999999"}, "quote_fact"),
        ({"renew": "7"}, "renew_quotations"),
        ({"undo": "7"}, "undo_renewal"),
        ({}, "write_section"),
    ],
)
def test_a_refusal_is_recorded_under_the_action_of_its_button(client, section, update, button, deed):
    quoted(client, section, update)
    seen = section.version if button else section.version - 1
    answer = client.post(address(section), {"text": section.text, "seen": seen} | button)
    assert answer.status_code in (409, 422)
    assert Event.objects.filter(action="refused").latest("pk").object_label == deed


def test_all_changes_are_taken_at_once_and_odd_numbers_change_nothing(client, section, update):
    quoted(client, section, update)
    for odd in ("x", "7", "9" * 40, "٣"):
        client.post(address(section), {"text": section.text, "seen": section.version, "renew": odd})
        client.post(address(section), {"text": section.text, "seen": section.version, "undo": odd})
        section.refresh_from_db()
        assert section.text == "> We built it. [^1]\n"
    client.post(address(section), {"text": section.text, "seen": section.version, "renew": "all"})
    section.refresh_from_db()
    assert section.text == "> We built two. [^1]\n"


def test_facts_that_became_known_since_are_behind_a_link(client, section, update):
    Report.objects.update(facts_on=date(2020, 1, 1))
    page = text_of(client.get(address(section)))
    assert "We built it." not in page
    assert "1 fact became known since" in page
    page = text_of(client.get(address(section), {"new": "1"}))
    assert "We built it." in page


def test_the_texts_of_a_day_are_read_as_they_were(client, coordinator, section):
    services.write_section(section=section, text="An old text.", seen=1, by=make.user(Role.COORDINATOR))
    SectionVersion.objects.update(at=timezone.now() - 2 * YESTERDAY)
    reports_make.started_earlier(section.report)
    section.refresh_from_db()
    services.write_section(section=section, text="A new text.", seen=2, by=coordinator)
    read = reverse("desk:report_text", args=[section.report.key])
    page = text_of(client.get(read, {"on": (timezone.localdate() - YESTERDAY).isoformat()}))
    assert ("An old text." in page, "A new text." in page) == (True, False)
    for odd in ("2026-02-31", "x", "9" * 99):
        assert "A new text." in text_of(client.get(read, {"on": odd}))


def test_the_report_before_is_shown_beside_with_its_commitments(client, coordinator, section):
    template = reports_make.template("Report", "Method", "Pledges")
    due = section.report.obligation
    later = reports_make.report(coordinator, template=template, obligation=due)
    for row, text in ((section, "As it was."), (later.sections.get(key="method"), "As it is.")):
        services.write_section(section=row, text=text, seen=1, by=coordinator)
    pledges = reports_make.section(template, "Outlook")
    section.report.sections.create(key=pledges.key, heading="Outlook", place=9, text="We will build ramps.")
    page = text_of(client.get(address(later.sections.get(key="method"), "earlier_section")))
    assert "<del>was</del>" in page
    assert "We will build ramps." in page
    assert "Earlier report" in text_of(client.get(address(later.sections.get(key="method"))))


def test_commitments_of_reports_of_other_kinds_to_the_body_are_shown(client, coordinator, record):
    template = reports_make.template("Report", "Priorities", "Method")
    kinds = {"national-report": "We will build ramps.", "addendum": "We will train judges.", "mid-term": ""}
    for kind, text in kinds.items():
        due = obligation_make.obligation(body=record.body, kind=kind)
        report = reports_make.report(coordinator, template=template, obligation=due)
        services.write_section(section=report.sections.get(key="priorities"), text=text, seen=1, by=coordinator)
    elsewhere = obligation_make.obligation(body=make.committee("CAT"), kind="addendum")
    other = reports_make.report(coordinator, template=template, obligation=elsewhere)
    services.write_section(section=other.sections.get(key="priorities"), text="Of CAT.", seen=1, by=coordinator)
    page = text_of(client.get(address(report.sections.get(key="method"), "earlier_section")))
    assert ("build ramps" in page, "train judges" in page, "Of CAT" in page) == (True, True, False)


def test_commitments_in_the_parts_of_a_divided_section_are_shown(client, coordinator, section):
    sections = section.report.sections
    rows = [("priorities", 1, ""), ("part", 2, "We will build ramps."), ("annex", 1, "No commitment.")]
    for place, (key, depth, text) in enumerate(rows, 8):
        sections.create(key=key, heading=key.capitalize(), depth=depth, place=place, text=text)
    later = reports_make.report(coordinator, obligation=section.report.obligation)
    page = text_of(client.get(address(later.sections.get(key="method"), "earlier_section")))
    assert ("build ramps" in page, "No commitment" in page) == (True, False)


def test_measures_promised_in_replies_are_shown_to_those_who_see_the_letter(client, coordinator):
    letter = proceedings_make.proceeding(coordinator)
    PromisedMeasure.objects.create(proceeding=letter, action=actions_make.action("Release the files"))
    body = letter.bodies.first()
    for _number in range(2):
        report = reports_make.report(coordinator, obligation=obligation_make.obligation(body=body))
    section = report.sections.get(key="method")
    assert "Release the files" in text_of(client.get(address(section, "earlier_section")))
    place = make.institution("ministry")
    for row in Report.objects.all():
        reports_make.assigned(row, "method", place, coordinator)
    client.force_login(make.user(Role.FOCAL_POINT, place))
    assert "Release the files" not in text_of(client.get(address(section, "earlier_section")))


def test_promises_are_shown_beside_a_first_report(client, coordinator, section, record):
    make.recommendation("Build a museum of rights.", body=record.body, kind="pledge")
    make.recommendation("Not to this body.", body=make.committee("CAT"), kind="pledge")
    letter = proceedings_make.proceeding(coordinator)
    letter.bodies.add(record.body)
    PromisedMeasure.objects.create(proceeding=letter, action=actions_make.action("Release the files"))
    editor = text_of(client.get(address(section)))
    assert ("Earlier commitments" in editor, "Earlier report" in editor) == (True, False)
    page = text_of(client.get(address(section, "earlier_section")))
    shown = ["Build a museum of rights." in page, "Release the files" in page, "Not to this body." in page]
    assert shown == [True, True, False]
    assert "has no text for this section" not in page


def test_a_first_report_has_no_earlier_one(client, section):
    assert client.get(address(section, "earlier_section")).status_code == 404
    assert "Earlier report" not in text_of(client.get(address(section)))


def test_a_report_that_a_person_does_not_see_is_no_earlier_one_for_them(client, coordinator, section):
    later = reports_make.report(coordinator, obligation=section.report.obligation)
    place = make.institution("ministry")
    reports_make.assigned(later, "method", place, coordinator)
    client.force_login(make.user(Role.FOCAL_POINT, place))
    assert client.get(address(later.sections.get(key="method"), "earlier_section")).status_code == 404


def test_contradicting_figures_are_listed_with_links_to_their_sections(client, coordinator, section, record):
    indicator_make.indicator(about=record, name="Children in school")
    figures = reverse("desk:report_figures", args=[section.report.key])
    assert "No repeated figures" in text_of(client.get(figures))
    for key, value in (("method", 40), ("chapters", 50)):
        row = section.report.sections.get(key=key)
        services.write_section(section=row, text=f"Children in school: {value}% in 2024.", seen=1, by=coordinator)
    page = text_of(client.get(figures))
    assert "different values" in page
    assert address(section) in page


def test_an_editor_with_changed_quotations_of_a_day_costs_few_queries(
    client, coordinator, section, update, django_assert_max_num_queries
):
    section.report.sections.update(facts="positions updates measurements actions assessments evidence")
    quoted(client, section, update)
    Report.objects.update(facts_on=timezone.localdate())
    with django_assert_max_num_queries(20):
        assert client.get(address(section)).status_code == 200


# Drafts from facts


def test_the_draft_from_facts_shows_its_words_and_is_inserted_below_the_text(client, section, update):
    section.report.start = section.report.end = date(2026, 5, 1)
    section.report.save()
    assert reverse("desk:fact_draft", args=[section.report.key, section.key]) in text_of(client.get(address(section)))
    shown = text_of(client.get(address(section, "fact_draft")))
    assert "We built it." in shown
    assert "Words of the draft" in shown
    given = {"seen": "1", "chosen": "1", "kinds": "updates"}
    client.post(address(section, "draft_section"), given)
    section.refresh_from_db()
    assert "We built it. [^1]" in section.text
    assert "No fact is left" in text_of(client.get(address(section, "fact_draft")))


def test_a_draft_of_no_kind_is_refused(client, section, update):
    shown = client.get(address(section, "fact_draft"), {"chosen": "1", "kinds": "evidence"})
    assert "Words of the draft" not in text_of(shown)
    client.post(address(section, "draft_section"), {"seen": "1", "chosen": "1"})
    section.refresh_from_db()
    assert section.text == ""


def test_a_fact_outside_of_the_period_is_marked(client, section, update):
    mark = "outside the period of the report"
    assert mark not in text_of(client.get(address(section)))
    section.report.end = date(2020, 1, 1)
    section.report.save()
    assert mark in text_of(client.get(address(section)))
