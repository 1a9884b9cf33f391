"""Institutions are notified of the sections that they are to write, reminded of them, and an assignment is undone."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Digest, Institution, Notification, Succession, User
from servanda.people.notifications.digests import send_digests
from servanda.people.notifications.services import by_day, in_words, notify
from servanda.progress.models import Reminder
from servanda.progress.rounds.reminders import send_input_reminders
from servanda.reporting.models import Report, ReportSection, ReportSnapshot, SectionAssignment
from servanda.reporting.reports.assigning import assign_sections, last_change, undo_assignment
from servanda.reporting.reports.queries import sections_for
from servanda.reporting.reports.services import withdraw_report, write_section
from servanda.trail.models import Event
from tests import make, obligation_make, reports_make
from tests.once import built_once
from tests.rounds_make import TODAY, at, run_reminders

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ASSIGNED = Notification.Kind.SECTION_ASSIGNED


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def ministry():
    return make.institution("ministry")


@built_once
def focal_point(ministry):
    return make.user(Role.FOCAL_POINT, ministry)


@built_once
def report(coordinator) -> Report:
    return reports_make.report(coordinator)


def assign(report: Report, by: User, to, due_on=None, *keys: str) -> UUID | None:
    sections = report.sections.filter(key__in=keys or ["method"])
    seen = Report.objects.get(pk=report.pk).version
    return assign_sections(report=report, owners={row.pk: (to, due_on) for row in sections}, seen=seen, by=by)


def owners_of(report: Report) -> list[tuple]:
    return list(report.sections.values_list("institution__code", "due_on"))


def labels_for(person: User) -> list[str]:
    return list(Notification.objects.visible_to(person).filter(kind=ASSIGNED).values_list("label", flat=True))


def days_of(person) -> list[int]:
    return sorted((reminder.on - TODAY).days for reminder in Reminder.objects.filter(person=person))


def known_for_long() -> None:
    SectionAssignment.objects.update(at=datetime(2025, 1, 1, tzinfo=UTC))


def test_an_institution_is_notified_once_of_all_its_new_sections(report, coordinator, ministry, focal_point):
    other = make.user(Role.FOCAL_POINT, make.institution("other"))
    assign(report, coordinator, ministry, date(2027, 1, 31), "method", "chapters")
    assert labels_for(focal_point) == ["Our report\nMethod (2027-01-31); Chapters (2027-01-31)"]
    assert (labels_for(coordinator), labels_for(other)) == ([], [])
    assign(report, coordinator, ministry, date(2027, 1, 31), "method", "chapters")
    assert len(labels_for(focal_point)) == 1
    assign(report, coordinator, ministry, date(2027, 2, 28), "method")
    assert labels_for(focal_point)[0] == "Our report\nMethod (2027-02-28)"


def test_notifications_about_one_report_are_under_its_title(report, coordinator, ministry, focal_point):
    for key in ("method", "chapters"):
        assign(report, coordinator, ministry, None, key)
    notify(people=[focal_point], kind=Notification.Kind.REPORT_CLEARED, thing=report, by=None, label=report.title)
    [[_day, things]] = by_day(in_words(Notification.objects.filter(person=focal_point), to=focal_point))
    assert [(name, len(notices)) for name, notices in things] == [("Our report", 3)]
    assert things[0][1][-1].sentence == "Your institution is to write sections of a report: Our report: Method."


def test_the_alternate_is_notified_too_while_the_principal_is_away(report, coordinator, ministry, focal_point):
    alternate, today = make.user(Role.PUBLIC), timezone.localdate()
    make.appointment(alternate, ministry, "alternate", start=date(2025, 1, 1))
    assign(report, coordinator, ministry)
    assert (len(labels_for(focal_point)), labels_for(alternate)) == (1, [])
    User.objects.filter(pk=focal_point.pk).update(away_from=today, away_until=today)
    assign(report, coordinator, ministry, today + DAY)
    assert (len(labels_for(focal_point)), len(labels_for(alternate))) == (2, 1)


def test_a_focal_point_for_other_bodies_is_neither_notified_nor_reminded(coordinator, ministry):
    person = make.user(Role.PUBLIC)
    make.appointment(person, ministry, start=date(2025, 1, 1), bodies=[make.body("CAT")])
    report = reports_make.report(coordinator, obligation=obligation_make.obligation(body=make.body("CRC")))
    assign(report, coordinator, ministry, TODAY)
    known_for_long()
    run_reminders()
    assert not Notification.objects.filter(person=person, kind=ASSIGNED).exists()
    assert days_of(person) == []


def test_who_loses_the_section_does_not_see_the_notification_any_more(report, coordinator, ministry, focal_point):
    assign(report, coordinator, ministry)
    assign(report, coordinator, make.institution("other"))
    assert labels_for(focal_point) == []


def test_writers_are_reminded_until_there_is_a_text(report, coordinator, ministry, focal_point):
    alternate = make.user(Role.PUBLIC)
    make.appointment(alternate, ministry, "alternate", start=date(2025, 1, 1))
    assign(report, coordinator, ministry, TODAY)
    known_for_long()
    run_reminders()
    assert days_of(focal_point) == [-30, -7, -1, 0, 3, 7, 14]
    assert days_of(alternate) == [3, 7, 14]
    assert days_of(coordinator) == [14]
    section = report.sections.get(key="method")
    write_section(section=section, text="One.", seen=section.version, by=focal_point)
    run_reminders(21, 40)
    assert days_of(focal_point)[-1] == 14


def test_after_days_without_a_run_coordinators_are_reminded_once(report, coordinator, ministry, focal_point):
    assign(report, coordinator, ministry, TODAY)
    known_for_long()
    run_reminders(-40, 14)
    run_reminders(20, 60)
    assert (days_of(coordinator), days_of(focal_point)[-2:]) == ([20], [7, 20])


def test_sections_assigned_late_or_already_submitted_or_withdrawn_are_not_reminded_of(
    report, coordinator, ministry, focal_point
):
    assign(report, coordinator, ministry, TODAY)
    SectionAssignment.objects.update(at=at(TODAY - 7 * DAY))
    run_reminders(-40, 0)
    assert days_of(focal_point) == [-1]
    ReportSnapshot.objects.create(report=report, state="complete", submitted_on=TODAY, title="T", language="en")
    run_reminders(0, 5)
    assert days_of(focal_point) == [-1]
    ReportSnapshot.objects.all().delete()
    withdraw_report(report=report, reason="Twice.", by=coordinator)
    run_reminders(5, 9)
    assert days_of(focal_point) == [-1]


def test_the_mail_counts_sections_without_their_titles(coordinator, ministry, focal_point):
    obligation = obligation_make.obligation(body=make.body("CRC"), due_on=TODAY + 90 * DAY)
    report = reports_make.report(coordinator, obligation=obligation)
    assign(report, coordinator, ministry, TODAY, "method", "chapters")
    known_for_long()
    send_input_reminders(now=at(TODAY))
    mail = Mail.objects.get(to=focal_point.email)
    assert mail.subject == "2 sections of reports are due"
    assert f"{ministry}, 2 sections of" in mail.body
    assert "CRC" in mail.body
    assert "/desk/reports/#sections" in mail.body
    assert "Chapters" not in mail.body
    assert "Our report" not in mail.body


def test_a_restricted_obligation_is_not_named(coordinator, ministry, focal_point):
    obligation = obligation_make.obligation(body=make.body("CRC"), confidentiality="restricted")
    assign(reports_make.report(coordinator, obligation=obligation), coordinator, ministry, TODAY)
    known_for_long()
    send_input_reminders(now=at(TODAY))
    assert "1 section of a report: due today" in Mail.objects.get(to=focal_point.email).body


def test_a_digest_names_no_section_of_a_restricted_obligation(coordinator, ministry, focal_point):
    User.objects.filter(pk=focal_point.pk).update(digest=Digest.DAILY)
    restricted = obligation_make.obligation(body=make.body("CRC"), confidentiality="restricted")
    inquiry = reports_make.report(coordinator, obligation=restricted, title="Reply on the inquiry")
    assign(inquiry, coordinator, ministry, TODAY)
    assign(reports_make.report(coordinator), coordinator, ministry, TODAY)
    send_digests(on=timezone.now())
    body = Mail.objects.get(to=focal_point.email).body
    assert "sections of a report: confidential, named on the page." in body
    assert "Our report: Method" in body
    assert "inquiry" not in body
    assert labels_for(focal_point)[1].startswith("Reply on the inquiry\nMethod")


def test_only_coordinators_are_reminded_of_sections_of_a_closed_institution(report, coordinator, ministry):
    successor = make.institution("successor")
    Succession.objects.create(predecessor=ministry, successor=successor, on=TODAY)
    heir = make.user(Role.FOCAL_POINT, successor)
    assign(report, coordinator, ministry, TODAY)
    Institution.objects.filter(pk=ministry.pk).update(active_to=TODAY - DAY)
    known_for_long()
    run_reminders()
    assert (days_of(heir), days_of(coordinator)) == ([], [14])


def test_an_assignment_is_undone_once(report, coordinator, ministry, focal_point):
    assign(report, coordinator, ministry, None, "method", "chapters")
    change = assign(report, coordinator, None, None, "chapters")
    assert (last_change(report).key, last_change(report).number) == (change, 1)
    assert undo_assignment(report=report, change=change, by=coordinator) == 1
    assert owners_of(report) == [("ministry", None), ("ministry", None)]
    assert Event.objects.filter(action="report-sections-assigned").count() == 3
    assert len(labels_for(focal_point)) == 2
    with pytest.raises(Refused):
        undo_assignment(report=report, change=change, by=coordinator)
    with pytest.raises(Refused):
        undo_assignment(report=report, change=change, by=focal_point)
    assert last_change(report) is None


def test_undo_never_undoes_the_change_of_somebody_else(report, coordinator, ministry):
    own = assign(report, coordinator, ministry, None, "method")
    assign(report, make.user(Role.COORDINATOR), ministry, None, "chapters")
    with pytest.raises(Refused, match="no longer the last change"):
        undo_assignment(report=report, change=own, by=coordinator)
    assert owners_of(report) == [("ministry", None), ("ministry", None)]


def test_undo_leaves_a_section_that_was_changed_otherwise_since(report, coordinator, ministry):
    other = make.institution("other")
    change = assign(report, coordinator, ministry, None, "method", "chapters")
    ReportSection.objects.filter(report=report, key="method").update(institution=other)
    assert undo_assignment(report=report, change=change, by=coordinator) == 1
    assert owners_of(report) == [("other", None), (None, None)]


def test_only_sections_that_need_a_text_are_listed_for_their_writers(coordinator, ministry, focal_point):
    template = reports_make.template("Nested", "Part")
    reports_make.section(template, "Chapter", depth=2)
    reports_make.section(template, "Matrix", content="matrix")
    report = reports_make.report(coordinator, template=template)
    assign(report, coordinator, ministry, None, "part", "chapter", "matrix")
    assert [section.key for section in sections_for(focal_point)] == ["chapter"]
    assert not sections_for(coordinator)
