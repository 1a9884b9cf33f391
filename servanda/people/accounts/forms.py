"""Forms on accounts, for those who manage people and for one's own account."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.forms import DateInput, NameField
from servanda.people.access import OFFICES, Role
from servanda.people.models import AccountState, Appointment, Institution, User, UserQuerySet
from servanda.people.naming import InstitutionByName

NO_OFFICE = ("", _("None: by appointment only"))


def office_choices() -> list[tuple[str, object]]:
    return [NO_OFFICE, *((role.value, role.label) for role in OFFICES)]


def language_choices() -> list[tuple[str, object]]:
    return [(code, gettext(name)) for code, name in settings.LANGUAGES]


class PeopleFilter(forms.Form):
    """The filters of the list of people; invalid ones are ignored."""

    words = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False)
    institution = InstitutionByName(
        Institution.objects.none(), label=_("Institution"), required=False, empty_label=_("All institutions")
    )
    state = forms.ChoiceField(label=_("Account"), required=False)

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, auto_id="people-%s", **kwargs)
        roles = [(role.value, role.label) for role in Role if role != Role.PUBLIC]
        self.fields["role"].choices = [("", _("All roles")), *roles]
        self.fields["state"].choices = [("", _("All accounts")), *AccountState.choices]
        self.fields["institution"].queryset = Institution.objects.visible_to(user)

    def choose(self, people: UserQuerySet) -> UserQuerySet:
        self.is_valid()
        filters = self.cleaned_data
        for word in filters.get("words", "").split():
            people = people.filter(has_word("name", word) | has_word("email", word))
        if role := filters.get("role"):
            people = people.filter(holding(role))
        if institution := filters.get("institution"):
            appointments = Appointment.objects.current(on=timezone.localdate()).filter(institution=institution)
            people = people.filter(pk__in=appointments.values("person"))
        if state := filters.get("state"):
            return people.in_state(state)
        return people.filter(erased_at=None)


def holding(role: str) -> Q:
    if role not in OFFICES:
        functions = [function for function, granted in Appointment.ROLES.items() if granted == role]
        appointments = Appointment.objects.current(on=timezone.localdate()).filter(function__in=functions)
        return Q(pk__in=appointments.values("person"))
    if role == Role.ADMINISTRATOR:
        return Q(role=role) | Q(emergency_until__gt=timezone.now())
    return Q(role=role)


class AccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "phone", "language", "digest", "away_from", "away_until"]
        field_classes = {"name": NameField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["language"] = self.instance.language or get_language()
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=language_choices(), help_text=_("Language of the pages and of your e-mails.")
        )
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["phone"].widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        for name in ("away_from", "away_until"):
            self.fields[name].widget = DateInput()

    def clean(self):
        days = [self.cleaned_data.get(name) for name in ("away_from", "away_until")]
        if not self.errors and any(days):
            if not all(days):
                missing = "away_until" if days[0] else "away_from"
                self.add_error(missing, gettext("Enter both dates of your absence, or neither."))
            elif days[1] < days[0]:
                self.add_error(
                    "away_until", gettext("The end date is before the start date. Correct one of the two dates.")
                )
        return self.cleaned_data


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Role in the mechanism"),
        required=False,
        help_text=_("The person is logged out everywhere. The new role applies from the next log-in."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = office_choices()


class ErasureForm(forms.Form):
    """Confirm the erasure by typing the person's address."""

    email = forms.CharField(label=_("Enter the e-mail address of the person"), max_length=254)

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["email"].widget.attrs |= {"autocomplete": "off", "dir": "ltr"}

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        if email != self.person.email:
            raise ValidationError(gettext("Enter the e-mail address of this person exactly."))
        return email
