"""How answers are sent: without a key, to any site, with an ETag and cacheable; with a key, to its owner and not
cacheable."""

from collections.abc import Callable, Collection, Sequence
from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from servanda.api.faults import Fault, Faults
from servanda.api.keys import ApiRequest, may_write, token_sent
from servanda.people.access import record_denied

SECONDS = 300  # for which caches may reuse an answer
LOOKING = ("GET", "HEAD")
FOR_BROWSERS = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def published(view: Callable, name: str, methods: Collection[str] = ("GET",)) -> Callable:
    """The view of an address of the API: GET is open to everyone, the other methods need a key.

    The ETag of a public answer is computed from its body. There is no Last-Modified: the dates in the register also
    change with confidential work, such as the draft of a position.
    """
    allowed = [*(LOOKING if "GET" in methods else ()), "OPTIONS", *sorted(set(methods) - {"GET"})]

    @csrf_exempt  # cookies are ignored, and browsers never send a key by themselves
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        api_request = cast(ApiRequest, request)
        api_request.token = None
        if request.method not in allowed:
            response = refuse_method(allowed)
        elif request.method == "OPTIONS":
            response = HttpResponse(status=204, headers=FOR_BROWSERS)
        elif "Authorization" in request.headers:
            response = with_key(view, api_request, *args, **kwargs)
        elif request.method in LOOKING:
            response = marked(request, look(view, request, *args, **kwargs))
        else:
            response = refuse_stranger(_("An access key is needed to change a record. Create one in your account."))
        return addressed(request, response)

    answer.__name__ = answer.__qualname__ = name
    vars(answer)["answer_too_large"] = refuse_large
    return answer


def addressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Set the headers for caches and other sites; a cache must not serve the public answer to a client with a key."""
    patch_vary_headers(response, ["Authorization"])
    if "Authorization" in request.headers:
        response["Cache-Control"] = "private, no-store"
    else:
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
    return response


def with_key(view: Callable, request: ApiRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Answer as the person who made the key, ignoring any cookie."""
    token = token_sent(request)
    if token is None:
        return refuse_stranger(_("This key is not valid. It may have expired or been revoked: create a new one."))
    request.token, request.user = token, token.person
    if request.method in LOOKING:
        return look(view, request, *args, **kwargs)
    if not may_write(token):
        record_denied(request, token.person)
        message = _("This key is read-only. To change records, both your role and the key must allow it.")
        return refuse([Fault(parameter="Authorization", message=message)], status=403)
    return view(request, *args, **kwargs)


def look(view: Callable, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Answer HEAD like GET; the server drops the body."""
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


def refuse_method(allowed: Sequence[str]) -> HttpResponse:
    message = _("This method is not allowed at this address. Use one of: %(methods)s.") % {
        "methods": ", ".join(allowed)
    }
    if set(allowed) == {*LOOKING, "OPTIONS"}:
        message = _("This address is read-only. Use GET.")
    response = refuse([Fault(parameter="method", message=message)], status=405)
    response["Allow"] = ", ".join(allowed)
    return response


def refuse_stranger(message: str) -> HttpResponse:
    response = refuse([Fault(parameter="Authorization", message=message)], status=401)
    response["WWW-Authenticate"] = "Bearer"
    return response


def refuse_large(megabytes: int) -> HttpResponse:
    message = _("This address accepts at most %(most)d MB at once.") % {"most": megabytes}
    return refuse([Fault(parameter="body", message=message)], status=413)


def refuse(faults: Sequence[Fault], status: int) -> JsonResponse:
    return JsonResponse(Faults(errors=list(faults)).dict(), status=status)
