"""One id for everything that one request does: the answer carries it, and so does every line of the trail."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """The id of the request or job that is running; empty outside of both."""
    return _current.get()


@contextmanager
def known_as(request_id: str) -> Iterator[None]:
    """Everything inside belongs to this request or job."""
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)


def give_request_id(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Made here and never taken from the request: nobody can choose the id under which they are recorded."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with known_as(secrets.token_hex(8)):
            response = get_response(request)
            response["X-Request-ID"] = current()
        return response

    return middleware
