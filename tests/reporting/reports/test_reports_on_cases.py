"""Reports on cases: started from the case without an obligation, about the measures that were ordered in it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from servanda.desk.proceedings.submissions_paper import parts_of_reply
from servanda.desk.reports.submitting import what_follows
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.proceedings.life.needs import missing_for
from servanda.proceedings.models import CaseFacts, CaseMeasure, Proceeding
from servanda.proceedings.replies.services import write_reply
from servanda.proceedings.rules import lock, save_version, set_deadline
from servanda.proceedings.submissions.by_report import undo_answer_by_report
from servanda.reporting.models import Report
from servanda.reporting.reports import services
from servanda.reporting.reports.earlier import earlier_reports, promises_in
from servanda.reporting.reports.scope import records_of
from servanda.reporting.submissions import clearance, making
from servanda.reporting.submissions import services as submitting
from servanda.reporting.submissions.fingerprint import fingerprint_of
from servanda.reporting.submissions.services import reports_on
from servanda.sources.models import Obligation
from servanda.trail.models import Event
from tests import make, obligation_make, reports_make
from tests import proceedings_make as made
from tests.desk.reports.test_report_pages import text_of
from tests.house.page_forms import form_of
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def case(coordinator):
    return made.case(coordinator)


def ordered(*cases) -> set:
    return {row.recommendation for row in CaseMeasure.objects.filter(proceeding__in=cases)}


def test_its_scope_are_the_measures_of_the_case_and_of_its_group(case, coordinator):
    repetitive, _other, _record = made.case(coordinator), made.case(coordinator), make.recommendation()
    CaseFacts.objects.filter(proceeding=repetitive).update(standing="repetitive", leading_case=case)
    report = reports_make.report(coordinator, case=case)
    assert set(records_of(report, coordinator)) == ordered(case, repetitive)
    assert records_of(report, coordinator).count() == 2
    assert not records_of(report, make.user(Role.FOCAL_POINT, make.institution())).exists()


def test_a_case_and_a_saved_list_are_not_both_chosen(case, coordinator):
    with pytest.raises(FieldRefused, match="a case or a saved list"):
        reports_make.report(coordinator, case=case, query="?kind=measure")


def test_another_case_is_cleared_again(case, coordinator):
    report = reports_make.report(coordinator)
    before = fingerprint_of(report)
    values = reports_make.report_values(report.template, case=case)
    services.edit_report(report=report, values=values, seen=report.version, by=coordinator)
    assert fingerprint_of(Report.objects.get()) != before


def test_it_is_started_from_the_page_of_the_case(client, case, coordinator):
    call_command("load_report_templates")
    client.force_login(coordinator)
    add = reverse("desk:add_report")
    page = text_of(client.get(case.get_absolute_url()))
    assert "No report on this case yet" in page
    assert f'href="{add}?case={case.pk}"' in page
    form = form_of(client.get(add, {"case": case.pk}).content)
    assert (form["case"], form["obligation"]) == ([str(case.pk)], [""])
    assert case.reference not in form["title"][0]
    client.post(f"{add}?case={case.pk}", form)
    report = Report.objects.get()
    assert (report.case, report.obligation, report.template.kinds) == (case, None, "action-plan")
    assert report.title in text_of(client.get(case.get_absolute_url()))
    assert case.reference in text_of(client.get(report.get_absolute_url()))


@pytest.mark.parametrize("value", ["x", "9" * 30, "-1", "٣"])
def test_odd_cases_are_no_case(client, coordinator, value):
    client.force_login(coordinator)
    answer = client.get(reverse("desk:add_report"), {"case": value})
    assert (answer.status_code, form_of(answer.content)["case"]) == (200, [""])


def test_who_does_not_see_the_case_sees_no_word_of_it_on_the_report(client, case, coordinator):
    place = make.institution("ministry")
    report = reports_make.report(coordinator, case=case)
    reports_make.assigned(report, "method", place, coordinator)
    client.force_login(make.user(Role.FOCAL_POINT, place))
    page = text_of(client.get(report.get_absolute_url()))
    assert report.title in page
    assert case.reference not in page


def submitted(report: Report, by, on=None) -> None:
    for section in report.sections.all():
        services.write_section(section=section, text="Two words.", seen=section.version, by=by)
    clearance.start_report_clearance(report=report, steps=["Minister"], by=by)
    clearance.clear_report(report=report, by=make.user(Role.COORDINATOR))
    snapshot = submitting.submit_report(report=report, submitted_on=on or timezone.localdate(), by=by)
    making.make_submitted_files.call(str(snapshot.key))


def fresh(case) -> Proceeding:
    return Proceeding.objects.select_related("obligation").get(pk=case.pk)


def test_its_earlier_report_is_that_on_the_same_case(case, coordinator):
    template = reports_make.template("Plan", "State", kinds="action-plan")
    before = reports_make.report(coordinator, case=case, template=template, title="Before")
    reports_make.report(coordinator, case=made.case(coordinator), template=template, title="Other case")
    due = obligation_make.obligation(body=made.court())
    reports_make.report(coordinator, obligation=due, template=template, title="Of the body")
    report = reports_make.report(coordinator, case=case, template=template)
    section = before.sections.get()
    services.write_section(section=section, text="We will pay by May.", seen=1, by=coordinator)
    assert earlier_reports(report, coordinator) == [before]
    assert [row.text for row in promises_in(before, coordinator)] == ["We will pay by May."]
    periodic = reports_make.report(coordinator, obligation=due, template=template)
    assert [row.title for row in earlier_reports(periodic, coordinator)] == ["Of the body"]


def test_its_submission_meets_the_deadline_of_the_case(case, coordinator):
    report = reports_make.report(coordinator, case=case)
    submitted(report, coordinator)
    case = fresh(case)
    assert (case.replied_on, case.is_by_report) == (timezone.localdate(), True)
    assert case.obligation.state == Obligation.State.SUBMITTED
    assert Event.objects.filter(action="answered-by-report").count() == 1
    [missing] = missing_for(case, "replied")
    assert "note verbale" in missing.sentence
    undo_answer_by_report(proceeding=case, by=coordinator)
    assert fresh(case).obligation.state == Obligation.State.OPEN
    with pytest.raises(Refused):
        undo_answer_by_report(proceeding=case, by=coordinator)


def test_a_report_on_an_obligation_leaves_the_deadline_of_the_case_open(case, coordinator):
    due = obligation_make.obligation(body=made.court())
    submitted(reports_make.report(coordinator, case=case, obligation=due), coordinator)
    assert fresh(case).replied_on is None


def test_a_reply_in_preparation_keeps_the_deadline_of_the_case_open(case, coordinator):
    write_reply(proceeding=case, reply="A draft.", language="en", seen=fresh(case).version, by=coordinator)
    report = reports_make.report(coordinator, case=case)
    assert "a reply to it is in preparation" in what_follows(Report.objects.get())
    submitted(report, coordinator)
    case = fresh(case)
    assert (case.replied_on, case.obligation.state) == (None, Obligation.State.OPEN)
    write_reply(proceeding=case, reply="A better draft.", language="en", seen=case.version, by=coordinator)


def test_a_case_without_a_deadline_has_none_that_a_report_meets(case, coordinator):
    with transaction.atomic():
        row = lock(case, by=coordinator)
        set_deadline(row, None)
        row.due_on, row.due_from = None, ""
        save_version(row, "proceeding-edited", by=coordinator)
    submitted(reports_make.report(coordinator, case=case), coordinator)
    assert fresh(case).replied_on is None
    with transaction.atomic():
        row = lock(case, by=coordinator)
        set_deadline(row, timezone.localdate() + timedelta(days=60))
        save_version(row, "proceeding-edited", by=coordinator)
    assert fresh(case).obligation.state == Obligation.State.OPEN


def test_the_document_of_submissions_names_a_report_instead_of_a_reply(case, coordinator):
    report = reports_make.report(coordinator, case=case)
    submitted(report, coordinator)
    part = next(parts_of_reply(fresh(case), [], reports_on(case, coordinator)))
    assert [line.text for line in part.lines] == ["A report met this deadline.", report.title]
    assert reports_on(case, make.user(Role.FOCAL_POINT, make.institution("elsewhere"))) == {}


def test_a_day_before_the_receipt_is_refused_before_any_file_is_made(case, coordinator):
    report = reports_make.report(coordinator, case=case)
    with pytest.raises(FieldRefused, match="between the receipt"):
        submitted(report, coordinator, on=case.received_on - timedelta(days=1))
    assert not report.snapshots.exists()


def test_the_page_of_the_case_shows_the_report_and_opens_the_deadline_again(client, case, coordinator):
    client.force_login(coordinator)
    submitted(reports_make.report(coordinator, case=case), coordinator)
    page = text_of(client.get(case.get_absolute_url()))
    assert "by a report" in page
    undo = reverse("desk:undo_answer_by_report", args=[case.key])
    assert undo in page
    assert "The deadline is open again." in text_of(client.post(undo, follow=True))
    assert "by a report" not in text_of(client.get(case.get_absolute_url()))
