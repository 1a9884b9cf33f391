"""The work of a person in an exercise since its start, and how each piece of it is undone.

The trail names the pieces: only what this person did, with the actions that the steps of the exercise name. A piece
on which another person has worked since is left as it is.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Model, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.pages.translations import listed
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.planning.assignments.services import assign_institutions, current_on, end_assignment, mark
from servanda.planning.models import Assignment
from servanda.recommendations.clusters.services import dissolve_cluster, restore_cluster
from servanda.recommendations.imports.pipeline import discard_batch, reason_to_keep, undo_batch
from servanda.recommendations.models import Cluster, Recommendation
from servanda.reporting.models import Report
from servanda.reporting.reports.services import restore_report, withdraw_report
from servanda.trail.models import Event

type Undo = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work that can be undone, as a sentence; `obstacle` is the reason if it cannot."""

    key: str
    sentence: str
    address: str
    obstacle: str
    take_back: Undo


def pieces_of(exercise: str, user: User, since: datetime) -> list[Piece]:
    """The work of this person in the exercise since then; what was already undone is not among it."""
    return list(WORK[exercise](user, since))


def made(user: User, since: datetime, *actions: str, until: datetime | None = None) -> set[int]:
    """The keys of the things on which this person did one of these."""
    events = Event.objects.filter(actor=user, action__in=actions, at__gte=since)
    events = events.filter(at__lte=until) if until else events
    return {int(key) for key in events.values_list("object_id", flat=True) if key.isdecimal()}


def touched(user: User, since: datetime, things: Collection[Model]) -> set[str]:
    """The keys of those of these things, all of one kind, on which others have worked since."""
    if not things:
        return set()
    label = next(iter(things))._meta.label_lower
    events = Event.objects.filter(object_type=label, object_id__in=[str(thing.pk) for thing in things], at__gte=since)
    return set(events.exclude(Q(actor=user) | Q(actor=None)).values_list("object_id", flat=True))


def obstacle_to(user: User, permission: Can, *, is_touched: bool = False) -> str:
    if not can(user, permission):
        return _("You no longer have permission to change it.")
    return _("Another user has worked on it since.") if is_touched else ""


def imports_of(user: User, since: datetime) -> Iterator[Piece]:
    ended = (Batch.State.UNDONE, Batch.State.DISCARDED, Batch.State.FAILED)
    rows = Batch.objects.visible_to(user).filter(pk__in=made(user, since, "import-received"), created_by=user)
    batches = list(rows.exclude(state__in=ended).order_by("pk"))
    others = touched(user, since, batches)
    for batch in batches:
        is_applied = batch.state == Batch.State.APPLIED
        sentence = _("The import of %(file)s is undone.") if is_applied else _("The file %(file)s is discarded.")
        obstacle = obstacle_to(user, Can.IMPORT, is_touched=str(batch.pk) in others)
        obstacle = obstacle or (_("It is being processed. Wait until it has finished.") if batch.is_busy else "")
        obstacle = obstacle or (reason_to_keep(batch) if is_applied else "")
        take_back = partial(undo_batch if is_applied else discard_batch, batch=batch, by=user)
        address = reverse("desk:show_import", args=[batch.key])
        yield Piece(f"import-{batch.pk}", sentence % {"file": batch.name}, address, obstacle, take_back)


def clusters_of(user: User, since: datetime) -> Iterator[Piece]:
    rows = Cluster.objects.filter(pk__in=made(user, since, "cluster-made"), created_by=user, dissolved_at=None)
    clusters = list(rows.order_by("pk"))
    others = touched(user, since, clusters)
    for cluster in clusters:
        sentence = _("The cluster “%(name)s” is dissolved.") % {"name": cluster.name}
        obstacle = obstacle_to(user, Can.EDIT_REGISTER, is_touched=str(cluster.pk) in others)
        take_back = partial(dissolve_cluster, cluster=cluster, by=user)
        yield Piece(f"cluster-{cluster.pk}", sentence, cluster.get_absolute_url(), obstacle, take_back)


def assignments_of(user: User, since: datetime) -> Iterator[Piece]:
    ended = Assignment.objects.filter(pk__in=made(user, since, "assignment-ended")).values("recommendation")
    assigned = made(user, since, "institutions-assigned")
    records = Recommendation.every_kind.opened_to(user).filter(Q(pk__in=assigned) | Q(pk__in=ended))
    in_order = Assignment.objects.select_related("institution").order_by("pk")
    for record in records.order_by("pk").prefetch_related(Prefetch("assignments", in_order)):
        rows = list(record.assignments.all())
        later = [row for row in rows if row.assigned_at >= since]
        new = [row for row in later if row.ended_at is None and row.assigned_by_id == user.pk]
        former = [row for row in rows if was_ended(row, user, since)]
        if new or former:
            is_touched = any(row.assigned_by_id != user.pk for row in later)
            obstacle = obstacle_to(user, Can.ASSIGN, is_touched=is_touched)
            take_back = partial(restore_assignments, record=record, new=new, former=former, by=user)
            sentence = sentence_on(record, new, former)
            yield Piece(f"record-{record.pk}", sentence, record.get_absolute_url(), obstacle, take_back)


