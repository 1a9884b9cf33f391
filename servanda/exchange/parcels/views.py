"""The pages that receive a parcel, or a file without a signature."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from servanda.exchange.models import Peer
from servanda.exchange.parcels import services, unsigned
from servanda.exchange.parcels.forms import ParcelForm, UnsignedForm
from servanda.exchange.registers.views import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.server.body_limits import body_limit
from servanda.people.access import Can, holders, requires
from servanda.people.requests.refusals import refusals_in_form


@body_limit(20, to=holders(Can.IMPORT))
@form_page
@requires(Can.IMPORT)
def receive_parcel(request: SignedIn) -> HttpResponse:
    form = ParcelForm(request.POST, request.FILES) if request.method == "POST" else ParcelForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_in_form(request, form, "receive_parcel"):
            parcel = services.receive_parcel(file=file, name=file.name, by=request.user)
            messages.success(request, _("Parcel received. Its signatures are valid."))
            return redirect(parcel.peer)
    return render(request, "exchange/parcels/receive_parcel.html", {"form": form}, status=422 if form.errors else 200)


@body_limit(20, to=holders(Can.IMPORT))
@form_page
@requires(Can.IMPORT)
def receive_unsigned(request: SignedIn, key: UUID) -> HttpResponse:
    shown = get_object_or_404(Peer.objects.visible_to(request.user), key=key)
    form = UnsignedForm(request.POST, request.FILES) if request.method == "POST" else UnsignedForm()
    if request.method == "POST" and form.is_valid():
        file, sender = form.cleaned_data["file"], form.cleaned_data["sender"]
        with refusals_in_form(request, form, "receive_unsigned"):
            unsigned.receive_unsigned(peer=shown, file=file, name=file.name, sender=sender, by=request.user)
            messages.success(request, _("File received. Its objects are not signed. Review them below."))
            return redirect(shown)
    context = {"form": form, "peer": shown}
    return render(request, "exchange/parcels/receive_unsigned.html", context, status=422 if form.errors else 200)
