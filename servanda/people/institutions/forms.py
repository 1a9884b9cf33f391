"""The form of an institution, and fields that let people choose institutions."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from i18nfield.forms import I18nFormField, I18nTextInput
from i18nfield.strings import LazyI18nString

from servanda.kit.pages.forms import DateInput, one_line
from servanda.people.models import Instance, Institution, User
from servanda.people.naming import listed_name
from servanda.people.versioning import version_of


class InstitutionLabel:
    """The label of an institution in a list of choices."""

    def label_from_instance(self, obj: Institution) -> str:
        return f"{listed_name(obj)} ({obj.code})"


class InstitutionField(InstitutionLabel, forms.ModelChoiceField):
    pass


class InstitutionsField(InstitutionLabel, forms.ModelMultipleChoiceField):
    pass


def languages_of(name: LazyI18nString | None) -> list[str]:
    """The languages for a name: those of the pages and the records, and those that it has already."""
    present = name.data if name is not None and isinstance(name.data, dict) else {}
    pages = [language for language, _label in settings.LANGUAGES]
    return list(dict.fromkeys([*pages, *Instance.current().language_codes(), *present]))


class SharedForm(forms.ModelForm):
    """A form on an object that others may edit too: it holds the version that it was opened on."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["seen"]
        else:
            self.initial["seen"] = version_of(self.instance)

    def look_again(self) -> None:
        """After another person's change: keep what was typed; the next save replaces theirs."""
        if "seen" in self.fields:
            self.data = self.data.copy()
            self.data["seen"] = version_of(self.instance)


class InstitutionForm(SharedForm):
    parent = InstitutionField(
        Institution.objects.none(),
        label=_("Part of"),
        required=False,
        empty_label=_("No other institution"),
    )

    class Meta:
        model = Institution
        fields = ["name", "code", "parent", "branch", "level", "email", "phone", "address", "active_from"]
        widgets = {"address": forms.Textarea({"rows": 3, "dir": "auto"}), "active_from": DateInput}
        help_texts = {
            "code": _("Letters, digits and hyphens, for example MFA."),
            "active_from": _("Leave empty if there is no known start date."),
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
            help_text=_(
                "Required in at least one language. Readers of other languages see the English text or, failing "
                "that, another one."
            ),
        )
        possible = Institution.objects.visible_to(by).filter(active_to=None)
        if known:
            possible = (possible | Institution.objects.filter(pk=self.instance.parent_id)).exclude(pk=known.pk)
        self.fields["parent"].queryset = possible.order_by("code")

    def clean_name(self) -> LazyI18nString:
        name = self.cleaned_data["name"]
        given = name.data if isinstance(name.data, dict) else {}
        return LazyI18nString({language: one_line(text) for language, text in given.items()})

    def clean(self) -> dict:
        cleaned = super().clean()
        begins, ends = cleaned.get("active_from"), self.instance.active_to
        if begins and ends and ends < begins:
            self.add_error("active_from", _("The institution was closed before this date. Enter an earlier date."))
        return cleaned
