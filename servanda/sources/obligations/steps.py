"""Steps backward from the deadline of an obligation: the usual ones of a kind, those set manually, and their
completion."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from zlib import crc32

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution, User
from servanda.people.versioning import overwriting_conflict, refuse_if_changed, save_version
from servanda.sources.models import Obligation, ObligationStep, StepTemplate
from servanda.sources.models.step_titles import USUAL, shown_title
from servanda.sources.obligations.values import lock_obligation, refuse_derived, refuse_without_permission
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event
from servanda.vocab.models import ObligationKind


class Step(NamedTuple):
    """The values of a step; `pk` is that of a step that exists."""

    title: str
    institution: Institution | None = None
    due_on: date | None = None
    pk: int | None = None


class UsualStep(NamedTuple):
    title: str
    days_before: int
    institution: Institution | None = None


@transaction.atomic
def set_steps(*, obligation: Obligation, steps: Sequence[Step], seen: int, by: User) -> None:
    """Replace the steps; those that are kept stay done. `seen` is the version that the person was shown.

    Raises `ChangedMeanwhile` if it was changed since, and `Refused` if a step lacks a title or its institution has
    closed.
    """
    obligation = lock_obligation(obligation, by=by, seen=seen)
    present = {step.pk: step for step in obligation.steps.select_related("institution")}
    wanted = [step._replace(title=clean_label(step.title)) for step in steps]
    for step in wanted:
        refuse_impossible_step(step, present.get(step.pk or 0))
    before = steps_in_words(obligation)
    obligation.steps.exclude(pk__in=[step.pk for step in wanted if step.pk in present]).delete()
    for place, step in enumerate(wanted):
        row = present.get(step.pk or 0) or ObligationStep(obligation=obligation)
        row.title, row.institution, row.due_on, row.place = step.title, step.institution, step.due_on, place
        row.save()
    after = steps_in_words(obligation)
    if before != after:
        save_version(obligation, "obligation-steps-set", by=by, difference={"steps": [before, after]})


def refuse_impossible_step(step: Step, present: ObligationStep | None) -> None:
    if not step.title:
        raise Refused(_("Enter a title for each step."))
    is_kept = present is not None and present.institution == step.institution
    if step.institution and not is_kept and not step.institution.is_active(on=timezone.localdate()):
        sentence = _("%(institution)s no longer exists. Choose its successor.")
        raise Refused(sentence % {"institution": step.institution})


@transaction.atomic
def add_usual_steps(*, obligation: Obligation, by: User) -> int:
    """Add the usual steps of this kind that are not there yet, counted back from the deadline; return how many.

    Raises `Refused` if the deadline is not known, if no step is missing, or if the institution of one has closed.
    """
    obligation = lock_obligation(obligation, by=by)
    if obligation.due_on is None:
        raise Refused(_("The deadline is not known yet. Enter it first, or enter the steps yourself."))
    before = steps_in_words(obligation)
    present = {shown_title(title) for title in obligation.steps.values_list("title", flat=True)}
    missing = [step for step in usual_steps(obligation.kind) if step.title not in present]
    if not missing:
        raise Refused(_("All usual steps of this kind have already been added."))
    for step in missing:
        refuse_impossible_step(Step(step.title, step.institution), None)
    ObligationStep.objects.bulk_create(
        ObligationStep(
            obligation=obligation,
            title=step.title,
            institution=step.institution,
            due_on=obligation.due_on - timedelta(days=step.days_before),
            place=len(present) + place,
        )
        for place, step in enumerate(missing)
    )
    difference = {"steps": [before, steps_in_words(obligation)]}
    save_version(obligation, "obligation-steps-set", by=by, difference=difference)
    return len(missing)


def usual_steps(kind: str) -> list[UsualStep]:
    """The steps that the mechanism has set for this kind, otherwise those that most reports need."""
    own = StepTemplate.objects.filter(kind=kind).select_related("institution")
    return [UsualStep(shown_title(step.title), step.days_before, step.institution) for step in own] or [
        UsualStep(str(title), days) for title, days in USUAL
    ]


@transaction.atomic
def set_usual_steps(*, kind: str, steps: Sequence[UsualStep], seen: int, by: User) -> None:
    """Replace the usual steps of a kind; without any, those that most reports need apply again. `seen` is the
    version that the person was shown.

    Raises `ChangedMeanwhile` if they were changed since, and `Refused` if the kind is unknown or a step lacks a
    title.
    """
    refuse_without_permission(by)
    if kind not in ObligationKind.values:
        raise Refused(_("Choose a value from the list."))
    list(StepTemplate.objects.select_for_update().filter(kind=kind).order_by("pk").values_list("pk"))
    refuse_if_changed(version_of_usual_steps(kind), seen, overwriting_conflict(str(ObligationKind(kind).label)))
    wanted = [step._replace(title=clean_label(step.title)) for step in steps]
    if any(not step.title for step in wanted):
        raise Refused(_("Enter a title for each step."))
    StepTemplate.objects.filter(kind=kind).delete()
    StepTemplate.objects.bulk_create(StepTemplate(kind=kind, **step._asdict()) for step in wanted)
    difference = {"steps": ["", "; ".join(f"{step.title} ({step.days_before})" for step in wanted)]}
    Event.record("usual-steps-set", by=by, difference=difference, label=kind)


def version_of_usual_steps(kind: str) -> int:
    """A version computed from the steps, because no row of their own has a version number."""
    rows = StepTemplate.objects.filter(kind=kind).order_by("pk")
    return crc32(repr(list(rows.values_list("pk", "title", "days_before", "institution"))).encode())


@transaction.atomic
def complete_step(*, step: ObligationStep, by: User) -> None:
    """Mark a step as done today. Raises `Refused` if it is done already, or belongs to another institution."""
    locked = lock_step(step, by=by)
    if locked.done_on is not None:
        raise Refused(_("This step is done already."))
    locked.done_on, locked.done_by = timezone.localdate(), by
    locked.save(update_fields=["done_on", "done_by"])
    difference = {"steps": ["", locked.title]}
    Event.record("obligation-step-done", locked.obligation, by=by, difference=difference)


@transaction.atomic
def reopen_step(*, step: ObligationStep, by: User) -> None:
    """Mark a step as not done. Raises `Refused` if it is not done, or belongs to another institution."""
    locked = lock_step(step, by=by)
    if locked.done_on is None:
        raise Refused(_("This step is not done."))
    locked.done_on, locked.done_by = None, None
    locked.save(update_fields=["done_on", "done_by"])
    difference = {"steps": [locked.title, ""]}
    Event.record("obligation-step-reopened", locked.obligation, by=by, difference=difference)


def lock_step(step: ObligationStep, *, by: User) -> ObligationStep:
    locked = ObligationStep.objects.select_for_update(of=("self",)).select_related("obligation").get(pk=step.pk)
    if not may_complete(locked, by):
        raise Refused(_("This step belongs to another institution. Contact the coordinator."))
    refuse_derived(locked.obligation)
    if locked.obligation.withdrawn_at is not None:
        raise Refused(_("This obligation was withdrawn after you opened this page. No changes were saved."))
    return locked


def may_complete(step: ObligationStep, user: User) -> bool:
    return steps_completed_by(user).filter(pk=step.pk).exists()


def steps_completed_by(user: User) -> QuerySet[ObligationStep]:
    """All steps for those who edit obligations; for others, the steps of their own institutions."""
    if can(user, Can.EDIT_OBLIGATIONS):
        return ObligationStep.objects.all()
    own = Q(pk__in=[])
    for scope in scopes(user, Can.COMPLETE_STEPS):
        of_bodies = Q(obligation__body__code__in=scope.bodies) if scope.bodies else Q()
        own |= Q(institution__in=scope.institutions) & of_bodies
    visible = Obligation.objects.visible_to(user).order_by().values("pk")
    return ObligationStep.objects.filter(own, obligation__in=visible)


def steps_followed_by(user: User) -> QuerySet[ObligationStep]:
    """For calendars: all steps for those who edit obligations; for others, the steps of their institutions, and all
    steps of what they or their institutions owe."""
    visible = ObligationStep.objects.visible_to(user)
    if can(user, Can.EDIT_OBLIGATIONS):
        return visible
    followed = Q(pk__in=steps_completed_by(user).order_by().values("pk"))
    followed |= Q(obligation__responsible=user.pk)
    for scope in scopes(user, Can.READ_INTERNAL):
        of_bodies = Q(obligation__body__code__in=scope.bodies) if scope.bodies else Q()
        followed |= Q(obligation__owner__in=scope.institutions, obligation__is_derived=False) & of_bodies
    return visible.filter(followed)


def steps_in_words(obligation: Obligation) -> str:
    steps = ObligationStep.objects.filter(obligation=obligation).select_related("institution")
    return "; ".join(
        " · ".join(
            filter(None, [step.title, step.institution.code if step.institution else "", str(step.due_on or "")])
        )
        for step in steps
    )
