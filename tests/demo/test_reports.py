"""The draft of a report in the demonstration."""

import pytest

from servanda.demo import people, reports
from servanda.reporting.models import Report, ReportTemplate

pytestmark = pytest.mark.django_db


def test_the_draft_is_loaded_once_with_its_sections_assigned(vocabulary):
    people.load()
    reports.load()
    reports.load()
    report = Report.objects.get()
    assert ReportTemplate.objects.count() == 12
    assert report.sections.exclude(institution=None).count() == 3
    assert report.sections.get(key="method").words > 40
