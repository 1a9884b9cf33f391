"""The tiles of what a person has to write, do, clear and translate in reports."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Supply, Tile
from servanda.people.access import Can, can, scopes
from servanda.people.models import User
from servanda.reporting.models import SectionNote
from servanda.reporting.reports.queries import sections_for
from servanda.reporting.submissions.clearance import reports_to_clear
from servanda.reporting.translations.queries import assigned_translations


def section_tiles(user: User) -> Supply:
    """For those who write for an institution."""
    if not scopes(user, Can.WRITE_UPDATE):
        return
    late = Count("pk", filter=Q(due_on__lt=timezone.localdate()))
    counts = yield Ask("sections", lambda: (sections_for(user), {"sections": Count("pk"), "late": late}))
    note = _("overdue: %(count)d") % {"count": counts["late"]} if counts["late"] else ""
    label, none = _("Sections of reports for me"), _("No sections of reports to write.")
    yield Tile("report_sections", label, counts["sections"], f"{reverse('desk:reports')}#sections", none, note)


def report_task_tiles(user: User) -> Supply:
    if not (can(user, Can.EDIT_REPORTS) or can(user, Can.WRITE_UPDATE)):
        return
    late = Count("pk", filter=Q(due_on__lt=timezone.localdate()))
    counts = yield Ask("tasks", lambda: (SectionNote.objects.tasks_of(user), {"tasks": Count("pk"), "late": late}))
    note = _("overdue: %(count)d") % {"count": counts["late"]} if counts["late"] else ""
    label, none = _("My tasks in reports"), _("No tasks in reports.")
    yield Tile("report_tasks", label, counts["tasks"], f"{reverse('desk:reports')}#tasks", none, note)


def clearance_tiles(user: User) -> Supply:
    if not (can(user, Can.RUN_PROCEEDINGS) or can(user, Can.VALIDATE_UPDATE)):
        return
    counts = yield Ask.many("reports_to_clear", lambda: reports_to_clear(user))
    label, none = _("Reports to clear"), _("No reports to clear.")
    yield Tile("reports_to_clear", label, counts["number"], f"{reverse('desk:reports')}#to-clear", none)


def translation_tiles(user: User) -> Supply:
    """Readers have it only while a report is assigned to them."""
    if not can(user, Can.READ_INTERNAL):
        return
    late = Count("pk", filter=Q(due_on__lt=timezone.localdate()))
    writes = can(user, Can.EDIT_REPORTS) or can(user, Can.WRITE_UPDATE)
    numbers = {"translations": Count("pk"), "late": late}
    counts = yield Ask("translations", lambda: (assigned_translations(user), numbers))
    note = _("overdue: %(count)d") % {"count": counts["late"]} if counts["late"] else ""
    label, none = _("Reports to translate"), _("No reports to translate.")
    if writes or counts["translations"]:
        href = f"{reverse('desk:reports')}#translations"
        yield Tile("translations", label, counts["translations"], href, none, note)
