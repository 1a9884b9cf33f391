from collections.abc import Iterator, Sequence

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import TickList
from servanda.people.models import Institution
from servanda.people.naming import listed_name
from servanda.progress.rounds.forms import ANSWER, InstitutionsForm
from servanda.sources.models import Question
from servanda.sources.questions.services import WHOLE, AnswerPlan, above_whole, shares_of

LABELS = {field.name: capfirst(field.verbose_name) for field in Question._meta.fields}


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


class SharesForm(forms.Form):
    """For some questions of a section: who leads each answer, and its share of the words."""

    def __init__(self, *args, questions: Sequence[Question], **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.places = {str(place.pk): place for place in offered_leads(questions)}
        choices = [("", "–"), *((key, listed_name(place)) for key, place in self.places.items())]
        for row in questions:
            self.fields[f"lead-{row.pk}"] = forms.ChoiceField(
                label=LABELS["lead"], required=False, choices=choices, initial=str(row.lead_id or "")
            )
            self.fields[f"share-{row.pk}"] = forms.IntegerField(
                label=LABELS["share"], required=False, min_value=1, max_value=WHOLE, initial=row.share
            )
            self.fields[f"seen-{row.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000, initial=row.version
            )

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        documents = list(dict.fromkeys(row.document for row in self.questions if row.document))
        others = shares_of(documents, without=self.questions) if documents else {}
        for document in documents:
            rows = [row for row in self.questions if row.document == document]
            shares = {row.pk: cleaned.get(f"share-{row.pk}") or 0 for row in rows}
            raised = [row for row in rows if shares[row.pk] > (row.share or 0)]
            if raised and (whole := others.get(document.pk, 0) + sum(shares.values())) > WHOLE:
                self.add_error(f"share-{raised[0].pk}", above_whole(document, whole))
        return cleaned

    def look_again(self) -> None:
        """After another user's change, the next save replaces it."""
        self.data = self.data.copy()
        for row in self.questions:
            self.data[f"seen-{row.pk}"] = str(row.version)

    def rows(self) -> list[tuple[Question, forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(row, *(self[f"{name}-{row.pk}"] for name in ("lead", "share", "seen"))) for row in self.questions]

    def plans(self) -> Iterator[tuple[Question, AnswerPlan, int]]:
        """Of the questions that were changed, with the version that the person was shown."""
        for row in self.questions:
            lead = self.places.get(self.cleaned_data[f"lead-{row.pk}"])
            share = self.cleaned_data[f"share-{row.pk}"]
            if (lead, share) != (row.lead, row.share):
                plan = AnswerPlan(lead, share, list(row.institutions.all()))
                yield row, plan, self.cleaned_data[f"seen-{row.pk}"]


def offered_leads(questions: Sequence[Question]) -> QuerySet[Institution]:
    """The active institutions, and those that lead already."""
    active = Institution.objects.active(on=timezone.localdate()).order_by().values("pk")
    return Institution.objects.filter(Q(pk__in=active) | Q(pk__in=[row.lead_id for row in questions if row.lead_id]))


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
