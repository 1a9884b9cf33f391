"""Who writes which section until when: assigned, notified, undone."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import Institution, Notification, User
from servanda.people.notifications.services import notify
from servanda.people.versioning import overwriting_conflict, refuse_if_changed
from servanda.progress.rounds.days import local_day
from servanda.progress.rounds.recipients import contacts_of, may_hear
from servanda.reporting.models import Report, ReportSection, SectionAssignment
from servanda.reporting.reports.outline_history import record_outline
from servanda.reporting.reports.services import lock_report, save
from servanda.trail.models import Event

type Owner = tuple[Institution | None, date | None]
LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class LastChange:
    """The last change of assignments that can be undone: how many sections, who made it and when."""

    key: uuid.UUID
    number: int
    by: User | None
    at: datetime


@transaction.atomic
def assign_sections(*, report: Report, owners: Mapping[int, Owner], seen: int, by: User) -> uuid.UUID | None:
    """Set for each section, by its key in the database, which institution writes it, and until when. The focal points
    of the institutions are notified of their sections. Returns the key of the change, by which it is undone, if
    anything was changed.

    Raises `ChangedMeanwhile` if another user changed the report since.
    """
    locked = lock_report(report, by=by)
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    change, now = uuid.uuid4(), timezone.now()
    rows = []
    for section in locked.sections.select_related("institution"):
        wanted = owners.get(section.pk, owner_of(section))
        if wanted != owner_of(section):
            row = SectionAssignment(report=locked, section=section, change=change, by=by, at=now)
            row.former_institution, row.former_due_on = owner_of(section)
            row.institution, row.due_on = wanted
            rows.append(row)
    SectionAssignment.objects.bulk_create(rows)
    store(locked, [(row.section, (row.institution, row.due_on)) for row in rows], by=by)
    return change if rows else None


@transaction.atomic
def undo_assignment(*, report: Report, change: uuid.UUID, by: User) -> int:
    """Undo this change of assignments, except for sections changed since. Returns the number of sections restored.

    Raises `Refused` if it is not the last one, or was undone.
    """
    locked = lock_report(report, by=by)
    rows = last_rows(locked)
    if not rows or rows[0].change != change:
        raise Refused(_("This is no longer the last change of assignments. Nothing was undone."))
    own = [row for row in rows if owner_of(row.section) == (row.institution, row.due_on)]
    SectionAssignment.objects.filter(pk__in=[row.pk for row in rows]).update(undone_at=timezone.now())
    store(locked, [(row.section, (row.former_institution, row.former_due_on)) for row in own], by=by)
    return len(own)


def last_change(report: Report) -> LastChange | None:
    rows = last_rows(report)
    return LastChange(rows[0].change, len(rows), rows[0].by, rows[0].at) if rows else None


def last_rows(report: Report) -> list[SectionAssignment]:
    """The rows of the last change, unless it was undone already."""
    newest = report.assignments.first()
    if newest is None or newest.undone_at is not None:
        return []
    linked = ("section__institution", "institution", "former_institution", "by")
    return list(report.assignments.filter(change=newest.change).select_related(*linked))


def store(report: Report, owners: Sequence[tuple[ReportSection, Owner]], *, by: User) -> None:
    """Set the new owners with one line in the trail, and notify them."""
    difference = {}
    for section, owner in owners:
        before = owner_in_words(section)
        section.institution, section.due_on = owner
        section.save(update_fields=["institution", "due_on"])
        difference[section.heading] = [before, owner_in_words(section)]
    if difference:
        record_outline(report)
        save(report)
        Event.record("report-sections-assigned", report, by=by, difference=difference)
        notify_owners(report, [section for section, _owner in owners], by=by)


def notify_owners(report: Report, sections: Iterable[ReportSection], *, by: User) -> None:
    """Notify the principal focal points of each institution, or the alternates while they are away."""
    owned = sorted((row for row in sections if row.institution_id), key=lambda row: row.institution_id or 0)
    contacts = contacts_of({row.institution for row in owned if row.institution}, on=local_day(timezone.now()))
    body = body_code(report)
    for institution, rows in groupby(owned, key=lambda row: row.institution_id or 0):
        appointed = [row for row in contacts[institution].first_asked if may_hear(row, body)]
        label = label_of(report, list(rows))
        people = [row.person for row in appointed]
        notify(people=people, kind=Notification.Kind.SECTION_ASSIGNED, thing=report, by=by, label=label)


def label_of(report: Report, sections: Iterable[ReportSection]) -> str:
    """The report, and on a second line its sections with their deadlines as in data files, since a label has no
    language."""
    named = "; ".join(f"{row.heading} ({row.due_on})" if row.due_on else row.heading for row in sections)
    label = f"{report.title}\n{named}"
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


def body_code(report: Report) -> str:
    """The code of the body by which the people who write are limited; empty if the report answers no obligation."""
    return report.obligation.body.code if report.obligation else ""


def owner_of(section: ReportSection) -> Owner:
    return section.institution, section.due_on


def owner_in_words(section: ReportSection) -> str:
    return " · ".join(filter(None, [str(section.institution or ""), str(section.due_on or "")]))
