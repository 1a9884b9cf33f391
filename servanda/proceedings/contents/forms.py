"""Forms for answers of institutions, for files, questions in rounds, and measures promised."""

from typing import Any

from django import forms
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, TickList
from servanda.people.models import Institution
from servanda.people.naming import InstitutionByName, listed_name
from servanda.planning.models import Action
from servanda.proceedings.models import Draft, Proceeding, ProceedingFile
from servanda.progress.rounds.forms import ANSWER, DueForm
from servanda.recommendations.editing import forms as editing_forms
from servanda.sources.models import Question, QuestionQuerySet

LONGEST_LABEL = 160


def words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def field_of(model: type[models.Model], name: str, **options: Any) -> forms.Field:
    return model._meta.get_field(name).formfield(**options)


class LanguageField(editing_forms.LanguageField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, **options})


def offer_named(field: forms.ModelChoiceField, named: list[Institution], *, empty: bool) -> None:
    """Offer the institutions that the proceeding names; where it names none yet, the field says so."""
    field.queryset = Institution.objects.filter(pk__in=[place.pk for place in named])
    none = [("", gettext_lazy("None"))] if empty else []
    field.choices = [*none, *((place.pk, listed_name(place)) for place in named)]
    if not named:
        field.help_text = gettext_lazy("No institution is named yet. Name institutions first.")


class DraftForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    text = field_of(
        Draft, "text", widget=words(12), help_text=gettext_lazy("Answer the questions above by their numbers.")
    )
    language = LanguageField()


class FileForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind of file"), choices=ProceedingFile.Kind.choices)
    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("PDF, Word, picture or spreadsheet."))
    is_shared = field_of(ProceedingFile, "is_shared")


class QuestionChoices(forms.ModelMultipleChoiceField):
    """Each with its number, its text and the institutions that would be asked."""

    def label_from_instance(self, question: Question) -> str:
        text = Truncator(question.text).chars(LONGEST_LABEL)
        places = format_html_join(" · ", "<bdi>{}</bdi>", ((place,) for place in question.institutions.all()))
        line = '<span>{}. <bdi>{}</bdi><br><span class="small soft">{}</span></span>'
        return format_html(line, question.number, text, places)


class AskOnQuestionsForm(DueForm):
    """A round on the questions of a letter; its title is that of the letter, so that it names no person."""

    questions = QuestionChoices(
        Question.objects.none(),
        label=gettext_lazy("Questions"),
        widget=TickList,
        help_text=gettext_lazy("Each institution sees only the questions that name it."),
    )
    question = forms.CharField(
        label=gettext_lazy("Request to the institutions"), initial=ANSWER, widget=words(3), max_length=2_000
    )

    field_order = ["questions", "due_on", "question"]

    def __init__(self, *args: Any, questions: QuestionQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = questions.prefetch_related("institutions")
        self.fields["questions"].queryset = rows
        self.initial.setdefault("questions", [question.pk for question in rows])


class PromisedMeasureForm(forms.Form):
    title = field_of(
        Action,
        "title",
        label=gettext_lazy("Measure"),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Do not name persons: the action is kept when the letter is erased."),
    )
    lead = InstitutionByName(
        Institution.objects.none(), label=gettext_lazy("Lead institution"), widget=forms.RadioSelect
    )
    due_on = field_of(Action, "due_on", widget=DateInput)

    def __init__(self, *args: Any, proceeding: Proceeding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = Institution.objects.filter(pk__in=proceeding.named.values("institution"))
        self.fields["lead"].empty_label = None
