"""What institutions propose on records, with the names of people as a reader may know them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from servanda.people.access import Can, can
from servanda.people.models import Institution
from servanda.people.naming import shown_names
from servanda.planning.models import PositionProposal, PositionProposalQuerySet
from servanda.planning.services.proposing import mark, speaking_for
from servanda.recommendations.models import Recommendation


@dataclass(slots=True)
class Told:
    proposal: PositionProposal
    proposed_by: str
    is_decided: bool  # the State has taken a position since
    may_withdraw: bool


@dataclass(slots=True)
class Proposals:
    """Of one record: side by side what stands, what stood before, and in whose name the reader may propose."""

    standing: list[Told] = field(default_factory=list)
    former: list[Told] = field(default_factory=list)
    speaking: Sequence[Institution] = ()
    reads_all: bool = False

    @property
    def is_open(self) -> bool:
        return self.reads_all or bool(self.speaking or self.standing or self.former)

    @property
    def seen(self) -> str:
        return mark(told.proposal for told in self.standing)

    @property
    def differ(self) -> bool:
        return len({told.proposal.stand for told in self.standing if not told.is_decided}) > 1


def who_proposes(records: Sequence[Recommendation], user) -> dict[int, Proposals]:
    """By record, all of which are open to this reader; the number of queries does not grow with them."""
    reads_all, speaks = can(user, Can.READ_DRAFT_POSITIONS), can(user, Can.PROPOSE_POSITION)
    speaking = speaking_for(records, by=user) if speaks else {}
    found = {one.pk: Proposals(speaking=speaking.get(one.pk, ()), reads_all=reads_all) for one in records}
    if not reads_all and not speaks:
        return found
    rows = list(open_to(user).filter(recommendation__in=found).select_related("institution", "proposed_by"))
    names = shown_names((one.proposed_by for one in rows), to=user)
    own = set(rows_held(user, rows))
    for one in rows:
        told = Told(
            one,
            names.get(one.proposed_by_id, ""),
            is_decided=one.ended_at is None and not one.waits,
            may_withdraw=one.ended_at is None and one.pk in own,
        )
        there = found[one.recommendation_id]
        (there.former if one.ended_at else there.standing).append(told)
    for there in found.values():
        there.former.sort(key=lambda told: told.proposal.ended_at, reverse=True)
    return found


def open_to(user) -> PositionProposalQuerySet:
    """Of records that are open to the reader in any case."""
    rows = PositionProposal.objects.with_waiting()
    return rows if can(user, Can.READ_DRAFT_POSITIONS) else rows.held_by(user)


def rows_held(user, rows: Sequence[PositionProposal]) -> Sequence[int]:
    """Whoever reads only their own holds all that they read."""
    if not can(user, Can.PROPOSE_POSITION):
        return ()
    if not can(user, Can.READ_DRAFT_POSITIONS):
        return [one.pk for one in rows]
    held = PositionProposal.objects.held_by(user).filter(pk__in=[one.pk for one in rows])
    return list(held.values_list("pk", flat=True))
