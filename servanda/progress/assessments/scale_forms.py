"""Forms for the country's own scales."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.progress.models import Grade, Scale
from servanda.vocab.forms import label_field
from servanda.vocab.models import Body


class AddScaleForm(forms.ModelForm):
    class Meta:
        model = Scale
        fields = ["code", "name", "voice", "bodies", "source"]
        help_texts = {
            "code": gettext_lazy("A short code without spaces, for example ombudsman-rating."),
            "bodies": gettext_lazy("Codes separated by commas, for example CCPR, CAT. Leave empty for all bodies."),
            "source": gettext_lazy("The document that defines the values."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"] = label_field(_("Name"), None, max_length=160)

    def clean_bodies(self) -> str:
        codes = [code.strip() for code in self.cleaned_data["bodies"].split(",") if code.strip()]
        known = set(Body.objects.filter(code__in=codes).values_list("code", flat=True))
        if unknown := [code for code in codes if code not in known]:
            sentence = _("No body has the code %(code)s. See the list of bodies.")
            raise forms.ValidationError(sentence % {"code": unknown[0]})
        return ",".join(codes)


class AddGradeForm(forms.ModelForm):
    class Meta:
        model = Grade
        fields = ["code", "label", "common"]
        help_texts = {
            "code": gettext_lazy("A short code without spaces, for example a or largely-done."),
            "common": gettext_lazy("Used to compare this value with other assessments."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["label"] = label_field(_("Label"), None, max_length=200)
