"""The reason that a person must give for an action."""

from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused
from servanda.sources.printed.texts import clean


def required_reason(reason: str) -> str:
    """Return the cleaned text. Raises `FieldRefused` for the field `reason` if it is empty."""
    if not (text := clean(reason)):
        raise FieldRefused("reason", _("Enter a reason."))
    return text
