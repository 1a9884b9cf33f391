"""Limits the size of requests: 1 MB, unless the view declares another limit and who may use it.

The announced length is checked before anything is read. `front.py` asks for the same limit while a body arrives, so
that no one can fill the disk by announcing less than they send.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.formats import number_format

MEGABYTE = 1024 * 1024
ORDINARY = 1  # megabytes
BESIDE_FILES = 64 * 1024  # bytes: the other fields of a form, and what separates them
ASKS = "servanda.asks_for_limit"  # in environ: the request only asks for the limit, its body has not been read
ALLOWED = "X-Body-Limit"  # header of the response to that, in bytes; it never leaves the server


@dataclass(frozen=True)
class BodyLimit:
    megabytes: Callable[[], int]
    allows: Callable[..., bool]


def body_limit(megabytes: int | Callable[[], int], *, to: Callable[..., bool]) -> Callable:
    """Let a view receive this much from users for whom `to` returns true; from others it receives 1 MB.

    `to` is called with the user, and with the parameters of the address as keyword arguments.
    """

    def decorate(view: Callable) -> Callable:
        size = megabytes if callable(megabytes) else lambda: megabytes
        vars(view)["body_limit"] = BodyLimit(size, to)
        return view

    return decorate


def bound_bodies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Must run before anything reads the form, and after the session middleware: some limits depend on the user."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = announced(request)
        is_limit_question = request.META.get(ASKS, False)
        if not is_limit_question and length <= ORDINARY * MEGABYTE:
            return get_response(request)
        megabytes = limit_for(request)
        allowed = megabytes * MEGABYTE + (BESIDE_FILES if megabytes > ORDINARY else 0)
        if length > allowed:
            return too_large(request, megabytes)
        return (
            HttpResponse(status=204, headers={ALLOWED: str(allowed)}) if is_limit_question else get_response(request)
        )

    return middleware


def announced(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def match_at(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def view_at(path: str) -> Callable | None:
    match = match_at(path)
    return match.func if match else None


def limit_for(request: HttpRequest) -> int:
    """In megabytes."""
    match = match_at(request.path_info)
    limit: BodyLimit | None = getattr(match.func, "body_limit", None) if match else None
    is_allowed = limit and match and limit.allows(request.user, **match.kwargs)
    return limit.megabytes() if limit and is_allowed else ORDINARY


def too_large(request: HttpRequest, megabytes: int) -> HttpResponse:
    """A page, or the view's own answer where its clients are programs."""
    answer_too_large = getattr(view_at(request.path_info), "answer_too_large", None)
    if answer_too_large:
        return answer_too_large(megabytes)
    return render(request, "413.html", {"megabytes": number_format(megabytes)}, status=413)
