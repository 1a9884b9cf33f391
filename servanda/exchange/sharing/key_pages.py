"""The presses that replace and revoke own keys."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from servanda.exchange.models import SigningKey
from servanda.exchange.sharing import keys
from servanda.exchange.sharing.forms import RevokeForm
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt


@form_page
@requires(Can.IMPORT)
def replace_key(request: HttpRequest) -> HttpResponse:
    """Asks before it replaces the key."""
    if request.method == "POST":
        attempt(request, keys.replace_key, _("Key replaced. Peers follow with the next parcel."))
        return redirect("exchange:peers")
    own = SigningKey.objects.current().first()
    if own is None:
        messages.error(request, keys.no_key())
        return redirect("exchange:peers")
    return render(request, "exchange/sharing/replace_key.html", {"fingerprint": keys.grouped(own.fingerprint)})


@form_page
@requires(Can.IMPORT)
def revoke_key(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """Of the key that signs, or of a former one whose statement peers would still follow."""
    key = get_object_or_404(SigningKey.objects.trusted(), fingerprint=fingerprint)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        attempt(request, keys.revoke_key, revoked(key), key=key, reason=form.cleaned_data["reason"])
        return redirect("exchange:peers")
    context = {"form": form, "key": key, "fingerprint": keys.grouped(key.fingerprint)}
    return render(request, "exchange/sharing/revoke_key.html", context, status=422 if form.errors else 200)


def revoked(key: SigningKey) -> str:
    if key.signs:
        return _("Key revoked. Read the fingerprint of the next key to all peers.")
    return _("Key revoked. The present key has not changed.")
