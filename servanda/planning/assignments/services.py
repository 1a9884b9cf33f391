"""Who answers for a record: said by the coordinator, ended with a reason, refused by the institution itself."""

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
    """Say who leads and who supports, until when. Another lead takes the place of the present one; an institution
    that answers already does so on the new terms. `seen` is the `mark` of what the person was shown."""
    held = still_there(recommendation)
    current = current_on(held)
    sentence = _("Who answers for %(code)s was changed by somebody else meanwhile. Look at it, then save again.")
    refuse_if_changed(mark(current), seen, sentence % {"code": held.code})
    parts = [(lead, Part.LEAD)] if lead else []
    parts += [(one, Part.SUPPORTING) for one in supporting]
    refuse_impossible(held, [one for one, _part in parts], since=since, due_on=due_on)
    terms = {"since": since, "due_on": due_on, "note": clean(note), "assigned_by": by}
    wanted = [Assignment(recommendation=held, institution=one, part=part, **terms) for one, part in parts]
    new = [one for one in wanted if not any(is_the_same(one, there) for there in current)]
    if not new:
        raise Refused(_("This would change nothing: they answer for it already, on these terms."))
    put(new, by=by)
    Event.record("institutions-assigned", held, by=by, difference=difference(current, current_on(held)))
    return new


@transaction.atomic
def end_assignment(*, assignment: Assignment, reason: str, by: User) -> None:
    """The institution answers no longer; a refusal that waits is closed in the same way."""
    held = locked(assignment)
    if held.ended_at is not None:
        raise Refused(_("This assignment was ended already."))
    held.ended_at, held.ended_by = timezone.now(), by
    held.ending, held.ending_reason = Ending.BY_HAND, required_reason(reason)
    held.save(update_fields=["ended_at", "ended_by", "ending", "ending_reason"])
    Event.record("assignment-ended", held, by=by, difference={"reason": ["", held.ending_reason]})


@transaction.atomic
def refuse_assignment(*, assignment: Assignment, reason: str, by: User) -> None:
    """Give the record back to the coordinator, who is told and finds it on the desk."""
    held = locked(assignment)
    if not Assignment.objects.held_by(by, Can.REFUSE_ASSIGNMENT).filter(pk=held.pk).exists():
        sentence = _("Only a focal point or the validating authority of %(institution)s can refuse this assignment.")
        raise Refused(sentence % {"institution": held.institution})
    if not held.is_current:
        raise Refused(_("This assignment no longer stands, so there is nothing to refuse."))
    held.refused_at, held.refused_by, held.refusal_reason = timezone.now(), by, required_reason(reason)
    held.save(update_fields=["refused_at", "refused_by", "refusal_reason"])
    record = held.recommendation
    kind = Notification.Kind.ASSIGNMENT_REFUSED
    notify(people=[*coordinators(), held.assigned_by], kind=kind, thing=record, by=by, label=record.code)
    Event.record("assignment-refused", held, by=by, difference={"reason": ["", held.refusal_reason]})


def put(new: Sequence[Assignment], *, by: User | None, batch: Batch | None = None) -> None:
    """Write assignments of locked records; what they replace ends, and a refusal that waited is answered by them."""
    records = {one.recommendation_id for one in new}
    replaced = Q(institution__in={one.institution_id for one in new}) | Q(refused_at__isnull=False)
    if any(one.part == Part.LEAD for one in new):
        replaced |= Q(part=Part.LEAD)
    ended = {"ended_at": timezone.now(), "ended_by": by, "ending": Ending.REPLACED, "ended_in": batch}
    Assignment.objects.filter(replaced, recommendation__in=records, ended_at=None).update(**ended)
    Assignment.objects.bulk_create(new)


def current_on(recommendation: Recommendation) -> list[Assignment]:
    there = Assignment.objects.current().filter(recommendation=recommendation)
    return list(there.select_related("institution", "assigned_by"))


def mark(assignments: Iterable[Assignment]) -> str:
    """Another one after every deed, so that a page opened before it is known to be old."""
    return "-".join(str(pk) for pk in sorted(one.pk for one in assignments)) or "none"


def is_the_same(one: Assignment, there: Assignment) -> bool:
    return all(
        getattr(one, name) == getattr(there, name) for name in ("institution_id", "part", "since", "due_on", "note")
    )


def still_there(recommendation: Recommendation) -> Recommendation:
    held = Recommendation.objects.kept().select_for_update().filter(pk=recommendation.pk).first()
    if held is None:
        raise Refused(_("This record has left the register meanwhile. Nothing was saved."))
    return held


def locked(assignment: Assignment) -> Assignment:
    """The record first, as whoever assigns does; then what was agreed, as it is now."""
    still_there(assignment.recommendation)
    return Assignment.objects.select_related("recommendation", "institution", "assigned_by").get(pk=assignment.pk)


def required_reason(reason: str) -> str:
    if not (said := clean(reason)):
        raise Refused(_("Say why, so that others understand it later."))
    return said


def coordinators() -> list[User]:
    return list(User.objects.filter(is_active=True, role=Role.COORDINATOR))


def refuse_impossible(
    held: Recommendation, institutions: Sequence[Institution], *, since: date, due_on: date | None
) -> None:
    if not institutions:
        raise Refused(_("Choose at least one institution."))
    if len({one.pk for one in institutions}) < len(institutions):
        raise Refused(_("An institution leads or supports, not both. Take it out of one of the two."))
    refuse_due_too_early(since=since, due_on=due_on)
    for one in institutions:
        refuse_closed(one, since=since)
        if not may_read(one, held):
            sentence = _("%(institution)s is not among those that may see this record. Name it on the record first.")
            raise Refused(sentence % {"institution": one})


def refuse_due_too_early(*, since: date, due_on: date | None) -> None:
    if due_on and due_on < since:
        raise Refused(_("The due date is before the day from which they answer. Change one of the two."))


def refuse_closed(institution: Institution, *, since: date) -> None:
    if not institution.is_active(on=max(since, timezone.localdate())):
        sentence = _("%(institution)s does not exist then. Choose the one that took its place, or another day.")
        raise Refused(sentence % {"institution": institution})


def may_read(institution: Institution, recommendation: Recommendation) -> bool:
    """Whether its people see a restricted record: named is it itself, one below it, or one whose place it took."""
    if recommendation.confidentiality != Recommendation.Confidentiality.RESTRICTED:
        return True
    return recommendation.restricted_to.filter(pk__in=answering_for({institution.pk})).exists()


def difference(before: Sequence[Assignment], after: Sequence[Assignment]) -> dict[str, list[str]]:
    """Who answered, and who answers now, with the days; what is expected of them is no business of the trail."""
    pairs = {part: [in_one_line(before, part), in_one_line(after, part)] for part in Part.values}
    return {part: pair for part, pair in pairs.items() if pair[0] != pair[1]}


def in_one_line(assignments: Sequence[Assignment], part: str) -> str:
    there = [one for one in assignments if one.part == part]
    return ", ".join(f"{one.institution.code} ({days(one)})" for one in there)


def days(assignment: Assignment) -> str:
    return "/".join(day.isoformat() for day in (assignment.since, assignment.due_on) if day)
