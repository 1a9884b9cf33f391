"""Registration for a meeting by the person, and invitations of people without an account."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.meetings.editing import mechanisms_for
from servanda.desk.meetings.views import ON_A_PAGE, find_meeting
from servanda.desk.network.form_pages import ask, handle
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.network.meetings import inviting, own_registration
from servanda.network.meetings.forms import InvitationForm, OwnRegistrationForm
from servanda.network.meetings.queries import find_invitations
from servanda.network.models import MeetingInvitation
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt, refusals_in_form


@form_page
@requires(Can.READ_INTERNAL)
def register_for_meeting(request: SignedIn, key: UUID) -> HttpResponse:
    """With the name and the address of the account."""
    meeting = find_meeting(request, key)
    mine = own_registration.own_participation(meeting, request.user)
    mechanisms = mechanisms_for(request)
    form = OwnRegistrationForm(request.POST or None, meeting=meeting, mechanisms=mechanisms, participant=mine)
    who = {"name": request.user.name or request.user.email, "email": request.user.email}
    lead = _("If all places are taken, you are put on the waiting list.") if meeting.most_participants else ""
    return handle(
        request,
        form,
        own_registration.register_for_meeting,
        what=lambda: {"meeting": meeting, "values": form.values(**who)},
        leads_to=meeting,
        about=meeting,
        title=_("Register for the meeting"),
        button=_("Register for the meeting"),
        lead=lead,
    )


@require_POST
@requires(Can.READ_INTERNAL)
def withdraw_from_meeting(request: SignedIn, key: UUID) -> HttpResponse:
    meeting = find_meeting(request, key)
    undo, deed = resolve_url("desk:restore_own_registration", key), own_registration.withdraw_from_meeting
    attempt(request, deed, _("Your registration was withdrawn."), undo=undo, meeting=meeting)
    return redirect(meeting)


@require_POST
@requires(Can.READ_INTERNAL)
def restore_own_registration(request: SignedIn, key: UUID) -> HttpResponse:
    meeting = find_meeting(request, key)
    done = _("You are registered, or on the waiting list if all places are taken.")
    attempt(request, own_registration.restore_own_registration, done, meeting=meeting)
    return redirect(meeting)


@require_safe
@requires(Can.EDIT_NETWORK)
def meeting_invitations(request: SignedIn, key: UUID) -> HttpResponse:
    shown = find_meeting(request, key)
    found = find_invitations(request.user, shown)
    page = page_of(found.count(), number=page_number(request.GET), size=ON_A_PAGE)
    context = {"shown": shown, "rows": found[slice_of(page)], **pager(page)}
    return render(request, "desk/meetings/meeting_invitations.html", context)


@form_page
@requires(Can.EDIT_NETWORK)
def invite_to_meeting(request: SignedIn, key: UUID) -> HttpResponse:
    meeting = find_meeting(request, key)
    form = InvitationForm(request.POST or None, meeting=meeting)
    listed = resolve_url("desk:meeting_invitations", key)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "invite_to_meeting"):
            sent = inviting.invite_to_meeting(meeting=meeting, **form.cleaned_data, by=request.user)
            done = ngettext("%(count)s invitation is being sent.", "%(count)s invitations are being sent.", sent)
            messages.success(request, done % {"count": sent})
            return redirect(listed)
    page = {"title": _("Invite to the meeting"), "button": _("Send"), "cancel_url": listed}
    return ask(request, form, profile=meeting, **page)


@require_POST
@requires(Can.EDIT_NETWORK)
def resend_meeting_invitation(request: SignedIn, pk: int) -> HttpResponse:
    invitation = find_invitation(request, pk)
    attempt(request, inviting.resend_meeting_invitation, _("Invitation sent again."), invitation=invitation)
    return redirect("desk:meeting_invitations", invitation.meeting.key)


@require_POST
@requires(Can.EDIT_NETWORK)
def revoke_meeting_invitation(request: SignedIn, pk: int) -> HttpResponse:
    invitation = find_invitation(request, pk)
    undo, deed = resolve_url("desk:restore_meeting_invitation", pk), inviting.revoke_meeting_invitation
    done = _("The link no longer works. Registrations made with it are kept.")
    attempt(request, deed, done, undo=undo, invitation=invitation)
    return redirect("desk:meeting_invitations", invitation.meeting.key)


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_meeting_invitation(request: SignedIn, pk: int) -> HttpResponse:
    invitation = find_invitation(request, pk)
    attempt(request, inviting.restore_meeting_invitation, _("The link works again."), invitation=invitation)
    return redirect("desk:meeting_invitations", invitation.meeting.key)


def find_invitation(request: SignedIn, pk: int) -> MeetingInvitation:
    found = MeetingInvitation.objects.visible_to(request.user).select_related("meeting")
    return get_object_or_404(found, pk=pk)
