"""Where an institution says that the State should stand; nothing of it decides anything."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.access import Can, scopes
from servanda.people.models import Institution, Succession, User
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.assignments.services import still_there
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
    """Tell the coordinator where the State should stand. What the institution proposed before ends; saying the same
    again leaves it as it is. `seen` is the `mark` of the proposals that the person was shown."""
    held = still_there(recommendation)
    refuse_where_no_position_is_taken(held)
    if institution not in speaking_for([held], by=by).get(held.pk, []):
        sentence = _("Only a focal point or the validating authority of an institution that answers can propose.")
        raise Refused(sentence)
    said = {"stand": stand, "comment": clean(comment)}
    refuse_unclear(**said)
    present = PositionProposal.objects.standing().filter(recommendation=held, institution=institution).first()
    if present and (present.stand, present.comment) == (said["stand"], said["comment"]):
        return present
    if present and str(present.pk) not in seen.split("-"):
        sentence = _("%(institution)s has proposed something else meanwhile. Look at it, then send yours again.")
        raise ChangedMeanwhile(sentence % {"institution": institution})
    if present:
        end(present, Ending.REPLACED)
    made = PositionProposal.objects.create(recommendation=held, institution=institution, **said, proposed_by=by)
    Event.record("position-proposed", made, by=by, difference={"stand": [present.stand if present else "", stand]})
    return made


@transaction.atomic
def withdraw_proposal(*, proposal: PositionProposal, by: User) -> None:
    """The institution proposes nothing any more; its words stay in the history."""
    still_there(proposal.recommendation)
    held = PositionProposal.objects.select_related("institution", "recommendation").get(pk=proposal.pk)
    if not PositionProposal.objects.held_by(by).filter(pk=held.pk).exists():
        sentence = _("Only a focal point or the validating authority of %(institution)s can withdraw this proposal.")
        raise Refused(sentence % {"institution": held.institution})
    if held.ended_at is not None:
        raise Refused(_("This proposal no longer stands, so there is nothing to withdraw."))
    end(held, Ending.WITHDRAWN)
    Event.record("proposal-withdrawn", held, by=by, difference={"stand": [held.stand, ""]})


def end(proposal: PositionProposal, ending: str) -> None:
    proposal.ended_at, proposal.ending = timezone.now(), ending
    proposal.save(update_fields=["ended_at", "ending"])


def mark(proposals: Iterable[PositionProposal]) -> str:
    """Another one after every deed, so that a page opened before it is known to be old."""
    return "-".join(str(pk) for pk in sorted(one.pk for one in proposals)) or "none"


def refuse_unclear(*, stand: str, comment: str) -> None:
    if stand not in PositionProposal.STANDS:
        raise Refused(_("Choose one of the positions that a State can take."))
    if stand == Stand.PARTLY and not comment:
        raise Refused(_("Say in the comment which part is supported and which is not."))


def speaking_for(records: Iterable[Recommendation], *, by: User) -> Mapping[int, list[Institution]]:
    """In whose name this person may propose on each of these records: institutions that answer for it now, and
    instead of one that has closed those that took its place."""
    there = Assignment.objects.current().held_by(by, Can.PROPOSE_POSITION).filter(recommendation__in=records)
    assigned = list(there.select_related("institution").order_by("part", "institution__code"))
    today = timezone.localdate()
    closed = {one.institution for one in assigned if not one.institution.is_active(on=today)}
    instead = successors_of(closed, by=by, on=today) if closed else {}
    speaking: dict[int, list[Institution]] = {}
    for one in assigned:
        names = speaking.setdefault(one.recommendation_id, [])
        names += [each for each in instead.get(one.institution_id, [one.institution]) if each not in names]
    return speaking


def successors_of(closed: Iterable[Institution], *, by: User, on: date) -> dict[int, list[Institution]]:
    """For each of them the institutions of today, of those for which this person speaks, that took its place."""
    own = frozenset().union(*(scope.institutions for scope in scopes(by, Can.PROPOSE_POSITION)))
    after: dict[int, list[Institution]] = {}
    for one in Succession.objects.select_related("successor").order_by("successor__code"):
        after.setdefault(one.predecessor_id, []).append(one.successor)
    found = {}
    for first in closed:
        waiting, reached = [first], [first]
        while waiting:
            new = [one for one in after.get(waiting.pop().pk, []) if one not in reached]
            reached += new
            waiting += new
        found[first.pk] = [one for one in reached if one.is_active(on=on) and one.pk in own]
    return found
