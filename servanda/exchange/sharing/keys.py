"""The key with which this instance signs: made at first need, replaced with an overlap, revoked with a reason."""

import hashlib
import json
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from servanda.exchange.models import SigningKey
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.people.second_factor.secrets import UnreadableFactor, decrypt, encrypt
from servanda.trail.models import Event

ALGORITHM: Literal["Ed25519"] = "Ed25519"  # RFC 9864; "EdDSA" is deprecated
DIGITS, GROUP = 40, 5  # of a fingerprint: 132 bits; the digits that are read aloud at once
KEY_BYTES = 32
LONGEST = 8_000  # bytes of a signature
UNSUPPORTED = {"crit", "b64"}  # parts of a head that change what was signed
SIGNATURE = "X-JWS-Signature"  # the head of an answer that holds the signature of its bytes


class BadSignature(Exception):
    """The bytes are not those that the key signed."""


def signing_key(*, on: datetime) -> SigningKey:
    """The key that signs now; the first time, one is made."""
    with transaction.atomic():
        return SigningKey.objects.current().first() or make_key(on)


def make_key(on: datetime) -> SigningKey:
    made = OKPKey.generate_key(ALGORITHM)
    values: dict[str, Any] = made.as_dict(private=True)
    public = values["x"]
    row = SigningKey.objects.create(
        fingerprint=fingerprint_of(public), public=public, private=encrypt(values["d"]), created_at=on
    )
    Event.record("exchange-key-made", row)
    return row


@transaction.atomic
def replace_key(*, by: User) -> SigningKey:
    """Sign with a new key from now on. Each parcel carries a statement of the former key about the new one, which
    peers follow."""
    now = timezone.now()
    former = SigningKey.objects.current().select_for_update().first()
    if former is None:
        raise Refused(no_key())
    former.replaced_at = now
    former.save(update_fields=["replaced_at"])
    made = make_key(now)
    Event.record("exchange-key-replaced", made, by=by, difference={"fingerprint": [str(former), str(made)]})
    return made


def no_key() -> str:
    return _("There is no key yet. It is made with the first parcel.")


@transaction.atomic
def revoke_key(*, key: SigningKey, reason: str, by: User) -> None:
    """Never sign for this key again. Peers have to be told the fingerprint of the next key aloud."""
    row = SigningKey.objects.select_for_update().get(pk=key.pk)
    if row.revoked_at:
        raise Refused(_("This key is already revoked."))
    row.revoked_at, row.revoked_reason = timezone.now(), reason
    row.save(update_fields=["revoked_at", "revoked_reason"])
    Event.record("exchange-key-revoked", row, by=by, difference={"reason": ["", reason]})


def public_jwk(key: SigningKey) -> dict[str, str]:
    return {"kty": "OKP", "crv": ALGORITHM, "x": key.public, "kid": key.fingerprint}


def private_key(key: SigningKey) -> OKPKey:
    """Raises `Refused` where the secret key of this system has changed."""
    try:
        secret = decrypt(key.private)
    except UnreadableFactor as problem:
        sentence = _(
            "The signing key cannot be read, because the secret key of this system has changed. Revoke it; a new "
            "key is then created."
        )
        raise Refused(sentence) from problem
    return OKPKey.import_key({"kty": "OKP", "crv": ALGORITHM, "x": key.public, "d": secret})


def sign(content: bytes, key: SigningKey) -> bytes:
    """A detached signature of exactly these bytes (RFC 7515, appendix F)."""
    head = {"alg": ALGORITHM, "kid": key.fingerprint}
    whole = jws.serialize_compact(head, content, private_key(key), algorithms=[ALGORITHM])
    start, _payload, signature = whole.split(".")
    return f"{start}..{signature}".encode()


def verify(content: bytes, signature: bytes, public: str) -> None:
    """Raises `BadSignature` unless the key with this public part signed exactly these bytes.

    The library would decode the bytes again that are encoded here, which takes as long as to verify them.
    """
    try:
        start, middle, end = signature[: LONGEST + 1].decode("ascii").strip().split(".")
        if middle or len(signature) > LONGEST or not is_known(start):
            raise BadSignature
        verifying_key(public).verify(decoded(end), b".".join([start.encode(), encoded_bytes(content)]))
    except (InvalidSignature, JoseError, ValueError, TypeError, KeyError) as problem:
        raise BadSignature from problem


def is_known(start: str) -> bool:
    """Whether the head names our algorithm and asks for nothing that is not understood here."""
    head = json.loads(decoded(start))
    return isinstance(head, dict) and head.get("alg") == ALGORITHM and not UNSUPPORTED.intersection(head)


@lru_cache(maxsize=64)
def verifying_key(public: str) -> Any:
    """Raises `JoseError` and `ValueError` where it is no key."""
    return OKPKey.import_key({"kty": "OKP", "crv": ALGORITHM, "x": public}).public_key


def decoded(text: str) -> bytes:
    return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def encoded_bytes(content: bytes) -> bytes:
    return urlsafe_b64encode(content).rstrip(b"=")


def encoded(content: bytes) -> str:
    return encoded_bytes(content).decode()


def fingerprint_of(public: str) -> str:
    """Forty digits of the hash of the key: they are read aloud alike in every language. Raises `BadSignature`."""
    try:
        raw = urlsafe_b64decode(public + "=" * (-len(public) % 4))
    except ValueError as problem:
        raise BadSignature from problem
    if len(raw) != KEY_BYTES:
        raise BadSignature
    number = int.from_bytes(hashlib.sha256(raw).digest()) % 10**DIGITS
    return f"{number:0{DIGITS}d}"


def grouped(fingerprint: str) -> str:
    """In groups, to be read aloud and compared."""
    return " ".join(fingerprint[start : start + GROUP] for start in range(0, len(fingerprint), GROUP))


def statement(former: SigningKey, new: SigningKey) -> dict[str, str]:
    """What a former key says about the next one."""
    content = json.dumps({"replaces": former.fingerprint, "key": public_jwk(new)}, sort_keys=True)
    return {"content": content, "signature": sign(content.encode(), former).decode(), "public": former.public}
