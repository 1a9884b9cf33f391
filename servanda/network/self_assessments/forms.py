"""Forms of a self-assessment: when and who, and the questions of one capacity."""

from collections.abc import Iterator

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, field_of, show_initial_values
from servanda.network.models import SelfAssessment, SelfAssessmentAnswer
from servanda.network.profiles.forms import AREA, LINE, LONGEST_TEXT, Seen
from servanda.network.self_assessments.queries import answers_by_question
from servanda.network.self_assessments.questions import Capacity, Question
from servanda.network.self_assessments.services import AnswerValues, SelfAssessmentValues

LEVELS = SelfAssessmentAnswer.Level.choices


class SelfAssessmentForm(Seen):
    date = field_of(SelfAssessment, "date", widget=DateInput())
    participants = field_of(
        SelfAssessment,
        "participants",
        widget=forms.TextInput(attrs=LINE),
        help_text=gettext_lazy("Offices and institutions, for example the secretariat and five ministries."),
    )

    def __init__(self, *args, assessment: SelfAssessment | None = None, **kwargs):
        if assessment:
            kwargs["initial"] = {
                "date": assessment.date,
                "participants": assessment.participants,
                "seen": assessment.version,
            }
        super().__init__(*args, **kwargs)

    def values(self) -> SelfAssessmentValues:
        return SelfAssessmentValues(date=self.cleaned_data["date"], participants=self.cleaned_data["participants"])


class AnswersForm(Seen):
    """The questions of one capacity, each with its level and what shows it."""

    def __init__(self, *args, assessment: SelfAssessment, capacity: Capacity, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = capacity.questions
        self.initial["seen"] = assessment.version
        answers = answers_by_question(assessment)
        for question in capacity.questions:
            level, evidence = parts_of(question)
            self.fields[level] = forms.TypedChoiceField(
                label=_("Level"),
                choices=[("", _("Not rated")), *LEVELS],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.Select,
            )
            self.fields[evidence] = forms.CharField(
                label=_("Evidence"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs=AREA)
            )
            if answer := answers.get(question.code):
                self.initial |= {level: answer.level, evidence: answer.evidence}
        show_initial_values(self)
        self.fields["seen"].show_hidden_initial = False

    def groups(self) -> Iterator[tuple[object, list[BoundField]]]:
        for question in self.questions:
            yield question.label, [self[name] for name in parts_of(question)]

    def answers(self) -> dict[str, AnswerValues]:
        """Only what this person changed: another one may have answered other questions since."""
        changed, cleaned = set(self.changed_data), self.cleaned_data
        return {
            question.code: AnswerValues(level=cleaned[level], evidence=cleaned[evidence].strip())
            for question in self.questions
            for level, evidence in [parts_of(question)]
            if changed.intersection({level, evidence})
        }


def parts_of(question: Question) -> tuple[str, str]:
    """The names of its two form fields."""
    return f"{question.code}.level", f"{question.code}.evidence"
