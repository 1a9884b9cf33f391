"""The list of actions as a table for other programs, with the columns in which it can be read in again."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from servanda.kit.database.sentences import gettext as _
from servanda.people.models import User
from servanda.planning.actions.listing import answers_seen_by
from servanda.planning.actions.rules import Part
from servanda.planning.actions.services import format_steps, steps_of
from servanda.planning.models import Action, ActionQuerySet
from servanda.recommendations.models import Cluster

COLUMNS = (
    "code", "title", "description", "plan", "part of", "status", "start", "due", "lead", "supporting",
    "recommendations", "clusters", "milestones", "act", "obstacles", "assistance", "budget", "funded", "currency",
    "budget line", "published",
)  # fmt: skip
BETWEEN = "; "
YES, NO = "yes", "no"
AT_ONCE = 200


def export_rows(actions: ActionQuerySet, user: User) -> Iterator[dict[str, str]]:
    """Row by row, each with the records and the larger action that this reader may know."""
    answers = answers_seen_by(user).select_related("recommendation").order_by("recommendation__order_key", "pk")
    known = set(Action.objects.visible_to(user).order_by().values_list("pk", flat=True))
    rows = actions.select_related("plan", "parent").prefetch_related(
        "parts__institution",
        "milestones",
        Prefetch("answers", answers, to_attr="answers_seen"),
        Prefetch("clusters", Cluster.objects.visible_to(user), to_attr="clusters_seen"),
    )
    for action in rows.iterator(chunk_size=AT_ONCE):
        records = [link.recommendation.code for link in action.answers_seen]
        yield cells_of(action, records, vars(action)["clusters_seen"], is_known=action.parent_id in known)


def cells_of(
    action: Action, records: Iterable[str], clusters: Iterable[Cluster], *, is_known: bool = True
) -> dict[str, str]:
    """The value of each column; `is_known` tells whether the reader knows what it is part of."""
    parts = list(action.parts.all())
    return {
        "code": action.code,
        "title": action.title,
        "description": action.description,
        "plan": action.plan.code if action.plan else "",
        "part of": action.parent.code if action.parent and is_known else "",
        "status": str(action.status),
        "start": as_text(action.start),
        "due": as_text(action.due_on),
        "lead": "".join(part.institution.code for part in parts if part.part == Part.LEAD),
        "supporting": BETWEEN.join(sorted(part.institution.code for part in parts if part.part == Part.SUPPORTING)),
        "recommendations": BETWEEN.join(records),
        "clusters": BETWEEN.join(sorted(str(cluster.key) for cluster in clusters)),
        "milestones": format_steps(steps_of(action)),
        "act": action.act,
        "obstacles": action.obstacles,
        "assistance": action.assistance,
        "budget": as_number(action.budget),
        "funded": as_number(action.funded),
        "currency": action.currency,
        "budget line": action.budget_line,
        "published": YES if action.is_published else NO,
    }


def as_text(day: date | None) -> str:
    return day.isoformat() if day else ""


def as_number(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}".removesuffix(".00")


def explanations() -> list[tuple[str, str]]:
    """What is to be written in the columns."""
    by_column = {
        "code": _("Reference that identifies the row. Required."),
        "title": _("At most 300 characters. Required."),
        "plan": _("Abbreviation of an existing plan."),
        "part of": _("Reference of the larger action, in this file or already in the system."),
        "status": ", ".join(Action.Status.values),
        "start": _("Dates as YYYY-MM-DD, for example 2026-01-31; also in the column “due”."),
        "lead": _("Abbreviation of one institution."),
        "supporting": _("Abbreviations of institutions, separated by semicolons."),
        "recommendations": _("Record references, separated by semicolons."),
        "clusters": _("Cluster references as in this file, separated by semicolons."),
        "milestones": _("One per line of the cell: 2026-01-31 | title. If reached, add | and the date."),
        "budget": _("An amount, for example 12500.50. The same for “funded”, the part already funded."),
        "currency": _("The ISO code, for example EUR."),
        "published": f"{YES}, {NO}",
    }
    return [
        ("", _("Leave a cell empty to keep the current value. Enter a dash (-) to clear it.")),
        *by_column.items(),
    ]
