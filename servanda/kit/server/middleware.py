"""Middleware for every address: security headers, no caching of signed-in pages, no NUL characters."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

type Answering = Callable[[HttpRequest], HttpResponse]


def no_store_when_signed_in(get_response: Answering) -> Answering:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware


def set_security_headers(get_response: Answering) -> Answering:
    """Set these headers also where Django's SecurityMiddleware does not: on its own refusal of a foreign host."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    return middleware


def refuse_nul(get_response: Answering) -> Answering:
    """Answer 400 to a NUL in an address or cookie: ours have none, and PostgreSQL raises an error for it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if any("\0" in value for value in (request.path_info, *request.COOKIES.values())):
            raise BadRequest
        return get_response(request)

    return middleware
