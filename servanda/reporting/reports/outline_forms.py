"""The forms about the sections of a report that was started."""

from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.files.word import is_right_to_left
from servanda.kit.pages.forms import SeenForm, TickList
from servanda.recommendations.models import Cluster
from servanda.reporting.models import ReportSection, TemplateSection
from servanda.reporting.reports.outline import Part
from servanda.reporting.reports.splitting import places_in
from servanda.reporting.reports.template_changes import SectionChange
from servanda.vocab.models import Term


class HeadingForm(forms.Form):
    heading = forms.CharField(
        label=gettext_lazy("Heading"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )


class AddSectionForm(HeadingForm):
    after = forms.ChoiceField(
        label=gettext_lazy("After the section"),
        required=False,
        help_text=gettext_lazy("The new section is on its level and draws on the same kinds of facts."),
    )

    def __init__(self, *args, sections: Iterable[ReportSection], **kwargs):
        self.sections = {row.key: row for row in sections}
        super().__init__(*args, initial={"after": next(reversed(self.sections), "")}, **kwargs)
        choices = [(row.key, row.heading) for row in self.sections.values()]
        self.fields["after"].choices = [("", gettext_lazy("At the beginning")), *choices]

    @property
    def section(self) -> ReportSection | None:
        return self.sections.get(self.cleaned_data["after"])


class SplitForm(SeenForm):
    """Where a text is divided, and the heading of the new section."""

    place = forms.ChoiceField(
        label=gettext_lazy("Divide before"),
        help_text=gettext_lazy(
            "The paragraph and all behind it become a new section, with their comments and notes."
        ),
    )
    heading = forms.CharField(
        label=gettext_lazy("Heading of the new section"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Leave empty if the place is a heading of the text, which is used then."),
    )

    def __init__(self, *args, section: ReportSection, **kwargs):
        super().__init__(*args, initial={"seen": section.version}, **kwargs)
        self.fields["place"].choices = [(str(n), str(place)) for n, place in enumerate(places_in(section.text), 1)]
        language = section.report.language
        direction = "rtl" if is_right_to_left(language) else "ltr"
        self.fields["place"].widget.attrs |= {"lang": language, "dir": direction}


class CurrentTemplateForm(forms.Form):
    """The sections that get the present guidance and facts of the template, and those of it that are added."""

    sections = forms.MultipleChoiceField(label=gettext_lazy("Sections"), widget=TickList, required=False)
    added = forms.MultipleChoiceField(
        label=gettext_lazy("Sections of the template that the report does not have"),
        widget=TickList,
        required=False,
        help_text=gettext_lazy("Select those to add, with their guidance and facts."),
    )

    def __init__(self, *args, changes: Sequence[SectionChange], absent: Sequence[TemplateSection], **kwargs):
        choices = [(change.section.key, change.section.heading) for change in changes]
        super().__init__(*args, initial={"sections": [key for key, _heading in choices]}, **kwargs)
        self.fields["sections"].choices = choices
        self.fields["added"].choices = [(row.key, str(row.heading)) for row in absent]
        for name in ("sections", "added"):
            if not self.fields[name].choices:
                del self.fields[name]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("sections", "added")):
            self.add_error(next(iter(self.fields), None), _("Select at least one section."))
        return cleaned


class DivideForm(forms.Form):
    """The labels of a taxonomy, or the clusters, that records of the report have."""

    parts = forms.MultipleChoiceField(label=gettext_lazy("A section for each of these"), widget=TickList)

    def __init__(self, *args, parts: Sequence[Part], **kwargs):
        self.by_key = {str(part.subject.pk): part for part in parts}
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = [(key, str(part)) for key, part in self.by_key.items()]

    def subjects(self) -> list[Term | Cluster]:
        return [self.by_key[key].subject for key in self.cleaned_data["parts"]]
