"""Builders of reports and their templates: one call makes one valid thing."""

from dataclasses import dataclass

from i18nfield.strings import LazyI18nString

from servanda.people.models import User
from servanda.reporting.models import ReportTemplate, TemplateSection
from servanda.reporting.report_templates import services
from servanda.reporting.report_templates.services import SectionValues, TemplateValues
from tests.make import numbers


def english(text: str) -> LazyI18nString:
    return LazyI18nString({"en": text} if text else {})


def template(name: str = "Mid-term report", *headings: str, **fields) -> ReportTemplate:
    """A shipped template with a section for each heading."""
    fields.setdefault("code", f"template-{next(numbers)}")
    fields.setdefault("kinds", "mid-term")
    fields.setdefault("source", "Good practice")
    made = ReportTemplate.objects.create(name=english(name), **fields)
    for heading in headings or ("Method", "Chapters"):
        section(made, heading)
    return made


def section(of: ReportTemplate, heading: str = "Method", **fields) -> TemplateSection:
    fields.setdefault("key", heading.lower().replace(" ", "-"))
    fields.setdefault("place", of.sections.count() + 1)
    return TemplateSection.objects.create(template=of, heading=english(heading), **fields)


def copied(of: ReportTemplate, by: User, name: str = "Ours") -> ReportTemplate:
    return services.copy_report_template(template=of, name=english(name), by=by)


def template_values(name: str = "Ours", **fields) -> TemplateValues:
    usual = {"kinds": "mid-term", "body": None, "word_limit": None, "counts": english(""), "note": english("")}
    return TemplateValues(name=english(name), **usual | {"source": "Good practice"} | fields)


def section_values(heading: str = "Method", **fields) -> SectionValues:
    usual = {"guidance": english(""), "depth": 1, "share": None, "content": "text", "facts": "", "source": ""}
    return SectionValues(heading=english(heading), **usual | {"is_counted": True} | fields)


@dataclass(slots=True)
class Templates:
    """What the addresses of templates can name."""

    own: ReportTemplate
    section: TemplateSection
    dropped: TemplateSection
    retired: ReportTemplate
    outdated: ReportTemplate


def templates(by: User) -> Templates:
    shipped = template("Shipped report")
    own, outdated = copied(shipped, by), copied(template("Renewed report"), by, "Older copy")
    section(outdated.copied_from, "Pledges")
    retired = template("Retired report", is_retired=True)
    services.drop_template_section(section=own.sections.get(key="chapters"), by=by)
    own.refresh_from_db()
    return Templates(
        own=own,
        section=own.sections.get(key="method"),
        dropped=own.sections.get(key="chapters"),
        retired=retired,
        outdated=outdated,
    )
