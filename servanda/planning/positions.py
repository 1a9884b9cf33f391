"""Which records wait for a position of the State, and what institutions say of them; as conditions for the list."""

from collections.abc import Mapping

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can
from servanda.planning.models import Assignment, PositionProposal
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


def sets_to_propose(user) -> dict[str, Q]:
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
