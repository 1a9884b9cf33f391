"""Keys that a peer revoked: what was signed with one since the day of its revocation is returned to review."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import batched
from typing import Any, NamedTuple

from django.db.models import F
from django.utils.translation import gettext as _

from servanda.exchange.decisions.services import AT_ONCE, end_decision, return_received
from servanda.exchange.models import Decision, Parcel, Peer, Received
from servanda.exchange.parcels.verifying import parse_moment
from servanda.exchange.sharing.keys import DIGITS
from servanda.trail.models import Event

MOST = 1_000  # keys that a peer may have revoked
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


class Revocation(NamedTuple):
    fingerprint: str
    since: datetime  # the beginning of the day of the revocation, in UTC


def revocations_in(entries: Any) -> Iterator[Revocation]:
    """Those that can be read. A key without a date was never valid."""
    for entry in entries[:MOST] if isinstance(entries, list) else []:
        kid = entry.get("kid") if isinstance(entry, dict) else None
        if isinstance(kid, str) and len(kid) == DIGITS and kid.isdecimal():
            at = parse_moment(entry.get("at"))
            start = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) if at else ALWAYS
            yield Revocation(kid, start)


def obey_revocations(*, peer: Peer, entries: Any, on: datetime) -> str:
    """Return to review what was signed with a revoked key since the day of its revocation. Returns the reason to stop
    the peer: its confirmed key is revoked, or something was returned; empty where there is none.

    What is interrupted is completed by the next call.
    """
    count, is_confirmed = 0, False
    for revocation in revocations_in(entries):
        returned = return_to_review(peer, revocation, on)
        is_present = revocation.fingerprint == peer.fingerprint
        if returned or is_present:
            difference = {"fingerprint": [revocation.fingerprint, ""], "objects": ["", str(returned)]}
            Event.record("peer-key-revoked", peer, difference=difference)
        count, is_confirmed = count + returned, is_confirmed or is_present
    if not (count or is_confirmed):
        return ""
    sentence = _(
        "This peer revoked a key. Objects signed with it since then and returned to review: %(count)d. Call the "
        "other mechanism, confirm the fingerprint of its present key, then resume."
    )
    return sentence % {"count": count}


def return_to_review(peer: Peer, revocation: Revocation, on: datetime) -> int:
    """The parcels are marked first, so that no older version in one of them is accepted again in its place."""
    parcels = Parcel.objects.filter(peer=peer, fingerprint=revocation.fingerprint)
    new = parcels.filter(revoked_at=None, received_at__gte=revocation.since)
    if new.exists():
        for decision in Decision.objects.under_way().filter(peer=peer):
            end_decision(decision=decision)
        new.update(revoked_at=on)
    accepted = Received.objects.filter(
        peer=peer, parcel__in=parcels, decided_at__lt=F("parcel__revoked_at")
    ).accepted()
    pks = list(accepted.order_by("pk").values_list("pk", flat=True))
    return sum(return_received(peer=peer, pks=some) for some in batched(pks, AT_ONCE))
