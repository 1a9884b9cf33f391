"""How many guesses are looked at. A stranger who uses up theirs does not lock the owner out: a browser in which the
owner logged in before has an allowance of its own."""

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
    """Under which guesses are counted, also for an address that nobody has; a thief of the table reads no address."""
    return salted_hmac(f"servanda.people.throttling.{purpose}", name.strip().lower(), algorithm="sha256").hexdigest()


@transaction.atomic
def count_guess(key: str, browser: str = "") -> LogInAttempt | None:
    """Count one more guess before it is looked at; without an answer the allowance is used up."""
    wait_for_others(key)
    now = timezone.now()
    # Later than now where the clock was put back: an hour of such guesses counts, those of another day do not.
    near = (now - WINDOW, now + WINDOW)
    if LogInAttempt.objects.filter(account=key, browser=browser, at__range=near).count() >= ALLOWANCE:
        return None
    return LogInAttempt.objects.create(account=key, browser=browser, at=now)


def wait_for_others(key: str) -> None:
    """Of several processes one counts at a time. On SQLite the transaction holds the one write lock already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(key[:15], 16)])


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def known_browser(request: HttpRequest, email: str) -> str:
    """The digest of this browser, when the owner of the address logged in with it before."""
    token = request.COOKIES.get(settings.BROWSER_COOKIE_NAME)
    if not token:
        return ""
    digest = digest_of(token)
    known = KnownBrowser.objects.filter(digest=digest, person__email=email.strip().lower())
    return digest if known.exists() else ""


def remember_browser(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """Know this browser again. Several people may share it; a token that we never gave out is not taken over."""
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
    """Guesses that no longer count, and browsers that nobody used for a year."""
    now = timezone.now()
    guesses, _by_model = LogInAttempt.objects.filter(at__lt=now - WINDOW).delete()
    browsers, _by_model = KnownBrowser.objects.filter(seen_at__lt=now - KNOWN_FOR).delete()
    return guesses + browsers
