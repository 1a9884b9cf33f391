"""An invented draft of the yearly report on the Marrakech Declaration, each section drafted from its facts."""

from datetime import date

from django.utils import timezone

from servanda.demo.reading import coordinator, read
from servanda.reporting.models import Report, ReportTemplate
from servanda.reporting.report_templates.loading import load_report_templates
from servanda.reporting.reports import services
from servanda.reporting.reports.fact_drafts import has_facts_to_draft
from servanda.reporting.reports.services import ReportValues


def load() -> None:
    """Idempotent."""
    load_report_templates()
    data, by, year = read("declaration"), coordinator(), timezone.localdate().year
    template = ReportTemplate.objects.get(code=data["template"])
    if template.reports.exists():
        return
    values = ReportValues(
        title=data["title"],
        obligation=None,
        template=template,
        language=data["language"],
        start=date(year, 1, 1),
        end=date(year, 12, 31),
        word_limit=None,
        review=None,
        cluster=None,
        query=data["query"],
    )
    report = services.add_report(values=values, by=by)
    for section in report.sections.all():
        if has_facts_to_draft(section, by):
            services.draft_section(section=section, seen=section.version, by=by)
    write(report, data["texts"])


def write(report: Report, texts: dict[str, str]) -> None:
    for key, text in texts.items():
        section = report.sections.get(key=key)
        services.write_section(section=section, text=text, seen=section.version, by=coordinator())
