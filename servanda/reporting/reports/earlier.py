"""The report before: of the same kind and body; its sections beside the present ones, and what it promised."""

from collections.abc import Iterable
from datetime import date

from servanda.people.models import User
from servanda.recommendations.records.as_of import end_of
from servanda.reporting.models import Report, ReportSection, SectionVersion

PROMISES = ("pledges", "priorities", "outlook", "next")  # keys of sections of the shipped templates


def earlier_report(report: Report, user: User) -> Report | None:
    """The last report before this one on an obligation of the same kind and body, as far as this person sees it."""
    obligation = report.obligation
    if obligation is None:
        return None
    rows = Report.objects.visible_to(user).filter(pk__lt=report.pk)
    rows = rows.filter(obligation__kind=obligation.kind, obligation__body=obligation.body_id)
    return rows.order_by("-created_at", "-pk").first()


def section_in(earlier: Report, section: ReportSection, user: User) -> ReportSection | None:
    """The section with the same key, or else with the same heading."""
    rows = list(earlier.sections.readable_by(user))
    by_key = next((row for row in rows if row.key == section.key), None)
    heading = section.heading.casefold()
    return by_key or next((row for row in rows if row.heading.casefold() == heading), None)


def promises_in(earlier: Report, user: User) -> list[ReportSection]:
    """The sections with commitments of the State."""
    rows = earlier.sections.readable_by(user).filter(key__in=PROMISES)
    return [row for row in rows if row.text.strip()]


def texts_as_of(sections: Iterable[ReportSection], day: date) -> dict[int, str]:
    """The texts at the end of that day, by section."""
    versions = SectionVersion.objects.filter(section__in=[section.pk for section in sections], at__lte=end_of(day))
    return dict(versions.order_by("number").values_list("section", "text"))
