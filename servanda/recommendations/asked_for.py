"""What a body asks beside the substance: read with the record for its page, and as columns for files and the API."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, OuterRef, Prefetch, Subquery
from django.db.models.functions import JSONObject

from servanda.people.models import User
from servanda.recommendations.models import FollowUp, Recommendation

ASKED = {"follow_up": FollowUp.Kind.FOLLOW_UP, "dissemination": FollowUp.Kind.DISSEMINATION}
COLUMNS = tuple(f"{name}_{what}" for name in ASKED for what in ("asked", "due_on"))
SAID = {
    "words": "words",
    "due_on": "due_on",
    "pk": "said_by",
    "name": "said_by__name",
    "role": "said_by__role",
    "erased_at": "said_by__erased_at",
}


def asked_of_each() -> dict[str, Subquery]:
    """What is asked and who says so, read with the record: its page has no question to spare."""
    rows = FollowUp.objects.current().filter(recommendation=OuterRef("pk"))
    asked = {}
    for name, kind in ASKED.items():
        first = rows.filter(kind=kind).order_by(F("due_on").asc(nulls_last=True), "pk")
        asked[f"{name}_said"] = Subquery(first.values(said=JSONObject(**SAID)).values("said")[:1])
    return asked


def asked_of(recommendation: Recommendation) -> list[FollowUp]:
    """Of a record that was read with it, the earliest of each kind."""
    told = vars(recommendation)
    return [follow_up(kind, said) for name, kind in ASKED.items() if (said := told[f"{name}_said"])]


def follow_up(kind: FollowUp.Kind, said: dict) -> FollowUp:
    by = {name: said[name] for name in ("pk", "name", "role", "erased_at")}
    due_on = date.fromisoformat(said["due_on"]) if said["due_on"] else None
    return FollowUp(kind=kind, words=said["words"], due_on=due_on, said_by=User(**by) if by["pk"] else None)


def with_what_is_asked() -> Prefetch:
    """For many records at once, to be read by `columns_of`."""
    return Prefetch("follow_ups", FollowUp.objects.current(), to_attr="current_follow_ups")


def columns_of(rows: Iterable[FollowUp]) -> dict[str, bool | str | None]:
    """Whether it is asked, and by the earliest day that is named; so in each file and in the API."""
    rows, told = list(rows), {}
    for name, kind in ASKED.items():
        asked = [row.due_on for row in rows if row.kind == kind]
        told[f"{name}_asked"] = bool(asked)
        told[f"{name}_due_on"] = min((day for day in asked if day), default=None)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}
