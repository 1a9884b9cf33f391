"""Pages to end sessions and unlink a single sign-on. The list of sessions is django-allauth's."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.people.access import Can, requires
from servanda.people.accounts.pages import seen_person
from servanda.people.log_in import services
from servanda.people.requests.refusals import attempt


@require_POST
@requires(Can.USE_DESK)
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    session = get_object_or_404(others, pk=pk)
    services.end_session(session=session, by=request.user)
    messages.success(request, _("Session ended."))
    return redirect("usersessions_list")


@require_POST
@requires(Can.USE_DESK)
def end_sessions(request: HttpRequest) -> HttpResponse:
    services.end_sessions(by=request.user)
    request.session.flush()
    messages.success(request, _("You have been logged out of all sessions."))
    return redirect("account_login")


@require_POST
@requires(Can.GIVE_ROLES)
def unlink_single_sign_on(request: HttpRequest, pk: int) -> HttpResponse:
    """For people to whom the provider has given a new identity with the same address."""
    message = _("Single sign-on unlinked. The next identity with this e-mail address will be linked.")
    attempt(request, services.unlink_single_sign_on, message, person=seen_person(request, pk))
    return redirect("people:person", pk=pk)
