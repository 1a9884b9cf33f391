"""Hands accepted endorsements of peers to the network, at the practices that they name."""

import json
from collections.abc import Sequence
from datetime import date

from servanda.exchange.accepted.naming import own_key, sender_of
from servanda.exchange.models import Peer, Received
from servanda.network.models import Practice
from servanda.network.practices.received import OwnEndorsementValues, delete_endorsements, write_endorsements


def follow_endorsements(peer: Peer, rows: Sequence[Received]) -> None:
    """Those of practices that are not here are not shown; they stay among what was accepted."""
    values = {row.object_id: json.loads(row.content) for row in rows}
    practices = practices_named({value["practice"] for value in values.values()})
    known = [row for row in rows if values[row.object_id]["practice"] in practices]
    delete_endorsements(origins=[row.object_id for row in rows if row not in known])
    write_endorsements(rows=[endorsement_of(peer, row, practices) for row in known])


def practices_named(identities: set[str]) -> dict[str, Practice]:
    """Received practices by their origin, and own ones by their id."""
    found = {row.origin: row for row in Practice.objects.kept().filter(origin__in=identities)}
    own = {identity: key for identity in identities if (key := own_key("practice", identity))}
    rows = {row.key: row for row in Practice.objects.kept().filter(origin="", key__in=own.values())}
    return found | {identity: rows[key] for identity, key in own.items() if key in rows}


def endorsement_of(peer: Peer, row: Received, practices: dict[str, Practice]) -> OwnEndorsementValues:
    value = json.loads(row.content)
    return OwnEndorsementValues(
        origin=row.object_id,
        sender=sender_of(peer, value["mechanism"]),
        practice=practices[value["practice"]],
        kind=value["kind"],
        day=date.fromisoformat(value["date"]),
        note=str(value.get("note") or ""),
        received_on=row.changed_at.date(),
        is_unsigned=row.is_unsigned,
        is_invented=bool(value.get("is_invented")),
    )
