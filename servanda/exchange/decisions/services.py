"""Decide on what peers sent: at once, or step by step in the background where it is much; and undo one decision."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.exchange.accepted.network import follow
from servanda.exchange.models import Decision, Peer, Received
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.trail.models import Event

AT_ONCE = 500  # objects of one transaction; more are decided on in the background
State = Received.State


@transaction.atomic
def decide_received(*, peer: Peer, rows: QuerySet, state: str, by: User | None) -> int:
    """Accept objects, decline them, or return them to review; `by` is None for a rule. Returns how many changed."""
    count = decide(peer, list(rows.values_list("pk", flat=True)), state, by, None)
    record_decision(peer, state, count, by)
    return count


@transaction.atomic
def return_received(*, peer: Peer, pks: Sequence[int]) -> int:
    """Return accepted objects to review where no person did so; the caller records why. Returns how many."""
    return decide(peer, pks, State.WAITING, None, None)


@transaction.atomic
def start_decision(*, peer: Peer, rows: QuerySet, former: str, state: str, by: User) -> Decision | None:
    """Decide on these objects, which are in the state `former`. What is too much for one transaction is left to
    `continue_decision`. Returns None where there is nothing to decide.

    Raises `Refused` while another decision on this peer is under way.
    """
    Peer.objects.select_for_update().get(pk=peer.pk)
    rows = rows.filter(peer=peer, state=former).order_by()
    total, last = rows.count(), rows.aggregate(last=Max("pk"))["last"]
    if not total or state == former:
        return None
    return begin(Decision(peer=peer, former=former, state=state, last=last, total=total, by=by), rows)


@transaction.atomic
def undo_decision(*, decision: Decision, by: User) -> Decision:
    """Return to review what this decision accepted or declined, except what was decided on again since.

    Raises `Refused` for a decision that cannot be undone, and while another one is under way.
    """
    Peer.objects.select_for_update().get(pk=decision.peer_id)
    found = Decision.objects.select_related("peer").get(pk=decision.pk)
    rows = found.decided.order_by()
    total, last = rows.count(), rows.aggregate(last=Max("pk"))["last"]
    if not found.can_be_undone or not total:
        raise Refused(_("Nothing of this decision is left to undo."))
    undoing = Decision(peer=found.peer, former=found.state, state=State.WAITING, last=last, total=total, by=by)
    undoing.undoes = found
    return begin(undoing, rows)


def begin(decision: Decision, rows: QuerySet) -> Decision:
    if Decision.objects.under_way().filter(peer=decision.peer).exists():
        raise Refused(_("Another decision on objects of this peer is in progress. Wait until it has finished."))
    decision.started_at = timezone.now()
    decision.save()
    if decision.total <= AT_ONCE:
        pks = list(rows.values_list("pk", flat=True))
        decision.done = decide(decision.peer, pks, decision.state, decision.by, decision)
        finish(decision)
    return decision


@transaction.atomic
def continue_decision(*, decision: Decision) -> bool:
    """Decide on the next objects, in the order in which they arrived. Returns whether there may be more."""
    row = Decision.objects.select_for_update(of=("self",)).select_related("peer", "by").get(pk=decision.pk)
    if row.finished_at:
        return False
    rows = Received.objects.filter(peer=row.peer, state=row.former, pk__gt=row.position, pk__lte=row.last)
    if row.undoes_id:
        rows = rows.filter(decision=row.undoes_id)
    pks = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not pks:
        finish(row)
        return False
    row.done += decide(row.peer, pks, row.state, row.by, row)
    row.position = pks[-1]
    row.save(update_fields=["done", "position"])
    return True


@transaction.atomic
def end_decision(*, decision: Decision) -> None:
    """Leave it at what was decided: the rest can be decided on again."""
    row = Decision.objects.select_for_update(of=("self",)).select_related("peer", "by").get(pk=decision.pk)
    if not row.finished_at:
        finish(row)


def finish(decision: Decision) -> None:
    decision.finished_at = timezone.now()
    decision.save(update_fields=["done", "finished_at"])
    record_decision(decision.peer, decision.state, decision.done, decision.by)


def decide(peer: Peer, pks: Sequence[int], state: str, by: User | None, decision: Decision | None) -> int:
    chosen = Received.objects.select_for_update().filter(peer=peer, pk__in=pks)
    before = list(chosen.exclude(state__in=[state, State.REPLACED]).values_list("pk", "object_id", "state"))
    pks, ids = [pk for pk, _id, _state in before], [identity for _pk, identity, _state in before]
    others = Received.objects.filter(peer=peer, object_id__in=ids).exclude(pk__in=pks)
    mark = {"decided_by": by, "decided_at": timezone.now(), "decision": decision}
    if state == State.ACCEPTED:
        others.filter(state=State.ACCEPTED).update(state=State.REPLACED)
    if state == State.WAITING:
        newer = set(others.filter(state=State.WAITING).values_list("object_id", flat=True))
        overtaken = [pk for pk, identity, _state in before if identity in newer]
        Received.objects.filter(pk__in=overtaken).update(state=State.REPLACED, **mark)
        pks = [pk for pk in pks if pk not in overtaken]
    Received.objects.filter(pk__in=pks).update(state=state, **mark)
    if state != State.ACCEPTED:
        accepted = [identity for _pk, identity, former in before if former == State.ACCEPTED]
        restore_versions(peer, accepted, excluded=[pk for pk, _id, _state in before])
    if before:
        follow(peer, ids, by=by)
    return len(before)


def record_decision(peer: Peer, state: str, count: int, by: User | None) -> None:
    difference = {"objects": ["", str(count)]}
    if not count:
        return
    if by is None:
        Event.record("received-accepted-by-rule", peer, difference=difference)
    elif state == State.ACCEPTED:
        Event.record("received-accepted", peer, by=by, difference=difference)
    elif state == State.DECLINED:
        Event.record("received-declined", peer, by=by, difference=difference)
    else:
        Event.record("received-waiting", peer, by=by, difference=difference)


def restore_versions(peer: Peer, ids: Sequence[str], *, excluded: Sequence[int]) -> None:
    """Restore the previously accepted version when the newer one is returned to review or declined. An unsigned
    version never replaces a signed one, and versions signed with a revoked key are not restored."""
    versions = Received.objects.filter(peer=peer, object_id__in=ids)
    outranked = versions.unsigned().filter(object_id__in=set(versions.signed().values_list("object_id", flat=True)))
    former = versions.filter(state=State.REPLACED, parcel__revoked_at=None)
    former = former.exclude(pk__in=excluded).exclude(pk__in=outranked)
    newest = dict(former.order_by("pk").values_list("object_id", "pk"))
    Received.objects.filter(pk__in=newest.values()).update(state=State.ACCEPTED)
