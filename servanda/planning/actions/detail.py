"""The page of one action, without records and other actions that are hidden from the reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.planning.actions.listing import BY_CODE, answers_seen_by, members_seen_by, not_named
from servanda.planning.actions.roll_up import RollUp, roll_up
from servanda.planning.actions.rules import Part
from servanda.planning.actions.smart import Hint, hints
from servanda.planning.models import Action, ActionInstitution, Indicator, Milestone
from servanda.recommendations.models import Cluster, Recommendation, TextVersion, by_language

MOST_SHOWN = 200


@dataclass(slots=True)
class AnsweredRecord:
    """A record that the action answers, with its text."""

    record: Recommendation
    text: TextVersion | None


@dataclass(slots=True)
class ActionPage:
    action: Action
    lead: ActionInstitution | None
    supporting: Sequence[ActionInstitution]
    parent: Action | None
    children: Sequence[Action]
    below: RollUp | None
    milestones: Sequence[Milestone]
    answers: Sequence[AnsweredRecord]
    through: Sequence[Recommendation]  # answered through a cluster only
    clusters: Sequence[Cluster]  # for those who see clusters
    indicators: Sequence[Indicator]
    hints: Sequence[Hint]
    is_late: bool
    may_edit: bool
    may_publish: bool


def read_action(action: Action, user: User, *, on: date) -> ActionPage:
    visible = Action.objects.visible_to(user)
    parts = list(action.parts.select_related("institution"))
    children = list(visible.filter(parent=action).order_by("start", "due_on", *BY_CODE)[:MOST_SHOWN])
    milestones, answers = list(action.milestones.all()), answered_by(action, user)
    indicators = list(Indicator.objects.visible_to(user).filter(actions=action))
    lead = next((part for part in parts if part.part == Part.LEAD), None)
    through = reached_by(action, user)
    return ActionPage(
        action=action,
        lead=lead,
        supporting=[part for part in parts if part.part == Part.SUPPORTING],
        parent=visible.filter(pk=action.parent_id).first() if action.parent_id else None,
        children=children,
        below=roll_up(visible.filter(parent=action), among=visible, on=on) if children else None,
        milestones=milestones,
        answers=answers,
        through=through,
        clusters=clusters_of(action, user),
        indicators=indicators,
        hints=hints(
            action,
            has_lead=lead is not None,
            has_milestones=bool(milestones),
            has_indicators=bool(indicators),
            serves=bool(answers or through),
        ),
        is_late=action.is_late(on=on),
        may_edit=Action.objects.editable_by(user).filter(pk=action.pk).exists(),
        may_publish=can(user, Can.EDIT_PLAN),
    )


def reached_by(action: Action, user: User) -> list[Recommendation]:
    rows = members_seen_by(user).filter(not_named(), answer=action.pk).select_related("recommendation")
    return [member.recommendation for member in rows.order_by("recommendation__order_key", "pk")[:MOST_SHOWN]]


def clusters_of(action: Action, user: User) -> list[Cluster]:
    if not can(user, Can.READ_EVERYTHING):
        return []
    return list(Cluster.objects.visible_to(user).filter(action_answers__action=action)[:MOST_SHOWN])


def answered_by(action: Action, user: User) -> list[AnsweredRecord]:
    links = answers_seen_by(user).filter(action=action).select_related("recommendation")
    records = [link.recommendation for link in links.order_by("recommendation__order_key", "pk")[:MOST_SHOWN]]
    texts = TextVersion.objects.current().filter(recommendation__in=records, form=TextVersion.Form.FULL)
    by_record: dict[int, list[TextVersion]] = {}
    for text in texts:
        by_record.setdefault(text.recommendation_id, []).append(text)
    return [AnsweredRecord(record, next(iter(by_language(by_record.get(record.pk, []))), None)) for record in records]
