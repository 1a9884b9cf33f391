"""When a form was opened: signed together with its key, so that nobody sets the time or uses it for another form."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer

LASTS = timedelta(hours=12)
SLACK = timedelta(minutes=1)  # between the clocks of two servers


def signed(form_key: UUID, seconds: str) -> str:
    return Signer(salt="servanda.kit.opened_forms").signature(f"{form_key} {seconds}")


def sign_opening(form_key: UUID, at: datetime) -> str:
    seconds = str(int(at.timestamp()))
    return f"{seconds}.{signed(form_key, seconds)}"


def opened_at(form_key: UUID, opening: str, *, on: datetime) -> datetime:
    """When the form with this key was opened. Raises `BadSignature` where that is forged, or too long ago."""
    seconds, _point, signature = opening.partition(".")
    signer = Signer(salt="servanda.kit.opened_forms")
    if not (seconds.isdecimal() and seconds.isascii() and len(seconds) < 12):
        raise BadSignature("no time")
    signer.unsign(f"{form_key} {seconds}{signer.sep}{signature}")
    at = datetime.fromtimestamp(int(seconds), UTC)
    if not on - LASTS < at <= on + SLACK:
        raise BadSignature("expired")
    return at
