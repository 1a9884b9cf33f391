"""Resolve names in objects of peers: the sender, and terms of our vocabulary."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from servanda.exchange.format.kinds import KINDS, code_in, id_of
from servanda.exchange.models import Peer
from servanda.exchange.sharing.services import own_site
from servanda.recommendations.filters.parameters import taxonomy_key
from servanda.vocab.models import Term

LONGEST_ID = 500  # of what is followed
LONGEST_SENDER = 200


def sender_of(peer: Peer, mechanism: str) -> str:
    """The sender as shown: the name in the object always appears with the name under which the peer was added."""
    claimed = mechanism[: max(0, LONGEST_SENDER - len(peer.name) - len(" ()"))]
    return f"{claimed} ({peer.name})" if claimed and mechanism != peer.name else peer.name


def terms_of(themes: Sequence[Mapping[str, Any]]) -> list[Term]:
    wanted = {(row["taxonomy"], row["code"]) for row in themes}
    found = Term.objects.filter(code__in={code for _taxonomy, code in wanted}, is_artefact=False)
    return [
        term for term in found.select_related("taxonomy") if (taxonomy_key(term.taxonomy.code), term.code) in wanted
    ]


def own_key(kind: str, identity: str) -> UUID | None:
    """The key of an entry of our own, if this is the id of one."""
    try:
        key = UUID(code_in(identity))
    except ValueError:
        return None
    return key if identity == id_of(KINDS[kind], str(key), own_site()) else None
