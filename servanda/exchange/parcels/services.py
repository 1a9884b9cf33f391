"""Receive the parcels of peers: verified, put up for review, or a reason to stop the peer."""

import hashlib
import json
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.exchange.accepted.network import follow
from servanda.exchange.decisions.services import decide_received
from servanda.exchange.format.checking import HIDDEN
from servanda.exchange.models import Parcel, Peer, Received
from servanda.exchange.parcels.revocations import obey_revocations
from servanda.exchange.parcels.verifying import (
    MOST_FAULTS,
    Archive,
    Change,
    Index,
    KeyChanged,
    OlderParcel,
    Source,
    Verified,
    verify_parcel,
)
from servanda.exchange.sharing.feed import INDEX
from servanda.kit.refusal import Refused, Unreadable
from servanda.people.access import Can
from servanda.people.models import Notification, User
from servanda.people.notifications.services import notify
from servanda.trail.models import Event

LONGEST_TITLE = 300
FEW = 500  # objects that are looked up one by one
State = Received.State


def stop(peer: Peer, problem: str, by: User | None) -> None:
    with transaction.atomic():
        Peer.objects.filter(pk=peer.pk).update(state=Peer.State.STOPPED, problem=problem)
        Event.record("peer-stopped", peer, by=by, difference={"reason": ["", problem]} if problem else None)
        if problem:
            people = User.objects.in_office_with(Can.IMPORT)
            notify(people=people, kind=Notification.Kind.PEER_STOPPED, thing=peer, by=by, label=peer.name)


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
        verified = verify_parcel(source, content, signature, index, peer, on=on)
    except KeyChanged as problem:
        raise Refused(stopped(peer, key_changed(), by)) from problem
    except OlderParcel as problem:
        raise Refused(stopped(peer, went_back(), by)) from problem
    refuse_revoked(peer, index.revoked, by, on)
    return verified


def refuse_revoked(peer: Peer, entries: Any, by: User | None, on: datetime) -> None:
    """Raises `Refused` after it stopped a peer that revoked its key."""
    if problem := obey_revocations(peer=peer, entries=entries, on=on):
        raise Refused(stopped(peer, problem, by))


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
    """Delete an object that the peer withdrew."""
    rows = Received.objects.filter(peer=peer, object_id__in=ids)
    count = rows.values("object_id").distinct().count()
    rows.delete()
    follow(peer, ids, by=None)
    return count


def add_for_review(peer: Peer, parcel: Parcel, changes: Sequence[Change]) -> None:
    """Objects with their present content are left out, unless it is signed for the first time; and those with another
    spelling of an id."""
    known: dict[str, set[str]] = {}
    changes = spelled_once(peer, parcel, changes)
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


def spelled_once(peer: Peer, parcel: Parcel, changes: Sequence[Change]) -> list[Change]:
    """Without objects that are known by another spelling of their id, which are faults of the parcel."""
    spelled = {change.id.removesuffix("/"): change.id for change in reversed(changes)}
    rows = Received.objects.filter(peer=peer)
    if len(changes) <= FEW:
        rows = rows.filter(object_id__in=[spelling for bare in spelled for spelling in (bare, f"{bare}/")])
    spelled |= {identity.removesuffix("/"): identity for identity in rows.values_list("object_id", flat=True)}
    others = [change for change in changes if spelled[change.id.removesuffix("/")] != change.id]
    if others:
        sentence = _("This object has the id %(id)s, without or with a slash at the end. Use only one.")
        named = ((change.id, spelled[change.id.removesuffix("/")]) for change in others[:MOST_FAULTS])
        lines = [f"{identity} id: {sentence % {'id': known}}" for identity, known in named]
        parcel.refused += len(others)
        parcel.faults = "\n".join([*parcel.faults.splitlines(), *lines][:MOST_FAULTS])
        parcel.save(update_fields=["refused", "faults"])
    return [change for change in changes if spelled[change.id.removesuffix("/")] == change.id]


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
