"""Limits on guesses at passwords and codes. Strangers cannot lock out the owner of an account: a browser in which the
owner has logged in before has its own allowance."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from servanda.people.models import KnownBrowser, LogInAttempt, User

ALLOWANCE = 20
WINDOW = timedelta(hours=1)
KNOWN_FOR = timedelta(days=365)


def key_of(purpose: str, name: str) -> str:
    """The hashed key under which guesses are counted, also for unknown addresses; the table reveals no addresses."""
    return salted_hmac(f"servanda.people.throttling.{purpose}", name.strip().lower(), algorithm="sha256").hexdigest()


@transaction.atomic
def count_guess(key: str, browser: str = "") -> LogInAttempt | None:
    """Count a guess before it is evaluated. None means that the allowance is used up."""
    wait_for_others(key)
    now = timezone.now()
    # Guesses from the future, if the clock was set back: those of the next hour count, later ones do not.
    near = (now - WINDOW, now + WINDOW)
    if LogInAttempt.objects.filter(account=key, browser=browser, at__range=near).count() >= ALLOWANCE:
        return None
    return LogInAttempt.objects.create(account=key, browser=browser, at=now)


def wait_for_others(key: str) -> None:
    """Serialize the counting between processes. In SQLite, the transaction holds the write lock already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(key[:15], 16)])


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def known_browser(request: HttpRequest, email: str) -> str:
    """The digest of this browser, if the owner of the address has logged in with it before."""
    token = request.COOKIES.get(settings.BROWSER_COOKIE_NAME)
    if not token:
        return ""
    digest = digest_of(token)
    known = KnownBrowser.objects.filter(digest=digest, person__email=email.strip().lower())
    return digest if known.exists() else ""


def remember_browser(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Remember this browser. Several people may share it; tokens that we did not issue are ignored."""
    token = request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "")
    if not KnownBrowser.objects.filter(digest=digest_of(token)).exists():
        token = secrets.token_urlsafe(32)
    KnownBrowser.objects.update_or_create(
        person=person, digest=digest_of(token), defaults={"seen_at": timezone.now()}
    )
    response.set_cookie(
        settings.BROWSER_COOKIE_NAME,
        token,
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_old_guesses() -> int:
    """Delete guesses that no longer count, and browsers that were not used for a year."""
    now = timezone.now()
    guesses, _by_model = LogInAttempt.objects.filter(at__lt=now - WINDOW).delete()
    browsers, _by_model = KnownBrowser.objects.filter(seen_at__lt=now - KNOWN_FOR).delete()
    return guesses + browsers
