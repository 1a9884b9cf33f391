"""With whom one entry of the network is shared."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from servanda.desk.network.form_pages import handle
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.network.models import Release
from servanda.network.releases.services import find_entry, release_of
from servanda.network.releases.services import share_entry as share
from servanda.people.access import Can, requires

NO_ONE = ("", pgettext_lazy("shared with", "No one"))


class ReleaseForm(forms.Form):
    audience = forms.ChoiceField(
        label=gettext_lazy("Shared with"),
        choices=[NO_ONE, *Release.Audience.choices],
        required=False,
        widget=forms.RadioSelect,
    )


@form_page
@requires(Can.EDIT_NETWORK)
def share_entry(request: SignedIn, kind: str, key: UUID) -> HttpResponse:
    """Choose who may read it; what is shared goes out with the next feed and parcel."""
    entry = find_entry(request.user, kind, key)
    if entry is None:
        raise Http404
    former = release_of(entry)
    form = ReleaseForm(request.POST or None, initial={"audience": former.audience if former else ""})
    lead = _(
        "What you share is in the feed and in parcels within five minutes, if its kind is shared. Peers review it, "
        "and delete it when you stop sharing it."
    )
    return handle(
        request,
        form,
        share,
        what=lambda: {"entry": entry, "audience": form.cleaned_data["audience"]},
        leads_to=entry,
        about=entry,
        title=_("Share with other mechanisms"),
        lead=lead,
    )
