import re

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.forms import I18nFormField, I18nTextInput
from i18nfield.strings import LazyI18nString

from servanda.kit.pages.forms import DateInput
from servanda.people.models import Instance
from servanda.vocab.lookup import PLACEHOLDERS, Lookup, compile_pattern, state_in
from servanda.vocab.models import Body, Country, Instrument, Taxonomy, Term
from servanda.vocab.models.vocabulary import other_systems
from servanda.vocab.services.editing import mark_of
from servanda.vocab.state_names import state_key
from servanda.vocab.term_table import LONGEST_LABEL, LONGEST_SHIPPED, MOST_CHARACTERS, MOST_LEVELS, read_table

BRACES = re.compile(r"\{([^{}]*)\}")
RANGE = re.compile(r"(\d{1,3})-(\d{1,3})")
INSTRUMENT_CODE = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,39}")
BODY_CODE = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,19}")
MOST_PLACEHOLDERS = 6
FEWEST_SIGNS = 2
TRIED = {"symbol_pattern", "try_symbol"}
OTHER_REGIONS = gettext_lazy(
    "Bodies of other regional systems are not offered. An administrator can add these systems in the settings."
)
ROWS = {"rows": 3, "dir": "auto"}


def note_on_regions(*, is_known: bool = False) -> str:
    """That bodies of other regions are not offered, where some are left out and the body is not known yet."""
    return "" if is_known or not other_systems() else str(OTHER_REGIONS)


def label_languages(label: LazyI18nString | None = None) -> list[str]:
    """The languages of the input fields: those of the pages, of the records, and of the label itself."""
    present = label.data if label is not None and isinstance(label.data, dict) else {}
    pages = [language for language, _name in settings.LANGUAGES]
    return list(dict.fromkeys([*pages, *Instance.current().language_codes(), *present]))


def label_field(label: str, value: LazyI18nString | None, max_length: int) -> I18nFormField:
    return I18nFormField(
        label=label,
        widget=I18nTextInput,
        locales=label_languages(value),
        max_length=max_length,
        help_text=_(
            "Required in at least one language. Readers of other languages see the English text or, failing that, "
            "another one."
        ),
    )


def short_name_field(value: LazyI18nString | None) -> I18nFormField:
    return I18nFormField(
        label=_("Short name"),
        widget=I18nTextInput,
        locales=label_languages(value),
        max_length=200,
        required=False,
        help_text=_(
            "For lists, filters and charts, for example EPU in Spanish. Leave a language empty to show the code."
        ),
    )


