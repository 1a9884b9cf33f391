"""Pages on which people are appointed to institutions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.appointments import services
from servanda.people.appointments.forms import AppointmentForm, NewAppointmentForm
from servanda.people.institutions.pages import ask, find, page_address, submit
from servanda.people.models import Appointment
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt


def find_appointment(request: HttpRequest, pk: int) -> Appointment:
    seen = Appointment.objects.visible_to(request.user).select_related("institution", "person")
    return get_object_or_404(seen, pk=pk)


@form_page
@requires(Can.MANAGE_PEOPLE)
@makes_once
def appoint_person(request: HttpRequest, pk: int) -> HttpResponse:
    institution = find(request, pk)
    start = {"start": timezone.localdate(), "person": request.GET.get("person", "")[:18]}
    form = NewAppointmentForm(request.POST or None, by=request.user, initial=start)
    if submit(request, form, services.appoint_person, institution=institution):
        messages.success(request, _("Appointment saved."))
        return redirect(page_address(institution))
    title = _("Appoint a person to %(institution)s") % {"institution": institution}
    return ask(request, form, title=title, button=_("Appoint"), cancel=page_address(institution))


@form_page
@requires(Can.MANAGE_PEOPLE)
def edit_appointment(request: HttpRequest, pk: int) -> HttpResponse:
    known = find_appointment(request, pk)
    title = _("%(person)s at %(institution)s") % {"person": known.person, "institution": known.institution}
    form = AppointmentForm(request.POST or None, instance=known)
    if submit(request, form, services.edit_appointment, appointment=known):
        messages.success(request, _("Saved."))
        return redirect(page_address(known.institution))
    return ask(request, form, title=title, cancel=page_address(known.institution))


@require_POST
@requires(Can.MANAGE_PEOPLE)
def reopen_appointment(request: HttpRequest, pk: int) -> HttpResponse:
    known = find_appointment(request, pk)
    attempt(
        request, services.reopen_appointment, _("Undone. The appointment continues as before."), appointment=known
    )
    return redirect(page_address(known.institution))
