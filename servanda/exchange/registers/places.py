"""Where accepted objects of each kind are shown, and those that are not, because their State is not known here."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from servanda.exchange.format.kinds import KINDS
from servanda.exchange.models import Peer, Received
from servanda.network.models import PeerEntry
from servanda.vocab.models import Country

NEED_A_STATE = ("profile", "request", "offer")


class Place(NamedTuple):
    kind: Promise
    label: Promise
    href: str


def places() -> list[Place]:
    answers = (_("How others answered this"), reverse("exchange:search_registers"))
    pages = {
        "recommendation": answers,
        "action": answers,
        "practice": (_("Practices"), reverse("desk:practices")),
        "endorsement": (_("Practices"), reverse("desk:practices")),
        "profile": (_("Mechanisms"), reverse("desk:mechanisms")),
        "request": (_("Assistance"), reverse("desk:assistance")),
        "offer": (_("Assistance"), reverse("desk:assistance")),
        "evaluation": (_("Assistance"), reverse("desk:assistance")),
    }
    entries = reverse("desk:peer_entries")
    pages |= {kind: (_("From other mechanisms"), f"{entries}?kind={kind}") for kind in PeerEntry.Kind.values}
    return [Place(kind.name, *pages[kind.code]) for kind in KINDS.values()]


def unknown_states(rows: Iterable[Received]) -> dict[int, str]:
    """For objects that cannot be shown, the code of a State that this system does not know."""
    codes = {row.pk: str(json.loads(row.content).get("country")) for row in rows if row.kind in NEED_A_STATE}
    if not codes:
        return {}
    known = set(Country.objects.filter(code__in=set(codes.values())).values_list("code", flat=True))
    return {pk: code for pk, code in codes.items() if code not in known}


def foreign_states(peer: Peer, rows: Iterable[Received]) -> dict[int, str]:
    """For objects that name another State than that of their peer, its code."""
    if peer.country is None:
        return {}
    codes = ((row.pk, json.loads(row.content).get("country")) for row in rows)
    return {pk: code for pk, code in codes if isinstance(code, str) and code not in {"", peer.country.code}}


def are_foreign(peer: Peer, rows: QuerySet[Received]) -> bool:
    """Whether some of these objects name another State than that of their peer: they are stored with sorted keys and
    usual spaces."""
    if peer.country is None:
        return False
    own = Q(content__contains=f'"country": "{peer.country.code}"')
    return rows.filter(content__contains='"country": "').exclude(own | Q(content__contains='"country": ""')).exists()
