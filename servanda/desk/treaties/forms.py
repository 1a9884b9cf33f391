"""Forms that link records with treaties."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.desk.parts.forms import SuggestedRecordsForm
from servanda.kit.pages.forms import TickList
from servanda.people.models import User
from servanda.recommendations.editing.treaty_links import Target
from servanda.sources.models import Reservation, TreatyStatus
from servanda.vocab.models import Instrument


class CodesForm(SuggestedRecordsForm):
    """Records that are to be linked with a treaty, at least one."""

    suggested_label = gettext_lazy("Suggested by their texts")
    suggested_help = gettext_lazy("The text names the treaty and mentions consent. Select those that ask for it.")

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not self.errors and not self.records():
            self.add_error("codes", _("Select at least one record."))
        return cleaned


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
        linked_instruments = [target.pk for target in linked if isinstance(target, Instrument)]
        self.fields["instruments"].queryset = Instrument.objects.filter(
            status__in=statuses
        ) | Instrument.objects.filter(pk__in=linked_instruments)
        reservations = Reservation.objects.filter(status__in=statuses).select_related("status__instrument")
        self.fields["reservations"].queryset = reservations
        self.initial |= {
            "instruments": linked_instruments,
            "reservations": [target.pk for target in linked if isinstance(target, Reservation)],
        }

    def targets(self) -> list[Target]:
        return [*self.cleaned_data["instruments"], *self.cleaned_data["reservations"]]
