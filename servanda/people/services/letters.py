"""What every mail of ours has in common: the language of its reader, and links that lead to this house."""

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import translation

from servanda.people.models import User


def in_language_of(person: User | None) -> AbstractContextManager:
    """The language that the person chose, whoever causes the mail; else that of the house."""
    return translation.override((person.language if person else "") or settings.LANGUAGE_CODE)


def house_address(origin: str) -> str:
    """Where a link in a mail leads: what the operator set, else where the inviter is, else a name of ours."""
    return settings.ORIGIN or origin or f"http://{settings.ALLOWED_HOSTS[0]}"
