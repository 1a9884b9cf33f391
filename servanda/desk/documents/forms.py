"""Forms for the metadata of a document and for its units."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput
from servanda.kit.templatetags.pages import language_name
from servanda.people.models import Instance
from servanda.sources.models import DocumentReading, ReadUnit
from servanda.sources.units.editing import LONGEST_TEXT
from servanda.vocab.forms import note_on_regions
from servanda.vocab.models import Body, Country, ObligationKind


def set_language(field: forms.Field, language: str) -> None:
    """Set the language of the field, for screen readers and spell checkers."""
    if language:
        field.widget.attrs["lang"] = language


class DescribeForm(forms.ModelForm):
    """The metadata as read from the first page, to be corrected."""

    body = forms.ChoiceField(label=gettext_lazy("Body"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    class Meta:
        model = DocumentReading
        fields = ["body", "country", "symbol", "title", "language", "date", "released_on"]
        fields += ["with_concerns", "with_information"]
        widgets = {
            "date": DateInput(),
            "released_on": DateInput(),
            "symbol": forms.TextInput(attrs={"dir": "ltr"}),
            "country": forms.TextInput(attrs={"dir": "ltr"}),
            "title": forms.TextInput(attrs={"dir": "auto"}),
        }
        help_texts = {
            "country": gettext_lazy("ISO code, for example SVN."),
            "released_on": gettext_lazy("By the SPT or the CPT. Without a date, the records are restricted."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        bodies = [(body.code, str(body.name)) for body in Body.objects.offered(also=[self.instance.body])]
        self.fields["body"].choices = [("", _("According to the symbol")), *bodies]
        self.fields["body"].help_text = note_on_regions(is_known=bool(self.instance.body or self.instance.symbol))
        languages = dict.fromkeys([*Instance.current().language_codes(), self.instance.language])
        self.fields["language"].choices = [
            ("", _("Not known")),
            *((code, language_name(code)) for code in languages if code),
        ]
        set_language(self.fields["title"], self.instance.language)

    def clean_country(self) -> str:
        return known_code(self.cleaned_data["country"])


def known_code(typed: str) -> str:
    """The code of a State, or "". Raises `ValidationError` for an unknown one."""
    code = typed.strip().upper()
    if code and not Country.objects.filter(code=code).exists():
        raise forms.ValidationError(_("Unknown State code. Enter the three-letter ISO code."))
    return code


class UnitForm(forms.Form):
    """One unit, as corrected."""

    is_outdated = False

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)
    number = forms.CharField(
        label=gettext_lazy("Number"), max_length=40, required=False, widget=forms.TextInput(attrs={"dir": "ltr"})
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ReadUnit.Kind.choices)
    is_follow_up = forms.BooleanField(label=gettext_lazy("Follow-up requested"), required=False)
    is_dissemination = forms.BooleanField(label=gettext_lazy("Dissemination requested"), required=False)
    deadline_day = forms.DateField(
        label=gettext_lazy("Due on"),
        required=False,
        widget=DateInput,
        help_text=gettext_lazy("Leave empty to use the deadline stated in the document, counted from its date."),
    )
    due = forms.ChoiceField(label=gettext_lazy("What is due"), choices=ObligationKind.choices, required=False)
    articles = forms.CharField(
        label=gettext_lazy("Articles"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example: 2, 3, 26."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    asked_by = forms.CharField(
        label=gettext_lazy("State that asks"),
        max_length=8,
        required=False,
        help_text=gettext_lazy("ISO code, for example SVN."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    lead = forms.CharField(
        label=gettext_lazy("Introduction to the list"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    @classmethod
    def of(cls, unit: ReadUnit, data: QueryDict | None = None) -> "UnitForm":
        flags = ("is_follow_up", "is_dissemination", "deadline_day", "due", "articles", "asked_by")
        names = ("version", "number", "kind", *flags, "lead", "text")
        form = cls(data, initial={name: getattr(unit, name) for name in names}, auto_id=f"unit-{unit.pk}-%s")
        for name in ("lead", "text"):
            set_language(form.fields[name], unit.reading.language)
        form.fields["text"].widget.attrs["autofocus"] = True
        return form

    def clean_asked_by(self) -> str:
        return known_code(self.cleaned_data["asked_by"])

    def bring_up_to_date(self, version: int) -> None:
        """Keep what was typed, and replace the saved version when it is sent again."""
        self.data = self.data.copy()
        self.data["version"] = str(version)
        self.is_outdated = True
