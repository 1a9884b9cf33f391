"""A deed that the rules forbid, with the sentence that tells the person why and what to do next."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest


class Refused(Exception):
    """Raised by services, caught at the edge (view, command, API) and shown to the person."""

    def __init__(self, message: object):
        super().__init__(str(message))


def attempt(request: HttpRequest, deed: Callable[..., object], done: str, **what: object) -> bool:
    """Do it and say so, or say why not."""
    try:
        deed(**what, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True
