"""Forms to invite a person, and to accept an invitation."""

from datetime import date

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from servanda.kit.pages.forms import DateInput, NameField
from servanda.people.accounts.forms import language_choices, office_choices
from servanda.people.models import Appointment, Institution, User
from servanda.people.naming import InstitutionByName


class InvitationForm(forms.Form):
    name = NameField(label=_("Name"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The invitation is sent to this address. The person also uses it to log in."),
    )
    language = forms.ChoiceField(label=_("Language of e-mails and pages"))
    role = forms.ChoiceField(label=_("Role in the mechanism"), required=False)
    institution = InstitutionByName(Institution.objects.none(), label=_("Institution"), required=False)
    function = forms.ChoiceField(
        label=_("Function in the institution"), choices=[("", "–"), *Appointment.Function.choices], required=False
    )
    act = forms.CharField(
        label=_("Act of appointment"),
        max_length=200,
        required=False,
        help_text=_("The decree, decision or letter, with its date."),
    )
    start = forms.DateField(label=_("From"), required=False, widget=DateInput)
    end = forms.DateField(
        label=_("Until"), required=False, widget=DateInput, help_text=_("End date. Leave empty if there is none.")
    )
    bodies = forms.CharField(
        label=_("Only for these bodies"),
        max_length=200,
        required=False,
        help_text=_(
            "Codes separated by commas, for example CRC, SR Torture. If a code contains a comma, end each code with "
            "a "
            "semicolon. Leave empty for all bodies."
        ),
    )

    def __init__(self, *args, user: User, gives_roles: bool, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = language_choices()
        self.fields["language"].initial = get_language()
        self.fields["institution"].queryset = Institution.objects.visible_to(user).active(on=on)
        self.fields["start"].initial = on
        if gives_roles:
            self.fields["role"].choices = office_choices()
        else:
            del self.fields["role"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("institution") and not cleaned.get("function"):
            self.add_error("function", gettext("Choose a function for this person."))
        if cleaned.get("institution") and not cleaned.get("start"):
            self.add_error("start", gettext("Enter the start date of the appointment."))
        if cleaned.get("function") and not cleaned.get("institution"):
            self.add_error("institution", gettext("Choose an institution for this function."))
        if not self.errors and not cleaned.get("institution") and not cleaned.get("role"):
            raise ValidationError(gettext("Choose an institution and a function for this person."))
        return cleaned

    def person(self) -> dict:
        """The arguments for `invite_person`."""
        cleaned = self.cleaned_data
        fields = ("institution", "function", "act", "start", "end", "bodies")
        return {
            "email": cleaned["email"],
            "name": cleaned["name"],
            "language": cleaned["language"],
            "role": cleaned.get("role", ""),
            "appointment": {field: cleaned[field] for field in fields} if cleaned["institution"] else None,
        }


class JoinForm(forms.Form):
    name = NameField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), help_text=_("Language of the pages and of your e-mails."))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["language"].choices = language_choices()
        self.initial |= {"name": person.name, "language": person.language or get_language()}
        self.fields["password"].help_text = password_validators_help_text_html()

    def clean(self) -> dict:
        cleaned = super().clean()
        if "password" in cleaned:
            self.person.name = cleaned.get("name", self.person.name)
            try:
                validate_password(cleaned["password"], self.person)
            except ValidationError as fault:
                self.add_error("password", fault)
        return cleaned
