"""Clear a text step by step. The room of the text locks its own row first, and knows who wrote the text."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.access import Can, can, scopes
from servanda.people.models import Appointment, Instance, Institution, User
from servanda.people.versioning import refuse_if_changed
from servanda.planning.assignments.services import coordinators
from servanda.proceedings.models import Clearance, ClearanceStep, ClearanceVerdict, TextInClearance
from servanda.progress.updates.permissions import appointed_to
from servanda.progress.updates.separation import is_published_apart
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event

State, Verdict = Clearance.State, ClearanceVerdict.Verdict


class StepValues(NamedTuple):
    title: str
    institution: Institution | None = None


@transaction.atomic
def set_clearance_steps(*, steps: Sequence[StepValues], by: User) -> None:
    """Replace the steps of the installation; texts that are in clearance keep those that they started with."""
    before = [str(step) for step in ClearanceStep.objects.all()]
    ClearanceStep.objects.all().delete()
    ClearanceStep.objects.bulk_create(
        ClearanceStep(title=clean_label(step.title), institution=step.institution, place=place)
        for place, step in enumerate(steps)
    )
    after = [clean_label(step.title) for step in steps]
    Event.record("clearance-steps-set", by=by, difference={"steps": [", ".join(before), ", ".join(after)]})


def start(*, by: User, steps: Sequence[StepValues] = ()) -> Clearance:
    """A new clearance with these steps, or else those of the installation; without any, another coordinator
    clears."""
    clearance = Clearance.objects.create(started_by=by)
    steps = steps or [StepValues(step.title, step.institution) for step in ClearanceStep.objects.all()]
    steps = steps or [StepValues("")]
    ClearanceVerdict.objects.bulk_create(
        ClearanceVerdict(clearance=clearance, title=step.title, institution=step.institution, place=place)
        for place, step in enumerate(steps)
    )
    return clearance


def next_verdict(clearance: Clearance | None) -> ClearanceVerdict | None:
    """The step that is to be decided now; None if there is none."""
    if clearance is None:
        return None
    return pending_in(clearance, clearance.verdicts.filter(verdict=Verdict.PENDING).select_related("institution"))


def pending_in(clearance: Clearance | None, verdicts: Iterable[ClearanceVerdict]) -> ClearanceVerdict | None:
    """As `next_verdict`, from verdicts already loaded in their order."""
    if clearance is None or clearance.state != State.OPEN:
        return None
    return next((verdict for verdict in verdicts if verdict.verdict == Verdict.PENDING), None)


def why_not_decide(verdict: ClearanceVerdict, user: User, *, of: TextInClearance) -> str:
    """Why this person may not decide the step, as a sentence, or an empty text."""
    if verdict.institution is not None:
        decides = any(
            verdict.institution_id in scope.institutions and scope.covers(of.bodies)
            for scope in scopes(user, Can.VALIDATE_UPDATE)
        )
        sentence = _("Only the validating authority of %(institution)s can do this.")
        return "" if decides else sentence % {"institution": verdict.institution}
    if not can(user, Can.RUN_PROCEEDINGS):
        return _("Only a coordinator can do this.")
    if user.pk in of.writers and is_published_apart(Instance.current()):
        return _("You wrote this text, so another person must clear it. Ask another coordinator.")
    return ""


def deciders(verdict: ClearanceVerdict, *, of: TextInClearance) -> list[User]:
    """The people who can decide the step."""
    authority = [Appointment.Function.AUTHORITY]
    people = appointed_to(verdict.institution, authority, bodies=of.bodies) if verdict.institution else coordinators()
    return [person for person in people if not why_not_decide(verdict, person, of=of)]


def decide(
    clearance: Clearance, *, verdict: str, by: User, of: TextInClearance, seen: int | None, reason: str = ""
) -> Clearance:
    """Clear the next step, or return the text with a reason. `seen` is the step that the person was shown.

    Raises `Refused` for all but those who decide it, and `ChangedMeanwhile` if another step is next by now: a person
    clears only the step and the text that they have seen.
    """
    clearance = Clearance.objects.select_for_update().get(pk=clearance.pk)
    step = next_verdict(clearance)
    if step is None:
        raise Refused(_("Nothing is awaiting clearance. Reload the page."))
    refuse_if_changed(
        step.pk, seen, _("This step was decided after you opened the page. Read the text again, then decide.")
    )
    if sentence := why_not_decide(step, by, of=of):
        raise Refused(sentence)
    step.verdict, step.by, step.at = verdict, by, timezone.now()
    step.reason = required_reason(reason) if verdict == Verdict.RETURNED else ""
    step.save()
    if verdict == Verdict.RETURNED:
        clearance.state = State.RETURNED
    elif next_verdict(clearance) is None:
        clearance.state = State.CLEARED
    clearance.save()
    return clearance


def reopen(clearance: Clearance | None) -> bool:
    """The text has changed, so it is to be cleared again. Returns whether a clearance was reopened by that."""
    if clearance is None or clearance.state not in (State.OPEN, State.CLEARED):
        return False
    Clearance.objects.filter(pk=clearance.pk).update(state=State.REOPENED)
    return True