class SharedForm(forms.ModelForm):
    """A form that several people may open for the same object; `seen` is a digest of the values at its opening."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]
            self.initial["seen"] = mark_of(self.instance)
        else:
            del self.fields["seen"]

    def look_again(self) -> None:
        """After a conflict, keep what this person entered and let the next save overwrite the other change."""
        self.data = self.data.copy()
        self.data["seen"] = mark_of(type(self.instance)._default_manager.get(pk=self.instance.pk))


class TaxonomyForm(SharedForm):
    class Meta:
        model = Taxonomy
        fields = ["code", "name", "is_facet", "version", "source"]
        help_texts = {"code": gettext_lazy("A short word without spaces, for example national-plan.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = self.instance.name if self.instance.pk else None
        self.fields["name"] = label_field(_("Name"), known, max_length=160)


class BodyField(forms.ModelChoiceField):
    """Offers bodies by their short and full names in the language of the page."""

    def label_from_instance(self, obj: Body) -> str:
        short, name = str(obj.short), str(obj.name)
        return name if short == name else f"{short} · {name}"


class BodyChoices(forms.ModelMultipleChoiceField):
    """Offers several bodies, likewise."""

    label_from_instance = BodyField.label_from_instance


class ParentField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Term) -> str:
        return f"{'– ' * obj.level}{obj.code} · {obj}"


class TermForm(SharedForm):
    parent = ParentField(Term.objects.none(), label=gettext_lazy("Part of"), required=False)

    class Meta:
        model = Term
        fields = ["code", "parent", "label", "synonyms"]
        widgets = {"synonyms": forms.Textarea(ROWS)}
        help_texts = {
            "code": gettext_lazy("For example 2 or 2.1. The code does not change when the label changes."),
            "synonyms": gettext_lazy("Other names of this term in files. Imports recognise them."),
        }

    def __init__(self, *args, taxonomy: Taxonomy, is_shipped: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.taxonomy = taxonomy
        longest = LONGEST_SHIPPED if is_shipped else LONGEST_LABEL
        self.fields["label"] = label_field(_("Label"), self.instance.label if self.instance.pk else None, longest)
        self.fields["parent"].queryset = self.possible_parents()
        if is_shipped:
            del self.fields["parent"]

    def possible_parents(self):
        """Terms above the lowest level, except the term itself and those below it."""
        terms = self.taxonomy.terms.select_related("parent__parent")
        if self.instance.pk:
            terms = terms.exclude(pk=self.instance.pk).exclude(parent=self.instance)
            terms = terms.exclude(parent__parent=self.instance)
        return terms.exclude(parent__parent__isnull=False)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        if self.taxonomy.terms.filter(code=code).exists():
            raise forms.ValidationError(_("A term with this code already exists. Enter another code."))
        return code

    def clean_parent(self) -> Term | None:
        parent = self.cleaned_data["parent"]
        below = height(self.instance) if self.instance.pk else 0
        if parent and parent.level + 1 + below >= MOST_LEVELS:
            sentence = _("Choose a term at a higher level: at most %(most)s levels are possible.")
            raise forms.ValidationError(sentence % {"most": MOST_LEVELS})
        return parent


def height(term: Term) -> int:
    """How many levels of terms there are below a term: 0, 1 or 2."""
    below = Term.objects.filter(parent=term)
    if not below.exists():
        return 0
    return 2 if Term.objects.filter(parent__in=below).exists() else 1


class PasteForm(forms.Form):
    table = forms.CharField(
        label=gettext_lazy("Table of terms"),
        max_length=MOST_CHARACTERS,
        strip=False,
        widget=forms.Textarea({"rows": 12, "dir": "auto", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Copy the table from a spreadsheet with its header line: code, parent, then one column for each "
            "language, headed en, fr, ar and so on. If a code already exists, its labels are updated and its "
            "place is kept."
        ),
    )

    def __init__(self, *args, taxonomy: Taxonomy, is_shipped: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {term.code: term.level for term in taxonomy.terms.select_related("parent__parent")}
        self.is_shipped = is_shipped
        self.rows = []

    def clean_table(self) -> str:
        table = self.cleaned_data["table"]
        self.rows, mistakes = read_table(table, known=self.known, may_add=not self.is_shipped)
        if mistakes:
            raise forms.ValidationError(mistakes)
        return table


class BodyForm(SharedForm):
    try_symbol = forms.CharField(
        label=gettext_lazy("Symbol to test"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("A symbol of this body, to check whether the pattern matches it. It is not saved."),
    )

    class Meta:
        model = Body
        fields = ["code", "name", "short_name", "kind", "system", "assesses", "aliases", "symbol_pattern"]
        widgets = {"aliases": forms.Textarea(ROWS), "symbol_pattern": forms.TextInput({"dir": "ltr"})}
        help_texts = {
            "code": gettext_lazy(
                "Letters, digits and hyphens, for example ACERWC. The code is used in reference codes."
            ),
            "system": gettext_lazy("The organisation of the body, for example UN, OAS, AU, CoE, LAS."),
            "assesses": gettext_lazy(
                "Select this box if the body states in its own documents to what extent a State has "
                "implemented its recommendations, for example as follow-up grades."
            ),
            "aliases": gettext_lazy("Other names of this body in files. Imports recognise them."),
            "symbol_pattern": gettext_lazy(
                "A symbol with {ISO3} for the State, {n} for a number, {year} for a year, {2-18} for a number "
                "in that range and {any} for anything, for example ACERWC/{ISO3}/{n}. Put a bar | between two "
                "patterns."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = self.instance if self.instance.pk else None
        self.fields["name"] = label_field(_("Name"), known.name if known else None, 200)
        self.fields["short_name"] = short_name_field(known.short_name if known else None)
        self.order_fields([*self.Meta.fields, "try_symbol"])

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        if not BODY_CODE.fullmatch(code):
            raise forms.ValidationError(_("Use 2 to 20 letters, digits and hyphens, and begin with a letter."))
        if Body.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("A body with this code already exists. Enter another code."))
        return code

    def clean_symbol_pattern(self) -> str:
        pattern = self.cleaned_data["symbol_pattern"].strip()
        if "symbol_pattern" in self.changed_data and pattern:
            for part in pattern.split("|"):
                refuse_bad_pattern(part)
        return pattern

    def clean(self) -> dict:
        cleaned = super().clean()
        self.symbol = cleaned.pop("try_symbol", "")
        pattern = cleaned.get("symbol_pattern")
        if self.symbol and pattern and not compile_pattern(pattern).match(self.symbol):
            self.add_error(
                "try_symbol", _("The pattern does not match this symbol. Change the pattern or the symbol.")
            )
        return cleaned

    def trial(self) -> str:
        """A sentence on how an import would read the symbol, given this pattern and those of all other bodies.

        Errors of other fields are removed, because a trial does not need the rest of the form.
        """
        for name in self.errors.keys() - TRIED:
            del self.errors[name]
        pattern = self.cleaned_data.get("symbol_pattern")
        if not (pattern and self.symbol):
            return _("Enter a pattern and a symbol first.")
        match = compile_pattern(pattern).match(self.symbol)
        if match is None:
            return ""
        if first := self.body_before():
            sentence = _("Imports assign this symbol to %(body)s, which is checked first. Enter a narrower pattern.")
            return sentence % {"body": first.short}
        return sentence_of_trial(self.symbol, state_in(match))

    def body_before(self) -> Body | None:
        """Another body whose pattern also fits the symbol and that imports try first."""
        others = Body.objects.exclude(pk=self.instance.pk).exclude(symbol_pattern="")
        earlier = others.filter(order__lte=self.instance.order)
        return next((body for body in earlier if compile_pattern(body.symbol_pattern).match(self.symbol)), None)


def sentence_of_trial(symbol: str, state: str) -> str:
    country = Country.objects.filter(code=state).first()
    if country:
        sentence = _("%(symbol)s is read as a document of this body on %(country)s.")
        return sentence % {"symbol": symbol, "country": country}
    sentence = _("%(symbol)s is read as a document of this body; the symbol does not name the State.")
    return sentence % {"symbol": symbol}


def refuse_bad_pattern(part: str) -> None:
    """Accept only literal text and placeholders, so that no pattern slows imports down or matches every symbol.

    Raises:
        ValidationError: with what to change.
    """
    names = BRACES.findall(part)
    unknown = [name for name in names if name not in PLACEHOLDERS and not is_range(name)]
    plain = BRACES.sub("", part)
    if unknown or set(plain) & set("{}"):
        allowed = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise forms.ValidationError(_("Use only these between braces: %(allowed)s") % {"allowed": allowed})
    if sum(sign.isalnum() for sign in plain) < FEWEST_SIGNS:
        raise forms.ValidationError(_("Enter the letters that every symbol of this body begins with."))
    if names.count("ISO3") > 1 or names.count("any") > 1 or len(names) > MOST_PLACEHOLDERS:
        raise forms.ValidationError(_("Use {ISO3} and {any} at most once each, and no more than six placeholders."))
    if "}{" in part:
        raise forms.ValidationError(_("Put a character such as / between two placeholders."))


def is_range(name: str) -> bool:
    match = RANGE.fullmatch(name)
    return match is not None and int(match[1]) < int(match[2])


class InstrumentForm(SharedForm):
    """A treaty that the product does not know, or the description of one."""

    procedures = forms.MultipleChoiceField(
        label=gettext_lazy("Optional procedures"),
        choices=Instrument.PROCEDURES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Instrument
        field_classes = {"body": BodyField}
        fields = ["code", "name", "kind", "system", "body", "parent", "adopted_on", "in_force_on", "source"]
        widgets = {"adopted_on": DateInput, "in_force_on": DateInput}
        help_texts = {
            "code": gettext_lazy("Letters, digits and hyphens, for example ILO-C169."),
            "system": gettext_lazy("The organisation of the body, for example UN, OAS, AU, CoE, LAS."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = self.instance if self.instance.pk else None
        self.fields["name"] = label_field(_("Name"), known.name if known else None, 300)
        self.fields["parent"].queryset = Instrument.objects.exclude(pk=self.instance.pk).filter(parent=None)
        self.initial["procedures"] = self.instance.procedures.split()
        self.order_fields([*self.Meta.fields, "procedures"])

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        if not INSTRUMENT_CODE.fullmatch(code):
            raise forms.ValidationError(_("Use 2 to 40 letters, digits and hyphens, and begin with a letter."))
        if Instrument.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("A treaty with this code already exists. Enter another code."))
        return code

    def clean_procedures(self) -> str:
        return " ".join(self.cleaned_data["procedures"])

    def clean(self) -> dict:
        cleaned = super().clean()
        adopted, in_force = cleaned.get("adopted_on"), cleaned.get("in_force_on")
        if adopted and in_force and in_force < adopted:
            self.add_error("in_force_on", _("The treaty cannot enter into force before it was adopted."))
        return cleaned


class SpellingForm(forms.Form):
    country = forms.ModelChoiceField(Country.objects.all(), label=gettext_lazy("State"))
    name = forms.CharField(
        label=gettext_lazy("Spelling"),
        max_length=160,
        help_text=gettext_lazy("As printed in files. Capitals, accents and asterisks make no difference."),
    )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not state_key(name):
            raise forms.ValidationError(_("Enter a name that contains letters."))
        if taken := Lookup().country(name):
            sentence = _("This spelling already belongs to %(country)s.")
            raise forms.ValidationError(sentence % {"country": Country.objects.get(pk=taken)})
        return name
