"""A code from the phone besides the password: who needs one, and that they go nowhere without it."""

from collections.abc import Callable

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from qrcode import make as draw
from qrcode.image.svg import SvgPathFillImage

from servanda.people.access import Role
from servanda.people.models import Instance, User
from servanda.people.requests import throttling
from servanda.people.requests.idle_sessions import change_session_id
from servanda.people.second_factor import secrets as factor_secrets
from servanda.people.second_factor.secrets import UNREADABLE, UnreadableFactor

ALWAYS = frozenset({Role.COORDINATOR, Role.AUTHORITY, Role.AUDITOR, Role.ADMINISTRATOR})
# Where somebody may go who has yet to set theirs up.
CHOICES = frozenset({"set_language", "portal:choose_text_language", "portal:choose_theme"})
OPEN = CHOICES | {"account_logout", "account_reauthenticate", "account_change_password"}
OPEN_OWN = frozenset({"people:own_account", "people:edit_own_account"})
CHANGING = frozenset({"mfa_activate_totp", "mfa_deactivate_totp"})  # a session from before gets another id
REDIRECTED = 302
CODE_LIVES = 90  # seconds, with one period of tolerance before and after


def is_needed(person: User) -> bool:
    """Every role that writes or approves; for focal points and contributors the instance decides."""
    if not person.roles or is_off():
        return False
    if person.roles & ALWAYS:
        return True
    instance = Instance.current()
    chosen = {
        Role.FOCAL_POINT: instance.second_factor_for_focal_points,
        Role.CONTRIBUTOR: instance.second_factor_for_contributors,
    }
    return any(chosen.get(Role(role), False) for role in person.roles)


def is_off() -> bool:
    """In the demonstration everybody knows the password, and nobody has its phone."""
    return settings.MODE == "demo" and Instance.current().is_demonstration


def is_missing(person: User) -> bool:
    return is_needed(person) and not has_one(person)


def has_one(person: User) -> bool:
    """Whom a session names brings the answer along (`backend.py`)."""
    known = getattr(person, "has_second_factor", None)
    if known is not None:
        return known
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


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
    """Pages of recovery codes that another key encrypted."""
    if not isinstance(exception, UnreadableFactor):
        return None
    return render(request, "mfa/unreadable.html", {"reason": UNREADABLE}, status=409)


class SecondFactor(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Your role needs the second factor, so it cannot be taken away."),
        "too_many_codes": _("Too many codes were tried within an hour. Wait a while, then try again."),
        "unreadable_factor": UNREADABLE,
    }

    def encrypt(self, text: str) -> str:
        return factor_secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factor_secrets.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_needed(authenticator.user)

    def build_totp_svg(self, url: str) -> str:
        """On a white ground, so that phones read it on a dark page as well."""
        return draw(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")


class CountedCode:
    """A code of six digits is soon guessed unless guesses are counted; and each is good once."""

    def clean_code(self) -> str:
        name = str(self.user.pk)
        browser = throttling.known_browser(context.request, self.user.email)
        guess = throttling.count_guess(throttling.key_of("second-factor", name), browser)
        if guess is None:
            raise SecondFactor().validation_error("too_many_codes")
        try:
            code = super().clean_code()
        except UnreadableFactor as problem:
            guess.delete()
            raise SecondFactor().validation_error("unreadable_factor") from problem
        digits = "".join(filter(str.isalnum, code))
        if not cache.add(f"second-factor-used:{name}:{digits}", "", CODE_LIVES):
            raise SecondFactor().validation_error("incorrect_code")
        guess.delete()
        return code


class CodeAtLogIn(CountedCode, AuthenticateForm):
    pass


class CodeOnceMore(CountedCode, ReauthenticateForm):
    pass


class Activation(ActivateTOTPForm):
    """Until the first code is given, the secret waits in the session, which is a row of the database as well."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.secret = factor_secrets.decrypt(self.secret)
        context.request.session[SECRET_SESSION_KEY] = factor_secrets.encrypt(self.secret)
