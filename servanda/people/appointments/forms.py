"""Forms on appointments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.kit.pages.forms import DateInput
from servanda.people.institutions.forms import SharedForm
from servanda.people.institutions.self_appointment import is_only_account
from servanda.people.models import AccountState, Appointment, User


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return f"{obj} ({obj.email})"


class AppointmentForm(SharedForm):
    class Meta:
        model = Appointment
        fields = ["function", "act", "start", "end", "bodies"]
        widgets = {"start": DateInput, "end": DateInput}

    def clean(self) -> dict:
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _("Enter an end date that is not before the start date."))
        return cleaned


class NewAppointmentForm(AppointmentForm):
    person = PersonField(
        User.objects.none(),
        label=_("Person"),
        help_text=_("If the person is not in this list, invite them first."),
    )
    field_order = ["person"]

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        everybody = User.objects.visible_to(by)
        if not is_only_account(by):
            everybody = everybody.exclude(pk=by.pk)
        open_accounts = everybody.in_state(AccountState.ACTIVE) | everybody.in_state(AccountState.INVITED)
        self.fields["person"].queryset = open_accounts.order_by("name", "pk")
