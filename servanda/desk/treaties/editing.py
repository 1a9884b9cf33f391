"""Pages that change the status under a treaty; each view has the name of its service."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _

from servanda.desk.record.access import SignedIn
from servanda.desk.treaties.views import find_treaty
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.sources.models import Reservation, TreatyStatus
from servanda.sources.treaties import services as deeds
from servanda.sources.treaties.forms import ListForm, ProceduresForm, ReservationForm, TreatyForm
from servanda.vocab.models import Instrument


def ask(request: SignedIn, form, *, title: str, status: TreatyStatus | None = None, **page) -> HttpResponse:
    cancel = resolve_url("desk:treaty", status.instrument.code) if status else resolve_url("desk:treaties")
    context = {"form": form, "title": title, "treaty": status, "cancel_url": cancel, "button": _("Save"), **page}
    return render(request, "desk/treaties/treaty_form.html", context, status=422 if form.errors else 200)


@form_page
@requires(Can.EDIT_REGISTER)
@makes_once
def list_treaties(request: SignedIn) -> HttpResponse:
    """Choose treaties of the vocabulary for the list; without a choice yet, the core ones are selected."""
    core = Instrument.objects.filter(status=None, system="UN").values_list("pk", flat=True)
    form = ListForm(request.POST or None, initial={"instruments": list(core)})
    if request.method == "POST" and form.is_valid():
        deeds.list_treaties(instruments=form.cleaned_data["instruments"], by=request.user)
        messages.success(request, _("Treaties added to the list. Enter their dates."))
        return redirect("desk:treaties")
    return ask(request, form, title=_("Load the list of treaties"), button=_("Add to the list"))


@form_page
@requires(Can.EDIT_REGISTER)
def edit_treaty(request: SignedIn, code: str) -> HttpResponse:
    status = find_treaty(request, code)
    form = TreatyForm(request.POST or None, instance=find_treaty(request, code))
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_treaty", edits=status):
            deeds.edit_treaty(status=status, values=form.values(), seen=form.cleaned_data["seen"], by=request.user)
            messages.success(request, _("Saved."))
            return redirect(status)
    return ask(request, form, title=_("Edit the status"), status=status)


@form_page
@requires(Can.EDIT_REGISTER)
def set_procedures(request: SignedIn, code: str) -> HttpResponse:
    status = find_treaty(request, code)
    form = ProceduresForm(request.POST or None, status=status)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "set_procedures", edits=status):
            deeds.set_procedures(
                status=status, procedures=form.values(), seen=form.cleaned_data["seen"], by=request.user
            )
            messages.success(request, _("Saved."))
            return redirect(status)
    return ask(request, form, title=_("Accepted procedures"), status=status)


@form_page
@requires(Can.EDIT_REGISTER)
def remove_treaty(request: SignedIn, code: str) -> HttpResponse:
    status = find_treaty(request, code)
    if request.method != "POST":
        text = _("“%(name)s” can be added to the list again.") % {"name": status}
        return ask_first(request, title=_("Remove this treaty from the list?"), text=text, status=status)
    if attempt(request, deeds.remove_treaty, _("Treaty removed from the list."), status=status):
        return redirect("desk:treaties")
    return redirect(status)


def ask_first(request: SignedIn, *, title: str, text: str, status: TreatyStatus) -> HttpResponse:
    cancel = resolve_url("desk:treaty", status.instrument.code)
    context = {"title": title, "text": text, "cancel_url": cancel, "button": _("Remove"), "is_danger": True}
    return render(request, "desk/treaties/remove.html", context)


@form_page
@requires(Can.EDIT_REGISTER)
@makes_once
def add_reservation(request: SignedIn, code: str) -> HttpResponse:
    status = find_treaty(request, code)
    form = ReservationForm(request.POST or None, status=status)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_reservation", edits=status):
            deeds.add_reservation(status=status, values=form.values(), objections=form.parsed, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(status)
    return ask(request, form, title=_("Add a reservation or declaration"), status=status)


def find_reservation(status: TreatyStatus, pk: int) -> Reservation:
    return get_object_or_404(status.reservations.select_related("status__instrument"), pk=pk)


@form_page
@requires(Can.EDIT_REGISTER)
def edit_reservation(request: SignedIn, code: str, pk: int) -> HttpResponse:
    status = find_treaty(request, code)
    form = ReservationForm(request.POST or None, instance=find_reservation(status, pk), status=status)
    if request.method == "POST" and form.is_valid():
        values = {"values": form.values(), "objections": form.parsed, "seen": form.cleaned_data["seen"]}
        with refusals_in_form(request, form, "edit_reservation", edits=status):
            deeds.edit_reservation(reservation=find_reservation(status, pk), **values, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(status)
    return ask(request, form, title=_("Edit the reservation or declaration"), status=status)


@form_page
@requires(Can.EDIT_REGISTER)
def remove_reservation(request: SignedIn, code: str, pk: int) -> HttpResponse:
    status = find_treaty(request, code)
    reservation = find_reservation(status, pk)
    if request.method != "POST":
        text = _("Delete only what was entered by mistake. If the State withdrew it, enter the date instead.")
        return ask_first(request, title=_("Delete this reservation?"), text=text, status=status)
    attempt(request, deeds.remove_reservation, _("Reservation deleted."), reservation=reservation)
    return redirect(status)
