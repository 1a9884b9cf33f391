"""What a body asks beside the substance: read with the record for its page, and as columns for files and the API."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, OuterRef, Prefetch, Subquery
from django.db.models.functions import JSONObject

from servanda.people.models import User
from servanda.recommendations.models import FollowUp, Recommendation

ASKED = {"follow_up": FollowUp.Kind.FOLLOW_UP, "dissemination": FollowUp.Kind.DISSEMINATION}
COLUMNS = (
    "follow_up_asked",
    "follow_up_due_on",
    "follow_up_replied_on",
    "dissemination_asked",
    "dissemination_due_on",
)
SAID = {
    "words": "words",
    "due_on": "due_on",
    "replied_on": "replied_on",
    "reply": "reply",
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
        first = rows.filter(kind=kind).order_by(
            F("replied_on").asc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk"
        )
        asked[f"{name}_said"] = Subquery(first.values(said=JSONObject(**SAID)).values("said")[:1])
    return asked


def asked_of(recommendation: Recommendation) -> list[FollowUp]:
    """Of a record that was read with it, the earliest of each kind; what no reply was sent to stands first."""
    told = vars(recommendation)
    return [follow_up(kind, said) for name, kind in ASKED.items() if (said := told[f"{name}_said"])]


def follow_up(kind: FollowUp.Kind, said: dict) -> FollowUp:
    by = {name: said[name] for name in ("pk", "name", "role", "erased_at")}
    days = {name: date.fromisoformat(said[name]) if said[name] else None for name in ("due_on", "replied_on")}
    words = {name: said[name] for name in ("words", "reply")}
    return FollowUp(kind=kind, **words, **days, said_by=User(**by) if by["pk"] else None)


def with_what_is_asked() -> Prefetch:
    """For many records at once, to be read by `columns_of`."""
    return Prefetch("follow_ups", FollowUp.objects.current(), to_attr="current_follow_ups")


def columns_of(rows: Iterable[FollowUp]) -> dict[str, bool | str | None]:
    """Whether it is asked, and by the earliest day that is named; so in each file and in the API. Days of what no
    reply was sent to count first; when the State replied is said once it has replied to all of it."""
    rows = list(rows)
    told: dict[str, bool | date | None] = {}
    for name, kind in ASKED.items():
        asked = [row for row in rows if row.kind == kind]
        waiting = [row for row in asked if not row.replied_on] or asked
        told[f"{name}_asked"] = bool(asked)
        told[f"{name}_due_on"] = min((row.due_on for row in waiting if row.due_on), default=None)
        told[f"{name}_replied_on"] = max((row.replied_on for row in waiting if row.replied_on), default=None)
    return {name: day.isoformat() if isinstance(day := told[name], date) else day for name in COLUMNS}
