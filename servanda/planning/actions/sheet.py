"""The list of actions as a table for other programs, with the columns in which it can be read in again."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext as _

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
    """What each column says of it; `is_known` tells whether the reader knows what it is part of."""
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
        "code": _("The reference, by which a row is recognised. It is needed."),
        "title": _("At most 300 signs. It is needed."),
        "plan": _("The abbreviation of a plan that is there."),
        "part of": _("The reference of the larger action, here or already known."),
        "status": ", ".join(Action.Status.values),
        "start": _("Days, like 2026-01-31; the same for due."),
        "lead": _("The abbreviation of one institution."),
        "supporting": _("Abbreviations of institutions, with semicolons between them."),
        "recommendations": _("References of records, with semicolons between them."),
        "clusters": _("References of clusters, as this file gives them, with semicolons between them."),
        "milestones": _("One on each line of the cell: 2026-01-31 | title, and | with the day when it was reached."),
        "budget": _("An amount like 12500.50; the same for funded, which is the part that is there."),
        "currency": _("The ISO code, for instance EUR."),
        "published": f"{YES}, {NO}",
    }
    return [("", _("An empty cell changes nothing. A dash (-) empties what stands.")), *by_column.items()]
