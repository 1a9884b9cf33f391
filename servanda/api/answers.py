"""How an answer goes out: to any site, with a mark that tells whether it changed, and to be kept for a while."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from servanda.api.resources import Fault, Faults

SECONDS = 300  # that others may keep an answer without asking again
LOOKING = ("GET", "HEAD")
FOR_BROWSERS = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def published(view: Callable, name: str) -> Callable:
    """The view of an address that everybody may read from any site, and nobody may write to.

    The mark (ETag) is taken from the answer itself. No date goes with it: every date that the register keeps
    moves also with what is confidential, such as the draft of a position.
    """

    @csrf_exempt  # nothing is changed here, and a POST gets its 405 in JSON instead of a page about cookies
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers=FOR_BROWSERS)
        elif request.method in LOOKING:
            response = marked(request, look(view, request, *args, **kwargs))
        else:
            message = _("This register is read here, not written. Use GET.")
            response = refuse([Fault(parameter="method", message=message)], status=405)
            response["Allow"] = FOR_BROWSERS["Access-Control-Allow-Methods"]
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        return response

    answer.__name__ = answer.__qualname__ = name
    return answer


def look(view: Callable, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """HEAD is answered like GET; the server leaves the body out."""
    method, request.method = request.method, "GET"
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = method


def marked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code != 200:
        return response
    set_response_etag(response)
    response["Cache-Control"] = f"public, max-age={SECONDS}"
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return response if answer is None else answer


def refuse(faults: Sequence[Fault], status: int) -> JsonResponse:
    return JsonResponse(Faults(errors=list(faults)).dict(), status=status)
