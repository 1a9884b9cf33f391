"""Forms on closing an institution and on what takes its place."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.kit.pages.forms import DateInput, TickList
from servanda.people.institutions.forms import InstitutionsField
from servanda.people.models import Institution, User


class CloseForm(forms.Form):
    on = forms.DateField(label=_("End date"), widget=DateInput)
    act = forms.CharField(
        label=_("Legal act"),
        max_length=200,
        required=False,
        help_text=_("Law, decree or decision, with its date."),
    )


class SucceedForm(forms.Form):
    successors = InstitutionsField(
        Institution.objects.none(),
        label=_("Successors"),
        widget=TickList,
        help_text=_("One after a merger or a change of name, several after a split. Add new institutions first."),
    )
    on = forms.DateField(
        label=_("From"),
        widget=DateInput,
        help_text=_("Date of the succession. The former institution exists until the day before."),
    )
    act = forms.CharField(
        label=_("Legal act"),
        max_length=200,
        required=False,
        help_text=_("Law, decree or decision, with its date."),
    )
    moves_appointments = forms.BooleanField(
        label=_("Appoint the same people to the successor"),
        required=False,
        help_text=_("Only with a single successor. Otherwise the appointments end with the institution."),
    )

    def __init__(self, *args, institution: Institution, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        possible = Institution.objects.visible_to(by).filter(active_to=None).exclude(pk=institution.pk)
        self.fields["successors"].queryset = possible.order_by("code")
