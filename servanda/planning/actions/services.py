"""Deeds on actions: what is planned, who does it, which records it answers, and how far it is."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.people.versioning import (
    attribute,
    difference_of,
    refuse_if_changed,
    save_version,
    saved_meanwhile,
)
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
from servanda.planning.assignments.services import required_reason
from servanda.planning.models import Action, ActionCluster, ActionInstitution, ActionRecommendation, Milestone
from servanda.recommendations.models import Cluster, Recommendation
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event

PLAIN = ("title", "description", "status", "start", "due_on", "act", "obstacles", "assistance")
MONEY = ("budget", "funded", "currency", "budget_line")
TWICE = timedelta(minutes=1)


class Step(NamedTuple):
    """A milestone as somebody says it."""

    title: str
    due_on: date | None = None
    reached_on: date | None = None


@transaction.atomic
def add_action(
    *, said: ActionValues, by: User, answering: Sequence[Recommendation] = (), cluster: Cluster | None = None
) -> Action:
    """Plan an action, and say at once which records it answers, or which cluster of them."""
    refuse_foreign_lead(said.lead, by=by)
    refuse_twice(said, by=by)
    if said.parent is not None:
        refuse_bad_place(None, said.parent, locked_tree())
    action = put_new(said, answering, by=by)
    said_now = {name: ["", value] for name, value in facts(action).items() if value} | answered([], answering)
    if cluster is not None:
        link_cluster(action, cluster, by=by)
        said_now |= {"clusters": ["", cluster.name]}
    Event.record("action-added", action, by=by, difference=said_now)
    return action


def put_new(
    said: ActionValues,
    answering: Sequence[Recommendation],
    *,
    by: User,
    batch: Batch | None = None,
    is_published: bool = False,
) -> Action:
    """Write an action whose place in the tree is known to be a good one; the trail is told by whoever asks."""
    said = tidy(said)
    refuse_impossible(said)
    action = Action(code=said.code or next_code(), created_by=by, brought_by=batch, is_published=is_published)
    refuse_taken(action.code)
    take(action, said)
    save_new(action, by)
    put_parts(action, said.lead, said.supporting)
    link(action, answering, by=by, batch=batch)
    return action


@transaction.atomic
def edit_action(*, action: Action, said: ActionValues, seen: int, by: User) -> Action:
    """Say it anew; `seen` is the version that the person was shown. The reference stays what it is."""
    tree = locked_tree() if said.parent and said.parent.pk != action.parent_id else {}
    held = lock(action, seen=seen, by=by)
    said = tidy(said)
    parts = list(held.parts.all())
    lead = next((one.institution_id for one in parts if one.part == Part.LEAD), None)
    if lead != (said.lead.pk if said.lead else None):
        refuse_foreign_lead(said.lead, by=by)
    refuse_impossible(said, held=held, parts=parts)
    if tree:
        refuse_bad_place(held.pk, said.parent, tree)
    before = facts(held)
    take(held, said)
    put_parts(held, said.lead, said.supporting)
    if difference := difference_of(before, facts(held)):
        save_version(held, "action-edited", by=by, difference=difference)
    return held


@transaction.atomic
def set_status(*, action: Action, status: str, by: User) -> None:
    """How far it is, without opening the whole form."""
    held = lock(action, by=by)
    if status not in Action.Status.values:
        raise Refused(_("Choose one of the states of the list."))
    if held.status == status:
        raise Refused(_("This is its status already."))
    difference = {"status": [held.status, status]}
    held.status = status
    save_version(held, "action-status-set", by=by, difference=difference)


@transaction.atomic
def set_milestones(*, action: Action, milestones: Sequence[Step], seen: int, by: User) -> None:
    """The steps of an action, all of them at once."""
    held = lock(action, seen=seen, by=by)
    wanted = [Step(clean_label(one.title), one.due_on, one.reached_on) for one in milestones]
    if any(not one.title for one in wanted):
        raise Refused(_("Give each milestone a title."))
    if any(one.reached_on and one.reached_on > timezone.localdate() for one in wanted):
        raise Refused(_("A milestone cannot be reached on a day that has not come yet."))
    before = steps_of(held)
    if sorted(before, key=str) == sorted(wanted, key=str):
        return
    held.milestones.all().delete()
    Milestone.objects.bulk_create(Milestone(action=held, **one._asdict()) for one in wanted)
    difference = {"milestones": [in_lines(before), in_lines(wanted)]}
    save_version(held, "action-milestones-set", by=by, difference=difference)


@transaction.atomic
def withdraw_action(*, action: Action, reason: str, by: User) -> None:
    """Take it out of every list, with the reason; nothing is deleted."""
    held = lock(action, by=by)
    if held.children.kept().exists():
        raise Refused(_("Other actions are part of this one. Withdraw them first, or make them part of another one."))
    held.withdrawn_at, held.withdrawn_by, held.withdrawal_reason = timezone.now(), by, required_reason(reason)
    save_version(held, "action-withdrawn", by=by, difference={"withdrawal_reason": ["", held.withdrawal_reason]})


@transaction.atomic
def restore_action(*, action: Action, by: User) -> None:
    held = Action.objects.select_for_update().get(pk=action.pk)
    if held.withdrawn_at is None:
        raise Refused(_("This action is not withdrawn."))
    if not Action.objects.filter(pk=held.pk).former_for(by).exists():
        raise Refused(
            _("Only the institution that leads on this action, or the coordinator, can change it. Ask one.")
        )
    if held.parent is not None and held.parent.withdrawn_at is not None:
        raise Refused(_("What this action is part of was withdrawn too. Restore that one first."))
    reason = held.withdrawal_reason
    held.withdrawn_at, held.withdrawn_by, held.withdrawal_reason = None, None, ""
    save_version(held, "action-restored", by=by, difference={"withdrawal_reason": [reason, ""]})


@transaction.atomic
def publish_action(*, action: Action, by: User) -> None:
    """Everybody sees it from now on, on the public pages of the public records that it answers."""
    held = switched(action, is_published=True, by=by)
    save_version(held, "action-published", by=by, difference={"is_published": [False, True]})


@transaction.atomic
def unpublish_action(*, action: Action, by: User) -> None:
    held = switched(action, is_published=False, by=by)
    save_version(held, "action-unpublished", by=by, difference={"is_published": [True, False]})


def switched(action: Action, *, is_published: bool, by: User) -> Action:
    if not can(by, Can.EDIT_PLAN):
        raise Refused(_("What is published is decided by the coordinator. Ask there."))
    held = lock(action, by=by)
    if held.is_published == is_published:
        raise Refused(_("Nothing to do: that is how it is already."))
    held.is_published = is_published
    return held


@transaction.atomic
def answer_recommendations(*, action: Action, recommendations: Sequence[Recommendation], by: User) -> int:
    """Say that the action answers these records too; returns how many it did not answer before."""
    held = lock(action, by=by)
    there = set(held.answers.values_list("recommendation_id", flat=True))
    new = [one for one in recommendations if one.pk not in there]
    if not new:
        raise Refused(_("The action answers this already. Give the reference of another record."))
    link(held, new, by=by)
    Event.record("action-answers-records", held, by=by, difference=answered([], new))
    return len(new)


@transaction.atomic
def stop_answering(*, action: Action, recommendation: Recommendation, by: User) -> None:
    """The action answers this record no longer."""
    held = lock(action, by=by)
    gone, _by_model = held.answers.filter(recommendation=recommendation).delete()
    if not gone:
        raise Refused(_("The action does not answer this record."))
    Event.record("action-answers-no-longer", held, by=by, difference=answered([recommendation], []))


@transaction.atomic
def answer_cluster(*, action: Action, cluster: Cluster, by: User) -> None:
    """Say that the action answers a cluster: the records in it now, and those that join it later."""
    held = lock(action, by=by)
    link_cluster(held, cluster, by=by)
    Event.record("action-answers-cluster", held, by=by, difference={"clusters": ["", cluster.name]})


@transaction.atomic
def stop_answering_cluster(*, action: Action, cluster: Cluster, by: User) -> None:
    """The action answers this cluster no longer; records that it names itself stay."""
    held = lock(action, by=by)
    gone, _by_model = held.cluster_answers.filter(cluster=cluster).delete()
    if not gone:
        raise Refused(_("The action does not answer this cluster."))
    Event.record("action-leaves-cluster", held, by=by, difference={"clusters": [cluster.name, ""]})


def link_cluster(action: Action, cluster: Cluster, *, by: User, batch: Batch | None = None) -> None:
    """Only whoever sees clusters names one: for others, there is none."""
    if not Cluster.objects.visible_to(by).filter(pk=cluster.pk).exists():
        raise Refused(_("There is no such cluster any more. Choose another one, or name its records."))
    if action.cluster_answers.filter(cluster=cluster).exists():
        raise Refused(_("The action answers this cluster already. Choose another one."))
    ActionCluster.objects.create(action=action, cluster=cluster, added_by=by, brought_by=batch)


def lock(action: Action, *, by: User, seen: int | None = None) -> Action:
    """The action as it is now, locked; refused to whom it does not belong, and when it is no longer what they saw."""
    held = Action.objects.kept().select_for_update().filter(pk=action.pk).first()
    if held is None:
        raise Refused(_("This action was withdrawn meanwhile. Nothing was saved."))
    refuse_foreign(held, by=by)
    refuse_if_changed(held.version, seen, saved_meanwhile(held.code))
    return held


def save_new(action: Action, by: User) -> None:
    attribute(action, by=by, reason="action-added")
    try:
        with transaction.atomic():
            action.save()
    except IntegrityError as clash:
        raise Refused(_("Somebody else saved an action at the same moment. Nothing is lost: save again.")) from clash


def tidy(said: ActionValues) -> ActionValues:
    """The words as they are kept: without what no reader sees."""
    values = {name: getattr(said, name) for name in ActionValues.__dataclass_fields__}
    values |= {name: clean(values[name]) for name in ("description", "obstacles", "assistance")}
    values |= {name: clean_label(values[name]) for name in ("title", "act", "budget_line")}
    currency = values["currency"].strip().upper() if values["budget"] is not None else ""
    return ActionValues(**(values | {"code": values["code"].strip(), "currency": currency}))


def take(action: Action, said: ActionValues) -> None:
    for name in (*PLAIN, *MONEY, "plan", "parent"):
        setattr(action, name, getattr(said, name))


def facts(action: Action) -> dict[str, str]:
    """What it says, in plain values."""
    said = {name: "" if (value := getattr(action, name)) is None else str(value) for name in (*PLAIN, *MONEY)}
    parts = list(action.parts.select_related("institution").order_by("institution__code"))
    return {
        "code": action.code,
        **said,
        "plan": action.plan.code if action.plan else "",
        "parent": action.parent.code if action.parent else "",
        "lead": ", ".join(one.institution.code for one in parts if one.part == Part.LEAD),
        "supporting": ", ".join(one.institution.code for one in parts if one.part == Part.SUPPORTING),
    }


def put_parts(action: Action, lead: Institution | None, supporting: Iterable[Institution]) -> None:
    wanted = {one.pk: Part.SUPPORTING for one in supporting} | ({lead.pk: Part.LEAD} if lead else {})
    there = {one.institution_id: one for one in action.parts.all()}
    gone = [one.pk for pk, one in there.items() if wanted.get(pk) != one.part]
    action.parts.filter(pk__in=gone).delete()
    new = [pk for pk, part in wanted.items() if pk not in there or there[pk].part != part]
    ActionInstitution.objects.bulk_create(
        ActionInstitution(action=action, institution_id=pk, part=wanted[pk]) for pk in new
    )


def link(action: Action, records: Sequence[Recommendation], *, by: User | None, batch: Batch | None = None) -> None:
    if not records:
        return
    found = Recommendation.objects.kept().filter(pk__in=[one.pk for one in records])
    if found.count() < len({one.pk for one in records}):
        raise Refused(_("This record has left the register meanwhile. Nothing was saved."))
    if lead := lead_of(action):
        refuse_unreadable(lead, found)
    rows = [ActionRecommendation(action=action, recommendation=one, added_by=by, brought_by=batch) for one in records]
    ActionRecommendation.objects.bulk_create(rows)


def lead_of(action: Action) -> Institution | None:
    part = action.parts.filter(part=Part.LEAD).select_related("institution").first()
    return part.institution if part else None


def answered(before: Sequence[Recommendation], after: Sequence[Recommendation]) -> dict[str, list[str]]:
    pair = [", ".join(sorted(one.code for one in some)) for some in (before, after)]
    return {"answers": pair} if any(pair) else {}


def steps_of(action: Action) -> list[Step]:
    return [Step(one.title, one.due_on, one.reached_on) for one in action.milestones.all()]


def in_lines(steps: Iterable[Step]) -> str:
    return "\n".join(in_one_line(one) for one in steps)


def in_one_line(step: Step) -> str:
    """As a cell of the spreadsheet has it: due, title, reached."""
    due, reached = (day.isoformat() if day else "" for day in (step.due_on, step.reached_on))
    return " | ".join([due or "-", step.title, *([reached] if reached else [])])


def refuse_taken(code: str) -> None:
    refuse_bad_code(code)
    if Action.objects.filter(code__iexact=code).exists():
        raise FieldRefused("code", _("There is an action with this reference already, or was one. Choose another."))


def refuse_twice(said: ActionValues, *, by: User) -> None:
    lately = Action.objects.kept().filter(created_by=by, created_at__gt=timezone.now() - TWICE, title=said.title)
    if twin := lately.filter(plan=said.plan, parent=said.parent).first():
        sentence = _("You saved an action with this title a moment ago, as %(code)s. Is it the same?")
        raise Refused(sentence % {"code": twin.code})


def next_code() -> str:
    """A-1, A-2 and so on; two people at the same moment may get the same one, and the second saves again."""
    number = (Action.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    while Action.objects.filter(code__iexact=f"A-{number}").exists():
        number += 1
    return f"A-{number}"
