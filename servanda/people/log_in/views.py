"""The browsers in which somebody is logged in. The list itself is django-allauth's."""

from allauth.core import context
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.people.access import Can, requires
from servanda.people.accounts.views import seen_person
from servanda.people.log_in import services
from servanda.people.requests.refusals import attempt


class Sessions(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: list[UserSession]) -> None:
        """All but this one, also those that the list does not know."""
        request = context.request
        person = services.end_other_sessions(by=request.user)
        update_session_auth_hash(request, person)
        UserSession.objects.create_from_request(request)


@require_POST
@requires(Can.USE_DESK)
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    session = get_object_or_404(others, pk=pk)
    services.end_session(session=session, by=request.user)
    messages.success(request, _("That browser is logged out."))
    return redirect("usersessions_list")


@require_POST
@requires(Can.USE_DESK)
def end_sessions(request: HttpRequest) -> HttpResponse:
    services.end_sessions(by=request.user)
    request.session.flush()
    messages.success(request, _("You are logged out everywhere."))
    return redirect("account_login")


@require_POST
@requires(Can.GIVE_ROLES)
def unlink_single_sign_on(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody to whom the provider gave a new identity under the same address."""
    done = _("Undone. The next identity that comes with this address is linked.")
    attempt(request, services.unlink_single_sign_on, done, person=seen_person(request, pk))
    return redirect("people:person", pk=pk)
