"""Forms that link records with treaties."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.desk.parts.forms import RecordChoices
from servanda.kit.pages.forms import TickList
from servanda.people.models import User
from servanda.recommendations.editing.treaty_links import Target
from servanda.recommendations.models import Recommendation
from servanda.recommendations.picking.fields import PicksRecords, RecordsField, offer_records
from servanda.sources.models import Reservation, TreatyStatus
from servanda.vocab.models import Instrument


class CodesForm(PicksRecords, forms.Form):
    """Records that are searched for, and those that are suggested by their texts, none of them selected."""

    suggested = RecordChoices(
        Recommendation.objects.none(),
        label=gettext_lazy("Suggested by their texts"),
        required=False,
        widget=TickList,
        help_text=gettext_lazy("The text names the treaty and mentions consent. Select those that ask for it."),
    )
    codes = RecordsField(label=gettext_lazy("Records"), required=False)

    def __init__(self, *args, user: User, suggested: Sequence[int], **kwargs):
        super().__init__(*args, **kwargs)
        records = Recommendation.objects.opened_to(user)
        offer_records(self, records)
        if suggested:
            self.fields["suggested"].queryset = records.filter(pk__in=suggested).prefetch_related("texts")
        else:
            del self.fields["suggested"]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not self.errors and not self.records():
            self.add_error("codes", _("Select at least one record."))
        return cleaned

    def records(self) -> list[Recommendation]:
        chosen = [*self.cleaned_data.get("suggested", []), *self.cleaned_data.get("codes", [])]
        return list(dict.fromkeys(chosen))


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
