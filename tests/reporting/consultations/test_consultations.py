"""Consultations: what can be opened, to whom, until when, and what is frozen."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.models import Instance, Notification
from servanda.people.versioning import ChangedMeanwhile
from servanda.reporting.consultations import services
from servanda.reporting.consultations.letters import remind_of_consultations
from servanda.reporting.consultations.queries import changed_sections
from servanda.reporting.models import Consultation, Quotation, Report
from servanda.reporting.reports.gaps import accept_gap, gaps_in
from servanda.reporting.reports.services import withdraw_report, write_section
from servanda.reporting.submissions import clearance
from servanda.trail.models import Event
from tests import consulting_make as made
from tests import make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def nhri():
    return made.contributor(email="nhri@example.org")


def test_the_text_is_that_of_the_day_it_was_opened(coordinator, nhri):
    consultation = made.opened(coordinator, nhri)
    section = consultation.report.sections.get(key="chapters")
    write_section(section=section, text="The law changed twice.", seen=section.version, by=coordinator)
    frozen = consultation.sections.get(section=section)
    assert (frozen.text, frozen.number) == ("The law changed.", section.version)
    (row,) = changed_sections(consultation)
    assert ("new", "twice") in [(kind, words.strip(" .")) for kind, words in row.difference]


@pytest.mark.database
def test_sources_of_quotations_are_kept_without_their_addresses(client, coordinator, nhri):
    report = reports_make.report(coordinator)
    for section in report.sections.all():
        write_section(section=section, text="Quoted [^1]", seen=section.version, by=coordinator)
    section = report.sections.get(key="method")
    named = {"source": "updates", "object_id": "1", "text": "x", "address": "/desk/updates/1/"}
    Quotation.objects.create(section=section, number=1, citation="Update, Ministry", **named)
    made.clear(report, coordinator)
    consultation = made.opened(coordinator, nhri, report=Report.objects.get(pk=report.pk))
    copied = consultation.sections.get(section=section)
    assert copied.endnotes == [("1", "Update, Ministry")]
    client.force_login(nhri)
    page = client.get(consultation.get_absolute_url()).content.decode()
    assert f'Quoted <sup><a href="#note-{copied.pk}-1">1</a></sup>' in page
    assert f'<li value="1" id="note-{copied.pk}-1">' in page


GAP = r"**\[No information received from the Ministry of Justice.\]**"


def with_gaps(by, **texts: str) -> Report:
    """A cleared report with these texts, each gap with a reason."""
    report = reports_make.report(by)
    for key, text in texts.items():
        section = report.sections.get(key=key)
        write_section(section=section, text=text, seen=section.version, by=by)
        for gap in gaps_in([report.sections.get(key=key)]).get(section.pk, []):
            accept_gap(section=section, key=gap.key, reason="It answers in May.", by=by)
    made.clear(report, by)
    return Report.objects.get(pk=report.pk)


@pytest.mark.database
def test_gaps_are_not_shown_to_those_who_are_consulted(client, coordinator, nhri):
    report = with_gaps(coordinator, method=f"A law exists.\n\n{GAP}", chapters="Text.")
    consultation = made.opened(coordinator, nhri, report=report)
    assert consultation.sections.get(section__key="method").text == "A law exists."
    assert changed_sections(consultation) == []
    consultation.sections.filter(section__key="method").update(text=f"A law exists.\n\n{GAP}")  # opened before
    client.force_login(nhri)
    page = client.get(consultation.get_absolute_url()).content.decode()
    assert "A law exists." in page
    assert "No information received" not in page


def test_a_section_with_gaps_only_is_not_opened(coordinator, nhri):
    report = with_gaps(coordinator, method=GAP, chapters="Text.")
    chosen = [report.sections.get(key="method")]
    with pytest.raises(Refused, match="Method"):
        made.opened(coordinator, nhri, report=report, sections=chosen)


def test_only_what_is_cleared_is_opened(coordinator, nhri):
    report = reports_make.report(coordinator)
    consultation = made.drafted(coordinator, nhri, report=report)
    with pytest.raises(Refused, match="not been cleared yet"):
        services.open_consultation(consultation=consultation, by=coordinator)
    for section in report.sections.all():
        write_section(section=section, text="Text.", seen=section.version, by=coordinator)
    clearance.start_report_clearance(report=report, steps=["Legal", "Minister"], by=coordinator)
    clearance.clear_report(report=report, by=make.user(Role.COORDINATOR))
    with pytest.raises(Refused, match="not been cleared yet"):
        services.open_consultation(consultation=consultation, by=coordinator)
    Instance.objects.update_or_create(pk=1, defaults={"consultation_step": "Legal"})
    services.open_consultation(consultation=consultation, by=coordinator)
    assert Consultation.objects.get().opened_at


def test_a_text_that_changed_after_the_step_is_cleared_again_first(coordinator, nhri):
    report = made.cleared_report(coordinator)
    consultation = made.drafted(coordinator, nhri, report=report)
    section = report.sections.get(key="method")
    write_section(section=section, text="Other.", seen=section.version, by=coordinator)
    with pytest.raises(Refused, match="not been cleared"):
        services.open_consultation(consultation=consultation, by=coordinator)


def test_chosen_sections_and_no_others_are_opened(coordinator, nhri):
    report = made.cleared_report(coordinator)
    chosen = [report.sections.get(key="chapters")]
    consultation = made.opened(coordinator, nhri, report=report, sections=chosen)
    assert [row.heading for row in consultation.sections.all()] == ["Chapters"]


def test_nobody_is_asked_when_nobody_is_invited(coordinator):
    consultation = made.drafted(coordinator)
    with pytest.raises(Refused, match="No contributors are invited"):
        services.open_consultation(consultation=consultation, by=coordinator)


def test_it_is_opened_once_and_only_by_those_who_edit_reports(coordinator, nhri):
    consultation = made.drafted(coordinator, nhri)
    for outsider in (nhri, make.user(Role.AUDITOR), make.user(Role.FOCAL_POINT, make.institution("ministry"))):
        with pytest.raises(Refused, match="permission"):
            services.open_consultation(consultation=consultation, by=outsider)
    services.open_consultation(consultation=consultation, by=coordinator)
    with pytest.raises(Refused, match="Another user"):
        services.open_consultation(consultation=consultation, by=coordinator)
    with pytest.raises(Refused, match="was opened"):
        services.edit_consultation(consultation=consultation, values=made.values(), seen=2, by=coordinator)


def test_the_second_of_two_editors_is_told(coordinator, nhri):
    consultation = made.drafted(coordinator, nhri)
    services.edit_consultation(consultation=consultation, values=made.values(nhri, title="A"), seen=1, by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        services.edit_consultation(consultation=consultation, values=made.values(nhri), seen=1, by=coordinator)


def test_who_is_invited_receives_a_mail_in_their_language(coordinator):
    nhri = made.contributor(language="ar", email="nhri@example.org")
    made.opened(coordinator, nhri)
    mail = Mail.objects.get(to="nhri@example.org")
    assert "Draft of our report" in mail.body
    assert "/desk/consultations/" in mail.body
    assert "Dear" not in mail.body
    assert Notification.objects.get(person=nhri).kind == "consultation-opened"


@pytest.mark.database
def test_a_reminder_goes_out_once_a_week_before_the_end(coordinator, nhri):
    consultation = made.opened(coordinator, nhri)
    near = datetime.combine(consultation.ends_on - timedelta(days=7), datetime.min.time(), UTC) + timedelta(hours=9)
    assert remind_of_consultations(now=near - timedelta(days=2)) == 0
    assert remind_of_consultations(now=near) == 1
    assert remind_of_consultations(now=near) == 0
    assert Mail.objects.filter(to="nhri@example.org").count() == 2
    services.extend_consultation(
        consultation=consultation, ends_on=consultation.ends_on + timedelta(days=10), by=coordinator
    )
    assert remind_of_consultations(now=near + timedelta(days=10)) == 1


def test_a_consultation_of_a_week_sends_no_reminder(coordinator, nhri):
    soon = timezone.localdate() + timedelta(days=5)
    made.opened(coordinator, nhri, ends_on=soon)
    assert remind_of_consultations(now=timezone.now().replace(hour=9) + timedelta(days=1)) == 0


def test_an_extension_is_later_and_opens_a_closed_one_again(coordinator, nhri):
    consultation = made.opened(coordinator, nhri)
    yesterday, tomorrow = timezone.localdate() - timedelta(days=1), timezone.localdate() + timedelta(days=1)
    with pytest.raises(FieldRefused, match="after the present deadline"):
        services.extend_consultation(consultation=consultation, ends_on=tomorrow, by=coordinator)
    Consultation.objects.update(ends_on=yesterday)
    consultation.refresh_from_db()
    assert consultation.state_on(timezone.localdate()) == "closed"
    services.extend_consultation(consultation=consultation, ends_on=tomorrow, by=coordinator)
    consultation.refresh_from_db()
    assert consultation.state_on(timezone.localdate()) == "open"


@pytest.mark.database
def test_a_withdrawn_one_can_be_restored(coordinator, nhri):
    consultation = made.opened(coordinator, nhri)
    services.withdraw_consultation(consultation=consultation, reason="Wrong text.", by=coordinator)
    consultation.refresh_from_db()
    assert (consultation.state_on(timezone.localdate()), consultation.shows_text) == ("withdrawn", False)
    with pytest.raises(Refused):
        services.withdraw_consultation(consultation=consultation, reason="Again.", by=coordinator)
    services.restore_consultation(consultation=consultation, by=coordinator)
    consultation.refresh_from_db()
    assert consultation.state_on(timezone.localdate()) == "open"
    events = Event.objects.filter(action__startswith="consultation").order_by("-pk")
    assert [event.action for event in events[:2]] == ["consultation-restored", "consultation-withdrawn"]


@pytest.mark.parametrize(
    ("making", "sentence"), [(made.opened, "is open. Withdraw it"), (made.planned, "is planned")]
)
def test_a_report_is_not_withdrawn_while_a_consultation_on_it_is_open_or_planned(coordinator, nhri, making, sentence):
    consultation = making(coordinator, nhri)
    with pytest.raises(Refused, match=sentence):
        withdraw_report(report=consultation.report, reason="Started anew.", by=coordinator)
    consultation.report.refresh_from_db()
    assert consultation.report.withdrawn_at is None


@pytest.mark.parametrize(
    "ended", [{"withdrawn_at": timezone.now(), "withdrawn_reason": "Wrong."}, {"ends_on": "2026-01-01"}]
)
def test_a_report_whose_consultation_has_ended_is_withdrawn_and_its_text_is_not_shown(coordinator, nhri, ended):
    consultation = made.opened(coordinator, nhri)
    Consultation.objects.update(**ended)
    withdraw_report(report=consultation.report, reason="Started anew.", by=coordinator)
    consultation = Consultation.objects.select_related("report").get()
    assert not consultation.is_open_on(timezone.localdate())
    assert not consultation.shows_text


def test_further_people_are_invited_while_it_is_open(coordinator, nhri):
    consultation = made.opened(coordinator, nhri)
    other = made.contributor("ngo", email="ngo@example.org")
    services.invite_to_consultation(consultation=consultation, people=[nhri, other], by=coordinator)
    assert Mail.objects.filter(to="ngo@example.org").count() == 1
    assert Mail.objects.filter(to="nhri@example.org").count() == 1
    with pytest.raises(FieldRefused, match="at least one"):
        services.invite_to_consultation(consultation=consultation, people=[other], by=coordinator)


def test_the_state_agrees_with_the_queryset(coordinator, nhri):
    today = timezone.localdate()
    report = made.cleared_report(coordinator)
    made.drafted(coordinator, nhri, report=report)
    made.opened(coordinator, nhri, report=report)
    closed = made.opened(coordinator, nhri, report=report)
    Consultation.objects.filter(pk=closed.pk).update(ends_on=today - timedelta(days=1))
    gone = made.public(coordinator, report=report)
    services.withdraw_consultation(consultation=gone, reason="Wrong.", by=coordinator)
    rows = list(Consultation.objects.select_related("report"))
    assert set(Consultation.objects.open(on=today)) == {row for row in rows if row.is_open_on(today)}
    assert set(Consultation.objects.public()) == {row for row in rows if row.is_public}
    assert sorted(row.state_on(today) for row in rows) == ["closed", "drafted", "open", "withdrawn"]
