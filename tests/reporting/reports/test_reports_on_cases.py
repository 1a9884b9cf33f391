"""Reports on cases: started from the case without an obligation, about the measures that were ordered in it."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from servanda.kit.refusal import FieldRefused
from servanda.people.access import Role
from servanda.proceedings.models import CaseFacts, CaseMeasure
from servanda.reporting.models import Report
from servanda.reporting.reports import services
from servanda.reporting.reports.scope import records_of
from servanda.reporting.submissions.fingerprint import fingerprint_of
from tests import make, reports_make
from tests import proceedings_make as made
from tests.desk.reports.test_report_pages import text_of
from tests.house.page_forms import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make.user(Role.COORDINATOR)


@pytest.fixture
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
    assert client.get(reverse("desk:add_report"), {"case": value}).status_code == 200


def test_who_does_not_see_the_case_sees_no_word_of_it_on_the_report(client, case, coordinator):
    place = make.institution("ministry")
    report = reports_make.report(coordinator, case=case)
    reports_make.assigned(report, "method", place, coordinator)
    client.force_login(make.user(Role.FOCAL_POINT, place))
    page = text_of(client.get(report.get_absolute_url()))
    assert report.title in page
    assert case.reference not in page
