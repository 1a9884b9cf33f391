from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import TickList
from servanda.progress.rounds.forms import ANSWER, InstitutionsForm
from servanda.sources.models import Question


class InputForm(InstitutionsForm):
    """A request in words for one section."""

    words = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=gettext_lazy("What the institutions are to describe in this section."),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    question = forms.CharField(
        label=gettext_lazy("Request to the institutions"),
        initial=ANSWER,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    field_order = ["words", "institutions", "due_on", "title", "question"]

    def values(self) -> dict:
        names = ("words", "title", "question", "due_on")
        return {name: self.cleaned_data[name] for name in names} | {
            "institutions": list(self.cleaned_data["institutions"])
        }


class QuestionChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, question: Question) -> str:
        return f"{question.label or question.place}. {question.text}"[:300]


class SectionQuestionsForm(forms.Form):
    """The questions of one document, those of the section selected."""

    questions = QuestionChoices(
        Question.objects.none(), label=gettext_lazy("Questions"), required=False, widget=TickList
    )

    other_body = forms.BooleanField(label=gettext_lazy("Use questions of another body"), required=False)

    def __init__(self, *args, questions: QuerySet[Question], chosen: list[int], other_body: str, **kwargs):
        """`other_body` is the sentence to be confirmed; empty where the body is that of the report."""
        super().__init__(*args, initial={"questions": chosen}, **kwargs)
        self.fields["questions"].queryset = questions
        self.fields["other_body"].help_text = other_body
        if not other_body:
            del self.fields["other_body"]
