"""What is asked about institutions and appointments."""

from collections.abc import Callable

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from i18nfield.forms import I18nFormField, I18nTextInput
from i18nfield.strings import LazyI18nString

from servanda.kit.pages.forms import DateInput, TickList
from servanda.kit.refusal import Refused
from servanda.people.institutions.self_appointment import is_only_account
from servanda.people.institutions.versions import version_of
from servanda.people.models import AccountState, Appointment, Instance, Institution, User
from servanda.people.requests.refusals import refuse_in_form


class InstitutionLabel:
    """How a list of institutions to choose from names each."""

    def label_from_instance(self, obj: Institution) -> str:
        return f"{obj} ({obj.code})"


class InstitutionField(InstitutionLabel, forms.ModelChoiceField):
    pass


class InstitutionsField(InstitutionLabel, forms.ModelMultipleChoiceField):
    pass


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return f"{obj} ({obj.email})"


def languages_of(name: LazyI18nString | None) -> list[str]:
    """The languages to ask for: those of the pages, those of the records, and those that are there already."""
    there = name.data if name is not None and isinstance(name.data, dict) else {}
    pages = [language for language, _label in settings.LANGUAGES]
    return list(dict.fromkeys([*pages, *Instance.current().language_codes(), *there]))


class SharedForm(forms.ModelForm):
    """Several people may have it open on one thing: it remembers what it was opened on."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["seen"]
        else:
            self.initial["seen"] = version_of(self.instance)

    def look_again(self) -> None:
        """After somebody else's change: what was written stays, and the next save is meant to replace theirs."""
        if "seen" in self.fields:
            self.data = self.data.copy()
            self.data["seen"] = version_of(self.instance)


class InstitutionForm(SharedForm):
    parent = InstitutionField(
        Institution.objects.none(),
        label=_("Part of"),
        required=False,
        empty_label=_("Nothing: it stands by itself"),
    )

    class Meta:
        model = Institution
        fields = ["name", "code", "parent", "branch", "level", "email", "phone", "address", "active_from"]
        widgets = {"address": forms.Textarea({"rows": 3, "dir": "auto"}), "active_from": DateInput}
        help_texts = {
            "code": _("Letters, digits and hyphens, for instance MFA."),
            "active_from": _("Empty: since always, or nobody knows."),
        }

    def __init__(self, *args, by: User, **kwargs):
        known = kwargs.get("instance")
        super().__init__(*args, **kwargs)
        name = self.instance.name if known else None
        self.fields["name"] = I18nFormField(
            label=_("Name"),
            widget=I18nTextInput,
            locales=languages_of(name),
            max_length=200,
            help_text=_("In one language at least. Readers of another one see English, or else what is there."),
        )
        possible = Institution.objects.visible_to(by).filter(active_to=None)
        if known:
            possible = (possible | Institution.objects.filter(pk=self.instance.parent_id)).exclude(pk=known.pk)
        self.fields["parent"].queryset = possible.order_by("code")

    def clean(self) -> dict:
        cleaned = super().clean()
        begins, ends = cleaned.get("active_from"), self.instance.active_to
        if begins and ends and ends < begins:
            self.add_error("active_from", _("It was closed before that day. Choose an earlier one."))
        return cleaned


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


class AppointmentForm(SharedForm):
    class Meta:
        model = Appointment
        fields = ["function", "act", "start", "end", "bodies"]
        widgets = {"start": DateInput, "end": DateInput}

    def clean(self) -> dict:
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _("The last day lies before the first. Choose a later last day."))
        return cleaned


class NewAppointmentForm(AppointmentForm):
    person = PersonField(
        User.objects.none(),
        label=_("Person"),
        help_text=_("Somebody who is not in this list has no account yet: invite them first."),
    )
    field_order = ["person"]

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        everybody = User.objects.visible_to(by)
        if not is_only_account(by):
            everybody = everybody.exclude(pk=by.pk)
        open_accounts = everybody.in_state(AccountState.ACTIVE) | everybody.in_state(AccountState.INVITED)
        self.fields["person"].queryset = open_accounts.order_by("name", "pk")


def submit(request: HttpRequest, form: forms.BaseForm, deed: Callable, **what: object) -> object:
    """What the deed gives back, once the form is sent and in order. A refusal goes into the form, beside the field
    that it is about, and into the trail."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return deed(**form.cleaned_data, **what, by=request.user)
    except Refused as refusal:
        refuse_in_form(request, form, refusal, deed.__name__)
        if isinstance(form, SharedForm):
            form.look_again()
        return None
