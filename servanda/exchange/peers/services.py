"""Add other mechanisms, confirm their keys, stop and resume them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.exchange.accepted.evaluations import show_accepted_before
from servanda.exchange.format.checking import origin_of
from servanda.exchange.models import Peer
from servanda.exchange.parcels.services import stop
from servanda.exchange.sharing.keys import DIGITS
from servanda.exchange.sharing.services import own_site
from servanda.intake.columns.dates import with_latin_digits
from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.peer_entries.services import set_country
from servanda.people.models import User
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event
from servanda.vocab.models import Country


@dataclass(frozen=True, slots=True)
class PeerValues:
    name: str
    origin: str
    fingerprint: str
    kinds: Sequence[str]
    is_pulled: bool = False
    every_hours: int = 24
    is_member: bool = False
    reads_members: bool = False
    rule_kinds: Sequence[str] = ()
    country: Country | None = None


@transaction.atomic
def add_peer(*, values: PeerValues, by: User) -> Peer:
    """Trust a key that the other mechanism read out. Raises `FieldRefused`."""
    peer = Peer.objects.create(
        name=checked_name(values),
        origin=unused_origin(values.origin),
        fingerprint=checked_fingerprint(values),
        kinds=" ".join(values.kinds),
        rule_kinds=" ".join(values.rule_kinds),
        country=values.country,
        is_member=values.is_member,
        reads_members=values.reads_members,
        is_pulled=values.is_pulled,
        every_hours=values.every_hours,
        next_pull_at=timezone.now() if values.is_pulled else None,
        added_by=by,
    )
    Event.record("peer-added", peer, by=by, difference={"fingerprint": ["", peer.fingerprint]})
    return peer


def unused_origin(address: str, peer: Peer | None = None) -> str:
    origin = origin_of(address.strip().rstrip("/"))
    if origin is None:
        raise FieldRefused("origin", _("Enter an address that begins with https://."))
    is_new = peer is None or peer.origin != origin
    if is_new and origin == origin_of(own_site()):
        raise FieldRefused("origin", _("This is the address of this system. Enter that of the other mechanism."))
    others = Peer.objects.exclude(pk=peer.pk) if peer else Peer.objects.all()
    if others.filter(origin=origin).exists():
        raise FieldRefused("origin", _("A peer with this address already exists."))
    return origin


def checked_name(values: PeerValues) -> str:
    if not (name := clean_label(values.name)):
        raise FieldRefused("name", _("Enter a name."))
    return name


def checked_fingerprint(values: PeerValues) -> str:
    """Empty for a system without a key, of which only files without a signature are received.

    Raises `FieldRefused` if digits are missing.
    """
    digits = re.sub(r"[\s-]", "", with_latin_digits(values.fingerprint))
    if not digits and not values.is_pulled:
        return ""
    if len(digits) != DIGITS or not digits.isdecimal():
        raise FieldRefused("fingerprint", _("Enter all %(count)d digits of the fingerprint.") % {"count": DIGITS})
    return digits


@transaction.atomic
def edit_peer(*, peer: Peer, values: PeerValues, by: User) -> None:
    """Change the name, the kinds that are received and the confirmed key; the address while nothing was received.
    Raises `FieldRefused`."""
    row = Peer.objects.select_for_update().get(pk=peer.pk)
    former = editable(row)
    if not row.has_sent:
        row.origin = unused_origin(values.origin, row)
    row.name, row.kinds, row.rule_kinds = checked_name(values), " ".join(values.kinds), " ".join(values.rule_kinds)
    row.fingerprint = checked_fingerprint(values)
    row.is_pulled, row.every_hours = values.is_pulled, values.every_hours
    row.country, row.is_member, row.reads_members = values.country, values.is_member, values.reads_members
    present = editable(row)
    if row.kinds != former["kinds"]:  # what was refused before is read again
        row.sequence, row.tag = 0, ""
    if present["reads"] != former["reads"]:  # the other feed has numbers of its own
        row.sequence, row.tag, row.published_at = 0, "", None
    if present != former:
        row.next_pull_at, row.failures = timezone.now() if row.is_pulled else None, 0
    row.save()
    difference = {key: [former[key], present[key]] for key in present if former[key] != present[key]}
    if "State" in difference:
        set_country(site=row.origin, country=row.country)
        show_accepted_before()
    if difference:
        Event.record("peer-changed", row, by=by, difference=difference)


def editable(peer: Peer) -> dict[str, str]:
    hours = str(peer.every_hours) if peer.is_pulled else ""
    members = {"member": str(peer.is_member), "reads": peer.audience, "rule": peer.rule_kinds}
    members |= {"State": peer.country.code if peer.country else ""}
    known = {"name": peer.name, "address": peer.origin, "kinds": peer.kinds, "fingerprint": peer.fingerprint}
    return known | {"hours": hours} | members


@transaction.atomic
def delete_peer(*, peer: Peer, by: User) -> None:
    """Remove a peer that was added by mistake. Raises `Refused` once something of it was received."""
    row = Peer.objects.select_for_update().get(pk=peer.pk)
    if row.has_sent:
        raise Refused(_("Data was received from this peer, so it cannot be deleted. Stop it instead."))
    Event.record("peer-deleted", row, by=by, difference={"address": [row.origin, ""]})
    row.delete()


@transaction.atomic
def stop_peer(*, peer: Peer, by: User) -> None:
    """Stop receiving from this peer; accepted objects stay."""
    stop(peer, "", by)


@transaction.atomic
def resume_peer(*, peer: Peer, by: User) -> None:
    """Receive parcels of this peer again, also one that is older than the last. Raises `Refused` if it is active."""
    row = Peer.objects.select_for_update().get(pk=peer.pk)
    if row.is_active:
        raise Refused(_("This peer is active."))
    row.state, row.problem, row.sequence, row.published_at = Peer.State.ACTIVE, "", 0, None
    row.tag, row.pull_problem, row.failures = "", "", 0
    row.next_pull_at = timezone.now() if row.is_pulled else None
    row.save()
    Event.record("peer-resumed", row, by=by)
