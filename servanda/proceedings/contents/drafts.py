"""Answers of institutions: written, submitted, approved by the validating authority, or returned.

The same states and the same separation of duties as updates, which are about records and cannot be about a letter.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.access import Can, can
from servanda.people.models import Appointment, Instance, Institution, Notification, User
from servanda.people.notifications.services import notify
from servanda.people.versioning import refuse_if_changed
from servanda.planning.assignments.services import coordinators
from servanda.proceedings.models import Draft, Proceeding
from servanda.proceedings.obligations import follow_answers
from servanda.proceedings.rules import holds, lock_kept, refuse_closed
from servanda.progress.updates.permissions import WRITERS, appointed_to, missing_appointment
from servanda.progress.updates.separation import is_validated_apart
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event

State, Kind = Draft.State, Notification.Kind


@transaction.atomic
def save_draft(
    *, proceeding: Proceeding, institution: Institution, text: str, language: str, seen: int, by: User
) -> Draft:
    """Save the answer of an institution; `seen` is the version that the person was shown, 0 if there was none.

    Raises `ChangedMeanwhile` if another person saved since, and `Refused` if the person may not write for the
    institution, if it is not named, or if the answer was submitted.
    """
    proceeding = lock_kept(proceeding)
    if not proceeding.named.filter(institution=institution).exists():
        raise Refused(_("%(institution)s is not named here. Name it first.") % {"institution": institution})
    refuse_unless_held(by, Can.WRITE_UPDATE, proceeding, institution)
    refuse_closed(proceeding)
    draft = Draft.objects.current().select_for_update(of=("self",)).filter(
        proceeding=proceeding, institution=institution
    ).first() or Draft(proceeding=proceeding, institution=institution, version=0)
    sentence = _("Another user saved this answer while you were editing. Compare the two versions, then save again.")
    refuse_if_changed(draft.version, seen, sentence)
    refuse_unless(draft, *Draft.EDITABLE)
    former, draft.written_by = draft.written_by, by
    draft.text, draft.language = clean(text), language
    draft.version += 1
    is_new = draft.pk is None
    draft.save()
    if former is not None and former != by:
        draft.earlier_writers.add(former)
    if is_new:
        Event.record("draft-saved", draft, by=by, label=label_of(draft))
    return draft


@transaction.atomic
def submit_draft(*, draft: Draft, by: User) -> Draft:
    """Submit the answer to the validating authority, or approve it where this installation asks for none."""
    draft = lock_draft(draft)
    refuse_unless_held(by, Can.WRITE_UPDATE, draft.proceeding, draft.institution)
    refuse_unless(draft, *Draft.EDITABLE)
    if not draft.text:
        raise Refused(_("Enter the answer, then submit."))
    draft.return_reason = ""
    draft.state = State.SUBMITTED if Instance.current().updates_need_validation else State.VALIDATED
    save_state(draft)
    if draft.state == State.SUBMITTED:
        bodies = draft.proceeding.body_codes()
        authorities = appointed_to(draft.institution, [Appointment.Function.AUTHORITY], bodies=bodies)
        notify_of(draft, Kind.REPLY_SUBMITTED, authorities, by=by)
    else:
        notify_of(draft, Kind.REPLY_VALIDATED, coordinators(), by=by)
    Event.record("draft-submitted", draft, by=by, label=label_of(draft))
    return draft


@transaction.atomic
def validate_draft(*, draft: Draft, by: User) -> Draft:
    """Approve the answer for the institution. Raises `Refused` for the writer where duties are separated."""
    draft = lock_draft(draft)
    refuse_unless_held(by, Can.VALIDATE_UPDATE, draft.proceeding, draft.institution)
    refuse_unless(draft, State.SUBMITTED)
    if sentence := why_not_validate(draft, by):
        raise Refused(sentence)
    draft.state, draft.validated_by = State.VALIDATED, by
    save_state(draft)
    notify_of(draft, Kind.REPLY_VALIDATED, coordinators(), by=by)
    Event.record("draft-validated", draft, by=by, label=label_of(draft))
    return draft


@transaction.atomic
def return_draft(*, draft: Draft, reason: str, by: User) -> Draft:
    """Return it with a reason. The authority returns a submitted answer, the coordinator an approved one."""
    draft = lock_draft(draft)
    refuse_unless(draft, State.SUBMITTED, State.VALIDATED)
    if draft.state == State.VALIDATED and not can(by, Can.RUN_PROCEEDINGS):
        raise Refused(_("Only a coordinator can do this."))
    if draft.state == State.SUBMITTED:
        refuse_unless_held(by, Can.VALIDATE_UPDATE, draft.proceeding, draft.institution)
    draft.state, draft.return_reason, draft.validated_by = State.RETURNED, required_reason(reason), None
    save_state(draft)
    writers = appointed_to(draft.institution, WRITERS, bodies=draft.proceeding.body_codes())
    notify_of(draft, Kind.REPLY_RETURNED, [draft.written_by, *writers], by=by)
    Event.record("draft-returned", draft, by=by, label=label_of(draft))
    return draft


def lock_draft(draft: Draft) -> Draft:
    refuse_closed(lock_kept(draft.proceeding))
    locked = (
        Draft.objects.select_for_update(of=("self",)).select_related("institution", "written_by").get(pk=draft.pk)
    )
    if locked.submission_id is not None:
        raise Refused(_("This answer is part of a submission that was sent. It can no longer be changed."))
    return locked


def save_state(draft: Draft) -> None:
    draft.version += 1
    draft.save()
    follow_answers(draft.proceeding)


def why_not_validate(draft: Draft, user: User) -> str:
    """Why this person may not approve the answer, as a sentence, or an empty text."""
    writers = {draft.written_by_id, *draft.earlier_writers.values_list("pk", flat=True)}
    if not is_validated_apart(Instance.current()) or user.pk not in writers:
        return ""
    return _("You wrote this answer, so another person must approve it.")


def refuse_unless_held(by: User, permission: Can, proceeding: Proceeding, institution: Institution) -> None:
    if not holds(by, permission, proceeding, institution):
        raise Refused(missing_appointment(permission, institution))


def refuse_unless(draft: Draft, *states: str) -> None:
    if draft.state not in states:
        sentence = _("This answer has another state by now: %(state)s. Reload the page.")
        raise Refused(sentence % {"state": draft.get_state_display()})


def notify_of(draft: Draft, kind: Notification.Kind, people: Sequence[User | None], *, by: User) -> None:
    notify(people=people, kind=kind, thing=draft.proceeding, by=by, label=draft.proceeding.reference)


def label_of(draft: Draft) -> str:
    return f"{draft.institution.code}: {draft.proceeding.reference}"
