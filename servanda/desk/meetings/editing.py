"""Pages that plan a meeting and register its participants; each view has the name of its service."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.meetings.views import find_meeting
from servanda.desk.network.form_pages import ask, handle
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.network.meetings import registration
from servanda.network.meetings import services as deeds
from servanda.network.meetings.forms import AgendaForm, MeetingForm, ParticipantForm
from servanda.network.models import MechanismProfile, Meeting, MeetingParticipant
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.recommendations.editing.forms import ReasonForm


def mechanisms_for(request: SignedIn):
    return MechanismProfile.objects.visible_to(request.user)


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_meeting(request: SignedIn) -> HttpResponse:
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_meeting"):
            made = deeds.add_meeting(values=form.values(), by=request.user)
            messages.success(request, _("Meeting saved. Now enter its agenda and register participants."))
            return redirect(made)
    page = {"cancel_url": resolve_url("desk:meetings"), "list_label": _("Meetings")}
    return ask(request, form, title=_("Add a meeting"), **page)


@form_page
@requires(Can.EDIT_NETWORK)
def edit_meeting(request: SignedIn, key: UUID) -> HttpResponse:
    meeting = find_meeting(request, key)
    form = MeetingForm(request.POST or None, meeting=meeting)
    return handle(
        request,
        form,
        deeds.edit_meeting,
        what=lambda: {"meeting": meeting, "values": form.values(), "seen": form.cleaned_data["seen"]},
        edits=meeting,
        leads_to=meeting,
        about=meeting,
        title=_("Edit the meeting"),
    )


@form_page
@requires(Can.EDIT_NETWORK)
def set_agenda(request: SignedIn, key: UUID) -> HttpResponse:
    meeting = find_meeting(request, key)
    now = "\n".join(meeting.agenda.values_list("title", flat=True))
    form = AgendaForm(request.POST or None, initial={"agenda": now})
    return handle(
        request,
        form,
        deeds.set_agenda,
        what=lambda: {"meeting": meeting, "titles": form.titles()},
        leads_to=meeting,
        about=meeting,
        title=_("Agenda"),
    )


@form_page
@requires(Can.EDIT_NETWORK)
def cancel_meeting(request: SignedIn, key: UUID) -> HttpResponse:
    meeting = find_meeting(request, key)
    form: Form = ReasonForm(request.POST or None)
    lead = _("Its page shows the reason, and you can restore it from there. Calendars show it as cancelled.")
    return handle(
        request,
        form,
        deeds.cancel_meeting,
        what=lambda: {"meeting": meeting, "reason": form.cleaned_data["reason"]},
        leads_to=meeting,
        about=meeting,
        title=_("Cancel the meeting"),
        button=_("Cancel the meeting"),
        lead=lead,
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_meeting(request: SignedIn, key: UUID) -> HttpResponse:
    meeting = find_meeting(request, key)
    attempt(request, deeds.restore_meeting, _("The meeting was restored."), meeting=meeting)
    return redirect(meeting)


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def register_participant(request: SignedIn, key: UUID) -> HttpResponse:
    meeting = find_meeting(request, key)
    form = ParticipantForm(request.POST or None, mechanisms=mechanisms_for(request))
    lead = _("If all places are taken, the person is put on the waiting list.") if meeting.most_participants else ""
    return handle(
        request,
        form,
        registration.register_participant,
        what=lambda: {"meeting": meeting, "values": form.values()},
        leads_to=participants_of(meeting),
        about=meeting,
        title=_("Register a participant"),
        button=_("Register a participant"),
        lead=lead,
    )


@form_page
@requires(Can.EDIT_NETWORK)
def edit_participant(request: SignedIn, pk: int) -> HttpResponse:
    participant = find_participant(request, pk)
    form = ParticipantForm(request.POST or None, mechanisms=mechanisms_for(request), participant=participant)
    return handle(
        request,
        form,
        registration.edit_participant,
        what=lambda: {
            "participant": participant,
            "values": form.values(),
            "seen": form.cleaned_data["seen"],
        },
        edits=participant,
        leads_to=participants_of(participant.meeting),
        about=participant.meeting,
        title=_("Edit the participant"),
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def withdraw_participant(request: SignedIn, pk: int) -> HttpResponse:
    participant = find_participant(request, pk)
    undo, deed = resolve_url("desk:restore_participant", pk), registration.withdraw_participant
    attempt(request, deed, _("The registration was withdrawn."), undo=undo, participant=participant)
    return redirect(participants_of(participant.meeting))


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_participant(request: SignedIn, pk: int) -> HttpResponse:
    participant = find_participant(request, pk)
    attempt(request, registration.restore_participant, _("Registered again."), participant=participant)
    return redirect(participants_of(participant.meeting))


def find_participant(request: SignedIn, pk: int) -> MeetingParticipant:
    found = MeetingParticipant.objects.visible_to(request.user).select_related("meeting", "mechanism")
    return get_object_or_404(found, pk=pk)


def participants_of(meeting: Meeting) -> str:
    return resolve_url("desk:meeting_participants", meeting.key)
