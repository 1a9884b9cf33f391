"""Forms that link records with treaties."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import TickList
from servanda.people.models import User
from servanda.planning.actions.forms import records_named
from servanda.recommendations.editing.treaty_links import Target
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Reservation, TreatyStatus
from servanda.vocab.models import Instrument


class CodesForm(forms.Form):
    codes = forms.CharField(
        label=gettext_lazy("References of the records"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy("One per line."),
    )

    def __init__(self, *args, user: User, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_codes(self) -> list[Recommendation]:
        return records_named(self.cleaned_data["codes"], self.user)


class ReservationChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Reservation) -> str:
        return f"{obj.status.instrument.code} · {obj}"


class TreatyLinksForm(forms.Form):
    instruments = forms.ModelMultipleChoiceField(
        Instrument.objects.none(),
        label=gettext_lazy("Asks to ratify or accede to"),
        required=False,
        widget=TickList,
    )
    reservations = ReservationChoices(
        Reservation.objects.none(), label=gettext_lazy("Asks to withdraw"), required=False, widget=TickList
    )

    def __init__(self, *args, user: User, linked: Sequence[Target], **kwargs):
        super().__init__(*args, **kwargs)
        statuses = TreatyStatus.objects.visible_to(user).order_by()
        there = [target.pk for target in linked if isinstance(target, Instrument)]
        self.fields["instruments"].queryset = Instrument.objects.filter(
            status__in=statuses
        ) | Instrument.objects.filter(pk__in=there)
        reservations = Reservation.objects.filter(status__in=statuses).select_related("status__instrument")
        self.fields["reservations"].queryset = reservations
        self.initial |= {
            "instruments": there,
            "reservations": [target.pk for target in linked if isinstance(target, Reservation)],
        }

    def targets(self) -> list[Target]:
        return [*self.cleaned_data["instruments"], *self.cleaned_data["reservations"]]
