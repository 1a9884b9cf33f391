"""The form that links a question with records."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.desk.parts.forms import RecordChoices
from servanda.kit.pages.forms import TickList
from servanda.people.models import User
from servanda.recommendations.models import Recommendation
from servanda.recommendations.picking.fields import PicksRecords, RecordsField, offer_records


class QuestionLinksForm(PicksRecords, forms.Form):
    """The linked records, those that are searched for, and those with a similar text, none of them selected."""

    suggested = RecordChoices(
        Recommendation.objects.none(),
        label=_("Suggested by similar texts"),
        required=False,
        widget=TickList,
        help_text=_("Computed suggestions. Select the records that the question is about."),
    )
    codes = RecordsField(label=_("Records"), required=False)

    def __init__(self, *args, user: User, suggested: Sequence[int], **kwargs):
        super().__init__(*args, **kwargs)
        records = Recommendation.objects.opened_to(user)
        offer_records(self, records)
        if suggested:
            self.fields["suggested"].queryset = records.filter(pk__in=suggested).prefetch_related("texts")
        else:
            del self.fields["suggested"]

    def records(self) -> list[Recommendation]:
        return [*self.cleaned_data.get("suggested", []), *self.cleaned_data["codes"]]
