"""Pages on which an institution is closed, succeeded or opened again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.institutions.pages import ask, find, page_address, submit
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt
from servanda.people.successions import services
from servanda.people.successions.forms import CloseForm, SucceedForm


@form_page
@requires(Can.MANAGE_PEOPLE)
def close_institution(request: HttpRequest, pk: int) -> HttpResponse:
    known = find(request, pk)
    form = CloseForm(request.POST or None, initial={"on": timezone.localdate()})
    if submit(request, form, services.close_institution, institution=known):
        messages.success(request, _("Institution closed. You can reopen it on its page."))
        return redirect(page_address(known))
    lead = _("The institution will have no successor. Its appointments end on the same date.")
    title = _("Close %(institution)s") % {"institution": known}
    return ask(
        request, form, title=title, lead=lead, button=pgettext("institution", "Close"), cancel=page_address(known)
    )


@form_page
@requires(Can.MANAGE_PEOPLE)
@makes_once
def succeed_institution(request: HttpRequest, pk: int) -> HttpResponse:
    known = find(request, pk)
    start = {"on": timezone.localdate(), "moves_appointments": True}
    form = SucceedForm(request.POST or None, institution=known, by=request.user, initial=start)
    if submit(request, form, services.succeed_institution, institution=known):
        messages.success(
            request, _("Successors saved. They have access to everything that was open to the institution.")
        )
        return redirect(page_address(known))
    lead = _("After a merger, a split or a change of name, enter the successors and the date.")
    title = _("Successors of %(institution)s") % {"institution": known}
    return ask(request, form, title=title, lead=lead, cancel=page_address(known))


@require_POST
@requires(Can.MANAGE_PEOPLE)
def reopen_institution(request: HttpRequest, pk: int) -> HttpResponse:
    known = find(request, pk)
    attempt(
        request,
        services.reopen_institution,
        _("Institution reopened, with its former appointments and parts."),
        institution=known,
    )
    return redirect(page_address(known))
