"""Adapters of django-allauth for accounts, passwords and sessions."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ResetPasswordForm
from allauth.core import context as current
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from servanda.jobs.services import queue_mail
from servanda.kit.pages.addresses import origin_of
from servanda.kit.pages.translations import remember_language
from servanda.people.access import Can, can
from servanda.people.access_keys.services import usable_tokens
from servanda.people.log_in import services
from servanda.people.models import Instance, User
from servanda.people.requests import idle_sessions, throttling

RECENTLY = 300  # seconds


class InvitationOnly(DefaultAccountAdapter):
    """No sign-up: people are invited by the mechanism."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_guesses": _(
            "Too many incorrect passwords for this address in the last hour. To log in now, request a link by "
            "e-mail and set a new password."
        ),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Count the attempt before anything is hashed, in the same way for known and unknown addresses."""
        email = credentials.get("email", "")
        key, browser = throttling.key_of("password", email), throttling.known_browser(request, email)
        self.guess = throttling.count_guess(key, browser)
        if self.guess is None:
            raise self.validation_error("too_many_guesses")

    def authenticate(self, request: HttpRequest, **credentials) -> AbstractBaseUser | None:
        """A successful log-in does not count as a guess, so frequent log-ins do not use up the allowance."""
        person = super().authenticate(request, **credentials)
        if person is not None:
            self.guess.delete()
        return person

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **login) -> HttpResponse:
        """Remember the browser, so that strangers cannot lock it out. Also called after two-step verification."""
        response = super().post_login(request, user, **login)
        throttling.remember_browser(request, response, user)
        return remember_language(response, user.language)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """People without a role have no desk, and go to their account, which shows their former appointments."""
        if can(request.user, Can.USE_DESK):
            return super().get_login_redirect_url(request)
        return reverse("people:own_account")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Access keys outlive a change of the password: let the owner decide about them."""
        if can(request.user, Can.USE_DESK) and usable_tokens(request.user).exists():
            return reverse("people:revoke_tokens")
        return reverse("people:own_account")

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Queue the mail, so that the response time does not reveal whether the address is known, and no one waits
        for the mail server. The language is that of the person, if known."""
        person = User.objects.filter(email=email.lower()).first()
        with translation.override((person and person.language) or translation.get_language()):
            what = {"request": current.request, "email": email, **with_our_origin(context, current.request)}
            message = self.render_mail(template_prefix, email, what)
        queue_mail(to=email, subject=message.subject, body=message.body)

    def format_email_subject(self, subject: str) -> str:
        """With the name of the instance; allauth would use the Host header."""
        name = str(Instance.current().name)
        return f"[{name}] {subject}" if name else subject

    def is_reauthentication_required(self, *, app: str, **asked) -> bool:
        """Not required shortly after a log-in, for instance to set up the second factor."""
        just_came = idle_sessions.was_opened_within(self.request.session, RECENTLY)
        return not just_came and super().is_reauthentication_required(app=app, **asked)


def with_our_origin(context: dict, request: HttpRequest) -> dict:
    """The context of a mail, with links to the configured address: allauth builds them from the Host header."""
    requested = f"{request.scheme}://{request.get_host()}/"
    return {
        name: origin_of(request) + value.removeprefix(requested.rstrip("/"))
        if isinstance(value, str) and value.startswith(requested)
        else value
        for name, value in context.items()
    }


class LinkForm(ResetPasswordForm):
    """Limits how many mails a stranger can cause; the page looks the same beyond the limit."""

    def save(self, request: HttpRequest, **asked) -> str:
        email = self.cleaned_data["email"]
        browser = throttling.known_browser(request, email)
        if throttling.count_guess(throttling.key_of("link", email), browser) is None:
            return email
        return super().save(request, **asked)


class Sessions(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: list[UserSession]) -> None:
        """End all sessions but this one, including those that are not in the list."""
        request = current.request
        person = services.end_other_sessions(by=request.user)
        update_session_auth_hash(request, person)
        UserSession.objects.create_from_request(request)
