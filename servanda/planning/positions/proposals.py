"""Proposals of positions by institutions. They decide nothing."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.access import Can, scopes
from servanda.people.models import Institution, Succession, User
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.assignments.services import lock_record
from servanda.planning.models import Assignment, PositionProposal
from servanda.recommendations.editing.positions import refuse_where_no_position_is_taken
from servanda.recommendations.models import Recommendation, Stand
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event

Ending = PositionProposal.Ending


@transaction.atomic
def propose_position(
    *, recommendation: Recommendation, institution: Institution, stand: str, comment: str, seen: str, by: User
) -> PositionProposal:
    """Propose a position in the name of an institution; its earlier proposal ends, unless it is the same.

    `seen` is the `mark` of the proposals that the person was shown. Raises `ChangedMeanwhile` if the institution has
    proposed something else since, and `Refused` if this person may not propose or the proposal is not valid.
    """
    record = lock_record(recommendation)
    refuse_where_no_position_is_taken(record)
    if institution not in speaking_for([record], by=by).get(record.pk, []):
        sentence = _(
            "Only a focal point or the validating authority of an assigned institution can propose a position."
        )
        raise Refused(sentence)
    terms = {"stand": stand, "comment": clean(comment)}
    refuse_unclear(**terms)
    present = PositionProposal.objects.standing().filter(recommendation=record, institution=institution).first()
    if present and (present.stand, present.comment) == (terms["stand"], terms["comment"]):
        return present
    if present and str(present.pk) not in seen.split("-"):
        sentence = _("%(institution)s changed its proposal while you were editing. Check it, then send yours again.")
        raise ChangedMeanwhile(sentence % {"institution": institution})
    if present:
        end(present, Ending.REPLACED)
    proposal = PositionProposal.objects.create(
        recommendation=record, institution=institution, **terms, proposed_by=by
    )
    Event.record(
        "position-proposed", proposal, by=by, difference={"stand": [present.stand if present else "", stand]}
    )
    return proposal


@transaction.atomic
def withdraw_proposal(*, proposal: PositionProposal, by: User) -> None:
    """Withdraw; the proposal stays in the history. Raises `Refused` for users of other institutions, or if it has
    ended."""
    lock_record(proposal.recommendation)
    proposal = PositionProposal.objects.select_related("institution", "recommendation").get(pk=proposal.pk)
    if not PositionProposal.objects.in_scope_of(by).filter(pk=proposal.pk).exists():
        sentence = _("Only a focal point or the validating authority of %(institution)s can withdraw this proposal.")
        raise Refused(sentence % {"institution": proposal.institution})
    if proposal.ended_at is not None:
        raise Refused(_("This proposal is no longer current and cannot be withdrawn."))
    end(proposal, Ending.WITHDRAWN)
    Event.record("proposal-withdrawn", proposal, by=by, difference={"stand": [proposal.stand, ""]})


def end(proposal: PositionProposal, ending: str) -> None:
    proposal.ended_at, proposal.ending = timezone.now(), ending
    proposal.save(update_fields=["ended_at", "ending"])


def mark(proposals: Iterable[PositionProposal]) -> str:
    """A token that changes with every proposal, so that an outdated page is noticed."""
    return "-".join(str(pk) for pk in sorted(proposal.pk for proposal in proposals)) or "none"


def refuse_unclear(*, stand: str, comment: str) -> None:
    if stand not in PositionProposal.STANDS:
        raise Refused(_("Choose one of the listed positions."))
    if stand == Stand.PARTLY and not comment:
        raise Refused(_("Explain in the comment which part is supported and which is not."))


def speaking_for(records: Iterable[Recommendation], *, by: User) -> Mapping[int, list[Institution]]:
    """By record: the institutions in whose name this person may propose: those assigned, or the successors of closed
    ones."""
    assignments = (
        Assignment.objects.current().in_scope_of(by, Can.PROPOSE_POSITION).filter(recommendation__in=records)
    )
    assigned = list(assignments.select_related("institution").order_by("part", "institution__code"))
    today = timezone.localdate()
    closed = {assignment.institution for assignment in assigned if not assignment.institution.is_active(on=today)}
    replacements = successors_of(closed, by=by, on=today) if closed else {}
    speaking: dict[int, list[Institution]] = {}
    for assignment in assigned:
        names = speaking.setdefault(assignment.recommendation_id, [])
        names += [
            institution
            for institution in replacements.get(assignment.institution_id, [assignment.institution])
            if institution not in names
        ]
    return speaking


def successors_of(closed: Iterable[Institution], *, by: User, on: date) -> dict[int, list[Institution]]:
    """By closed institution: its active successors in whose name this person may propose."""
    own = frozenset().union(*(scope.institutions for scope in scopes(by, Can.PROPOSE_POSITION)))
    direct: dict[int, list[Institution]] = {}
    for succession in Succession.objects.select_related("successor").order_by("successor__code"):
        direct.setdefault(succession.predecessor_id, []).append(succession.successor)
    by_institution = {}
    for institution in closed:
        waiting, successors = [institution], [institution]
        while waiting:
            new_ones = [successor for successor in direct.get(waiting.pop().pk, []) if successor not in successors]
            successors += new_ones
            waiting += new_ones
        by_institution[institution.pk] = [
            successor for successor in successors if successor.is_active(on=on) and successor.pk in own
        ]
    return by_institution
