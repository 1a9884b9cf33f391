"""Redirects people who need a second factor and have none to the page on which it is set up."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from servanda.people.requests.idle_sessions import change_session_id
from servanda.people.second_factor.rules import is_missing
from servanda.people.second_factor.secrets import UNREADABLE, UnreadableFactor

# Pages that stay open until it is set up.
CHOICES = frozenset({"set_language", "portal:choose_text_language", "portal:choose_theme"})
OPEN = CHOICES | {"account_logout", "account_reauthenticate", "account_change_password"}
OPEN_OWN = frozenset({"people:own_account", "people:edit_own_account"})
CHANGING = frozenset({"mfa_activate_totp", "mfa_deactivate_totp"})  # the session gets a new id
REDIRECTED = 302


def is_open(name: str) -> bool:
    return name in OPEN or name in OPEN_OWN or name.startswith("mfa_")


def changes_factor(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.view_name in CHANGING


def require(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and response.status_code == REDIRECTED and changes_factor(request):
            change_session_id(request)
        return response

    def lead_to_activation(request: HttpRequest, *_view) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        if is_open(request.resolver_match.view_name) or not is_missing(request.user):
            return None
        return redirect("mfa_activate_totp")

    middleware.process_view = lead_to_activation  # type: ignore[attr-defined] -- Django looks for it there
    middleware.process_exception = tell_whom_to_ask  # type: ignore[attr-defined] -- likewise
    return middleware


def tell_whom_to_ask(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The response for recovery codes that were encrypted with another key."""
    if not isinstance(exception, UnreadableFactor):
        return None
    return render(request, "mfa/unreadable.html", {"reason": UNREADABLE}, status=409)
