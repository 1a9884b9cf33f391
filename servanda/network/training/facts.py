"""Training as facts of reports: the sessions of courses that were held in the period of the report."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from servanda.network.models import CourseSession
from servanda.people.versioning import changed_since
from servanda.progress.rounds.days import local_day
from servanda.reporting.facts.citing import cited, in_words
from servanda.reporting.facts.registry import Fact, FactContext, FactSource


def sessions(context: FactContext) -> QuerySet:
    """Those that have begun and were not cancelled, without those added or changed since the day of the facts."""
    report, today = context.section.report, local_day(context.as_of or timezone.now())
    rows = CourseSession.objects.visible_to(context.user).filter(cancelled_at=None, start__lte=today)
    if report.start:
        rows = rows.filter(end__gte=report.start)
    if report.end:
        rows = rows.filter(start__lte=report.end)
    if context.as_of:
        for action in ("session-added", "session-edited"):
            rows = rows.exclude(pk__in=changed_since(CourseSession, action, context.as_of))
    return rows.counted().select_related("course").order_by("start", "pk")


def session_facts(rows: Iterable[CourseSession], context: FactContext) -> list[Fact]:
    return [fact_of(row, is_counted=context.as_of is None) for row in rows]


def fact_of(row: CourseSession, *, is_counted: bool) -> Fact:
    """With the number of people who are registered today, unless the facts are of an earlier day."""
    course, day = row.course, in_words(row.start)
    people = vars(row)["registered"] if is_counted else 0
    counted = ngettext("%(count)s participant.", "%(count)s participants.", people) % {"count": people}
    text = f"{course.title} ({course.provider}; {row.place}, {day})."
    return Fact(
        key=str(row.pk),
        title=str(row),
        text=f"{text} {counted}" if people else text,
        citation=cited(course.title, course.provider, day),
        address=row.get_absolute_url(),
        day=row.start,
    )


SOURCE = FactSource(
    code="training",
    label=gettext_lazy("Training"),
    rows=sessions,
    facts=session_facts,
    covered=None,
    is_drafted=True,
)
