from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.forms import I18nFormField, I18nTextarea
from i18nfield.strings import LazyI18nString

from servanda.kit.pages.forms import DateInput, SeenForm
from servanda.vocab.forms import BodyField, label_languages
from servanda.vocab.models import Certainty, ObligationRule
from servanda.vocab.rules.queries import LABELS
from servanda.vocab.rules.services import TEXTS, VALUES, RuleValues

SHORTEST_CODE = 3


def text_field(label: object, value: LazyI18nString | None) -> I18nFormField:
    return I18nFormField(
        label=label,
        widget=I18nTextarea,
        widget_kwargs={"attrs": {"rows": 2, "dir": "auto"}},
        locales=label_languages(value),
        required=False,
        max_length=2000,
    )


class RuleForm(forms.ModelForm, SeenForm):
    """A rule; of a shipped one, the values that a local one shall have in its place."""

    class Meta:
        model = ObligationRule
        fields = ["code", *VALUES]
        labels = LABELS
        field_classes = {"body": BodyField}
        widgets = {"verified_on": DateInput, "source": forms.TextInput(attrs={"dir": "auto"})}
        help_texts = {
            "code": gettext_lazy("A short word without spaces, for example national-annual-report."),
            "body": gettext_lazy("Leave empty if the rule applies to several bodies."),
            "offset": gettext_lazy(
                "A number. A minus means before the start of the time limit, for example -12. Leave empty if the "
                "document or the body sets the deadline."
            ),
            "every": gettext_lazy("Leave empty if it is due only once."),
            "word_limit": gettext_lazy("Leave empty if there is no limit."),
            "source": gettext_lazy("The guideline, article or letter with this rule."),
            "verified_on": gettext_lazy("The date on which the source was last read."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = self.instance if self.instance.pk else None
        for name in TEXTS:
            self.fields[name] = text_field(LABELS[name], getattr(known, name) if known else None)
        self.order_fields([*self.Meta.fields, "seen"])
        if known and not known.is_own:
            self.ask_own_source(known)
        if known:
            del self.fields["code"]
            self.initial["seen"] = known.version
        else:
            del self.fields["seen"]

    def ask_own_source(self, shipped: ObligationRule) -> None:
        """What the instance changes is not in the source of the shipped rule."""
        for name in ("source", "verified_on"):
            self.initial[name] = None
        words = {"source": shipped.source}
        self.fields["source"].help_text = _("Where your change comes from. The shipped rule has: %(source)s") % words

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if len(code) < SHORTEST_CODE or code == "add":  # the address of the form for new rules
            raise forms.ValidationError(_("Enter at least three letters, digits or hyphens, and not “add”."))
        return code

    def clean(self) -> dict:
        cleaned = super().clean()
        offset, trigger = cleaned.get("offset"), cleaned.get("trigger")
        if "offset" in self.errors or not trigger:
            return cleaned
        if trigger in ObligationRule.WITHOUT_OFFSET or cleaned.get("certainty") == Certainty.TO_BE_COMMUNICATED:
            if offset is not None:
                self.add_error("offset", _("Clear the time: the document or the body sets this deadline."))
        elif offset is None:
            self.add_error("offset", _("Enter the length of the time limit."))
        elif not cleaned.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("Select the unit of the time."))
        if offset is None and "offset" not in self.errors:
            cleaned["unit"] = ""
        return cleaned

    def values(self) -> RuleValues:
        return RuleValues(**{name: self.cleaned_data[name] for name in VALUES})
