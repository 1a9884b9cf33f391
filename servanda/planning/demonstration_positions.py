"""Invented proposals for the demonstration: noted recommendations that invented institutions would look at again."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils import timezone

from servanda.people.models import Institution, User
from servanda.planning.assignments.services import assign_institutions, current_on, mark
from servanda.planning.models import PositionProposal
from servanda.planning.positions.decisions import settle_position, state_of
from servanda.planning.positions.proposals import propose_position
from servanda.recommendations.models import Recommendation, Stand

CYCLE = 4
COORDINATOR = "coordinator@example.org"
SPEAKING = {
    "demo-rights": "ema@example.org",
    "demo-social": "focal@example.org",
    "demo-learning": "tea@example.org",
    "demo-agency": "authority@example.org",
}


class Said(NamedTuple):
    code: str
    stand: str
    comment: str = ""


SUPPORTED, PARTLY, NOTED = Stand.SUPPORTED, Stand.PARTLY, Stand.NOTED
NO_LAW = "The law would have to change first (invented)."
BEGUN = "A working group has begun; we could support this by the mid-term report (invented)."
COSTS = "Not in the budget of the next two years (invented)."
FIRST_HALF = "The first half is done by the present law; the second half is not planned (invented)."
# What is said on the first noted recommendations of the cycle, in the order of the document.
PROPOSED: Sequence[Sequence[Said]] = [
    [Said("demo-rights", SUPPORTED, BEGUN), Said("demo-social", SUPPORTED)],
    [Said("demo-rights", NOTED, NO_LAW), Said("demo-social", NOTED, COSTS)],
    [Said("demo-rights", SUPPORTED, BEGUN), Said("demo-social", NOTED, COSTS)],
    [Said("demo-social", PARTLY, FIRST_HALF), Said("demo-agency", SUPPORTED, BEGUN)],
    [Said("demo-learning", PARTLY, FIRST_HALF)],
    [Said("demo-rights", NOTED, NO_LAW)],
    [Said("demo-social", SUPPORTED, BEGUN), Said("demo-rights", PARTLY, FIRST_HALF)],
    [Said("demo-rights", SUPPORTED), Said("demo-learning", SUPPORTED, BEGUN)],
    [Said("demo-agency", NOTED, COSTS)],
    [Said("demo-social", SUPPORTED, BEGUN)],
    [Said("demo-rights", NOTED, NO_LAW), Said("demo-learning", SUPPORTED)],
    [Said("demo-social", PARTLY, FIRST_HALF), Said("demo-rights", PARTLY, FIRST_HALF)],
]
DRAFTED = 0  # of those above, where the coordinator has prepared an answer
ASKED = "Please say whether the State could support this by now (invented)."


def propose_demonstration() -> None:
    """Called again, it changes nothing."""
    if PositionProposal.objects.exists():
        return
    people = User.objects.in_bulk([COORDINATOR, *SPEAKING.values()], field_name="email")
    institutions = Institution.objects.in_bulk(list(SPEAKING), field_name="code")
    noted = Recommendation.objects.kept().filter(stand=Stand.NOTED, review__cycle=CYCLE, assignments=None)
    records = list(noted.order_by("order_key", "pk")[: len(PROPOSED)])
    for record, proposals in zip(records, PROPOSED, strict=False):
        lead, *supporting = [institutions[said.code] for said in proposals]
        terms = {"since": timezone.localdate(), "due_on": None, "note": ASKED, "seen": mark(current_on(record))}
        by = people[COORDINATOR]
        assign_institutions(recommendation=record, lead=lead, supporting=supporting, **terms, by=by)
        for said in proposals:
            propose_position(
                recommendation=record,
                institution=institutions[said.code],
                stand=said.stand,
                comment=said.comment,
                seen="none",
                by=people[SPEAKING[said.code]],
            )
    for record in records[DRAFTED : DRAFTED + 1]:
        settle_position(
            recommendation=record,
            stand=SUPPORTED,
            comment=BEGUN,
            date=None,
            seen=state_of(record),
            by=people[COORDINATOR],
        )
