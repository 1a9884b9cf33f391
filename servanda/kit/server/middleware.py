"""What holds for every address: no NUL in it, and no copy kept of what is nobody else's business."""

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


def guess_no_type_and_tell_no_address(get_response: Answering) -> Answering:
    """As Django's own middleware says, also of its refusal of a foreign host, which never comes past it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    return middleware


def refuse_nul(get_response: Answering) -> Answering:
    """No address and no cookie of ours has a NUL in it, and PostgreSQL refuses to look for one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if any("\0" in said for said in (request.path_info, *request.COOKIES.values())):
            raise BadRequest
        return get_response(request)

    return middleware
