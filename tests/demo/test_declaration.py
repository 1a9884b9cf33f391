"""The yearly report on the Declaration, from the data of the demonstration to a file of Word."""

from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone, translation
from docx import Document

from servanda.demo import declaration, network
from servanda.network.models import Commitment
from servanda.people.demonstration import COORDINATOR
from servanda.people.models import User
from servanda.reporting.documents.contents import document_of, in_language_of
from servanda.reporting.documents.files import docx
from servanda.reporting.models import Report
from servanda.reporting.reports import services
from servanda.reporting.reports.fact_drafts import has_facts_to_draft
from servanda.reporting.reports.queries import offered_facts
from servanda.reporting.reports.services import ReportValues
from tests import assessing_make, make, network_make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator(loaded_once) -> User:
    make.user("administrator")
    by = make.user("coordinator", email=COORDINATOR)
    network_make.own_state()
    network.load()
    declaration.load()
    declaration.load()
    return by


def text_in_word(report: Report, by: User) -> str:
    with in_language_of(report):
        written = docx(document_of(report, by, on=date(2026, 12, 1)), timezone.now())
    document = Document(BytesIO(written.read()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_report_has_each_conclusion_and_what_the_year_brought(coordinator):
    report = Report.objects.get()
    shown = text_in_word(report, coordinator)
    for text in (
        "Conclusion 4: Annual meetings",
        "Commit to holding annual meetings of the mechanisms.",
        "No assessment has been published.",
        "Widen the network.",
        "Share one list of themes before each exchange (invented).",
        "Seminar of two mechanisms on clusters (invented)",
        "(invented)",
        "helped",
        "40,000 EUR sought",
        "Annex: matrix of commitments",
    ):
        assert text in shown, text
    assert report.sections.get(key="conclusion-4").quotations.count() == 1


def test_the_report_comes_out_in_arabic(coordinator):
    first = Report.objects.get()
    values = ReportValues(
        title="تقرير تنفيذ إعلان مراكش",
        obligation=None,
        template=first.template,
        language="ar",
        start=first.start,
        end=first.end,
        word_limit=None,
        review=None,
        cluster=None,
        query=first.query,
    )
    report = services.add_report(values=values, by=coordinator)
    for section in report.sections.all():
        if has_facts_to_draft(section, coordinator):
            services.draft_section(section=section, seen=section.version, by=coordinator)
    shown = text_in_word(report, coordinator)
    for text in ("الاستنتاج 4: الاجتماعات السنوية", "التعهُّد بعقد اجتماعات سنوية للآليات.", "لم يُنشر أي تقييم."):
        assert text in shown, text
    assert "No assessment" not in shown


def test_each_voice_and_each_action_are_shown_with_their_commitment(coordinator):
    section = Report.objects.get().sections.get(key="conclusion-4")
    [commitment] = offered_facts(section, "commitments", coordinator).facts
    record = Commitment.objects.get(pk=commitment.key).recommendation
    assessing_make.assessment(record, is_published=True, reason="Two were held.")
    [fact] = offered_facts(section, "commitments", coordinator).facts
    assert "Government assessment:" in fact.text
    assert "No assessment" not in fact.text


def test_a_draft_leaves_out_what_is_quoted_already(coordinator):
    section = Report.objects.get().sections.get(key="meetings")
    assert not has_facts_to_draft(section, coordinator)
    network_make.meeting("Working group", begins_at=timezone.now(), ends_at=timezone.now())
    assert has_facts_to_draft(section, coordinator)
    services.draft_section(section=section, seen=section.version, by=coordinator)
    section.refresh_from_db()
    assert section.text.count("Working group") == 1


def test_a_report_of_another_year_has_no_meeting_of_this_one(coordinator):
    template = Report.objects.get().template
    report = reports_make.report(coordinator, template=template, start=date(2001, 1, 1), end=date(2001, 12, 31))
    section = report.sections.get(key="meetings")
    with translation.override("en"):
        assert offered_facts(section, "meetings", coordinator).total == 0
    for key in ("members", "practices", "assistance", "funding"):
        assert not has_facts_to_draft(report.sections.get(key=key), coordinator)
