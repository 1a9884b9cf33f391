"""Log-in through the identity provider configured by the operator. It proves identities; the mechanism decides who
has an account."""

import logging
import secrets
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from servanda.kit.outgoing.fetch import Bounds, OperatorsSession, RequestException
from servanda.kit.refusal import Refused
from servanda.people.log_in.services import link_single_sign_on
from servanda.people.models import User
from servanda.trail.models import Event

logger = logging.getLogger(__name__)
SECONDS = 8.0  # total time for a request to the provider
MOST_BYTES = 500_000  # of each response
NEEDED = ["issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint"]


class HouseProvider(OpenIDConnectProvider):
    """Adds what allauth leaves out: a nonce, the check that both responses have the same subject, and that no
    personal data is stored."""

    def redirect(self, request: HttpRequest, process: str, next_url: str | None = None, **_asked) -> HttpResponse:
        """Always a log-in: parameters in the address cannot request other scopes, or link an identity."""
        nonce = secrets.token_urlsafe(24)
        try:
            return super().redirect(request, AuthProcess.LOGIN, next_url, auth_params={"nonce": nonce}, nonce=nonce)
        except RequestException as error:
            return render_authentication_error(request, self, exception=error)

    def sociallogin_from_response(self, request: HttpRequest, response: dict) -> SocialLogin:
        id_token, userinfo = response.get("id_token", {}), response.get("userinfo", {})
        if not id_token.get("sub") or userinfo.get("sub") != id_token["sub"]:
            raise OAuth2Error("the id token and the user info name different subjects")
        login = super().sociallogin_from_response(request, response)
        login.nonce = id_token.get("nonce")
        return login

    def extract_extra_data(self, data: dict) -> dict:
        return {}

    def extract_email_addresses(self, data: dict) -> list[EmailAddress]:
        """Only addresses that the provider has verified; some providers write true as a string."""
        claims = data["userinfo"]
        if not claims.get("email") or claims.get("email_verified") not in (True, "true"):
            return []
        return [EmailAddress(email=claims["email"], verified=True, primary=True)]


class SingleSignOn(DefaultSocialAccountAdapter):
    """No sign-up: only people with an account or an invitation can log in."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Only the provider of the environment; rows in the database are ignored."""
        return [app for app in super().list_apps(request, provider, client_id) if app.pk is None]

    def get_requests_session(self) -> OperatorsSession:
        """Endpoints without TLS are only used if the operator configured the provider without TLS."""
        (app,) = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        scheme = urlsplit(app["settings"]["server_url"]).scheme
        return OperatorsSession(scheme=scheme, bounds=Bounds(SECONDS, MOST_BYTES), judge=judge_answer)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if not secrets.compare_digest(str(sociallogin.nonce), str(sociallogin.state.get("nonce", ""))):
            raise OAuth2Error("the id token answers another question")
        try:
            let_in(sociallogin)
        except Refused as refusal:
            page = render(request, "socialaccount/refused.html", {"reason": str(refusal)}, status=403)
            raise ImmediateHttpResponse(page) from refusal

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict | None = None,
    ) -> None:
        """Log the error for the operator; not in the trail, which strangers could fill with errors."""
        logger.warning("single sign-on failed: %s", exception or error)


def judge_answer(url: str, content: object) -> None:
    """Raises `ValueError` for responses that allauth would not check before using them."""
    if not isinstance(content, dict):
        raise ValueError("the answer of the provider is not an object")
    if not urlsplit(url).path.endswith("/openid-configuration"):
        return
    if not all(isinstance(content.get(name), str) for name in NEEDED):
        raise ValueError(f"the answer of the provider lacks one of {', '.join(NEEDED)}")
    if urlsplit(content["authorization_endpoint"]).scheme not in {"https", "http"}:
        raise ValueError("the authorization endpoint of the provider is no address of the web")


def let_in(login: SocialLogin) -> None:
    """Find the person of an identity, and link the two at the first log-in."""
    person = login.user if login.is_existing else person_with_address(login)
    try:
        if person is None:
            raise Refused(_("No account has an e-mail address confirmed by your provider."))
        if not login.is_existing:
            link(login, person)
        elif not person.is_active:
            raise Refused(_("Your account is closed."))
    except Refused as refusal:
        Event.record("single-sign-on-refused", person, difference={"reason": ["", str(refusal)]})
        raise


def person_with_address(login: SocialLogin) -> User | None:
    addresses = [address.email.lower() for address in login.email_addresses if address.verified]
    return User.objects.filter(email__in=addresses).first()


def link(login: SocialLogin, person: User) -> None:
    login.account = link_single_sign_on(person=person, provider=login.account.provider, uid=login.account.uid)
    login.user = User.objects.get(
        pk=person.pk
    )  # reloaded: allauth stores it in the session with its cached appointments