def was_ended(row: Assignment, user: User, since: datetime) -> bool:
    """Whether it was there before, and this person has ended or replaced it since."""
    is_earlier = row.assigned_at < since and row.refused_at is None
    return is_earlier and row.ended_at is not None and row.ended_at >= since and row.ended_by_id == user.pk


def sentence_on(record: Recommendation, new: Iterable[Assignment], former: Iterable[Assignment]) -> str:
    names = {"code": record.code, "new": listed(str(row.institution) for row in new)}
    names["former"] = listed(str(row.institution) for row in former)
    if not names["former"]:
        return _("%(code)s: the assignment ends: %(new)s.") % names
    if not names["new"]:
        return _("%(code)s: assigned again: %(former)s.") % names
    return _("%(code)s: the assignment ends: %(new)s. Assigned again: %(former)s.") % names


@transaction.atomic
def restore_assignments(
    *, record: Recommendation, new: Iterable[Assignment], former: Iterable[Assignment], by: User
) -> None:
    """End the new ones, and assign the former ones on their terms. Raises `Refused`."""
    for row in new:
        end_assignment(assignment=row, reason=_("The exercise was reset."), by=by)
    for row in former:
        is_lead = row.part == Assignment.Part.LEAD
        assign_institutions(
            recommendation=record,
            lead=row.institution if is_lead else None,
            supporting=[] if is_lead else [row.institution],
            since=row.since,
            due_on=row.due_on,
            note=row.note,
            seen=mark(current_on(record)),
            by=by,
        )


def reports_of(user: User, since: datetime) -> Iterator[Piece]:
    rows = Report.objects.visible_to(user).filter(pk__in=made(user, since, "report-added"), created_by=user)
    reports = list(rows.filter(withdrawn_at=None).order_by("pk"))
    others = touched(user, since, reports)
    for report in reports:
        sentence = _("The report “%(title)s” is withdrawn.") % {"title": report.title}
        is_touched = str(report.pk) in others or bool(touched(user, since, list(report.sections.all())))
        obstacle = obstacle_to(user, Can.EDIT_REPORTS, is_touched=is_touched)
        take_back = partial(withdraw_report, report=report, reason=_("The exercise was reset."), by=user)
        yield Piece(f"report-{report.pk}", sentence, report.get_absolute_url(), obstacle, take_back)


WORK: dict[str, Callable[[User, datetime], Iterator[Piece]]] = {
    "import": imports_of,
    "cluster": clusters_of,
    "assign": assignments_of,
    "report": reports_of,
}


def restores_of(exercise: str, user: User, began: datetime, ended: datetime) -> list[Undo]:
    """What restores the work that a reset took back in this time, and nothing that the person did after it. An import
    cannot be restored: its file is imported again."""
    return list(RESTORED[exercise](user, began, ended)) if exercise in RESTORED else []


def restored_clusters(user: User, began: datetime, ended: datetime) -> Iterator[Undo]:
    taken_back = made(user, began, "cluster-dissolved", until=ended)
    dissolved = Cluster.objects.filter(pk__in=taken_back, dissolved_at__lte=ended).order_by("pk")
    return (partial(restore_cluster, cluster=cluster, by=user) for cluster in dissolved)


def restored_assignments(user: User, began: datetime, ended: datetime) -> Iterator[Undo]:
    """A reset ends and assigns, as the exercise did: taken back as well, what was before is assigned again."""
    changed = Assignment.objects.filter(Q(assigned_at__gt=ended) | Q(ended_at__gt=ended)).order_by()
    later = {f"record-{pk}" for pk in changed.values_list("recommendation", flat=True)}
    pieces = assignments_of(user, began)
    return (piece.take_back for piece in pieces if not piece.obstacle and piece.key not in later)


def restored_reports(user: User, began: datetime, ended: datetime) -> Iterator[Undo]:
    taken_back = made(user, began, "report-withdrawn", until=ended)
    rows = Report.objects.filter(pk__in=taken_back, withdrawn_at__lte=ended).order_by("pk")
    return (partial(restore_report, report=report, by=user) for report in rows)


RESTORED: dict[str, Callable[[User, datetime, datetime], Iterator[Undo]]] = {
    "cluster": restored_clusters,
    "assign": restored_assignments,
    "report": restored_reports,
}
