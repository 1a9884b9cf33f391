from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from i18nfield.forms import I18nFormField, I18nTextarea, I18nTextInput
from i18nfield.strings import LazyI18nString

from servanda.kit.pages.forms import SeenForm, TickList
from servanda.kit.pages.markdown import with_examples_lazy
from servanda.reporting.facts.registry import fact_sources
from servanda.reporting.models import ReportTemplate, TemplateSection
from servanda.reporting.report_templates.services import SECTION_VALUES, VALUES, SectionValues, TemplateValues
from servanda.vocab.forms import BodyField, label_languages
from servanda.vocab.models import Body, ObligationKind

MOST_CHARACTERS = 4000
LABELS = {field.name: capfirst(field.verbose_name) for field in ReportTemplate._meta.fields}
SECTION_LABELS = {field.name: capfirst(field.verbose_name) for field in TemplateSection._meta.fields}


def line_field(label: object, value: LazyI18nString | None, *, most: int) -> I18nFormField:
    return I18nFormField(
        label=label,
        widget=I18nTextInput,
        locales=label_languages(value),
        require_all_fields=False,
        max_length=most,
        help_text=gettext_lazy("In at least one language."),
    )


def text_field(
    label: object, value: LazyI18nString | None, *, help_text: object = "", rows: int = 2
) -> I18nFormField:
    return I18nFormField(
        label=label,
        widget=I18nTextarea,
        widget_kwargs={"attrs": {"rows": rows, "dir": "auto"}},
        locales=label_languages(value),
        required=False,
        max_length=MOST_CHARACTERS,
        help_text=help_text,
    )


class TemplateForm(SeenForm):
    kinds = forms.MultipleChoiceField(
        label=LABELS["kinds"],
        choices=ObligationKind.choices,
        widget=TickList,
        help_text=gettext_lazy("The template is offered for obligations of these kinds."),
    )
    body = BodyField(
        Body.objects.all(),
        label=LABELS["body"],
        required=False,
        help_text=gettext_lazy("Leave empty if it is for several bodies."),
    )
    word_limit = forms.IntegerField(
        label=LABELS["word_limit"],
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy("Leave empty if there is none. The limit of an obligation takes precedence."),
    )
    source = forms.CharField(
        label=LABELS["source"],
        max_length=300,
        help_text=gettext_lazy("The guideline, article or letter with this structure."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args, template: ReportTemplate | None = None, **kwargs):
        if template:
            names = (name for name in VALUES if name != "kinds")
            kwargs["initial"] = {name: getattr(template, name) for name in names}
            kwargs["initial"] |= {"kinds": template.kind_codes, "seen": template.version}
        super().__init__(*args, **kwargs)
        self.fields["name"] = line_field(LABELS["name"], template and template.name, most=200)
        for name in ("counts", "note"):
            shown = getattr(template, name) if template else None
            self.fields[name] = text_field(LABELS[name], shown)
        if template is None:
            del self.fields["seen"]
        self.order_fields(["name", "kinds", "body", "word_limit", "counts", "note", "source", "seen"])

    def values(self) -> TemplateValues:
        values = {name: self.cleaned_data[name] for name in VALUES}
        return TemplateValues(**values | {"kinds": " ".join(self.cleaned_data["kinds"])})


class CopyForm(forms.Form):
    def __init__(self, *args, template: ReportTemplate, **kwargs):
        super().__init__(*args, initial={"name": template.name}, **kwargs)
        self.fields["name"] = line_field(gettext_lazy("Name of the copy"), template.name, most=200)


class SectionForm(SeenForm):
    depth = forms.ChoiceField(
        label=SECTION_LABELS["depth"], choices=[("1", "1"), ("2", "2"), ("3", "3")], initial="1"
    )
    share = forms.IntegerField(
        label=SECTION_LABELS["share"],
        required=False,
        min_value=1,
        max_value=100,
        help_text=gettext_lazy("In per cent of the word limit."),
    )
    content = forms.ChoiceField(label=SECTION_LABELS["content"], choices=TemplateSection.Content.choices)
    facts = forms.MultipleChoiceField(
        label=SECTION_LABELS["facts"],
        required=False,
        widget=TickList,
        help_text=gettext_lazy("The editor of the section offers facts of these kinds."),
    )
    is_counted = forms.BooleanField(label=SECTION_LABELS["is_counted"], required=False, initial=True)
    source = forms.CharField(
        label=SECTION_LABELS["source"],
        required=False,
        max_length=300,
        help_text=gettext_lazy("The guideline or article that asks for this section."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args, section: TemplateSection | None = None, **kwargs):
        if section:
            kwargs["initial"] = {name: getattr(section, name) for name in SECTION_VALUES}
            kwargs["initial"] |= {"facts": section.fact_codes, "seen": section.template.version}
        super().__init__(*args, **kwargs)
        self.fields["facts"].choices = [(source.code, source.label) for source in fact_sources()]
        self.fields["heading"] = line_field(SECTION_LABELS["heading"], section and section.heading, most=300)
        guidance = section.guidance if section else None
        self.fields["guidance"] = text_field(
            SECTION_LABELS["guidance"],
            guidance,
            rows=4,
            help_text=with_examples_lazy(
                gettext_lazy("For the writer of the section. Markdown: `**bold**`, `- list`, `[link](address)`.")
            ),
        )
        if section is None:
            del self.fields["seen"]
        self.order_fields(["heading", "depth", "guidance", "share", "content", "facts", "is_counted", "source"])

    def values(self) -> SectionValues:
        values = {name: self.cleaned_data[name] for name in SECTION_VALUES}
        values |= {"depth": int(values["depth"]), "facts": " ".join(values["facts"])}
        return SectionValues(**values)
