"""The adapter and forms of django-allauth for second factors."""

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from qrcode import make as draw
from qrcode.image.svg import SvgPathFillImage

from servanda.people.requests import throttling
from servanda.people.second_factor import secrets as factor_secrets
from servanda.people.second_factor.rules import is_needed
from servanda.people.second_factor.secrets import UNREADABLE, UnreadableFactor

CODE_LIVES = 90  # seconds, including one period of tolerance before and after


class SecondFactor(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Your role requires two-step verification, so it cannot be removed."),
        "too_many_codes": _("Too many codes were tried in the last hour. Try again later."),
        "unreadable_factor": UNREADABLE,
    }

    def encrypt(self, text: str) -> str:
        return factor_secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factor_secrets.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_needed(authenticator.user)

    def build_totp_svg(self, url: str) -> str:
        """With a white background, so that phones can read it on dark pages."""
        return draw(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")


class CountedCode:
    """Counts guesses, as six digits are quickly guessed, and accepts each code once."""

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
    """Encrypts the secret in the session until the first code is entered: sessions are stored in the database."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.secret = factor_secrets.decrypt(self.secret)
        context.request.session[SECRET_SESSION_KEY] = factor_secrets.encrypt(self.secret)
