"""Assign institutions to records, end assignments with a reason, and refuse them in the name of an institution."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Can, Role
from servanda.people.models import Institution, Notification, User, answering_for
from servanda.people.notifications.services import notify
from servanda.people.versioning import refuse_if_changed
from servanda.planning.models import Assignment
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event

Part, Ending = Assignment.Part, Assignment.Ending


@transaction.atomic
def assign_institutions(
    *,
    recommendation: Recommendation,
    lead: Institution | None,
    supporting: Sequence[Institution],
    since: date,
    due_on: date | None,
    note: str,
    seen: str,
    by: User,
) -> list[Assignment]:
    """Assign the lead and supporting institutions. They replace the present lead, and earlier terms of the same ones.

    `seen` is the `mark` of the assignments that the person was shown. Raises `ChangedMeanwhile` if they have changed
    since, and `Refused` if nothing would change, a date is wrong, or an institution has closed or may not read the
    record.
    """
    record = lock_record(recommendation)
    current = current_on(record)
    sentence = _(
        "Another user changed the assignments of %(code)s while you were editing. Check them, then save again."
    )
    refuse_if_changed(mark(current), seen, sentence % {"code": record.code})
    parts = [(lead, Part.LEAD)] if lead else []
    parts += [(institution, Part.SUPPORTING) for institution in supporting]
    refuse_impossible(record, [institution for institution, _part in parts], since=since, due_on=due_on)
    terms = {"since": since, "due_on": due_on, "note": clean(note), "assigned_by": by}
    requested = [
        Assignment(recommendation=record, institution=institution, part=part, **terms) for institution, part in parts
    ]
    new = [assignment for assignment in requested if not any(is_the_same(assignment, present) for present in current)]
    if not new:
        raise Refused(_("No change: these institutions are already assigned on the same terms."))
    save_assignments(new, by=by)
    Event.record("institutions-assigned", record, by=by, difference=difference(current, current_on(record)))
    return new


@transaction.atomic
def end_assignment(*, assignment: Assignment, reason: str, by: User) -> None:
    """End an assignment, or close a refusal. Raises `Refused` if it has ended, or without a reason."""
    assignment = lock_assignment(assignment)
    if assignment.ended_at is not None:
        raise Refused(_("This assignment has already ended."))
    assignment.ended_at, assignment.ended_by = timezone.now(), by
    assignment.ending, assignment.ending_reason = Ending.BY_HAND, required_reason(reason)
    assignment.save(update_fields=["ended_at", "ended_by", "ending", "ending_reason"])
    Event.record("assignment-ended", assignment, by=by, difference={"reason": ["", assignment.ending_reason]})


@transaction.atomic
def refuse_assignment(*, assignment: Assignment, reason: str, by: User) -> None:
    """Refuse in the name of the institution; the coordinators and whoever assigned it are notified.

    Raises `Refused` for anyone except its focal points and authority, if it is not current, or without a reason.
    """
    assignment = lock_assignment(assignment)
    if not Assignment.objects.in_scope_of(by, Can.REFUSE_ASSIGNMENT).filter(pk=assignment.pk).exists():
        sentence = _("Only a focal point or the validating authority of %(institution)s can refuse this assignment.")
        raise Refused(sentence % {"institution": assignment.institution})
    if not assignment.is_current:
        raise Refused(_("This assignment is no longer current and cannot be refused."))
    assignment.refused_at, assignment.refused_by, assignment.refusal_reason = (
        timezone.now(),
        by,
        required_reason(reason),
    )
    assignment.save(update_fields=["refused_at", "refused_by", "refusal_reason"])
    record = assignment.recommendation
    kind = Notification.Kind.ASSIGNMENT_REFUSED
    notify(people=[*coordinators(), assignment.assigned_by], kind=kind, thing=record, by=by, label=record.code)
    Event.record("assignment-refused", assignment, by=by, difference={"reason": ["", assignment.refusal_reason]})


def save_assignments(new: Sequence[Assignment], *, by: User | None, batch: Batch | None = None) -> None:
    """Create assignments on locked records, ending those that they replace and refusals that wait."""
    records = {assignment.recommendation_id for assignment in new}
    replaced = Q(institution__in={assignment.institution_id for assignment in new}) | Q(refused_at__isnull=False)
    if any(assignment.part == Part.LEAD for assignment in new):
        replaced |= Q(part=Part.LEAD)
    ended = {"ended_at": timezone.now(), "ended_by": by, "ending": Ending.REPLACED, "ended_in": batch}
    Assignment.objects.filter(replaced, recommendation__in=records, ended_at=None).update(**ended)
    Assignment.objects.bulk_create(new)


def current_on(recommendation: Recommendation) -> list[Assignment]:
    assignments = Assignment.objects.current().filter(recommendation=recommendation)
    return list(assignments.select_related("institution", "assigned_by"))


def mark(assignments: Iterable[Assignment]) -> str:
    """A token that changes with every assignment, so that an outdated page is noticed."""
    return "-".join(str(pk) for pk in sorted(assignment.pk for assignment in assignments)) or "none"


def is_the_same(assignment: Assignment, other: Assignment) -> bool:
    return all(
        getattr(assignment, name) == getattr(other, name)
        for name in ("institution_id", "part", "since", "due_on", "note")
    )


def lock_record(recommendation: Recommendation) -> Recommendation:
    record = Recommendation.every_kind.kept().select_for_update().filter(pk=recommendation.pk).first()
    if record is None:
        raise Refused(
            _("This record was removed from the register after you opened this page. No changes were saved.")
        )
    return record


def lock_assignment(assignment: Assignment) -> Assignment:
    """Lock the record, as `assign_institutions` does, and return the present assignment."""
    lock_record(assignment.recommendation)
    return Assignment.objects.select_related("recommendation", "institution", "assigned_by").get(pk=assignment.pk)


def coordinators() -> list[User]:
    return list(User.objects.filter(is_active=True, role=Role.COORDINATOR))


def refuse_impossible(
    record: Recommendation, institutions: Sequence[Institution], *, since: date, due_on: date | None
) -> None:
    if not institutions:
        raise Refused(_("Choose at least one institution."))
    if len({institution.pk for institution in institutions}) < len(institutions):
        raise Refused(
            _("An institution cannot be both lead and supporting institution. Remove it from one of the two fields.")
        )
    refuse_due_too_early(since=since, due_on=due_on)
    for institution in institutions:
        refuse_closed(institution, since=since)
        if not may_read(institution, record):
            sentence = _(
                "%(institution)s has no access to this record. Add it to the institutions with access on the "
                "record first."
            )
            raise Refused(sentence % {"institution": institution})


def refuse_due_too_early(*, since: date, due_on: date | None) -> None:
    if due_on and due_on < since:
        raise Refused(_("The due date is before the start of the assignment. Change one of them."))


def refuse_closed(institution: Institution, *, since: date) -> None:
    if not institution.is_active(on=max(since, timezone.localdate())):
        sentence = _("%(institution)s is not active on that date. Choose its successor or another date.")
        raise Refused(sentence % {"institution": institution})


def may_read(institution: Institution, recommendation: Recommendation) -> bool:
    """Whether the institution may see the record: a restricted one must name it, one below it, or its predecessor."""
    if recommendation.confidentiality != Recommendation.Confidentiality.RESTRICTED:
        return True
    return recommendation.restricted_to.filter(pk__in=answering_for({institution.pk})).exists()


def difference(before: Sequence[Assignment], after: Sequence[Assignment]) -> dict[str, list[str]]:
    """For the trail: the institutions and dates before and after, without the notes."""
    pairs = {part: [describe(before, part), describe(after, part)] for part in Part.values}
    return {part: pair for part, pair in pairs.items() if pair[0] != pair[1]}


def describe(assignments: Sequence[Assignment], part: str) -> str:
    matching = [assignment for assignment in assignments if assignment.part == part]
    return ", ".join(f"{assignment.institution.code} ({days(assignment)})" for assignment in matching)


def days(assignment: Assignment) -> str:
    return "/".join(day.isoformat() for day in (assignment.since, assignment.due_on) if day)
