"""The reason that a person must give for an action, and the greatest length of texts."""

from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused
from servanda.sources.printed.texts import clean


def required_reason(reason: str, *, most: int | None = None) -> str:
    """Return the cleaned text. Raises `FieldRefused` for the field `reason` if it is empty or has more characters."""
    if not (text := clean(reason)):
        raise FieldRefused("reason", _("Enter a reason."))
    if most is not None:
        refuse_longer("reason", text, most)
    return text


def refuse_longer(field: str, text: str, most: int) -> None:
    """Raises `FieldRefused` for a text of more characters."""
    if len(text) > most:
        raise FieldRefused(field, _("The text is too long: at most %(most)d characters.") % {"most": most})
