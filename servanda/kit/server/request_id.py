"""One id for everything that a request does: it is in a header of the response and on every line of the trail."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """The id of the current request or job; empty outside of both."""
    return _current.get()


@contextmanager
def with_request_id(request_id: str) -> Iterator[None]:
    """Let everything inside run under this id."""
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)


def give_request_id(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The id is generated here and never taken from the request, so that no one can choose their own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with with_request_id(secrets.token_hex(8)):
            response = get_response(request)
            response["X-Request-ID"] = current()
        return response

    return middleware
