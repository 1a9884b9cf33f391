"""Hands what was accepted of a peer to the network, whose rows follow it: written, replaced and deleted."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from i18nfield.strings import LazyI18nString

from servanda.exchange.accepted import entries
from servanda.exchange.accepted.counting import recount
from servanda.exchange.accepted.endorsements import follow_endorsements
from servanda.exchange.accepted.evaluations import follow_evaluations
from servanda.exchange.accepted.mechanisms import delete_mechanisms, follow_mechanisms
from servanda.exchange.accepted.naming import LONGEST_ID, sender_of, terms_of
from servanda.exchange.models import Peer, Received
from servanda.network.assistance.received_evaluations import delete_evaluations
from servanda.network.models import PeerAnswer
from servanda.network.peer_answers.services import (
    AnswerValues,
    PeerActionValues,
    delete_answers,
    write_answers,
    write_peer_actions,
)
from servanda.network.peer_entries.services import delete_entries
from servanda.network.practices.queries import capacities
from servanda.network.practices.received import (
    ReceivedEndorsementValues,
    ReceivedPractice,
    delete_endorsements,
    delete_received,
    receive_practice,
)
from servanda.network.practices.services import EvidenceValues, PracticeText, PracticeValues
from servanda.people.models import User
from servanda.progress.models import Voice
from servanda.recommendations.filters.parameters import taxonomy_key
from servanda.vocab.models import Body, Country, Term

MOST_EVIDENCE, MOST_ENDORSEMENTS, MOST_VOICES, MOST_RECORDS = 50, 100, 20, 1_000
FOLLOWED = (
    "practice",
    "endorsement",
    "recommendation",
    "action",
    "profile",
    "request",
    "offer",
    "evaluation",
    *entries.KINDS,
)


def follow(peer: Peer, ids: Iterable[str], *, by: User | None) -> None:
    """Update the network so that it contains exactly the accepted ones of these objects."""
    named = [identity for identity in dict.fromkeys(ids) if len(identity) <= LONGEST_ID]
    accepted = list(Received.objects.filter(peer=peer, object_id__in=named).accepted().select_related("parcel"))
    by_kind = {kind: [row for row in accepted if row.kind == kind] for kind in FOLLOWED}
    for row in by_kind["practice"]:
        value = json.loads(row.content)
        receive_practice(received=received_practice(peer, row, value), values=values_of(value), by=by)
    follow_endorsements(peer, by_kind["endorsement"])
    words = Words()
    write_answers(answers=[answer_of(peer, row, words) for row in by_kind["recommendation"]])
    write_peer_actions(actions=[action_of(peer, row) for row in by_kind["action"]])
    kept = {row.object_id for row in accepted if row.kind in FOLLOWED}
    entries.follow_entries(peer, by_kind)
    follow_mechanisms(peer, by_kind, words.countries, by=by)
    follow_evaluations(peer, by_kind["evaluation"])
    gone = [identity for identity in named if identity not in kept]
    is_recounted = bool(by_kind["recommendation"]) or PeerAnswer.objects.filter(origin__in=gone).exists()
    delete_received(origins=gone)
    delete_endorsements(origins=gone)
    delete_evaluations(origins=gone)
    delete_answers(origins=gone)
    if is_recounted:
        recount(peer)
    delete_entries(origins=gone)
    delete_mechanisms(peer=peer, origins=gone)


class Words:
    """The words of this system that objects name, read once for all of them."""

    @cached_property
    def countries(self) -> dict[str, Country]:
        return {row.code: row for row in Country.objects.all()}

    @cached_property
    def terms(self) -> dict[tuple[str, str], Term]:
        found = Term.objects.filter(is_artefact=False).select_related("taxonomy")
        return {(taxonomy_key(term.taxonomy.code), term.code): term for term in found}


def answer_of(peer: Peer, row: Received, words: Words) -> AnswerValues:
    value = json.loads(row.content)
    text, status = value["texts"][0], value.get("status") or {}
    labels = ((label["taxonomy"], label["code"]) for label in value.get("labels") or [])
    return AnswerValues(
        origin=row.object_id,
        site=peer.origin,
        sender=peer.name,
        country=words.countries.get(str(value.get("country") or "")),
        code=row.code[:300],
        body=value["body"][:100],
        language=text["language"][:40],
        text=text["text"],
        changed_on=row.changed_at.date(),
        stand=str(value.get("stand") or "")[:20],
        **{voice: (status.get(voice) or [])[:MOST_VOICES] for voice in Voice.values},
        themes=list({words.terms[label] for label in labels if label in words.terms}),
        is_unsigned=row.is_unsigned,
        is_invented=bool(value.get("is_invented")),
    )


def action_of(peer: Peer, row: Received) -> PeerActionValues:
    value = json.loads(row.content)
    due_on = value.get("due_on")
    return PeerActionValues(
        origin=row.object_id,
        site=peer.origin,
        title=value["title"],
        status=value["status"][:20],
        changed_on=row.changed_at.date(),
        due_on=date.fromisoformat(due_on) if due_on else None,
        lead=str(LazyI18nString(value.get("lead") or ""))[:300],
        codes=[code[:300] for code in (value.get("recommendations") or [])[:MOST_RECORDS]],
        is_unsigned=row.is_unsigned,
    )


def received_practice(peer: Peer, row: Received, value: Mapping[str, Any]) -> ReceivedPractice:
    texts = {part["language"]: text_of(part) for part in value["texts"]}
    return ReceivedPractice(
        origin=row.object_id,
        sender=sender_of(peer, str(value.get("mechanism") or "")),
        changed=row.changed_at.date(),
        language=value["texts"][0]["language"],
        texts=texts,
        is_unsigned=row.is_unsigned,
        is_for_members=bool(value.get("is_for_members")),
        endorsements=[endorsement_of(part) for part in (value.get("endorsements") or [])[:MOST_ENDORSEMENTS]],
    )


def endorsement_of(part: Mapping[str, Any]) -> ReceivedEndorsementValues:
    day, note = date.fromisoformat(part["date"]), str(part.get("note") or "")
    return ReceivedEndorsementValues(mechanism=part["mechanism"], kind=part["kind"], day=day, note=note)


def text_of(part: Mapping[str, Any]) -> PracticeText:
    named = {name: str(part.get(name) or "") for name in ("title", "problem", "context", "result", "failures")}
    return PracticeText(steps="\n".join(part["steps"]), cost_words=str(part.get("cost") or ""), **named)


def values_of(value: Mapping[str, Any]) -> PracticeValues:
    """Themes, bodies and capacities that this system does not know are left out."""
    cost = value.get("cost") or {}
    return PracticeValues(
        is_invented=bool(value.get("is_invented")),
        cost=Decimal(cost["amount"]) if cost else None,
        currency=cost.get("currency", ""),
        cost_year=year_of(cost.get("year")),
        contact=str(value.get("contact") or "")[:300],
        capacities=[code for code in value.get("capacities") or [] if code in capacities()],
        themes=terms_of(value.get("themes") or []),
        bodies=list(Body.objects.filter(code__in=value.get("bodies") or [])),
        evidence=[evidence_of(row) for row in (value.get("evidence") or [])[:MOST_EVIDENCE]],
    )


def year_of(year: object) -> int | None:
    return year if isinstance(year, int) and date.min.year < year <= date.max.year else None


def evidence_of(row: Mapping[str, Any]) -> EvidenceValues:
    return EvidenceValues(
        text=row["text"][:500], source=str(row.get("source") or "")[:300], address=str(row.get("address") or "")
    )
