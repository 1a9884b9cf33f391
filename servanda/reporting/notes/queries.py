"""Threads on a section or in a whole report, and the people to whom a task can be assigned."""

from dataclasses import dataclass
from typing import Self

from django.db.models import Case, F, Prefetch, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils import timezone

from servanda.kit.pages.listing import ListFilter, choice_in, page_number
from servanda.people.access import ROLES, Can
from servanda.people.models import Appointment, User
from servanda.progress.updates.permissions import WRITERS
from servanda.reporting.models import Report, ReportSection, SectionNote

OPEN, CLOSED, MINE = "open", "closed", "mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFilter(ListFilter):
    state: str = ""
    kind: str = ""
    mine: str = ""  # not empty: only threads that the person wrote or has to do

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        return cls(
            state=choice_in(params, "state", (OPEN, CLOSED)),
            kind=choice_in(params, "kind", SectionNote.Kind.values),
            mine=choice_in(params, "mine", (MINE,)),
            number=page_number(params),
        )


def threads_on(section: ReportSection, user: User) -> list[SectionNote]:
    """Open ones first, each with its replies."""
    replies = SectionNote.objects.select_related("by").order_by("pk")
    rows = SectionNote.objects.visible_to(user).threads().filter(section=section)
    rows = rows.select_related("by", "owner", "closed_by").prefetch_related(Prefetch("replies", replies))
    return sorted(rows.order_by("pk"), key=lambda note: not note.is_open)


def notes_in(report: Report, user: User, filters: NoteFilter) -> QuerySet[SectionNote]:
    """The threads on the sections of the report that this person reads: open ones first, those with a deadline before
    the others, in the order of the report."""
    rows = SectionNote.objects.visible_to(user).threads().filter(section__report=report)
    if filters.state:
        rows = rows.exclude(outcome="") if filters.state == CLOSED else rows.filter(outcome="")
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.mine:
        rows = rows.filter(Q(owner=user.pk) | Q(by=user.pk))
    is_closed = Case(When(outcome="", then=Value(0)), default=Value(1))
    rows = rows.select_related("section__report", "by", "owner", "closed_by")
    return rows.order_by(is_closed, F("due_on").asc(nulls_last=True), "section__place", "section", "pk")


def people_for(section: ReportSection) -> QuerySet[User]:
    """Those who edit reports, and those who write for the institution of the section."""
    roles = [role for role, permissions in ROLES.items() if Can.EDIT_REPORTS in permissions]
    writers = Appointment.objects.current(on=timezone.localdate()).filter(
        institution=section.institution_id, function__in=WRITERS
    )
    writers = writers.order_by().values("person")
    people = User.objects.filter(Q(role__in=roles) | Q(pk__in=writers), is_active=True)
    return people.order_by("name", "pk")
