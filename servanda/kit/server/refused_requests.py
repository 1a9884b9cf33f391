"""Pages for requests that are refused before their view is called, and for a full disk.

They need no database, no session and no script. `front.py` and `whole_answers.py` set the status in environ.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

REFUSED = "servanda.refused"  # in environ: the status with which to answer instead of calling the view
RETRY_AFTER = {429: "10", 503: "120"}  # seconds
TEMPLATES = {429: "busy.html", 500: "500.html", 503: "503.html"}


def answer_refused(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Must run after the language is known, and before any middleware that uses the database."""

    def middleware(request: HttpRequest) -> HttpResponse:
        status = request.META.get(REFUSED)
        return refused(status) if status else get_response(request)

    return middleware


def refused(status: int) -> HttpResponse:
    response = HttpResponse(render_to_string(TEMPLATES[status]), status=status)
    response["Cache-Control"] = "no-store"
    if seconds := RETRY_AFTER.get(status):
        response["Retry-After"] = seconds
    return response
