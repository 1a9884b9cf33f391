"""Hands accepted meetings, courses, commitments, reports and indicators of a peer to the network, where they are
listed."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from servanda.exchange.accepted.mechanisms import day_of, within
from servanda.exchange.accepted.naming import sender_of
from servanda.exchange.models import Peer, Received
from servanda.network.models import PeerEntry
from servanda.network.peer_entries.services import EntryValues, write_entries

MOST_LINES, MOST_VOICES = 100, 20
KINDS = tuple(PeerEntry.Kind.values)


def follow_entries(peer: Peer, accepted: Mapping[str, Sequence[Received]]) -> None:
    write_entries(entries=[entry_of(peer, row) for kind in KINDS for row in accepted[kind]])


def entry_of(peer: Peer, row: Received) -> EntryValues:
    value = json.loads(row.content)
    read: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
        "meeting": of_meeting,
        "training": of_training,
        "commitment": of_commitment,
        "report": of_report,
        "indicator": of_indicator,
    }
    return EntryValues(
        kind=row.kind,
        origin=row.object_id,
        site=peer.origin,
        sender=sender_of(peer, str(value.get("mechanism") or "")),
        received_on=row.changed_at.date(),
        is_invented=bool(value.get("is_invented")),
        is_unsigned=row.is_unsigned,
        country=peer.country,
        **read[row.kind](value),
    )


def of_meeting(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": value["title"],
        "text": str(value.get("text") or ""),
        "variety": short(value, "kind", 20),
        "place": short(value, "place", 300),
        "languages": " ".join(within(value.get("languages") or [])),
        "start": day_of(value["start"]),
        "end": day_of(value["end"]),
        "lines": "\n".join((value.get("agenda") or [])[:MOST_LINES]),
        "is_cancelled": bool(value.get("is_cancelled")),
    }


def of_training(value: Mapping[str, Any]) -> dict[str, Any]:
    sessions = (value.get("sessions") or [])[:MOST_LINES]
    days = sorted(day for session in sessions if (day := day_of(session["start"])))
    return {
        "title": value["title"],
        "text": str(value.get("text") or ""),
        "variety": short(value, "level", 20),
        "source": short(value, "provider", 300),
        "languages": " ".join(within(value.get("languages") or [])),
        "start": next_of(days),
        "lines": "\n".join(line_of(session) for session in sessions),
    }


def next_of(days: Sequence[date]) -> date | None:
    return next((day for day in days if day >= timezone.localdate()), None)


def line_of(session: Mapping[str, Any]) -> str:
    parts = [f"{session['start']} – {session['end']}", str(session.get("place") or "")]
    return ", ".join(part for part in parts if part)


def of_commitment(value: Mapping[str, Any]) -> dict[str, Any]:
    status = value.get("status") or {}
    return {
        "text": value["texts"][0]["text"],
        "variety": short(value, "wording", 20),
        "source": short(value, "source", 300),
        "end": day_of(value.get("due_on")),
        "government": " ".join((status.get("government") or [])[:MOST_VOICES]),
    }


def of_report(value: Mapping[str, Any]) -> dict[str, Any]:
    files = (value.get("files") or [])[:MOST_LINES]
    return {
        "title": short(value, "title", 300),
        "variety": short(value, "body", 20),
        "source": short(value, "issuer", 300),
        "languages": " ".join(within([value["language"]])),
        "start": day_of(value["submitted_on"]),
        "lines": "\n".join(str(file.get("name") or "") for file in files),
    }


def of_indicator(value: Mapping[str, Any]) -> dict[str, Any]:
    totals = [row for row in value.get("values") or [] if not (row.get("breakdown") or row.get("population"))]
    return {
        "title": short(value, "name", 300),
        "text": str(value.get("definition") or ""),
        "variety": short(value, "kind", 20),
        "source": short(value, "source", 300),
        "end": day_of(value.get("target_on")),
        "lines": "\n".join(line_of_value(row, value) for row in totals[-MOST_LINES:]),
    }


def line_of_value(row: Mapping[str, Any], indicator: Mapping[str, Any]) -> str:
    """The period, the territory and the value with its unit; a missing value with its reason, as it was published."""
    unit = str(indicator.get("unit_words") or indicator.get("unit") or "")
    number = row.get("missing") or f"{row.get('value')} {unit}"
    parts = [f"{row['start']} – {row['end']}", str(row.get("territory") or ""), str(number)]
    return ", ".join(part for part in parts if part)


def short(value: Mapping[str, Any], key: str, most: int) -> str:
    return str(value.get(key) or "")[:most]
