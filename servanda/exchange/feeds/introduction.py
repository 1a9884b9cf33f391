"""Authentication of peers that request the feed for members: a token signed with the key whose fingerprint a person
confirmed."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from servanda.exchange.format.reading import parsed
from servanda.exchange.models import Peer, SigningKey
from servanda.exchange.parcels.verifying import parse_moment, states
from servanda.exchange.sharing.feed import former_keys
from servanda.exchange.sharing.keys import BadSignature, encoded, fingerprint_of, sign, statement, verify
from servanda.kit.refusal import Unreadable

SCHEME = "Servanda-Peer"
APART = timedelta(hours=1)  # by which the clocks of both systems may differ
LONGEST = 8_000


def introduction(*, key: SigningKey, site: str, url: str, on: datetime) -> str:
    """The value of the head `Authorization` for one address."""
    claim = {
        "origin": site,
        "for": url,
        "at": on.isoformat(),
        "public": key.public,
        "replaced": [statement(row, key) for row in former_keys()],
    }
    content = json.dumps(claim, sort_keys=True).encode()
    start, end = sign(content, key).decode().split("..")
    return f"{SCHEME} {start}.{encoded(content)}.{end}"


def member_of(head: str, *, url: str, on: datetime) -> Peer | None:
    """The member that signed the token for this address, if it is one."""
    if len(head) > LONGEST:
        return None
    try:
        scheme, token = head.split(" ")
        start, middle, end = token.split(".")
        content = urlsafe_b64decode(middle + "=" * (-len(middle) % 4))
        claim = parsed(content)
        public = str(claim["public"])
        verify(content, f"{start}..{end}".encode(), public)
    except (BadSignature, Unreadable, ValueError, TypeError, KeyError, RecursionError):
        return None
    at = parse_moment(claim.get("at"))
    is_fresh = at is not None and abs(at - on) <= APART
    if scheme != SCHEME or claim.get("for") != url or not is_fresh:
        return None
    origin = str(claim.get("origin"))
    peer = Peer.objects.members().filter(origin=origin).first() if origin.isprintable() else None
    return peer if peer and is_key_of(peer, public, claim) else None


def is_key_of(peer: Peer, public: str, claim: Mapping[str, Any]) -> bool:
    """Whether this is the confirmed key, or one that replaces it by a signed statement."""
    if fingerprint_of(public) == peer.fingerprint:
        return True
    statements = claim.get("replaced")
    return isinstance(statements, list) and any(
        states(statement, peer.fingerprint, public) for statement in statements[:50]
    )
