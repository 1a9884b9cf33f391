"""What the forms of several wings use."""

from collections.abc import Sequence

from django import forms
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from servanda.kit.pages.forms import TickList
from servanda.people.models import User
from servanda.recommendations.models import Recommendation
from servanda.recommendations.picking.fields import PicksRecords, RecordsField, offer_records


class RecordChoices(forms.ModelMultipleChoiceField):
    """Suggested records, each with the beginning of its text."""

    def label_from_instance(self, obj: Recommendation) -> str:
        text = next(iter(obj.texts.all()), None)
        return f"{obj.code} · {Truncator(text.text).chars(160) if text else ''}"


class SuggestedRecordsForm(PicksRecords, forms.Form):
    """Records that are searched for, and those that are suggested, none of them selected."""

    suggested = RecordChoices(Recommendation.objects.none(), required=False, widget=TickList)
    codes = RecordsField(label=_("Records"), required=False)
    suggested_label: Promise
    suggested_help: Promise

    def __init__(self, *args, user: User, suggested: Sequence[int], **kwargs):
        super().__init__(*args, **kwargs)
        records = Recommendation.objects.opened_to(user)
        offer_records(self, records)
        if suggested:
            field = self.fields["suggested"]
            field.label, field.help_text = self.suggested_label, self.suggested_help
            field.queryset = records.filter(pk__in=suggested).prefetch_related("texts")
        else:
            del self.fields["suggested"]

    def records(self) -> list[Recommendation]:
        chosen = [*self.cleaned_data.get("suggested", []), *self.cleaned_data.get("codes", [])]
        return list(dict.fromkeys(chosen))
