from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from django.utils.translation import pgettext_lazy as in_context

from servanda.kit.pages.forms import DateInput
from servanda.people.models import User
from servanda.reporting.models import SectionNote
from servanda.reporting.notes.services import LONGEST_TEXT, NoteValues


class SectionNoteForm(forms.Form):
    """What is entered depends on the kind; the service refuses what is missing."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=SectionNote.Kind.choices,
        initial=SectionNote.Kind.COMMENT,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=in_context("on a section", "Comment or task"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    passage = forms.CharField(
        label=gettext_lazy("Passage"),
        required=False,
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("Copy the passage from the Markdown text. Required for a suggestion."),
    )
    replacement = forms.CharField(
        label=gettext_lazy("New text"),
        required=False,
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy(
            "Replaces the passage once the suggestion is accepted. Leave empty to remove the passage."
        ),
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Person"),
        required=False,
        help_text=gettext_lazy("The person responsible for the task."),
    )
    due_on = forms.DateField(label=gettext_lazy("Deadline"), required=False, widget=DateInput)

    def __init__(self, *args, people: QuerySet[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people

    def values(self) -> NoteValues:
        return NoteValues(**self.cleaned_data)
