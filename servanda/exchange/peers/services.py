"""Add other mechanisms, receive their parcels, and decide what is accepted of them."""

import hashlib
import json
import re
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.exchange.format.checking import HIDDEN, origin_of
from servanda.exchange.models import Parcel, Peer, Received
from servanda.exchange.peers.deciding import decide_received
from servanda.exchange.peers.network import follow
from servanda.exchange.peers.parcels import (
    Archive,
    Change,
    Index,
    KeyChanged,
    Source,
    Verified,
    WentBack,
    verify_parcel,
)
from servanda.exchange.sharing.feed import INDEX
from servanda.exchange.sharing.keys import DIGITS
from servanda.intake.columns.dates import with_latin_digits
from servanda.kit.refusal import FieldRefused, Refused, Unreadable
from servanda.network.peer_entries.services import set_country
from servanda.people.access import Can
from servanda.people.models import Notification, User
from servanda.people.notifications.services import notify
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event
from servanda.vocab.models import Country

LONGEST_TITLE = 300
FEW = 500  # objects that are looked up one by one
State = Received.State


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
    others = Peer.objects.exclude(pk=peer.pk) if peer else Peer.objects.all()
    if others.filter(origin=origin).exists():
        raise FieldRefused("origin", _("A peer with this address already exists."))
    return origin


def checked_name(values: PeerValues) -> str:
    if not (name := clean_label(values.name)):
        raise FieldRefused("name", _("Enter a name."))
    return name


def checked_fingerprint(values: PeerValues) -> str:
    """Empty for a system without a key, of which only files without a signature are received."""
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
        raise Refused(_("Something of this peer was received, so it cannot be deleted. Stop it instead."))
    Event.record("peer-deleted", row, by=by, difference={"address": [row.origin, ""]})
    row.delete()


@transaction.atomic
def stop_peer(*, peer: Peer, by: User) -> None:
    """Receive nothing more of this peer. What was accepted stays."""
    stop(peer, "", by)


def stop(peer: Peer, problem: str, by: User | None) -> None:
    with transaction.atomic():
        Peer.objects.filter(pk=peer.pk).update(state=Peer.State.STOPPED, problem=problem)
        Event.record("peer-stopped", peer, by=by, difference={"reason": ["", problem]} if problem else None)
        if problem:
            people = User.objects.in_office_with(Can.IMPORT)
            notify(people=people, kind=Notification.Kind.PEER_STOPPED, thing=peer, by=by, label=peer.name)


@transaction.atomic
def resume_peer(*, peer: Peer, by: User) -> None:
    """Receive parcels of this peer again, also one that is older than the last."""
    row = Peer.objects.select_for_update().get(pk=peer.pk)
    if row.is_active:
        raise Refused(_("This peer is active."))
    row.state, row.problem, row.sequence, row.published_at = Peer.State.ACTIVE, "", 0, None
    row.tag, row.pull_problem, row.failures = "", "", 0
    row.next_pull_at = timezone.now() if row.is_pulled else None
    row.save()
    Event.record("peer-resumed", row, by=by)


def receive_parcel(*, file: IO[bytes], name: str, by: User) -> Parcel:
    """Verify a parcel and put what it contains up for review; what the peer withdrew is deleted at once.

    Raises `Refused`. A changed key and a feed that goes back in time stop the peer.
    """
    content = file.read()
    with tempfile.NamedTemporaryFile(suffix=".zip") as copy:
        copy.write(content)
        copy.flush()
        try:
            with closing(Archive(Path(copy.name))) as archive:
                return receive(archive, name, hashlib.sha256(content).hexdigest(), by)
        except Unreadable as problem:
            raise Refused(str(problem).replace(Path(copy.name).name, name)) from problem


def receive(archive: Archive, name: str, digest: str, by: User) -> Parcel:
    (content, signature), now = archive.signed(INDEX), timezone.now()
    index = Index(content)
    peer = Peer.objects.filter(origin=index.origin).first()
    if peer is None:
        sentence = _("There is no peer with the address %(origin)s. Add it first, with its fingerprint.")
        raise Refused(sentence % {"origin": HIDDEN.sub("", index.origin)[:100]})
    if not peer.is_active:
        raise Refused(is_stopped(peer))
    if not peer.fingerprint:
        raise Refused(_("No key of %(peer)s is confirmed. Enter its fingerprint first.") % {"peer": peer.name})
    if Parcel.objects.filter(peer=peer, sha256=digest).exists() and peer.sequence:
        raise Refused(_("This parcel was received before."))
    verified = verified_or_stopped(archive, content, signature, index, peer, by=by, on=now)
    return store(peer, verified, name, digest, by, now)


def is_stopped(peer: Peer) -> str:
    return _("%(peer)s is stopped. Open its page to resume it.") % {"peer": peer.name}


def verified_or_stopped(
    source: Source, content: bytes, signature: bytes, index: Index, peer: Peer, *, by: User | None, on: datetime
) -> Verified:
    """What a parcel contains. Raises `Refused`, also after it stopped the peer, and `Unreadable`."""
    try:
        return verify_parcel(source, content, signature, index, peer, on=on)
    except KeyChanged as problem:
        raise Refused(stopped(peer, key_changed(), by)) from problem
    except WentBack as problem:
        raise Refused(stopped(peer, went_back(), by)) from problem


