"""A meeting for a person with an invitation: registration without an account, by a signed link."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from servanda.kit.pages.addresses import page_name
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.network.meetings.calendars import send_calendar
from servanda.network.meetings.forms import InvitedRegistrationForm
from servanda.network.meetings.letters import key_in, link_of
from servanda.network.meetings.own_registration import accept_meeting_invitation as accept
from servanda.network.meetings.own_registration import decline_meeting_invitation as decline
from servanda.network.models import MechanismProfile, MeetingInvitation, MeetingParticipant
from servanda.progress.rounds.days import house_zone
from servanda.trail.repeats import record_refused


def find_invitation(token: str) -> MeetingInvitation:
    """Raises `Http404` for a link that was not sent, or is revoked."""
    rows = MeetingInvitation.objects.open().select_related("meeting", "participant__mechanism")
    found = rows.filter(key=key_in(token)).first()
    if found is None:
        raise Http404
    return found


def has_place(participant: MeetingParticipant | None) -> bool:
    """Only those with a place see the link of the meeting."""
    return participant is not None and participant.state == MeetingParticipant.State.REGISTERED


@require_safe
@never_cache
def meeting_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The call and the agenda, and whether this person is registered."""
    invitation = find_invitation(token)
    meeting, mine = invitation.meeting, invitation.participant
    is_open = not meeting.is_cancelled and meeting.begins_at > timezone.now()
    context = {
        "token": token,
        "meeting": meeting,
        "points": meeting.agenda.all(),
        "zone": house_zone(),
        "mine": mine,
        "is_open": is_open,
        "is_registered": mine is not None and mine.state != MeetingParticipant.State.WITHDRAWN,
        "has_place": has_place(mine),
        "is_full": meeting.places_left() == 0,
    }
    return render(request, "portal/meeting_invitation.html", context)


@form_page
@never_cache
def accept_meeting_invitation(request: HttpRequest, token: str) -> HttpResponse:
    invitation = find_invitation(token)
    meeting, published = invitation.meeting, MechanismProfile.objects.public()
    mine = invitation.participant
    form = InvitedRegistrationForm(request.POST or None, meeting=meeting, mechanisms=published, participant=mine)
    if request.method == "POST" and form.is_valid():
        values = form.values(name=form.cleaned_data["name"], email=invitation.email)
        try:
            made = accept(invitation=invitation, values=values)
        except Refused as refusal:
            field = getattr(refusal, "field", None)
            form.add_error(field if field in form.fields else None, str(refusal))
            record(request, refusal)
        else:
            messages.success(request, made.get_state_display())
            return redirect("portal:meeting_invitation", token)
    page = {"form": form, "token": token, "meeting": meeting, "button": _("Register for the meeting")}
    return render(request, "portal/accept_meeting_invitation.html", page, status=422 if form.errors else 200)


def record(request: HttpRequest, refusal: Refused) -> None:
    """Without the address, which is the secret of the person invited."""
    record_refused("refused", page=page_name(request), path="", difference={"reason": ["", str(refusal)]})


@form_page
@never_cache
def decline_meeting_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Withdraw, after a confirmation."""
    invitation = find_invitation(token)
    if request.method == "POST":
        try:
            decline(invitation=invitation)
        except Refused as refusal:
            messages.error(request, str(refusal))
            record(request, refusal)
        else:
            messages.success(request, _("Your registration was withdrawn."))
        return redirect("portal:meeting_invitation", token)
    return render(request, "portal/decline_meeting_invitation.html", {"token": token, "meeting": invitation.meeting})


@require_safe
@never_cache
def invited_meeting_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """For calendar programs, with the link of the invitation."""
    invitation = find_invitation(token)
    meeting = invitation.meeting
    link = meeting.link if has_place(invitation.participant) else ""
    return send_calendar(meeting, page=link_of(invitation), link=link, is_internal=False)
