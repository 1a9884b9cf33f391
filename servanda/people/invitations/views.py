"""Pages to invite people, and to accept an invitation."""

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from servanda.kit.pages.addresses import origin_of
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, can, requires
from servanda.people.accounts.pages import seen_person
from servanda.people.invitations import services
from servanda.people.invitations.forms import InvitationForm, JoinForm
from servanda.people.models import User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, record_refusal, refuse_in_form

GONE = 410


@form_page
@requires(Can.MANAGE_PEOPLE)
@makes_once
def invite_person(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        gives_roles=can(request.user, Can.GIVE_ROLES),
        on=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid() and (person := try_invite(request, form)):
        messages.success(request, _("Invitation sent by e-mail. The link is valid for seven days."))
        return redirect("people:person", pk=person.pk)
    return render(
        request, "people/invitations/invite_person.html", {"form": form}, status=422 if form.errors else 200
    )


def try_invite(request: HttpRequest, form: InvitationForm) -> User | None:
    """Invite the person; None if it was refused, with the reason in the form."""
    try:
        invited = services.invite_person(**form.person(), by=request.user, origin=origin_of(request))
    except Refused as refusal:
        refuse_in_form(request, form, refusal, "invite_person")
        return None
    return invited.invitation.person


@require_POST
@requires(Can.MANAGE_PEOPLE)
def resend_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    message = _("Invitation sent again. Only the new link works.")
    person = seen_person(request, pk)
    attempt(request, services.resend_invitation, message, person=person, origin=origin_of(request))
    return redirect("people:person", pk=pk)


@require_POST
@requires(Can.MANAGE_PEOPLE)
def revoke_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    message = _("Invitation revoked. The link no longer works.")
    attempt(request, services.revoke_invitation, message, person=seen_person(request, pk))
    return redirect("people:person", pk=pk)


@never_cache
@form_page
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Used, revoked, expired and invented links all get the same answer."""
    invitation = services.open_invitation(token)
    if invitation is None:
        return render(request, "people/invitations/accept_invitation.html", status=GONE)
    form = JoinForm(request.POST if request.method == "POST" else None, person=invitation.person)
    if request.method == "POST" and form.is_valid():
        return come_in(request, token, form)
    with translation.override(language_for(request, invitation.person)):
        page = {"form": form, "person": invitation.person}
        return render(request, "people/invitations/accept_invitation.html", page, status=422 if form.errors else 200)


def come_in(request: HttpRequest, token: str, form: JoinForm) -> HttpResponse:
    try:
        person = services.accept_invitation(key=token, **form.cleaned_data)
    except Refused as refusal:
        record_refusal(request, refusal, "accept_invitation")
        return render(request, "people/invitations/accept_invitation.html", status=GONE)
    if request.user.is_authenticated:
        logout(request)
    return perform_login(request, person)


def language_for(request: HttpRequest, person: User) -> str:
    """The language of the person, until they choose another on the page."""
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    return translation.get_language() if chosen or not person.language else person.language
