"""An invented draft of the mid-term report, with sections assigned to institutions, partly translated."""

from typing import Any

from servanda.demo.reading import coordinator, day, read
from servanda.kit.pages.markdown_segments import segments_of
from servanda.people.models import Institution, User
from servanda.reporting.models import Report, ReportSection, ReportTemplate, ReportTranslation, SectionTranslation
from servanda.reporting.report_templates.loading import load_report_templates
from servanda.reporting.reports import services
from servanda.reporting.reports.assigning import assign_sections
from servanda.reporting.reports.services import ReportValues
from servanda.reporting.translations import services as translating
from servanda.reporting.translations.services import TranslationValues, Written
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
    assign_sections(report=report, owners=owners, seen=report.version, by=by)
    write(report, data["texts"] | data["before_translation"], by)
    for row in data["translations"]:
        translate(report, row, by)
    write(report, data["texts"], by)


def write(report: Report, texts: dict[str, str], by: User) -> None:
    for key, text in texts.items():
        section = report.sections.get(key=key)
        services.write_section(section=section, text=text, seen=section.version, by=by)


def translate(report: Report, row: dict[str, Any], by: User) -> None:
    """The assigned person translates, and the coordinator reviews."""
    translator = User.objects.get(email=row["translator"])
    values = TranslationValues(
        language=row["language"], title=row["title"], translator=translator, due_on=day(row["due"])
    )
    into = translating.add_report_translation(report=report, values=values, by=by)
    for given in row["sections"]:
        translation = translate_section(into, report.sections.get(key=given["key"]), given, translator)
        if given["reviewed"]:
            translating.review_translation(translation=translation, seen=translation.version, by=by)


def translate_section(
    into: ReportTranslation, section: ReportSection, given: dict[str, Any], by: User
) -> SectionTranslation:
    """The first paragraphs of the section."""
    translation = SectionTranslation.objects.select_related("into__report").get(into=into, section=section)
    targets = given["paragraphs"] + [""] * (len(segments_of(section.text)) - len(given["paragraphs"]))
    written = Written(heading=given["heading"], targets=targets, source_seen=section.version)
    return translating.write_translation(translation=translation, written=written, seen=translation.version, by=by)
