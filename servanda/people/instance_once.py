from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from servanda.people.models import instance_read_once


def read_instance_once(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        with instance_read_once():
            return get_response(request)

    return middleware
