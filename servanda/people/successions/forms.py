"""Forms on closing an institution and on what takes its place."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.kit.pages.forms import DateInput, TickList
from servanda.people.institutions.forms import InstitutionsField
from servanda.people.models import Institution, User


class CloseForm(forms.Form):
    on = forms.DateField(label=_("Last day"), widget=DateInput)
    act = forms.CharField(
        label=_("By what act"),
        max_length=200,
        required=False,
        help_text=_("The law, decree or decision, with its date."),
    )


class SucceedForm(forms.Form):
    successors = InstitutionsField(
        Institution.objects.none(),
        label=_("Who takes its place"),
        widget=TickList,
        help_text=_("One after a merger or under a new name, several after a split. Add a new institution first."),
    )
    on = forms.DateField(
        label=_("From"), widget=DateInput, help_text=_("The first day; the day before is the last of the old one.")
    )
    act = forms.CharField(
        label=_("By what act"),
        max_length=200,
        required=False,
        help_text=_("The law, decree or decision, with its date."),
    )
    moves_appointments = forms.BooleanField(
        label=_("Appoint the same people there"),
        required=False,
        help_text=_("For one successor only. Without it, their appointments end with the institution."),
    )

    def __init__(self, *args, institution: Institution, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        possible = Institution.objects.visible_to(by).filter(active_to=None).exclude(pk=institution.pk)
        self.fields["successors"].queryset = possible.order_by("code")
