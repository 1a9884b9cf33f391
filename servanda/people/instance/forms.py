import re
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from servanda.kit.pages.forms import TickList
from servanda.people.instance.services import DESCRIPTION
from servanda.people.models import Instance, RegionalSystem

STATE_CODE = re.compile(r"[A-Z]{2,8}")
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")


class InstanceForm(forms.ModelForm):
    class Meta:
        model = Instance
        fields = DESCRIPTION

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        described = self.fields["regional_systems"]
        self.fields["regional_systems"] = forms.MultipleChoiceField(
            label=described.label,
            help_text=described.help_text,
            choices=RegionalSystem,
            required=False,
            widget=TickList,
        )
        self.initial.setdefault("regional_systems", "")
        if isinstance(saved := self.initial["regional_systems"], str):
            self.initial["regional_systems"] = saved.split(",")
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=[(zone, zone) for zone in sorted(available_timezones())]
        )

    def clean_state_code(self) -> str:
        code = self.cleaned_data["state_code"].strip().upper()
        if not STATE_CODE.fullmatch(code):
            raise forms.ValidationError(_("Enter the code of the State in two to eight letters, for example SVN."))
        return code

    def clean_regional_systems(self) -> str:
        return ",".join(self.cleaned_data["regional_systems"])

    def clean_languages(self) -> str:
        codes = [code.strip().lower() for code in self.cleaned_data["languages"].split(",") if code.strip()]
        if not codes or not all(LANGUAGE_CODE.fullmatch(code) for code in codes):
            raise forms.ValidationError(
                _("Enter codes of two or three letters, separated by commas, for example sl,en,fr")
            )
        return ",".join(dict.fromkeys(codes))
