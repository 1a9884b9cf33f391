"""Which records wait for a position of the State, and what institutions propose on them, as a reader may know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.people.naming import shown_names
from servanda.planning.models import Assignment, PositionProposal, PositionProposalQuerySet
from servanda.planning.positions.proposals import mark, speaking_for
from servanda.recommendations.models import UNANSWERED, Position, Recommendation
from servanda.vocab.procedures import KINDS_WITH_POSITIONS

WAITING, AGREED, DIFFERENT, DRAFTED, SILENT, UNDECIDED, ALL = (
    "waiting",
    "agreed",
    "different",
    "drafted",
    "silent",
    "undecided",
    "all",
)
TO_PROPOSE, PROPOSED = "to-propose", "proposed"
LABELS: Mapping[str, object] = {
    WAITING: _("Proposals that wait for a decision"),
    AGREED: _("Proposals that agree"),
    DIFFERENT: _("Proposals that differ"),
    DRAFTED: _("A draft is prepared"),
    SILENT: _("Not decided, without a proposal"),
    UNDECIDED: _("Not decided"),
    TO_PROPOSE: _("Without a proposal of ours"),
    PROPOSED: _("With a proposal of ours"),
    ALL: _("All"),
}
# The State takes a position on what is recommended in the UPR, and on nothing else.
EXPECTED = Q(body__kind__in=KINDS_WITH_POSITIONS)
NOT_DECIDED = Q(stand__in=UNANSWERED, kind=Recommendation.Kind.RECOMMENDATION) & EXPECTED


def sets_to_decide() -> dict[str, Q]:
    """What a coordinator can narrow the list to, the usual one first."""
    waiting = PositionProposal.objects.waiting().order_by()
    stands = waiting.values("recommendation").annotate(stands=Count("stand", distinct=True))
    drafts = Position.objects.current().filter(is_draft=True).order_by()
    proposed = of_records(waiting)
    return {
        WAITING: EXPECTED & proposed,
        AGREED: EXPECTED & of_records(stands.filter(stands=1)),
        DIFFERENT: EXPECTED & of_records(stands.filter(stands__gt=1)),
        DRAFTED: EXPECTED & of_records(drafts),
        SILENT: NOT_DECIDED & ~proposed,
        UNDECIDED: NOT_DECIDED,
        ALL: EXPECTED,
    }


def sets_to_propose(user: User) -> dict[str, Q]:
    """What somebody who speaks for institutions can narrow the list to, the usual one first."""
    assigned = of_records(Assignment.objects.current().held_by(user, Can.PROPOSE_POSITION).order_by())
    own = of_records(PositionProposal.objects.standing().held_by(user).order_by())
    return {TO_PROPOSE: assigned & NOT_DECIDED & ~own, PROPOSED: assigned & EXPECTED & own, ALL: assigned & EXPECTED}


def of_records(rows: QuerySet) -> Q:
    return Q(pk__in=rows.values("recommendation"))


def agreed_stand() -> Subquery:
    """On a record: what all the proposals that wait say, when they say the same."""
    waiting = PositionProposal.objects.waiting().filter(recommendation=OuterRef("pk")).order_by()
    by_record = waiting.values("recommendation").annotate(stands=Count("stand", distinct=True), one=Min("stand"))
    return Subquery(by_record.filter(stands=1).values("one")[:1])


@dataclass(slots=True)
class ProposalLine:
    proposal: PositionProposal
    proposed_by: str
    is_decided: bool  # the State has taken a position since
    may_withdraw: bool


@dataclass(slots=True)
class Proposals:
    """Of one record: side by side what stands, what stood before, and in whose name the reader may propose."""

    standing: list[ProposalLine] = field(default_factory=list)
    former: list[ProposalLine] = field(default_factory=list)
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


def who_proposes(records: Sequence[Recommendation], user: User) -> dict[int, Proposals]:
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
        told = ProposalLine(
            one,
            names.get(one.proposed_by_id, ""),
            is_decided=one.ended_at is None and not one.waits,
            may_withdraw=one.ended_at is None and one.pk in own,
        )
        there = found[one.recommendation_id]
        (there.former if one.ended_at else there.standing).append(told)
    for there in found.values():
        there.former.sort(key=attrgetter("proposal.ended_at"), reverse=True)
    return found


def open_to(user: User) -> PositionProposalQuerySet:
    """Of records that are open to the reader in any case."""
    rows = PositionProposal.objects.with_waiting()
    return rows if can(user, Can.READ_DRAFT_POSITIONS) else rows.held_by(user)


def rows_held(user: User, rows: Sequence[PositionProposal]) -> Sequence[int]:
    """Whoever reads only their own holds all that they read."""
    if not can(user, Can.PROPOSE_POSITION):
        return ()
    if not can(user, Can.READ_DRAFT_POSITIONS):
        return [one.pk for one in rows]
    held = PositionProposal.objects.held_by(user).filter(pk__in=[one.pk for one in rows])
    return list(held.values_list("pk", flat=True))
