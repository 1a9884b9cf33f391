"""Actions: add, edit, withdraw, restore, publish; milestones, status, and who may see them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.people.versioning import attribute, difference_of, overwriting_conflict, refuse_if_changed, save_version
from servanda.planning.actions.rules import (
    ActionValues,
    Part,
    locked_tree,
    refuse_bad_code,
    refuse_bad_place,
    refuse_foreign,
    refuse_foreign_lead,
    refuse_impossible,
    refuse_unreadable,
)
from servanda.planning.models import Action, ActionCluster, ActionInstitution, ActionRecommendation, Milestone
from servanda.recommendations.models import Cluster, Recommendation
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

PLAIN = ("title", "description", "status", "start", "due_on", "act", "obstacles", "assistance")
MONEY = ("budget", "funded", "currency", "budget_line")
TWICE = timedelta(minutes=1)


class Step(NamedTuple):
    """The values of a milestone."""

    title: str
    due_on: date | None = None
    reached_on: date | None = None


@transaction.atomic
def add_action(
    *, values: ActionValues, by: User, answering: Sequence[Recommendation] = (), cluster: Cluster | None = None
) -> Action:
    """Add an action, with the records or the cluster that it answers.

    Raises `Refused` (or `FieldRefused`) if this person may not lead it, if it was just added, or if a value is
    invalid.
    """
    refuse_foreign_lead(values.lead, by=by)
    refuse_duplicate(values, by=by)
    if values.parent is not None:
        refuse_bad_place(None, values.parent, locked_tree())
    action = create_action(values, answering, by=by)
    difference = {name: ["", value] for name, value in facts(action).items() if value} | answers_difference(
        [], answering
    )
    if cluster is not None:
        link_cluster(action, cluster, by=by)
        difference |= {"clusters": ["", cluster.name]}
    Event.record("action-added", action, by=by, difference=difference)
    return action


def create_action(
    values: ActionValues,
    answering: Sequence[Recommendation],
    *,
    by: User,
    batch: Batch | None = None,
    is_published: bool = False,
) -> Action:
    """Create an action whose place in the tree is checked already; the caller records it in the trail.

    Raises `FieldRefused` for invalid values or a reference in use, and `Refused` if a record has left the register.
    """
    values = tidy(values)
    refuse_impossible(values)
    action = Action(code=values.code or next_code(), created_by=by, brought_by=batch, is_published=is_published)
    refuse_used_code(action.code)
    set_fields(action, values)
    save_new(action, by)
    save_parts(action, values.lead, values.supporting)
    link(action, answering, by=by, batch=batch)
    return action


@transaction.atomic
def edit_action(*, action: Action, values: ActionValues, seen: int, by: User) -> Action:
    """Edit everything but the reference; `seen` is the version that the person was shown.

    Raises `ChangedMeanwhile` if it was changed since, and `Refused` (or `FieldRefused`) as in `add_action`.
    """
    tree = locked_tree() if values.parent and values.parent.pk != action.parent_id else {}
    action = lock(action, seen=seen, by=by)
    values = tidy(values)
    parts = list(action.parts.all())
    lead = next((part.institution_id for part in parts if part.part == Part.LEAD), None)
    if lead != (values.lead.pk if values.lead else None):
        refuse_foreign_lead(values.lead, by=by)
    refuse_impossible(values, present=action, parts=parts)
    if tree:
        refuse_bad_place(action.pk, values.parent, tree)
    before = facts(action)
    set_fields(action, values)
    save_parts(action, values.lead, values.supporting)
    if difference := difference_of(before, facts(action)):
        save_version(action, "action-edited", by=by, difference=difference)
    return action


@transaction.atomic
def set_status(*, action: Action, status: str, by: User) -> None:
    """Set the status. Raises `Refused` if this person may not edit the action, or if it has this status already."""
    action = lock(action, by=by)
    if status not in Action.Status.values:
        raise Refused(_("Choose a status from the list."))
    if action.status == status:
        raise Refused(_("The action already has this status."))
    difference = {"status": [action.status, status]}
    action.status = status
    save_version(action, "action-status-set", by=by, difference=difference)


@transaction.atomic
def set_milestones(*, action: Action, milestones: Sequence[Step], seen: int, by: User) -> None:
    """Replace all milestones; `seen` is the version that the person was shown.

    Raises `ChangedMeanwhile` if it was changed since, and `Refused` if a milestone lacks a title or was reached in
    the future.
    """
    action = lock(action, seen=seen, by=by)
    steps = [Step(clean_label(milestone.title), milestone.due_on, milestone.reached_on) for milestone in milestones]
    if any(not milestone.title for milestone in steps):
        raise Refused(_("Enter a title for each milestone."))
    if any(milestone.reached_on and milestone.reached_on > timezone.localdate() for milestone in steps):
        raise Refused(_("The date on which a milestone was reached must be today or in the past."))
    before = steps_of(action)
    if sorted(before, key=str) == sorted(steps, key=str):
        return
    action.milestones.all().delete()
    Milestone.objects.bulk_create(Milestone(action=action, **milestone._asdict()) for milestone in steps)
    difference = {"milestones": [format_steps(before), format_steps(steps)]}
    save_version(action, "action-milestones-set", by=by, difference=difference)


@transaction.atomic
def withdraw_action(*, action: Action, reason: str, by: User) -> None:
    """Withdraw with a reason; nothing is deleted. Raises `Refused` as long as other actions are part of it."""
    action = lock(action, by=by)
    if action.children.kept().exists():
        raise Refused(_("Other actions are part of this one. Withdraw them first, or make them part of another one."))
    action.withdrawn_at, action.withdrawn_by, action.withdrawal_reason = timezone.now(), by, required_reason(reason)
    save_version(action, "action-withdrawn", by=by, difference={"withdrawal_reason": ["", action.withdrawal_reason]})


@transaction.atomic
def restore_action(*, action: Action, by: User) -> None:
    action = Action.objects.select_for_update().get(pk=action.pk)
    if action.withdrawn_at is None:
        raise Refused(_("This action is not withdrawn."))
    if not Action.objects.filter(pk=action.pk).former_for(by).exists():
        raise Refused(
            _("Only the lead institution of this action or the coordinator can change it. Contact one of them.")
        )
    if action.parent is not None and action.parent.withdrawn_at is not None:
        raise Refused(_("The action that includes this one was also withdrawn. Restore it first."))
    reason = action.withdrawal_reason
    action.withdrawn_at, action.withdrawn_by, action.withdrawal_reason = None, None, ""
    save_version(action, "action-restored", by=by, difference={"withdrawal_reason": [reason, ""]})


@transaction.atomic
def publish_action(*, action: Action, by: User) -> None:
    """Publish the action on the public records that it serves.

    Raises `Refused` if this person may not edit the plan, or if the action is restricted.
    """
    action = lock_and_set_published(action, is_published=True, by=by)
    if action.is_restricted:
        raise Refused(_("This action was promised in a confidential letter. Open it to all internal users first."))
    save_version(action, "action-published", by=by, difference={"is_published": [False, True]})


@transaction.atomic
def unpublish_action(*, action: Action, by: User) -> None:
    action = lock_and_set_published(action, is_published=False, by=by)
    save_version(action, "action-unpublished", by=by, difference={"is_published": [True, False]})


@transaction.atomic
def restrict_action(*, action: Action, is_restricted: bool, by: User) -> Action:
    """Show it to the institutions that take part only, or to all internal users again.

    Raises `Refused` if this person may not edit the plan, or if the action is published.
    """
    if not can(by, Can.EDIT_PLAN):
        raise Refused(_("You do not have permission to change who sees actions. Contact the coordinator."))
    action = lock(action, by=by)
    if action.is_published:
        raise Refused(_("This action is published. Unpublish it first."))
    before, action.is_restricted = action.is_restricted, is_restricted
    difference = {"is_restricted": [before, is_restricted]}
    if is_restricted:
        save_version(action, "action-restricted", by=by, difference=difference)
    else:
        save_version(action, "action-opened", by=by, difference=difference)
    return action


def lock_and_set_published(action: Action, *, is_published: bool, by: User) -> Action:
    if not can(by, Can.EDIT_PLAN):
        raise Refused(_("You do not have permission to publish or unpublish actions. Contact the coordinator."))
    action = lock(action, by=by)
    if action.is_published == is_published:
        raise Refused(_("No change is needed. The action already has this publication status."))
    action.is_published = is_published
    return action


def link_cluster(action: Action, cluster: Cluster, *, by: User) -> None:
    """Raises `Refused` if this person may not see the cluster, or if it is linked already."""
    if not Cluster.objects.visible_to(by).filter(pk=cluster.pk).exists():
        raise Refused(_("This cluster no longer exists. Choose another one, or enter the references of its records."))
    if action.cluster_answers.filter(cluster=cluster).exists():
        raise Refused(_("The action already addresses this cluster. Choose another one."))
    ActionCluster.objects.create(action=action, cluster=cluster, added_by=by)


def lock(action: Action, *, by: User, seen: int | None = None) -> Action:
    """The present row, locked. Raises `Refused` if it was withdrawn or this person may not edit it, and
    `ChangedMeanwhile` if it was changed since `seen`."""
    locked = Action.objects.kept().select_for_update().filter(pk=action.pk).first()
    if locked is None:
        raise Refused(_("This action was withdrawn after you opened this page. No changes were saved."))
    refuse_foreign(locked, by=by)
    refuse_if_changed(locked.version, seen, overwriting_conflict(locked.code))
    return locked


def save_new(action: Action, by: User) -> None:
    attribute(action, by=by, reason="action-added")
    try:
        with transaction.atomic():
            action.save()
    except IntegrityError as clash:
        raise Refused(_("Another user saved an action at the same moment. Your text is kept. Save again.")) from clash


def tidy(action_values: ActionValues) -> ActionValues:
    """The values as they are stored, without invisible characters and surrounding blanks."""
    values = {name: getattr(action_values, name) for name in ActionValues.__dataclass_fields__}
    values |= {name: clean(values[name]) for name in ("description", "obstacles", "assistance")}
    values |= {name: clean_label(values[name]) for name in ("title", "act", "budget_line")}
    currency = values["currency"].strip().upper() if values["budget"] is not None else ""
    return ActionValues(**(values | {"code": values["code"].strip(), "currency": currency}))


def set_fields(action: Action, values: ActionValues) -> None:
    for name in (*PLAIN, *MONEY, "plan", "parent"):
        setattr(action, name, getattr(values, name))


def facts(action: Action) -> dict[str, str]:
    """The values as text, for the trail."""
    plain = {name: "" if (value := getattr(action, name)) is None else str(value) for name in (*PLAIN, *MONEY)}
    parts = list(action.parts.select_related("institution").order_by("institution__code"))
    return {
        "code": action.code,
        **plain,
        "plan": action.plan.code if action.plan else "",
        "parent": action.parent.code if action.parent else "",
        "lead": ", ".join(part.institution.code for part in parts if part.part == Part.LEAD),
        "supporting": ", ".join(part.institution.code for part in parts if part.part == Part.SUPPORTING),
    }


def save_parts(action: Action, lead: Institution | None, supporting: Iterable[Institution]) -> None:
    parts = {institution.pk: Part.SUPPORTING for institution in supporting} | ({lead.pk: Part.LEAD} if lead else {})
    present = {part.institution_id: part for part in action.parts.all()}
    outdated = [part.pk for pk, part in present.items() if parts.get(pk) != part.part]
    action.parts.filter(pk__in=outdated).delete()
    new = [pk for pk, part in parts.items() if pk not in present or present[pk].part != part]
    ActionInstitution.objects.bulk_create(
        ActionInstitution(action=action, institution_id=pk, part=parts[pk]) for pk in new
    )


def link(action: Action, records: Sequence[Recommendation], *, by: User | None, batch: Batch | None = None) -> None:
    if not records:
        return
    kept = Recommendation.every_kind.kept().filter(pk__in=[record.pk for record in records])
    if kept.count() < len({record.pk for record in records}):
        raise Refused(
            _("This record was removed from the register after you opened this page. No changes were saved.")
        )
    if lead := lead_of(action):
        refuse_unreadable(lead, kept)
    rows = [
        ActionRecommendation(action=action, recommendation=record, added_by=by, brought_by=batch)
        for record in records
    ]
    ActionRecommendation.objects.bulk_create(rows)


def lead_of(action: Action) -> Institution | None:
    part = action.parts.filter(part=Part.LEAD).select_related("institution").first()
    return part.institution if part else None


def answers_difference(before: Sequence[Recommendation], after: Sequence[Recommendation]) -> dict[str, list[str]]:
    pair = [", ".join(sorted(record.code for record in records)) for records in (before, after)]
    return {"answers": pair} if any(pair) else {}


def steps_of(action: Action) -> list[Step]:
    return [Step(milestone.title, milestone.due_on, milestone.reached_on) for milestone in action.milestones.all()]


def format_steps(steps: Iterable[Step]) -> str:
    return "\n".join(format_step(step) for step in steps)


def format_step(step: Step) -> str:
    """Due date, title and day reached, as in a cell of the spreadsheet."""
    due, reached = (day.isoformat() if day else "" for day in (step.due_on, step.reached_on))
    return " | ".join([due or "-", step.title, *([reached] if reached else [])])


def refuse_used_code(code: str) -> None:
    refuse_bad_code(code)
    if Action.objects.filter(code__iexact=code).exists():
        raise FieldRefused("code", _("This reference is in use or was used before. Enter another one."))


def refuse_duplicate(values: ActionValues, *, by: User) -> None:
    recent = Action.objects.kept().filter(created_by=by, created_at__gt=timezone.now() - TWICE, title=values.title)
    if twin := recent.filter(plan=values.plan, parent=values.parent).first():
        sentence = _("You have just saved an action with this title, as %(code)s. Check whether it is the same.")
        raise Refused(sentence % {"code": twin.code})


def next_code() -> str:
    """The next free reference: A-1, A-2 and so on. If two users save at the same moment, the second has to save
    again."""
    number = (Action.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    while Action.objects.filter(code__iexact=f"A-{number}").exists():
        number += 1
    return f"A-{number}"
