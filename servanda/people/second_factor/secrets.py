"""Encryption of the secrets of second factors, so that a copy of the database alone opens no account."""

import base64
from collections.abc import Callable
from functools import lru_cache

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

MARK = "fernet:"  # neither base32 secrets nor recovery codes contain a colon
USE = b"servanda second factors"  # derives a key of its own from the one that signs sessions
UNREADABLE = _(
    "Your two-step verification cannot be read, because the secret key of this system has changed. You cannot "
    "log in until the system administrator has reset it. Contact an administrator."
)


class UnreadableFactor(Exception):
    """The secret was encrypted with a key that this system does not have."""


def encrypt(text: str) -> str:
    return MARK + present_key().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """The secret in plain text; unencrypted ones are returned as they are. Raises `UnreadableFactor`."""
    if not text.startswith(MARK):
        return text
    try:
        return MultiFernet([present_key(), *former_keys()]).decrypt(text.removeprefix(MARK)).decode()
    except InvalidToken as problem:
        raise UnreadableFactor from problem


def encrypted_anew(text: str) -> str:
    """The text encrypted with the present key; unchanged if it was already. Raises `UnreadableFactor`."""
    try:
        if text.startswith(MARK):
            present_key().decrypt(text.removeprefix(MARK))
            return text
    except InvalidToken:
        pass  # encrypted with a former key, or an unknown one
    return encrypt(decrypt(text))


def present_key() -> Fernet:
    return key_from(settings.SECRET_KEY)


def former_keys() -> list[Fernet]:
    return [key_from(secret) for secret in settings.SECRET_KEY_FALLBACKS]


@lru_cache(maxsize=8)
def key_from(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=USE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def with_secrets(data: dict, change: Callable[[str], str]) -> dict:
    """The data of an authenticator with each of its secrets passed through a function."""
    changed: dict[str, str | list[str]] = {name: change(data[name]) for name in ("secret", "seed") if name in data}
    if "migrated_codes" in data:
        changed["migrated_codes"] = [change(code) for code in data["migrated_codes"]]
    return data | changed


def is_readable(factor: Authenticator) -> bool:
    try:
        with_secrets(factor.data, decrypt)
    except UnreadableFactor:
        return False
    return True


def unreadable_factors() -> list[Authenticator]:
    return [factor for factor in Authenticator.objects.order_by("pk") if not is_readable(factor)]
