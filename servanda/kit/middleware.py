"""Answers that are nobody else's business are never kept by a browser or a proxy."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

type Answering = Callable[[HttpRequest], HttpResponse]


def no_store_when_signed_in(get_response: Answering) -> Answering:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware
