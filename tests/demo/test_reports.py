"""The draft of a report in the demonstration."""

import pytest

from servanda.demo import people, reports
from servanda.reporting.models import Report, ReportTemplate, SectionTranslation

pytestmark = pytest.mark.django_db


def test_the_draft_is_loaded_once_with_its_sections_assigned(vocabulary):
    people.load()
    reports.load()
    reports.load()
    report = Report.objects.get()
    assert ReportTemplate.objects.count() == 13
    assert report.sections.exclude(institution=None).count() == 3
    assert report.sections.get(key="method").words > 40
    rows = SectionTranslation.objects.exclude(segments=[]).select_related("into", "section")
    states = {(row.into.language, row.section.key): row.shown_state for row in rows}
    assert states == {("fr", "method"): "outdated", ("fr", "overview"): "draft", ("ar", "overview"): "reviewed"}
