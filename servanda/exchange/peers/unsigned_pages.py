"""The page that receives a file without a signature for one peer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from servanda.exchange.peers.forms import UnsignedForm
from servanda.exchange.peers.registers import SignedIn
from servanda.exchange.peers.unsigned import receive_unsigned as receive
from servanda.exchange.peers.views import find_peer
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.kit.server.body_limits import body_limit
from servanda.people.access import Can, holders, requires
from servanda.people.requests.refusals import refuse_in_form


@body_limit(20, to=holders(Can.IMPORT))
@form_page
@requires(Can.IMPORT)
def receive_unsigned(request: SignedIn, key: UUID) -> HttpResponse:
    shown = find_peer(request, key)
    form = UnsignedForm(request.POST, request.FILES) if request.method == "POST" else UnsignedForm()
    if request.method == "POST" and form.is_valid():
        file, sender = form.cleaned_data["file"], form.cleaned_data["sender"]
        try:
            receive(peer=shown, file=file, name=file.name, sender=sender, by=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "receive_unsigned")
        else:
            messages.success(request, _("File received. Its objects are not signed. Review them below."))
            return redirect(shown)
    context = {"form": form, "peer": shown}
    return render(request, "exchange/peers/receive_unsigned.html", context, status=422 if form.errors else 200)
