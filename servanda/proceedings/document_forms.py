"""The form that holds what a document proposes, until a person has checked it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from servanda.kit.pages.forms import DateInput
from servanda.proceedings.cases.forms import MeasureRowForm
from servanda.proceedings.contents.forms import LanguageField, field_of
from servanda.proceedings.document_terms import first_due
from servanda.proceedings.documents import MOST_ROWS, Proposal
from servanda.proceedings.kinds import kinds
from servanda.proceedings.life.forms import ProceedingForm, QuestionForm
from servanda.proceedings.models import CaseFacts
from servanda.sources.models import DocumentReading
from servanda.vocab.own_state import own_state


class FromDocumentForm(ProceedingForm):
    """The facts of a letter or a case, as read; of a case also the date of its decision."""

    decided_on = field_of(CaseFacts, "decided_on", widget=DateInput)
    language = LanguageField()

    def __init__(self, *args: Any, proposal: Proposal, reading: DocumentReading, **kwargs: Any) -> None:
        initial = {
            "type": f"{proposal.kind}:{proposal.sort}",
            "bodies": [body.pk for body in proposal.bodies],
            "language": reading.language,
        }
        initial |= {
            name: getattr(proposal, name) for name in ("reference", "title", "sent_on", "due_on", "decided_on")
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.proposal = proposal
        self.is_case = kinds()[proposal.kind].is_case
        kind = str(kinds()[proposal.kind].label)
        self.fields["type"].choices = [group for group in self.fields["type"].choices if group[0] == kind]
        if not self.is_case:
            del self.fields["decided_on"]
        elif not proposal.due_on and (first := first_due(reading)):
            term = _("In the document: “%(term)s”.") % {"term": first.unit.deadline}
            self.fields["due_on"].help_text = f"{term} {self.fields['due_on'].help_text}"

    @property
    def lead(self) -> str:
        """What to look at: mandates that are not known, points without a row, a date that was not found."""
        sentences = [_("Read from the document. Check each value: nothing is created before you save.")]
        if not (self.proposal.sent_on or self.proposal.decided_on):
            sentences.append(_("No date was found in the document."))
        if self.proposal.is_imported:
            sentences.append(_("This document was imported: link its measures on the page of the case."))
        if self.proposal.unknown:
            names = "; ".join(self.proposal.unknown)
            sentences.append(_("Mandates that are not in the vocabulary: %(names)s.") % {"names": names})
        if self.proposal.more:
            sentences.append(_("Further points without a row here: %(number)s.") % {"number": self.proposal.more})
        return " ".join(sentences)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if self.is_case and not cleaned.get("language") and "language" not in self.errors:
            self.add_error("language", _("Enter the language of the document."))
        if self.is_case and own_state() is None:
            raise forms.ValidationError(_("Enter the State of this system first, on the page “Settings”."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        facts = {"values": self.values(), "decided_on": cleaned.get("decided_on"), "language": cleaned["language"]}
        return facts | {"country": own_state()}


class ReadMeasureForm(MeasureRowForm):
    """A point as read, with its term in the words of the document."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if term := self.initial.get("term"):
            self.fields["due_on"].help_text = _("In the document: “%(term)s”.") % {"term": term}


class ReadQuestionForm(QuestionForm):
    """A question as read. Institutions are chosen once they are named."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, named=[], **kwargs)
        del self.fields["institutions"]

    def clean(self) -> dict:
        return (super().clean() or {}) | {"institutions": []}


ROWS: dict[str, Any] = {"extra": 1, "max_num": MOST_ROWS + 1, "absolute_max": MOST_ROWS + 1}
ReadMeasures = forms.formset_factory(ReadMeasureForm, **ROWS)
ReadQuestions = forms.formset_factory(ReadQuestionForm, **ROWS)


def rows_for(proposal: Proposal, data: Mapping | None) -> forms.BaseFormSet:
    """A row for each point of a judgment, or each question of a letter."""
    if kinds()[proposal.kind].is_case:
        return ReadMeasures(data, initial=proposal.measures, prefix="row")
    return ReadQuestions(data, initial=proposal.questions, prefix="row")
