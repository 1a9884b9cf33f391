"""Records that wait for a position of the State, and the proposals on them, as far as a reader may see them."""

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
    WAITING: _("Proposals awaiting a decision"),
    AGREED: _("Proposals that agree"),
    DIFFERENT: _("Proposals that differ"),
    DRAFTED: _("Draft prepared"),
    SILENT: _("Not decided, without a proposal"),
    UNDECIDED: _("Not decided"),
    TO_PROPOSE: _("No proposal from my institution"),
    PROPOSED: _("With a proposal from my institution"),
    ALL: _("All"),
}
# States take positions on recommendations of the UPR only.
EXPECTED = Q(body__kind__in=KINDS_WITH_POSITIONS)
NOT_DECIDED = Q(stand__in=UNANSWERED, kind=Recommendation.Kind.RECOMMENDATION) & EXPECTED


def sets_to_decide() -> dict[str, Q]:
    """The filters of the list for coordinators, the default first."""
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
    """The filters of the list for those who propose, the default first."""
    assigned = of_records(Assignment.objects.current().in_scope_of(user, Can.PROPOSE_POSITION).order_by())
    own = of_records(PositionProposal.objects.standing().in_scope_of(user).order_by())
    return {TO_PROPOSE: assigned & NOT_DECIDED & ~own, PROPOSED: assigned & EXPECTED & own, ALL: assigned & EXPECTED}


def of_records(rows: QuerySet) -> Q:
    return Q(pk__in=rows.values("recommendation"))


def agreed_stand() -> Subquery:
    """An expression on records: the position on which all waiting proposals agree, otherwise NULL."""
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
    """The proposals on one record, present and former, and the institutions in whose name the reader may propose."""

    standing: list[ProposalLine] = field(default_factory=list)
    former: list[ProposalLine] = field(default_factory=list)
    speaking: Sequence[Institution] = ()
    reads_all: bool = False

    @property
    def is_open(self) -> bool:
        return self.reads_all or bool(self.speaking or self.standing or self.former)

    @property
    def seen(self) -> str:
        return mark(line.proposal for line in self.standing)

    @property
    def differ(self) -> bool:
        return len({line.proposal.stand for line in self.standing if not line.is_decided}) > 1


def who_proposes(records: Sequence[Recommendation], user: User) -> dict[int, Proposals]:
    """By record (all must be open to the reader): the proposals. The number of queries is constant."""
    reads_all, speaks = can(user, Can.READ_DRAFT_POSITIONS), can(user, Can.PROPOSE_POSITION)
    speaking = speaking_for(records, by=user) if speaks else {}
    by_record = {
        record.pk: Proposals(speaking=speaking.get(record.pk, ()), reads_all=reads_all) for record in records
    }
    if not reads_all and not speaks:
        return by_record
    rows = list(open_to(user).filter(recommendation__in=by_record).select_related("institution", "proposed_by"))
    names = shown_names((proposal.proposed_by for proposal in rows), to=user)
    own = set(rows_held(user, rows))
    for proposal in rows:
        line = ProposalLine(
            proposal,
            names.get(proposal.proposed_by_id, ""),
            is_decided=proposal.ended_at is None and not proposal.waits,
            may_withdraw=proposal.ended_at is None and proposal.pk in own,
        )
        proposals = by_record[proposal.recommendation_id]
        (proposals.former if proposal.ended_at else proposals.standing).append(line)
    for proposals in by_record.values():
        proposals.former.sort(key=attrgetter("proposal.ended_at"), reverse=True)
    return by_record


def open_to(user: User) -> PositionProposalQuerySet:
    """The proposals that the reader may see, on records that are open to them."""
    rows = PositionProposal.objects.with_waiting()
    return rows if can(user, Can.READ_DRAFT_POSITIONS) else rows.in_scope_of(user)


def rows_held(user: User, rows: Sequence[PositionProposal]) -> Sequence[int]:
    """The keys of those rows that this person may withdraw; who sees only their own may withdraw them all."""
    if not can(user, Can.PROPOSE_POSITION):
        return ()
    if not can(user, Can.READ_DRAFT_POSITIONS):
        return [proposal.pk for proposal in rows]
    own = PositionProposal.objects.in_scope_of(user).filter(pk__in=[proposal.pk for proposal in rows])
    return list(own.values_list("pk", flat=True))
