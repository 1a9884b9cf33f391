"""Missions of a cooperation; each view has the name of its service."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.assistance.views import find_cooperation
from servanda.desk.network.form_pages import ask_for_reason, handle
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.network.assistance import missions as deeds
from servanda.network.assistance.forms import MissionForm
from servanda.network.models import Mission
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt

COOPERATION = ("cooperation__request__mechanism", "cooperation__provider", "sent_by")


def find_mission(request: SignedIn, pk: int) -> Mission:
    return get_object_or_404(Mission.objects.visible_to(request.user).select_related(*COOPERATION), pk=pk)


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_mission(request: SignedIn, pk: int) -> HttpResponse:
    cooperation = find_cooperation(request, pk)
    form = MissionForm(request.POST or None, cooperation=cooperation)
    return handle(
        request,
        form,
        deeds.add_mission,
        what=lambda: {"cooperation": cooperation, "values": form.values()},
        leads_to=cooperation,
        about=cooperation,
        title=_("Add a mission"),
    )


@form_page
@requires(Can.EDIT_NETWORK)
def edit_mission(request: SignedIn, pk: int) -> HttpResponse:
    mission = find_mission(request, pk)
    form = MissionForm(request.POST or None, cooperation=mission.cooperation, mission=mission)
    return handle(
        request,
        form,
        deeds.edit_mission,
        what=lambda: {"mission": mission, "values": form.values(), "seen": form.cleaned_data["seen"]},
        edits=mission,
        leads_to=mission,
        about=mission.cooperation,
        title=_("Edit the mission"),
    )


@form_page
@requires(Can.EDIT_NETWORK)
def withdraw_mission(request: SignedIn, pk: int) -> HttpResponse:
    mission = find_mission(request, pk)
    return ask_for_reason(
        request,
        deeds.withdraw_mission,
        _("The mission was withdrawn."),
        what={"mission": mission},
        leads_to=mission,
        about=mission.cooperation,
        title=_("Withdraw the mission"),
        button=_("Withdraw"),
        lead=_("It is removed from all lists. You can restore it from the page of the request."),
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_mission(request: SignedIn, pk: int) -> HttpResponse:
    former = Mission.objects.former_for(request.user).select_related("cooperation__request")
    mission = get_object_or_404(former, pk=pk)
    attempt(request, deeds.restore_mission, _("The mission was restored."), mission=mission)
    return redirect(mission)
