"""Participants of a session: the list, its files, and people without an account whom editors register."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.network.form_pages import handle
from servanda.desk.record.access import SignedIn
from servanda.desk.training.sessions import find_session
from servanda.kit.files.downloads import send_table
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.network.models import CourseRegistration
from servanda.network.training import services as deeds
from servanda.network.training import waiting_list
from servanda.network.training.forms import GuestForm
from servanda.network.training.queries import (
    PARTICIPANT_COLUMNS,
    names_of,
    participant_rows,
    participants_of,
)
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt

ON_A_PAGE = 25


@require_safe
@requires(Can.EDIT_NETWORK)
def session_participants(request: SignedIn, pk: int) -> HttpResponse:
    shown = find_session(request, pk)
    found = participants_of(request.user, shown)
    page = page_of(found.count(), number=page_number(request.GET), size=ON_A_PAGE)
    rows = list(found[slice_of(page)])
    names = names_of(rows, to=request.user)
    context = {"shown": shown, "rows": [(row, names[row.pk]) for row in rows], **pager(page)}
    return render(request, "desk/training/session_participants.html", context)


@heavy(FILE)
@require_safe
@requires(Can.EDIT_NETWORK)
def session_participants_export(request: SignedIn, pk: int, format: str) -> HttpResponseBase:
    shown = find_session(request, pk)
    rows = list(participants_of(request.user, shown))
    deeds.record_participants_download(session=shown, by=request.user)
    name = file_name(_("Participants"), format, on=timezone.localdate())
    return send_table(name, _("Participants"), PARTICIPANT_COLUMNS, participant_rows(rows, to=request.user))


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def register_guest(request: SignedIn, pk: int) -> HttpResponse:
    session = find_session(request, pk)
    form = GuestForm(request.POST or None)
    return handle(
        request,
        form,
        waiting_list.register_guest,
        what=lambda: {"session": session, **form.cleaned_data},
        leads_to=listed(pk),
        about=session.course,
        title=_("Register a participant"),
        button=_("Register a participant"),
        lead=_("For people without an account. Others register themselves on the page of the course."),
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def withdraw_guest(request: SignedIn, pk: int) -> HttpResponse:
    guest = find_guest(request, pk)
    undo = resolve_url("desk:restore_guest", pk)
    attempt(request, waiting_list.withdraw_guest, _("The registration was withdrawn."), undo=undo, registration=guest)
    return redirect(listed(guest.session_id))


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_guest(request: SignedIn, pk: int) -> HttpResponse:
    guest = find_guest(request, pk)
    attempt(request, waiting_list.restore_guest, _("Registered again."), registration=guest)
    return redirect(listed(guest.session_id))


def find_guest(request: SignedIn, pk: int) -> CourseRegistration:
    guests = CourseRegistration.objects.visible_to(request.user).filter(person=None)
    return get_object_or_404(guests.select_related("session__course"), pk=pk)


def listed(pk: int) -> str:
    return resolve_url("desk:session_participants", pk)
