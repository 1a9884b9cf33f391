"""An invented draft of the mid-term report, with sections assigned to institutions."""

from servanda.demo.reading import coordinator, day, read
from servanda.people.models import Institution
from servanda.reporting.models import Report, ReportTemplate
from servanda.reporting.report_templates.loading import load_report_templates
from servanda.reporting.reports import services
from servanda.reporting.reports.services import ReportValues
from servanda.sources.models import Obligation


def load() -> None:
    """Idempotent."""
    load_report_templates()
    if Report.objects.exists():
        return
    data, by = read("reports"), coordinator()
    due = Obligation.objects.filter(kind=data["obligation"]).select_related("review").first()
    values = ReportValues(
        title=data["title"],
        obligation=due,
        template=ReportTemplate.objects.get(code=data["template"]),
        language=data["language"],
        start=None,
        end=None,
        word_limit=data["word_limit"],
        review=due.review if due else None,
        cluster=None,
        query=data["query"],
    )
    report = services.add_report(values=values, by=by)
    sections = {section.key: section for section in report.sections.all()}
    places = {place.code: place for place in Institution.objects.all()}
    owners = {sections[row["key"]].pk: (places[row["institution"]], day(row["due"])) for row in data["assigned"]}
    services.assign_sections(report=report, owners=owners, seen=report.version, by=by)
    for key, text in data["texts"].items():
        services.write_section(section=sections[key], text=text, seen=1, by=by)
