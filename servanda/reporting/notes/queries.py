"""Threads on a section, and the people who may get a task."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from servanda.people.access import ROLES, Can
from servanda.people.models import Appointment, User
from servanda.progress.updates.permissions import WRITERS
from servanda.reporting.models import ReportSection, SectionNote


def threads_on(section: ReportSection, user: User) -> list[SectionNote]:
    """Open ones first, each with its replies."""
    replies = SectionNote.objects.select_related("by").order_by("pk")
    rows = SectionNote.objects.visible_to(user).threads().filter(section=section)
    rows = rows.select_related("by", "owner", "closed_by").prefetch_related(Prefetch("replies", replies))
    return sorted(rows.order_by("pk"), key=lambda note: not note.is_open)


def people_for(section: ReportSection) -> QuerySet[User]:
    """Those who edit reports, and those who write for the institution of the section."""
    roles = [role for role, permissions in ROLES.items() if Can.EDIT_REPORTS in permissions]
    writers = Appointment.objects.current(on=timezone.localdate()).filter(
        institution=section.institution_id, function__in=WRITERS
    )
    writers = writers.order_by().values("person")
    people = User.objects.filter(Q(role__in=roles) | Q(pk__in=writers), is_active=True)
    return people.order_by("name", "pk")
