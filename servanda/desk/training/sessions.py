"""Sessions of a course: added, changed and cancelled by editors; everyone registers; attendance is recorded."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.network.form_pages import ask_for_reason
from servanda.desk.record.access import SignedIn
from servanda.desk.training.views import find_course, form_of
from servanda.kit.pages.forms import form_page
from servanda.network.models import CourseRegistration, CourseSession
from servanda.network.training import services as deeds
from servanda.network.training import waiting_list
from servanda.network.training.forms import AttendanceForm, SessionForm
from servanda.network.training.queries import names_of, participants_of
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form


def find_session(request: SignedIn, pk: int) -> CourseSession:
    return get_object_or_404(CourseSession.objects.visible_to(request.user).select_related("course"), pk=pk)


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_session(request: SignedIn, key: UUID) -> HttpResponse:
    course = find_course(request, key)
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_session"):
            made = deeds.add_session(course=course, values=form.values(), by=request.user)
            messages.success(request, _("Session saved."))
            return redirect(made)
    return form_of(request, form, of=course, title=_("Add a session"))


@form_page
@requires(Can.EDIT_NETWORK)
def edit_session(request: SignedIn, pk: int) -> HttpResponse:
    found = find_session(request, pk)
    form = SessionForm(request.POST or None, session=found)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_session", edits=found):
            seen = form.cleaned_data["seen"]
            deeds.edit_session(session=found, values=form.values(), seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(found)
    return form_of(request, form, of=found.course, title=_("Edit the session"))


@form_page
@requires(Can.EDIT_NETWORK)
def cancel_session(request: SignedIn, pk: int) -> HttpResponse:
    found = find_session(request, pk)
    return ask_for_reason(
        request,
        deeds.cancel_session,
        _("The session was cancelled."),
        what={"session": found},
        about=found.course,
        leads_to=found,
        title=_("Cancel this session"),
        button=_("Cancel the session"),
        lead=_("The course shows the reason. Registrations are kept, and you can reopen the session."),
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def reopen_session(request: SignedIn, pk: int) -> HttpResponse:
    found = find_session(request, pk)
    attempt(request, deeds.reopen_session, _("The session was reopened."), session=found)
    return redirect(found)


@require_POST
@requires(Can.READ_INTERNAL)
def register_for_session(request: SignedIn, pk: int) -> HttpResponse:
    found = find_session(request, pk)
    undo = resolve_url("desk:withdraw_registration", pk)
    done = _("You are registered, or on the waiting list if all places are taken.")
    attempt(request, waiting_list.register_for_session, done, undo=undo, session=found)
    return redirect(found)


@require_POST
@requires(Can.READ_INTERNAL)
def withdraw_registration(request: SignedIn, pk: int) -> HttpResponse:
    found = find_session(request, pk)
    undo = resolve_url("desk:register_for_session", pk)
    done = _("Your registration was withdrawn.")
    attempt(request, waiting_list.withdraw_registration, done, undo=undo, session=found)
    return redirect(found)


@form_page
@requires(Can.EDIT_NETWORK)
def set_attendance(request: SignedIn, pk: int) -> HttpResponse:
    """Who is registered, in the order of registration; those on the waiting list are named above the form."""
    found = find_session(request, pk)
    rows = list(participants_of(request.user, found))
    names = names_of(rows, to=request.user)
    registered = [row for row in rows if row.state == CourseRegistration.State.REGISTERED]
    waiting = [names[row.pk] for row in rows if row.state == CourseRegistration.State.WAITING]
    form = AttendanceForm(request.POST or None, registered=registered, names=names)
    if request.method == "POST" and form.is_valid():
        attended = form.cleaned_data["attended"]
        if attempt(request, waiting_list.set_attendance, _("Saved."), session=found, attended=attended):
            return redirect(found)
    lead = _("On the waiting list: %(names)s") % {"names": ", ".join(waiting)} if waiting else ""
    return form_of(request, form, of=found.course, title=_("Participants and attendance"), lead=lead)
