"""What one row of the spreadsheet does: the rules are those of the pages, the trail gets one line for all rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from operator import itemgetter

from servanda.intake.models import Batch, StagedRow
from servanda.intake.sheets.kinds import Run, SheetKind
from servanda.intake.sheets.reading import EMPTIED, CellRefused, Row, as_day, split
from servanda.intake.sheets.rows import parents_first, write_or_refuse
from servanda.kit.database.sentences import gettext as _
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
from servanda.planning.models import Action, ActionCluster, ActionRecommendation, Milestone, Plan
from servanda.recommendations.models import Cluster, Recommendation

Verdict = StagedRow.Verdict
WORDS = {"yes": YES, "true": YES, "1": YES, "no": NO, "false": NO, "0": NO}
LONGEST_TITLE = 200  # of a milestone


@dataclass
class Outcome:
    verdict: str = Verdict.UNCHANGED
    pk: int | None = None
    cells: dict[str, list[str]] = field(default_factory=dict)  # old and new value by column


@dataclass
class ActionSheetContext:
    """What exists already, read once, and what the rows have added so far."""

    by: User
    batch: Batch
    tree: dict[int, int | None]
    actions: dict[str, Action]
    plans: dict[str, Plan]
    institutions: dict[str, Institution]
    records: dict[str, Recommendation]
    clusters: dict[str, Cluster]
    seen: set[str] = field(default_factory=set)  # codes of the rows so far

    @classmethod
    def of(cls, run: Run, codes: Sequence[str]) -> "ActionSheetContext":
        """`codes` are the records that the rows name: the register is larger than any sheet."""
        by, tree = run.by, locked_tree()
        records = Recommendation.every_kind.opened_to(by).filter(code__in=codes)
        return cls(
            by=by,
            batch=run.batch,
            tree=tree,
            actions={action.code.lower(): action for action in Action.objects.select_related("plan", "parent")},
            plans={plan.code.lower(): plan for plan in Plan.objects.visible_to(by)},
            institutions={institution.code.lower(): institution for institution in Institution.objects.all()},
            records={record.code.lower(): record for record in records},
            clusters={str(cluster.key): cluster for cluster in Cluster.objects.visible_to(by)},
        )


def write_rows(kind: SheetKind, rows: Sequence[Row], run: Run) -> list[StagedRow]:
    """Each after the larger action that it is part of, else in the order of the file."""
    codes = {code for row in rows for code in split(row.text("recommendations"))}
    context = ActionSheetContext.of(run, sorted(codes))
    ordered = parents_first(rows, parent="part of", known=context.actions)
    written = [(row.number, write_row(kind, row, context)) for row in ordered]
    return [staged for _number, staged in sorted(written, key=itemgetter(0))]


def write_row(kind: SheetKind, row: Row, context: ActionSheetContext) -> StagedRow:
    staged = StagedRow(where=row.where, code=row.text("code"), summary=row.text("title"))

    def write() -> None:
        outcome = write_action(row, context)
        staged.verdict = outcome.verdict
        staged.difference = json.dumps({"pk": outcome.pk, "cells": outcome.cells}, ensure_ascii=False)

    return write_or_refuse(kind, staged, write)


def write_action(row: Row, context: ActionSheetContext) -> Outcome:
    code = row.required(
        "code", _("enter the reference of an action. A new action needs a reference of its own, for example A-12.")
    )
    if code.lower() in context.seen:
        raise CellRefused("code", _("an earlier row has the same reference. Keep one of the two."))
    context.seen.add(code.lower())
    action = context.actions.get(code.lower())
    if action is not None and action.withdrawn_at is not None:
        raise CellRefused("code", _("this action was withdrawn. Restore it on its page first."))
    records = records_of(row, context)
    steps = None if row.entry("milestones") is None else read_steps(row.text("milestones"))
    if action is None:
        return add(row, code, records or [], steps or [], context)
    return change(row, action, records, steps, context)


def add(
    row: Row, code: str, records: list[Recommendation], steps: list[deeds.Step], context: ActionSheetContext
) -> Outcome:
    values = values_of(row, Action(code=code), [], context)
    if values.parent is not None:
        refuse_bad_place(None, values.parent, context.tree)
    published = is_published(row, current=False)
    action = deeds.create_action(values, records, by=context.by, batch=context.batch, is_published=published)
    save_steps(action, steps)
    save_clusters(action, row, context)
    context.actions[code.lower()], context.tree[action.pk] = action, action.parent_id
    return Outcome(Verdict.NEW, action.pk, difference_of({}, without_empty(all_cells(action))))


def change(
    row: Row,
    action: Action,
    records: list[Recommendation] | None,
    steps: list[deeds.Step] | None,
    context: ActionSheetContext,
) -> Outcome:
    parts = list(action.parts.select_related("institution"))
    values = deeds.tidy(values_of(row, action, parts, context))
    before = all_cells(action)
    if values.parent is not None and values.parent.pk != action.parent_id:
        refuse_bad_place(action.pk, values.parent, context.tree)
    refuse_impossible(values, parts=parts)
    deeds.set_fields(action, values)
    deeds.save_parts(action, values.lead, values.supporting)
    if records is not None:
        save_answers(action, records, context)
    save_clusters(action, row, context)
    if values.lead is not None:
        refuse_unreadable(values.lead, Recommendation.objects.filter(actions=action))
    action.is_published = is_published(row, current=action.is_published)
    if steps is not None:
        save_steps(action, steps)
    context.tree[action.pk] = action.parent_id
    if not (cells := difference_of(before, all_cells(action))):
        return Outcome()
    save_version(action, "action-edited", by=context.by)
    return Outcome(Verdict.CHANGED, action.pk, cells)


def save_steps(action: Action, steps: Sequence[deeds.Step]) -> None:
    if sorted(deeds.steps_of(action), key=str) != sorted(steps, key=str):
        action.milestones.all().delete()
        Milestone.objects.bulk_create(Milestone(action=action, **step._asdict()) for step in steps)


def save_answers(action: Action, records: list[Recommendation], context: ActionSheetContext) -> None:
    """Of the records that this person may see; others that the action answers stay."""
    opened = Recommendation.every_kind.opened_to(context.by).order_by().values("pk")
    current = set(action.answers.filter(recommendation__in=opened).values_list("recommendation_id", flat=True))
    wanted = {record.pk for record in records}
    action.answers.filter(recommendation__in=current - wanted).delete()
    ActionRecommendation.objects.bulk_create(
        ActionRecommendation(action=action, recommendation_id=pk, added_by=context.by, brought_by=context.batch)
        for pk in sorted(wanted - current)
    )


def save_clusters(action: Action, row: Row, context: ActionSheetContext) -> None:
    """Of the clusters that this person sees; one that is dissolved stays, for the day when it is restored."""
    if (keys := row.entries("clusters")) is None:
        return
    wanted = {find("clusters", key, context.clusters).pk for key in keys}
    known = [cluster.pk for cluster in context.clusters.values()]
    current = set(action.cluster_answers.filter(cluster__in=known).values_list("cluster_id", flat=True))
    action.cluster_answers.filter(cluster__in=current - wanted).delete()
    ActionCluster.objects.bulk_create(
        ActionCluster(action=action, cluster_id=pk, added_by=context.by, brought_by=context.batch)
        for pk in sorted(wanted - current)
    )


def values_of(row: Row, action: Action, parts: Sequence, context: ActionSheetContext) -> ActionValues:
    """The values of the row; empty cells keep the recorded values."""
    lead = next((part.institution for part in parts if part.part == Part.LEAD), None)
    supporting = [part.institution for part in parts if part.part == Part.SUPPORTING]
    codes = row.entries("supporting")
    return ActionValues(
        code=action.code,
        title=short_text(row, "title", action.title, 300),
        description=row.text("description", action.description),
        plan=find_or_current(row, "plan", context.plans, action.plan),
        parent=find_or_current(row, "part of", context.actions, action.parent),
        status=row.choice("status", Action.Status.choices, action.status),
        start=row.day("start", action.start),
        due_on=row.day("due", action.due_on),
        lead=find_or_current(row, "lead", context.institutions, lead),
        supporting=supporting
        if codes is None
        else [find("supporting", code, context.institutions) for code in codes],
        act=short_text(row, "act", action.act, 300),
        obstacles=row.text("obstacles", action.obstacles),
        assistance=row.text("assistance", action.assistance),
        budget=amount(row, "budget", action.budget),
        funded=amount(row, "funded", action.funded),
        currency=row.text("currency", action.currency),
        budget_line=short_text(row, "budget line", action.budget_line, 120),
    )


def short_text(row: Row, column: str, current: str, most: int) -> str:
    text = row.text(column, current)
    if len(text) > most:
        raise CellRefused(column, _("it is longer than %(most)d characters. Shorten it.") % {"most": most})
    return text


def amount(row: Row, column: str, current: Decimal | None) -> Decimal | None:
    entry = row.entry(column)
    if entry is None:
        return current
    if not entry:
        return None
    sentence = _("“%(given)s” is not an amount. Enter it without a currency, for example 12500.50.") % {
        "given": entry
    }
    try:
        number = Decimal(entry.replace(" ", "").replace("\N{NO-BREAK SPACE}", ""))
    except InvalidOperation as problem:
        raise CellRefused(column, sentence) from problem
    if not number.is_finite() or abs(number) >= Decimal(10) ** 14 or number != round(number, 2):
        raise CellRefused(column, sentence)
    return number


def find_or_current[Thing](row: Row, column: str, known: dict[str, Thing], current: Thing | None) -> Thing | None:
    entry = row.entry(column)
    if entry is None:
        return current
    return find(column, entry, known) if entry else None


def find[Thing](column: str, code: str, known: dict[str, Thing]) -> Thing:
    if found := known.get(code.lower()):
        return found
    raise CellRefused(column, _("“%(given)s” was not found. Check the reference.") % {"given": code[:80]})


def records_of(row: Row, context: ActionSheetContext) -> list[Recommendation] | None:
    codes = row.entries("recommendations")
    return None if codes is None else [find("recommendations", code, context.records) for code in codes]


def is_published(row: Row, *, current: bool) -> bool:
    if not (given := row.text("published")):
        return current
    if (word := WORDS.get(given.lower())) is None:
        raise CellRefused("published", _("Enter yes or no."))
    return word == YES


def all_cells(action: Action) -> dict[str, str]:
    ordered = action.answers.order_by("recommendation__order_key", "pk")
    codes = ordered.values_list("recommendation__code", flat=True)
    return cells_of(action, codes, Cluster.objects.standing().filter(action_answers__action=action))


def without_empty(cells: dict[str, str]) -> dict[str, str]:
    return {column: text for column, text in cells.items() if text}


def read_steps(cell: str) -> list[deeds.Step]:
    """One line each: the day when it is due or a dash, the title, and where it was reached the day of that."""
    return [read_step(line.strip()) for line in cell.splitlines() if line.strip()]


def read_step(line: str) -> deeds.Step:
    due, bar, rest = line.partition("|")
    title, second_bar, reached = rest.rpartition("|")
    if not bar:
        raise CellRefused(
            "milestones",
            _("“%(line)s”: enter a date and a title, for example 2026-01-31 | title.") % {"line": line[:80]},
        )
    if not second_bar or not (day := day_or_none(reached)):
        title, day = rest, None
    if not title.strip() or len(title.strip()) > LONGEST_TITLE:
        sentence = _("“%(line)s”: enter a title of at most %(most)d characters.")
        raise CellRefused("milestones", sentence % {"line": line[:80], "most": LONGEST_TITLE})
    due = due.strip()
    return deeds.Step(title.strip(), None if due in EMPTIED else as_day("milestones", due), day)


def day_or_none(text: str) -> date | None:
    """The last part of a line is a day, or else belongs to the title."""
    try:
        return as_day("milestones", text.strip())
    except CellRefused:
        return None
