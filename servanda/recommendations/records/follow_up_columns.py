"""Follow-up that a body requests besides the substance: read with the record for its page, and as columns for files
and the API."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, OuterRef, Prefetch, Subquery
from django.db.models.functions import JSONObject

from servanda.people.models import User
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.sources.models import Obligation, Submission

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
    "code": "obligation__code",
    "due_on": "obligation__due_on",
    "state": "obligation__state",
    "is_past": "obligation__is_past_at_entry",
    "replied_on": "obligation__submission__submitted_on",
    "reply": "obligation__submission__reply",
    "pk": "said_by",
    "name": "said_by__name",
    "role": "said_by__role",
    "erased_at": "said_by__erased_at",
}


def requests_by_kind() -> dict[str, Subquery]:
    """Annotations with the requests and who recorded them. The record's page has no query left for them."""
    rows = FollowUp.objects.current().filter(recommendation=OuterRef("pk"))
    annotations = {}
    for name, kind in ASKED.items():
        first = rows.filter(kind=kind).order_by(
            F("obligation__submission__submitted_on").asc(nulls_first=True),
            F("obligation__due_on").asc(nulls_last=True),
            "pk",
        )
        annotations[f"{name}_said"] = Subquery(first.values(said=JSONObject(**SAID)).values("said")[:1])
    return annotations


def requested_follow_ups(recommendation: Recommendation) -> list[FollowUp]:
    """The most pressing request of each kind, of a record annotated with `requests_by_kind`: unanswered ones first,
    then those with the earliest deadline."""
    annotated = vars(recommendation)
    return [follow_up(kind, values) for name, kind in ASKED.items() if (values := annotated[f"{name}_said"])]


def follow_up(kind: FollowUp.Kind, values: dict) -> FollowUp:
    by = {name: values[name] for name in ("pk", "name", "role", "erased_at")}
    days = {name: date.fromisoformat(values[name]) if values[name] else None for name in ("due_on", "replied_on")}
    state = values["state"] or Obligation.State.EXPECTED
    obligation = Obligation(
        code=values["code"] or "",
        due_on=days["due_on"],
        state=state,
        is_past_at_entry=bool(values["is_past"]),
    )
    if days["replied_on"]:
        Submission(obligation=obligation, submitted_on=days["replied_on"], reply=values["reply"])
    said_by = User(**by) if by["pk"] else None
    return FollowUp(kind=kind, words=values["words"], obligation=obligation, said_by=said_by)


def prefetch_follow_ups() -> Prefetch:
    """A prefetch for many records, whose rows `columns_of` reads."""
    return Prefetch("follow_ups", FollowUp.objects.current().with_obligation(), to_attr="current_follow_ups")


def columns_of(rows: Iterable[FollowUp]) -> dict[str, bool | str | None]:
    """Columns of files and the API: whether follow-up is requested, by when, and when the State replied.

    The deadline is the earliest of the unanswered requests, or of all if every one is answered; the day of the reply
    is set once all are answered.
    """
    rows = list(rows)
    values: dict[str, bool | date | None] = {}
    for name, kind in ASKED.items():
        requests = [row for row in rows if row.kind == kind]
        waiting = [row for row in requests if not row.replied_on] or requests
        values[f"{name}_asked"] = bool(requests)
        values[f"{name}_due_on"] = min((row.due_on for row in waiting if row.due_on), default=None)
        values[f"{name}_replied_on"] = max((row.replied_on for row in waiting if row.replied_on), default=None)
    return {name: day.isoformat() if isinstance(day := values[name], date) else day for name in COLUMNS}
