"""Files of objects that no one signed: received under a peer that a person added, and marked for as long as they
count."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.exchange.format.checking import Fault, FileChecks, origin_of_id, shown_id
from servanda.exchange.format.reading import objects_in
from servanda.exchange.models import Parcel, Peer, Received
from servanda.exchange.parcels.services import add_for_review, is_stopped
from servanda.exchange.parcels.verifying import MOST_FAULTS, Change, judged
from servanda.kit.refusal import Refused, Unreadable
from servanda.people.models import User
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event

LONGEST_NAME, LONGEST_SENDER = 255, 200


@transaction.atomic
def receive_unsigned(*, peer: Peer, file: IO[bytes], name: str, sender: str, by: User) -> Parcel:
    """Put the objects of a file up for review; those of which a signed version was received are left out.

    Raises `Refused`, also where one id does not begin with the address of the peer.
    """
    row = Peer.objects.select_for_update().get(pk=peer.pk)
    content, now = file.read(), timezone.now()
    digest = hashlib.sha256(content).hexdigest()
    refuse(row, digest)
    changes, faults = read_objects(row, content, now)
    parcel = Parcel.objects.create(
        peer=row,
        name=clean_label(name)[:LONGEST_NAME],
        sha256=digest,
        sender=clean_label(sender)[:LONGEST_SENDER],
        sequence=0,
        published_at=now,
        refused=len({fault.number for fault in faults}),
        faults="\n".join(f"{fault.id} {fault.field}: {fault.sentence}" for fault in faults[:MOST_FAULTS]),
        received_by=by,
        received_at=now,
    )
    add_for_review(row, parcel, changes)
    difference = {"file": ["", parcel.name], "sender": ["", parcel.sender], "sha256": ["", digest]}
    Event.record("unsigned-file-received", row, by=by, difference=difference)
    return parcel


def refuse(peer: Peer, digest: str) -> None:
    if not peer.is_active:
        raise Refused(is_stopped(peer))
    if Parcel.objects.filter(peer=peer, sha256=digest).exists():
        raise Refused(_("This file was received before."))


def read_objects(peer: Peer, content: bytes, on: datetime) -> tuple[list[Change], list[Fault]]:
    try:
        objects = objects_in(content)
    except Unreadable as problem:
        raise Refused(str(problem)) from problem
    refuse_foreign(peer, objects)
    checks, signed, changes, faults = FileChecks(), signed_ids(peer), [], []
    for number, value in enumerate(objects, 1):
        kind, found = judged(value, number, checks, peer)
        if kind and not found and value["id"] in signed:
            found = [Fault(number, shown_id(value), "id", _("A signed version of this object was received."))]
        if kind and not found:
            changes.append(Change(value["id"], kind.code, value, on))
        faults += found
    return changes, faults


def refuse_foreign(peer: Peer, objects: Sequence[Any]) -> None:
    for value in objects:
        identity = value.get("id") if isinstance(value, dict) else None
        if isinstance(identity, str) and origin_of_id(identity) != peer.origin:
            sentence = _("All ids must begin with %(origin)s, the address of this peer. Another one is %(id)s.")
            raise Refused(sentence % {"origin": peer.origin, "id": shown_id(value)})


def signed_ids(peer: Peer) -> set[str]:
    """Of the objects of which a signed version was received, whatever was decided on it."""
    signed = Received.objects.filter(peer=peer).exclude(state=Received.State.REPLACED).signed()
    return set(signed.values_list("object_id", flat=True))
