"""What one row of the spreadsheet does: the rules are those of the pages, the trail gets one line for all rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.intake.models import Batch, StagedRow
from servanda.intake.sheets.reading import CellRefused, as_day
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import Institution, User
from servanda.people.versioning import difference_of, save_version
from servanda.planning.actions import services as deeds
from servanda.planning.actions.rules import (
    ActionValues,
    Part,
    locked_tree,
    refuse_bad_place,
    refuse_impossible,
    refuse_unreadable,
)
from servanda.planning.actions.sheet import NO, YES, cells_of
from servanda.planning.actions.sheet_reading import ActionSheet, Row, split, steps_in
from servanda.planning.models import Action, ActionCluster, ActionRecommendation, Milestone, Plan
from servanda.recommendations.models import Cluster, Recommendation

Verdict = StagedRow.Verdict
COLUMN_OF = {"due_on": "due", "parent": "part of", "budget_line": "budget line"}
WORDS = {"yes": YES, "true": YES, "1": YES, "no": NO, "false": NO, "0": NO}


@dataclass
class Outcome:
    row: Row
    verdict: str = Verdict.UNCHANGED
    pk: int | None = None
    cells: dict[str, list[str]] = field(default_factory=dict)  # by column: what stood there, what stands there
    remark: str = ""


@dataclass
class ActionSheetContext:
    """What is there already, read once, and what the rows have put on it so far."""

    by: User
    batch: Batch
    tree: dict[int, int | None]
    actions: dict[str, Action]
    plans: dict[str, Plan]
    institutions: dict[str, Institution]
    records: dict[str, Recommendation]
    clusters: dict[str, Cluster]


def ground_for(sheet_codes: Sequence[str], *, by: User, batch: Batch) -> ActionSheetContext:
    """`sheet_codes` are the records that the rows name: the register is larger than any sheet."""
    tree = locked_tree()
    records = Recommendation.objects.opened_to(by).filter(code__in=sheet_codes)
    return ActionSheetContext(
        by=by,
        batch=batch,
        tree=tree,
        actions={one.code.lower(): one for one in Action.objects.select_related("plan", "parent")},
        plans={one.code.lower(): one for one in Plan.objects.visible_to(by)},
        institutions={one.code.lower(): one for one in Institution.objects.all()},
        records={one.code.lower(): one for one in records},
        clusters={str(one.key): one for one in Cluster.objects.visible_to(by)},
    )


def codes_named(sheet: ActionSheet) -> list[str]:
    return sorted({code for row in sheet.rows for code in split(row.text("recommendations"))})


def write_rows(sheet: ActionSheet, ground: ActionSheetContext) -> list[Outcome]:
    """Each after the larger action that it is part of, else in the order of the file."""
    outcomes: list[Outcome] = []
    seen: set[str] = set()
    waiting = list(sheet.rows)
    while waiting:
        codes = {row.text("code").lower() for row in waiting}
        ready = [row for row in waiting if not is_below(row, codes, ground)] or waiting
        for row in ready:
            outcomes.append(write_row(row, ground, seen))
        waiting = [row for row in waiting if row not in ready]
    return sorted(outcomes, key=lambda one: one.row.number)


def is_below(row: Row, codes: set[str], ground: ActionSheetContext) -> bool:
    above = row.text("part of").lower()
    return above in codes and above not in ground.actions and above != row.text("code").lower()


def write_row(row: Row, ground: ActionSheetContext, seen: set[str]) -> Outcome:
    """A row that is refused leaves nothing behind."""
    try:
        with transaction.atomic():
            return write_action(row, ground, seen)
    except FieldRefused as refusal:
        column = COLUMN_OF.get(refusal.field, refusal.field)
        return Outcome(row, Verdict.REFUSED, remark=str(CellRefused(column, refusal)))
    except Refused as refusal:
        return Outcome(row, Verdict.REFUSED, remark=str(refusal))


def write_action(row: Row, ground: ActionSheetContext, seen: set[str]) -> Outcome:
    if not (code := row.text("code")):
        raise CellRefused("code", _("it is empty, and is needed here."))
    if code.lower() in seen:
        raise CellRefused("code", _("another row above has the same one. Keep one of the two."))
    seen.add(code.lower())
    held = ground.actions.get(code.lower())
    if held is not None and held.withdrawn_at is not None:
        raise CellRefused("code", _("this action was withdrawn. Restore it on its page first."))
    records = records_of(row, ground)
    steps = None if row.given("milestones") is None else steps_in(row.text("milestones"))
    if held is None:
        return add(row, code, records or [], steps or [], ground)
    return change(row, held, records, steps, ground)


def add(
    row: Row, code: str, records: list[Recommendation], steps: list[deeds.Step], ground: ActionSheetContext
) -> Outcome:
    said = said_in(row, Action(code=code), [], ground)
    if said.parent is not None:
        refuse_bad_place(None, said.parent, ground.tree)
    published = is_published(row, standing=False)
    action = deeds.put_new(said, records, by=ground.by, batch=ground.batch, is_published=published)
    put_steps(action, steps)
    put_clusters(action, row, ground)
    ground.actions[code.lower()], ground.tree[action.pk] = action, action.parent_id
    return Outcome(row, Verdict.NEW, action.pk, difference_of({}, without_empty(all_cells(action))))


def change(
    row: Row,
    held: Action,
    records: list[Recommendation] | None,
    steps: list[deeds.Step] | None,
    ground: ActionSheetContext,
) -> Outcome:
    parts = list(held.parts.select_related("institution"))
    said = deeds.tidy(said_in(row, held, parts, ground))
    before = all_cells(held)
    if said.parent is not None and said.parent.pk != held.parent_id:
        refuse_bad_place(held.pk, said.parent, ground.tree)
    refuse_impossible(said, parts=parts)
    deeds.take(held, said)
    deeds.put_parts(held, said.lead, said.supporting)
    if records is not None:
        put_answers(held, records, ground)
    put_clusters(held, row, ground)
    if said.lead is not None:
        refuse_unreadable(said.lead, Recommendation.objects.filter(actions=held))
    held.is_published = is_published(row, standing=held.is_published)
    if steps is not None:
        put_steps(held, steps)
    ground.tree[held.pk] = held.parent_id
    if not (cells := difference_of(before, all_cells(held))):
        return Outcome(row)
    save_version(held, "action-edited", by=ground.by)
    return Outcome(row, Verdict.CHANGED, held.pk, cells)


def put_steps(action: Action, steps: Sequence[deeds.Step]) -> None:
    if sorted(deeds.steps_of(action), key=str) != sorted(steps, key=str):
        action.milestones.all().delete()
        Milestone.objects.bulk_create(Milestone(action=action, **one._asdict()) for one in steps)


def put_answers(held: Action, records: list[Recommendation], ground: ActionSheetContext) -> None:
    """Of the records that this person may see; others that the action answers stay."""
    opened = Recommendation.objects.opened_to(ground.by).order_by().values("pk")
    there = set(held.answers.filter(recommendation__in=opened).values_list("recommendation_id", flat=True))
    wanted = {one.pk for one in records}
    held.answers.filter(recommendation__in=there - wanted).delete()
    ActionRecommendation.objects.bulk_create(
        ActionRecommendation(action=held, recommendation_id=pk, added_by=ground.by, brought_by=ground.batch)
        for pk in sorted(wanted - there)
    )


def put_clusters(held: Action, row: Row, ground: ActionSheetContext) -> None:
    """Of the clusters that this person sees; one that is dissolved stays, for the day when it is restored."""
    if (given := row.codes("clusters")) is None:
        return
    wanted = {named(row, "clusters", one, ground.clusters).pk for one in given}
    known = [one.pk for one in ground.clusters.values()]
    there = set(held.cluster_answers.filter(cluster__in=known).values_list("cluster_id", flat=True))
    held.cluster_answers.filter(cluster__in=there - wanted).delete()
    ActionCluster.objects.bulk_create(
        ActionCluster(action=held, cluster_id=pk, added_by=ground.by, brought_by=ground.batch)
        for pk in sorted(wanted - there)
    )


def said_in(row: Row, held: Action, parts: Sequence, ground: ActionSheetContext) -> ActionValues:
    """What the row says, and where it says nothing what stands."""
    lead = next((one.institution for one in parts if one.part == Part.LEAD), None)
    supporting = [one.institution for one in parts if one.part == Part.SUPPORTING]
    given = row.codes("supporting")
    return ActionValues(
        code=held.code,
        title=longest(row, "title", row.text("title", held.title), 300),
        description=row.text("description", held.description),
        plan=one_of(row, "plan", ground.plans, held.plan),
        parent=one_of(row, "part of", ground.actions, held.parent),
        status=a_status(row, held.status),
        start=as_day_of(row, "start", held.start),
        due_on=as_day_of(row, "due", held.due_on),
        lead=one_of(row, "lead", ground.institutions, lead),
        supporting=supporting
        if given is None
        else [named(row, "supporting", one, ground.institutions) for one in given],
        act=longest(row, "act", row.text("act", held.act), 300),
        obstacles=row.text("obstacles", held.obstacles),
        assistance=row.text("assistance", held.assistance),
        budget=row.amount("budget", held.budget),
        funded=row.amount("funded", held.funded),
        currency=row.text("currency", held.currency),
        budget_line=longest(row, "budget line", row.text("budget line", held.budget_line), 120),
    )


def longest(row: Row, column: str, text: str, most: int) -> str:
    if len(text) > most:
        raise CellRefused(column, _("it is longer than %(most)d signs.") % {"most": most})
    return text


def as_day_of(row: Row, column: str, standing: date | None) -> date | None:
    given = row.given(column)
    return standing if given is None else as_day(column, given)


def one_of[Thing](row: Row, column: str, known: dict[str, Thing], standing: Thing | None) -> Thing | None:
    given = row.given(column)
    if given is None:
        return standing
    return named(row, column, given, known) if given else None


def named[Thing](_row: Row, column: str, code: str, known: dict[str, Thing]) -> Thing:
    if found := known.get(code.lower()):
        return found
    raise CellRefused(column, _("“%(given)s” is not known here. Check the reference.") % {"given": code[:80]})


def records_of(row: Row, ground: ActionSheetContext) -> list[Recommendation] | None:
    given = row.codes("recommendations")
    return None if given is None else [named(row, "recommendations", one, ground.records) for one in given]


def a_status(row: Row, standing: str) -> str:
    """The code of a status; its label in the language of the page serves too."""
    if not (given := row.text("status")):
        return standing
    for value, label in Action.Status.choices:
        if given.lower() in {value, str(label).lower()}:
            return value
    sentence = _("“%(given)s” is not known. Write one of: %(choices)s.")
    raise CellRefused("status", sentence % {"given": given[:80], "choices": ", ".join(Action.Status.values)})


def is_published(row: Row, *, standing: bool) -> bool:
    if not (given := row.text("published")):
        return standing
    if (word := WORDS.get(given.lower())) is None:
        raise CellRefused("published", _("Write yes or no."))
    return word == YES


def all_cells(action: Action) -> dict[str, str]:
    ordered = action.answers.order_by("recommendation__order_key", "pk")
    codes = ordered.values_list("recommendation__code", flat=True)
    return cells_of(action, codes, Cluster.objects.standing().filter(action_answers__action=action))


def without_empty(cells: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in cells.items() if text}
