from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.exchange.format.forms import kind_choices
from servanda.exchange.sharing.services import SharingValues
from servanda.kit.pages.forms import TickList


class SharingForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label=_("What is shared"),
        help_text=_("Only published objects. A kind that you clear is withdrawn from all peers."),
        choices=kind_choices,
        widget=TickList,
    )
    member_kinds = forms.MultipleChoiceField(
        label=_("What only peers that are members may read"),
        help_text=_("Further kinds of published objects. Members read these and all that is shared with everyone."),
        choices=kind_choices,
        widget=TickList,
        required=False,
    )
    is_online = forms.BooleanField(
        label=_("Publish the feed online"),
        help_text=_("Anyone can then read it, and peers can fetch it over the network."),
        required=False,
    )

    def values(self) -> SharingValues:
        return SharingValues(**{key: self.cleaned_data[key] for key in ("kinds", "member_kinds", "is_online")})


class RevokeForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
