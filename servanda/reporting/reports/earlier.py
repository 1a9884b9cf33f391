"""Earlier reports on the same case or to the same body: their sections compared with the current ones, and what was
promised in them, in replies, and in pledges of the register."""

from django.db.models import Exists, F, Q, QuerySet
from django.db.models.expressions import Combinable

from servanda.people.models import User
from servanda.proceedings.models import PromisedMeasure
from servanda.recommendations.models import Recommendation
from servanda.reporting.models import Report, ReportSection
from servanda.reporting.reports.order import end_of

PROMISES = ("pledges", "priorities", "outlook", "next")  # keys of sections of the shipped templates
PROMISES_ON_CASES = (*PROMISES, "state", "request")  # what will be done and by when; what the State asks for
MOST_EARLIER, MOST_PROMISED = 50, 50


def earlier_reports(report: Report, user: User) -> list[Report]:
    """The reports before this one on the same case, or to the same body, as far as this person sees them: of each
    kind the last one, that of the same kind first."""
    newest: dict[str, Report] = {}
    rows = reports_before(report, user).select_related("obligation", "template").order_by("-created_at", "-pk")
    for row in rows[:MOST_EARLIER]:
        newest.setdefault(kind_of(row), row)
    return sorted(newest.values(), key=lambda row: kind_of(row) != kind_of(report))


def reports_before(report: Report, user: User) -> QuerySet[Report]:
    body, rows = body_of(report), Report.objects.visible_to(user).filter(pk__lt=report.pk)
    if report.case_id is not None:
        return rows.filter(case=report.case_id)
    if body is not None:
        return rows.filter(Q(obligation__body=body) | Q(obligation=None, review__body=body), case=None)
    return rows.none()


def look_back_conditions(report: Report, user: User) -> dict[str, Combinable | Q]:
    """Whether there is an earlier report, and whether measures or pledges were promised: to be asked in one query."""
    before, promised = reports_before(report, user).order_by(), measures_promised(report, user).order_by()
    promises = Exists(promised) | Exists(pledges_to(report, user).order_by())
    return {"has_earlier": Exists(before), "has_promises": promises}


def body_of(report: Report) -> int | None:
    if report.obligation:
        return report.obligation.body_id
    return report.review.body_id if report.review else None


def kind_of(report: Report) -> str:
    return report.obligation.kind if report.obligation else report.template.kinds


def promised_measures(report: Report, user: User) -> list[PromisedMeasure]:
    """Promised in replies in the same case, or to the same body, of proceedings that this person sees."""
    rows = measures_promised(report, user).select_related("proceeding", "action")
    return list(rows.order_by("-pk")[:MOST_PROMISED])


def measures_promised(report: Report, user: User) -> QuerySet[PromisedMeasure]:
    body, rows = body_of(report), PromisedMeasure.objects.visible_to(user)
    if report.case_id is not None:
        return rows.filter(proceeding=report.case_id)
    return rows.filter(proceeding__bodies=body) if body is not None else rows.none()


def pledges(report: Report, user: User) -> list[Recommendation]:
    """The voluntary pledges made to the same body, those of the last review first."""
    rows = pledges_to(report, user).order_by(F("review__cycle").desc(nulls_last=True), "order_key", "pk")
    return list(rows[:MOST_PROMISED])


def pledges_to(report: Report, user: User) -> QuerySet[Recommendation]:
    body, rows = body_of(report), Recommendation.objects.visible_to(user).filter(kind=Recommendation.Kind.PLEDGE)
    return rows.filter(body=body) if body is not None and report.case_id is None else rows.none()


def section_in(earlier: Report, section: ReportSection, user: User) -> ReportSection | None:
    """The section with the same key, or else with the same heading."""
    rows = list(earlier.sections.readable_by(user))
    by_key = next((row for row in rows if row.key == section.key), None)
    heading = section.heading.casefold()
    return by_key or next((row for row in rows if row.heading.casefold() == heading), None)


def promises_in(earlier: Report, user: User) -> list[ReportSection]:
    """The sections with commitments of the State, and those below them."""
    keys = PROMISES_ON_CASES if earlier.case_id else PROMISES
    sections = list(earlier.sections.all())
    places = [place for place, row in enumerate(sections) if row.key in keys]
    inside = {row.pk for place in places for row in sections[place : end_of(sections, place)]}
    return [row for row in earlier.sections.readable_by(user) if row.pk in inside and row.text.strip()]
