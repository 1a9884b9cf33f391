"""Meetings as facts of reports: those that were held in the period of the report, with what they decided."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from servanda.network.models import Meeting, MeetingDecision, MeetingParticipant
from servanda.progress.rounds.days import house_zone, local_day
from servanda.reporting.facts.citing import cited, in_words, listed
from servanda.reporting.facts.registry import Fact, FactContext, FactSource


def meetings(context: FactContext) -> QuerySet:
    """Without cancelled ones."""
    report, zone = context.section.report, house_zone()
    rows = Meeting.objects.visible_to(context.user).held()
    if report.start:
        rows = rows.filter(ends_at__gte=datetime.combine(report.start, time.min, tzinfo=zone))
    if report.end:
        rows = rows.filter(begins_at__lt=datetime.combine(report.end + timedelta(days=1), time.min, tzinfo=zone))
    if context.as_of:
        rows = rows.filter(created_at__lte=context.as_of)
    registered = Count(
        "participants", filter=Q(participants__state=MeetingParticipant.State.REGISTERED), distinct=True
    )
    return rows.annotate(registered=registered).order_by("begins_at", "pk")


def meeting_facts(rows: Iterable[Meeting], context: FactContext) -> list[Fact]:
    rows = list(rows)
    decided: dict[int, list[str]] = {}
    visible = MeetingDecision.objects.visible_to(context.user).filter(meeting__in=[row.pk for row in rows])
    for meeting, text in visible.order_by("number").values_list("meeting", "text"):
        decided.setdefault(meeting, []).append(text)
    return [fact_of(row, decided.get(row.pk, [])) for row in rows]


def fact_of(row: Meeting, decisions: list[str]) -> Fact:
    day = local_day(row.begins_at)
    where = listed(row.place, in_words(day))
    people = vars(row)["registered"]
    counted = ngettext("%(count)s participant.", "%(count)s participants.", people) % {"count": people}
    parts = [f"{row.title} ({row.get_kind_display()}; {where}).", counted if people else ""]
    if decisions:
        parts.append(_("Decisions: %(texts)s") % {"texts": " ".join(decisions)})
    return Fact(
        key=str(row.pk),
        title=row.title,
        text=" ".join(filter(None, parts)),
        citation=cited(row.get_kind_display(), row.title, in_words(day)),
        address=reverse("desk:meeting", args=[row.key]),
        day=day,
    )


SOURCE = FactSource(
    code="meetings",
    label=gettext_lazy("Meetings"),
    rows=meetings,
    facts=meeting_facts,
    covered=None,
    is_drafted=True,
)
