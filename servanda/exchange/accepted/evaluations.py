"""Hands accepted evaluations of assistance to the network, at the cooperation that they name."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from servanda.exchange.accepted.naming import LONGEST_ID, own_key, sender_of
from servanda.exchange.format.kinds import KINDS, id_of
from servanda.exchange.models import Peer, Received
from servanda.exchange.sharing.services import own_site
from servanda.network.assistance.received_evaluations import EvaluationValues, delete_evaluations, write_evaluations
from servanda.network.models import Cooperation, CooperationEvaluation, MechanismProfile, ReceivedEvaluation

Side = CooperationEvaluation.Side


def follow_evaluations(peer: Peer, rows: Sequence[Received]) -> None:
    """Those of help that is not recorded here are not shown; they stay among what was accepted, for
    `show_accepted_before`."""
    delete_evaluations(origins=[row.object_id for row in rows])
    write_evaluations(rows=list(evaluations_of(peer, rows)))


def show_accepted_before() -> None:
    """Show evaluations that were accepted before their cooperation, or the State of their sender, was recorded."""
    accepted = Received.objects.filter(kind=KINDS["evaluation"].code).accepted()
    hidden = accepted.exclude(object_id__in=ReceivedEvaluation.objects.order_by().values("origin"))
    hidden = hidden.annotate(length=Length("object_id")).filter(length__lte=LONGEST_ID)
    named = requests_with_help()
    rows = [row for row in hidden.select_related("peer", "parcel") if json.loads(row.content)["request"] in named]
    write_evaluations(rows=[values for row in rows for values in evaluations_of(row.peer, [row])])


def requests_with_help() -> set[str]:
    """The addresses of requests on which mechanisms cooperate."""
    found = Cooperation.objects.order_by().values_list("request__origin", "request__key")
    return {origin or id_of(KINDS["request"], str(key), own_site()) for origin, key in found}


def evaluations_of(peer: Peer, rows: Sequence[Received]) -> Iterator[EvaluationValues]:
    for row in rows:
        value = json.loads(row.content)
        if cooperation := cooperation_named(peer, value):
            yield EvaluationValues(
                origin=row.object_id,
                sender=sender_of(peer, value["mechanism"]),
                cooperation=cooperation,
                side=value["side"],
                rating=value["rating"],
                text=str(value.get("text") or ""),
                day=date.fromisoformat(value["date"]),
                received_on=row.changed_at.date(),
                is_unsigned=row.is_unsigned,
                is_invented=bool(value.get("is_invented")),
            )


def cooperation_named(peer: Peer, value: Mapping[str, Any]) -> Cooperation | None:
    """The one cooperation of which the mechanism of this peer is the side that speaks, and whose request and
    assisting mechanism are those that the object names."""
    found = Cooperation.objects.filter(requests_named(value["request"]))
    mechanism = "request__mechanism" if value["side"] == Side.REQUESTER else "provider"
    found = found.filter(**{f"{mechanism}__in": profiles_of(peer)})
    found = found.filter(provider__in=profiles_named(value)).order_by("pk")
    rows = list(found[:2])
    return rows[0] if len(rows) == 1 else None


def requests_named(address: str) -> Q:
    key = own_key("request", address)
    return Q(request__origin="", request__key=key) if key else Q(request__origin=address)


def profiles_of(peer: Peer) -> QuerySet:
    """Those that its system published, and those that were entered here for its State."""
    published = Q(origin__startswith=f"{peer.origin}/") | Q(origin=peer.origin)
    entered = Q(origin="", is_own=False, country=peer.country_id) if peer.country_id else Q(pk=None)
    return MechanismProfile.objects.filter(published | entered).order_by().values("pk")


def profiles_named(value: Mapping[str, Any]) -> QuerySet:
    """By the address of the profile; where that is not known here, those without an address by their State."""
    address, country = str(value.get("provider") or ""), str(value.get("provider_country") or "")
    named = Q(origin=address) if address else Q(pk=None)
    own = MechanismProfile.objects.filter(is_own=True).values_list("key", flat=True).first()
    if own and address == id_of(KINDS["profile"], str(own), own_site()):
        named |= Q(is_own=True)
    elif country:
        named |= Q(origin="", country__code=country)
    return MechanismProfile.objects.filter(named).order_by().values("pk")
