"""The report on the Marrakech Declaration: without another filter, its records are the commitments."""

import pytest

from servanda.people.access import Role
from servanda.reporting.models import ReportTemplate
from servanda.reporting.report_templates.loading import load_report_templates
from servanda.reporting.reports.scope import records_of
from tests import make, network_make, reports_make

pytestmark = pytest.mark.django_db


def test_its_annex_contains_the_commitments_unless_a_filter_says_otherwise():
    by = make.user(Role.COORDINATOR)
    load_report_templates()
    declaration = ReportTemplate.objects.get(code="declaration-report")
    other, agreed = make.recommendation("Ratify the Convention."), network_make.commitment().recommendation
    assert set(records_of(reports_make.report(by, template=declaration), by)) == {agreed}
    assert set(records_of(reports_make.report(by, template=declaration, query="?kind=recommendation"), by)) == {other}
    assert set(records_of(reports_make.report(by), by)) == {other}
