"""Sessions end after half an hour without use, and eight hours after the log-in, because many people share
computers."""

import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.trail.models import Event

IDLE = timedelta(minutes=30)
OPENED, USED = "opened_at", "used_at"
SET_RIGHT = 300  # seconds by which the clock may be set back without ending sessions
NOTED_EVERY = 60  # seconds between writes to the session


def start_clocks(session: SessionBase) -> None:
    session[OPENED] = session[USED] = int(time.time())


def is_over(session: SessionBase, now: float) -> bool:
    """Whether the session has ended: also without timestamps, as it was not opened by a log-in, or if its last use is
    in the future, as the clock was set back and its idle time is unknown."""
    since_used = now - session.get(USED, 0)
    idle_too_long = not -SET_RIGHT <= since_used <= IDLE.total_seconds()
    return idle_too_long or now - session.get(OPENED, 0) > settings.SESSION_COOKIE_AGE


def was_opened_within(session: SessionBase, seconds: int) -> bool:
    return time.time() - session.get(OPENED, 0) < seconds


def change_session_id(request: HttpRequest) -> None:
    """Change the id, so that a stolen one is of no use; the session stays in the list of browsers."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def end_idle_sessions(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            now = time.time()
            if is_over(request.session, now) and request.user.is_authenticated:
                return end_session(request)
            if now - request.session.get(USED, now) > NOTED_EVERY:
                request.session[USED] = int(now)
        return get_response(request)

    return middleware


def end_session(request: HttpRequest) -> HttpResponse:
    """Redirect to the log-in, and from there back to the page; submitted data is lost."""
    Event.record("session-expired", by=request.user)
    request.session.flush()
    messages.info(request, _("You were logged out after a period of inactivity. Log in again."))
    address = f"{reverse('account_login')}?{urlencode({'next': place_of(request)})}"
    if request.headers.get("hx-request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def place_of(request: HttpRequest) -> str:
    """The page that the person was looking at, for submitted forms and fragments as well."""
    if request.method in ("GET", "HEAD") and not request.headers.get("hx-request"):
        return request.get_full_path()
    page = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer", ""))
    if page.netloc != request.get_host():
        return reverse(settings.LOGIN_REDIRECT_URL)
    return f"{page.path}?{page.query}" if page.query else page.path
