"""Submit a cleared report, and publish what was submitted."""

from datetime import date
from itertools import batched

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.jobs.services import enqueue
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Instance, User
from servanda.proceedings.models import Clearance, Proceeding
from servanda.proceedings.submissions.by_report import refuse_impossible_report
from servanda.recommendations.models import Recommendation
from servanda.reporting.models import Report, ReportSnapshot, TemplateSection
from servanda.reporting.reports.queries import total_of
from servanda.reporting.reports.scope import records_of
from servanda.reporting.reports.services import lock_report, refuse_others
from servanda.reporting.submissions.clearance import refuse_gaps, refuse_untranslated
from servanda.reporting.submissions.fingerprint import fingerprint_of, scope_of
from servanda.reporting.submissions.lengths import confirm_length
from servanda.reporting.submissions.making import case_to_answer, make_submitted_files
from servanda.trail.models import Event
from servanda.vocab.own_state import own_state

State = ReportSnapshot.State
AT_ONCE = 500  # keys in one query


@transaction.atomic
def submit_report(*, report: Report, submitted_on: date, over_limit: bool = False, by: User) -> ReportSnapshot:
    """Submit a cleared report: its files are made in the background, then its obligation is submitted or the deadline
    of its case met.

    Raises `Refused` if it is not cleared, a section has no text or is not translated, and `FieldRefused` for a day in
    the future, or above the word limit unless `over_limit` confirms that.
    """
    locked = lock_report(report, by=by)
    if locked.clearance is None or locked.clearance.state != Clearance.State.CLEARED:
        raise Refused(_("The report has not been cleared yet."))
    if locked.cleared_scope and locked.cleared_scope != scope_of(locked, by):
        sentence = _(
            "The recommendations of the matrix have changed since the report was sent for clearance. Send it again."
        )
        raise Refused(sentence)
    if submitted_on > timezone.localdate():
        raise FieldRefused("submitted_on", _("Enter a date that is not in the future."))
    if locked.obligation and not can(by, Can.EDIT_OBLIGATIONS):
        raise Refused(_("You do not have permission to record that the obligation was met. Ask the coordinator."))
    if locked.snapshots.filter(state=State.PREPARING).exists():
        raise Refused(_("The files of this report are already being created."))
    if case := case_to_answer(locked):
        refuse_impossible_report(case, submitted_on, by=by)
    refuse_gaps(locked, by)
    refuse_untranslated(locked)
    confirm_length(locked, is_confirmed=over_limit, by=by)
    total = total_of(locked, by)
    snapshot = ReportSnapshot.objects.create(
        report=locked,
        fingerprint=fingerprint_of(locked),
        title=locked.title,
        issuer=str(own_state() or Instance.current())[:200],
        language=locked.language,
        words=total.words if total else 0,
        submitted_on=submitted_on,
        unpublished_records=unpublished_records(locked, by),
        records=matrix_records(locked, by),
        by=by,
    )
    enqueue(make_submitted_files, str(snapshot.key))
    return snapshot


def matrix_records(report: Report, by: User) -> list[int]:
    if not report.sections.filter(content=TemplateSection.Content.MATRIX).exists():
        return []
    return list(records_of(report, by).order_by("pk").values_list("pk", flat=True))


def unpublished_records(report: Report, by: User) -> int:
    """How many records of the matrix are not public."""
    return len(not_public(matrix_records(report, by)))


def not_public(records: list[int]) -> set[int]:
    public = Recommendation.every_kind.public().order_by().values_list("pk", flat=True)
    return set(records).difference(*(public.filter(pk__in=some) for some in batched(records, AT_ONCE)))


@transaction.atomic
def publish_submitted_report(*, snapshot: ReportSnapshot, by: User) -> None:
    """Show the submitted files to everyone. Raises `Refused` if the matrix has records that are not public."""
    locked = lock_snapshot(snapshot, by=by)
    if locked.state != State.COMPLETE or locked.published_at is not None:
        raise Refused(_("This report cannot be published now. Reload the page."))
    if hidden := max(locked.unpublished_records, len(not_public(locked.records))):
        sentence = ngettext(
            "The matrix has %(count)d record that is not public. Publish it first, then submit the report again.",
            "The matrix has %(count)d records that are not public. Publish them first, then submit the report again.",
            hidden,
        )
        raise Refused(sentence % {"count": hidden})
    locked.published_at = timezone.now()
    locked.save(update_fields=["published_at"])
    Event.record("report-published", locked.report, by=by)


@transaction.atomic
def unpublish_submitted_report(*, snapshot: ReportSnapshot, by: User) -> None:
    locked = lock_snapshot(snapshot, by=by)
    if locked.published_at is None:
        raise Refused(_("This report is not published."))
    locked.published_at = None
    locked.save(update_fields=["published_at"])
    Event.record("report-unpublished", locked.report, by=by)


def lock_snapshot(snapshot: ReportSnapshot, *, by: User) -> ReportSnapshot:
    refuse_others(by)
    rows = ReportSnapshot.objects.select_for_update(of=("self",)).select_related("report")
    return rows.get(pk=snapshot.pk, report__withdrawn_at=None)


def reports_on(case: Proceeding, user: User) -> dict[date | None, list[str]]:
    """Titles of the submitted reports on a case that the person sees, by the day of their submission."""
    rows = ReportSnapshot.objects.visible_to(user).filter(report__case=case, state=State.COMPLETE).order_by("pk")
    titles: dict[date | None, list[str]] = {}
    for day, title in rows.values_list("submitted_on", "title"):
        titles.setdefault(day, []).append(title)
    return titles