def key_changed() -> str:
    return _(
        "The parcel is signed with another key than the confirmed one. Call the other mechanism, compare the "
        "fingerprint, and correct it before you resume."
    )


def went_back() -> str:
    return _(
        "The parcel is older than the last one. The other system may have been restored from a backup, or someone "
        "sends an old parcel again. Ask before you resume."
    )


def stopped(peer: Peer, problem: str, by: User | None) -> str:
    stop(peer, problem, by)
    return f"{_('%(peer)s was stopped.') % {'peer': peer.name}} {problem}"


@transaction.atomic
def store(peer: Peer, verified: Verified, name: str, digest: str, by: User | None, on: datetime) -> Parcel:
    row = Peer.objects.select_for_update().get(pk=peer.pk)
    if (row.sequence, row.state) != (peer.sequence, peer.state):
        raise Refused(_("Another parcel of this peer was received at the same time. Try again."))
    parcel = Parcel.objects.create(
        peer=row,
        name=name[:255],
        sha256=digest,
        fingerprint=verified.fingerprint,
        sequence=verified.sequence,
        published_at=verified.published,
        refused=verified.refused,
        faults="\n".join(f"{fault.id} {fault.field}: {fault.sentence}" for fault in verified.faults),
        received_by=by,
        received_at=on,
    )
    latest = {change.id: change for change in verified.changes}.values()
    parcel.withdrawn = withdraw(row, [change.id for change in latest if change.value is None])
    parcel.save(update_fields=["withdrawn"])
    add_for_review(row, parcel, [change for change in latest if change.value is not None])
    accept_by_rule(row)
    if row.fingerprint != verified.fingerprint:
        Event.record("peer-key-replaced", row, difference={"fingerprint": [row.fingerprint, verified.fingerprint]})
    row.sequence, row.published_at, row.fingerprint = verified.sequence, verified.published, verified.fingerprint
    row.save(update_fields=["sequence", "published_at", "fingerprint"])
    if by:
        Event.record("parcel-received", row, by=by, difference={"file": ["", name[:255]]})
    else:
        Event.record("feed-received", row, difference={"file": ["", name[:255]]})
    return parcel


def withdraw(peer: Peer, ids: Sequence[str]) -> int:
    """A peer that withdraws is obeyed: nothing of the object is kept."""
    rows = Received.objects.filter(peer=peer, object_id__in=ids)
    count = rows.values("object_id").distinct().count()
    rows.delete()
    follow(peer, ids, by=None)
    return count


def add_for_review(peer: Peer, parcel: Parcel, changes: Sequence[Change]) -> None:
    """Objects with their present content are left out, unless it is signed for the first time."""
    known: dict[str, set[str]] = {}
    read = [row_of(peer, parcel, change) for change in changes]
    rows = Received.objects.filter(peer=peer).exclude(state=State.REPLACED)
    if not parcel.is_unsigned:
        sign_accepted(peer, parcel, read)
        rows = rows.signed()
    if len(changes) <= FEW:
        rows = rows.filter(object_id__in=[change.id for change in changes])
    for identity, content in rows.values_list("object_id", "content"):
        known.setdefault(identity, set()).add(content)
    new = [row for row in read if row.content not in known.get(row.object_id, ())]
    Received.objects.filter(peer=peer, state=State.WAITING, object_id__in=[row.object_id for row in new]).delete()
    Received.objects.bulk_create(new, batch_size=500)


def sign_accepted(peer: Peer, parcel: Parcel, read: Sequence[Received]) -> None:
    """What was accepted from a file without a signature counts as signed once the same content arrives signed."""
    unsigned = list(Received.objects.filter(peer=peer).unsigned().accepted())
    arrived = {row.object_id: row for row in read} if unsigned else {}
    same = [row for row in unsigned if row.object_id in arrived and row.content == arrived[row.object_id].content]
    for row in same:
        row.parcel, row.changed_at = parcel, arrived[row.object_id].changed_at
    Received.objects.bulk_update(same, ["parcel", "changed_at"], batch_size=FEW)
    if same:
        follow(peer, [row.object_id for row in same], by=None)


def accept_by_rule(peer: Peer) -> None:
    """Accept what arrived of the kinds for which a person set this rule; never what is not signed."""
    waiting = Received.objects.filter(peer=peer, kind__in=peer.rule_kind_codes).waiting().signed()
    if peer.rule_kind_codes and waiting.exists():
        decide_received(peer=peer, rows=waiting, state=State.ACCEPTED, by=None)


def row_of(peer: Peer, parcel: Parcel, change: Change) -> Received:
    value = change.value or {}
    return Received(
        peer=peer,
        parcel=parcel,
        object_id=change.id,
        kind=change.kind,
        code=value["code"],
        title=title_of(value),
        content=json.dumps(value, ensure_ascii=False, sort_keys=True),
        changed_at=change.at,
    )


def title_of(value: dict) -> str:
    first = (value.get("texts") or [{}])[0]
    title = value.get("title") or value.get("name") or first.get("title") or first.get("text", "")
    return str(title)[:LONGEST_TITLE]
