from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.exchange.format.forms import kind_choices
from servanda.exchange.format.kinds import KINDS
from servanda.exchange.peers.services import PeerValues
from servanda.kit.pages.forms import NameField, TickList
from servanda.vocab.models import Country

A_DAY = 24  # hours
EVERY = [(1, _("Every hour")), (6, _("Every 6 hours")), (A_DAY, _("Every day")), (168, _("Every week"))]


class PeerForm(forms.Form):
    name = NameField(label=_("Name of the mechanism"), max_length=200)
    country = forms.ModelChoiceField(
        Country.objects.all(),
        label=_("State"),
        required=False,
        help_text=_("Its membership in the network decides whether the peer reads what is shared with members."),
    )
    origin = forms.CharField(
        label=_("Address of its system"),
        max_length=200,
        help_text=_("For example https://mechanism.example. All permanent addresses of its records begin with it."),
    )
    fingerprint = forms.CharField(
        label=_("Fingerprint of its key"),
        max_length=100,
        required=False,
        help_text=_(
            "40 digits. Have them read out to you on the telephone. Do not copy them from a file. Leave the field "
            "empty for a system without a key: only files without a signature are then received."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What it may send"), choices=kind_choices, widget=TickList, initial=list(KINDS)
    )

    rule_kinds = forms.MultipleChoiceField(
        label=_("Accept without review"),
        help_text=_("Data of these kinds are shown as soon as they arrive. You can decline them later."),
        choices=kind_choices,
        widget=TickList,
        required=False,
    )
    is_member = forms.BooleanField(
        label=_("This mechanism is a member"),
        help_text=_("It may read what is shared with peers that are members."),
        required=False,
    )
    reads_members = forms.BooleanField(
        label=_("Read what it shares with its members"),
        help_text=_("If it has entered your mechanism as a member."),
        required=False,
    )
    is_pulled = forms.BooleanField(
        label=_("Fetch its feed over the network"),
        help_text=_("Only if the other mechanism has its feed online. Parcels can be received as well."),
        required=False,
    )
    every_hours = forms.ChoiceField(
        label=_("How often"),
        choices=EVERY,
        required=False,
        initial=A_DAY,
        help_text=_("For the feed."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        states = sorted(((row.pk, str(row)) for row in Country.objects.all()), key=lambda choice: choice[1])
        self.fields["country"].choices = [("", "---------"), *states]  # type: ignore[attr-defined]  # -- a field of choices

    def values(self) -> PeerValues:
        """`origin` is not in the form of a peer that exists."""
        keys = ("name", "fingerprint", "kinds", "is_pulled", "rule_kinds", "is_member", "reads_members", "country")
        return PeerValues(
            **{key: self.cleaned_data[key] for key in keys},
            origin=self.cleaned_data.get("origin", ""),
            every_hours=int(self.cleaned_data["every_hours"] or A_DAY),
        )


class EditPeerForm(PeerForm):
    """Of a peer that has sent something: the address is in all ids that were received."""

    origin = None  # type: ignore[assignment]  # -- Django's way to leave out an inherited field
