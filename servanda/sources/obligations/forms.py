"""Forms for obligations, their steps, extensions, letters and submissions."""

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, field_of, merge_changes, show_initial_values
from servanda.kit.templatetags.pages import language_name
from servanda.people.models import Instance, Institution, User
from servanda.people.naming import InstitutionByName
from servanda.sources.models import (
    Document,
    Extension,
    Obligation,
    ObligationFile,
    ObligationLetter,
    ObligationStep,
    StepTemplate,
    Submission,
    Suspension,
)
from servanda.sources.obligations.persons import possible_persons
from servanda.sources.obligations.services import BY_SUBMISSION
from servanda.sources.obligations.steps import Step, UsualStep
from servanda.sources.obligations.submissions import SubmissionValues
from servanda.sources.obligations.values import DayFrom, ObligationValues
from servanda.vocab.forms import BodyField
from servanda.vocab.models import Body, Instrument

CODE = forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"})
LABEL = forms.TextInput(attrs={"dir": "auto"})
UN_LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
FREE_STEPS, MOST_STEPS = 3, 40


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def label_of(name: str) -> str:
    return capfirst(Obligation._meta.get_field(name).verbose_name)


def offer_languages(field: forms.Field, present: str = "") -> None:
    codes = dict.fromkeys([*UN_LANGUAGES, *Instance.current().language_codes(), present])
    field.choices = [("", "—"), *((code, language_name(code)) for code in codes if code)]


def offer_institutions(field: forms.Field, present: int | None = None) -> None:
    """Offer the active institutions, and the one that is chosen already."""
    active = Institution.objects.active(on=timezone.localdate()).order_by().values("pk")
    field.queryset = Institution.objects.filter(models.Q(pk__in=active) | models.Q(pk=present))


class ObligationForm(forms.Form):
    body = BodyField(Body.objects.all(), label=gettext_lazy("Body"))
    kind = field_of(Obligation, "kind")
    title = field_of(
        Obligation,
        "title",
        widget=LABEL,
        help_text=gettext_lazy("Optional. What is due in your own words, if the kind is not enough."),
    )
    combined = field_of(
        Obligation,
        "combined",
        widget=LABEL,
        help_text=gettext_lazy("Numbers of periodic reports submitted as one, for example: eighth and ninth."),
    )
    instrument = forms.ModelChoiceField(
        Instrument.objects.all(), label=label_of("instrument"), required=False, empty_label="—"
    )
    certainty = field_of(
        Obligation,
        "certainty",
        help_text=gettext_lazy("Only a fixed deadline can be overdue. An estimate follows from a cycle."),
    )
    due_on = field_of(Obligation, "due_on", widget=DateInput)
    day_from = field_of(Obligation, "day_from")
    document = forms.CharField(
        label=gettext_lazy("Document"),
        required=False,
        max_length=120,
        widget=CODE,
        help_text=gettext_lazy("Symbol of the document that sets the deadline, for example CEDAW/C/SVN/CO/7."),
    )
    paragraph = field_of(Obligation, "paragraph", widget=CODE)
    words = field_of(Obligation, "words", widget=LABEL)
    clock_on = field_of(
        Obligation,
        "clock_on",
        widget=DateInput,
        help_text=gettext_lazy("Date of the letter, of its receipt, or of the event from which the time runs."),
    )
    force = field_of(Obligation, "force", help_text=gettext_lazy("A voluntary report is never overdue."))
    word_limit = field_of(Obligation, "word_limit")
    language = forms.ChoiceField(label=label_of("language"), required=False)
    owner = InstitutionByName(Institution.objects.none(), label=label_of("owner"), required=False, empty_label="—")
    responsible = forms.ModelChoiceField(
        User.objects.none(),
        label=label_of("responsible"),
        required=False,
        empty_label="—",
        help_text=gettext_lazy(
            "Instead of an institution: the person who receives the reminders and sees the obligation on their desk."
        ),
    )
    note = field_of(Obligation, "note", widget=text_area(3))
    confidentiality = field_of(Obligation, "confidentiality")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, obligation: Obligation | None = None, **kwargs):
        self.obligation = obligation
        kwargs["initial"] = (initial_of(obligation) if obligation else {}) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        offer_languages(self.fields["language"], obligation.language if obligation else "")
        offer_institutions(self.fields["owner"], obligation.owner_id if obligation else None)
        present = obligation.responsible_id if obligation else None
        able = possible_persons().order_by().values("pk")
        offered = User.objects.filter(models.Q(pk__in=able) | models.Q(pk=present))
        self.fields["responsible"].queryset = offered.order_by("name", "pk")
        self.offer_sources()
        if obligation is None:
            del self.fields["version"]
        else:
            show_initial_values(self)

    def offer_sources(self) -> None:
        """A rule or an extension is a source of the deadline only where there is one."""
        offered = {DayFrom.HAND, DayFrom.DOCUMENT}
        if self.obligation is not None:
            offered |= {DayFrom(self.obligation.day_from)} | ({DayFrom.RULE} if self.obligation.rule_id else set())
        self.fields["day_from"].choices = [(value, label) for value, label in DayFrom.choices if value in offered]

    def clean_document(self) -> Document | None:
        if not (symbol := self.cleaned_data["document"].replace("\0", "").strip()):
            return None
        document = Document.objects.filter(symbol__iexact=symbol).first()
        if document is None:
            raise forms.ValidationError(
                _("No document of the register has this symbol. Leave it empty and enter it in the note.")
            )
        return document

    def values(self) -> ObligationValues:
        """The values for the service; the rule and the review are kept."""
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        kept = {name: getattr(self.obligation, name) for name in ("rule", "review")} if self.obligation else {}
        return ObligationValues(**cleaned, **kept)

    def rebased(self, current: Obligation) -> "ObligationForm":
        fresh = ObligationForm(obligation=current)
        return ObligationForm(merge_changes(self, fresh), obligation=current)

    def described(self) -> dict[str, str]:
        """What was entered, in the format of `facts`."""
        cleaned = self.cleaned_data
        values = {name: "" if cleaned[name] is None else str(cleaned[name]) for name in cleaned}
        linked = {name: getattr(cleaned.get(name), "code", "") for name in ("body", "instrument", "owner")}
        person = cleaned.get("responsible")
        return values | linked | {"responsible": str(person.pk) if person else ""}


def initial_of(obligation: Obligation) -> dict[str, object]:
    initial = {name: getattr(obligation, name) for name in ObligationForm.base_fields if hasattr(obligation, name)}
    return initial | {
        "body": obligation.body_id,
        "instrument": obligation.instrument_id,
        "owner": obligation.owner_id,
        "responsible": obligation.responsible_id,
        "document": str(obligation.document or ""),
    }


class NewObligationForm(ObligationForm):
    code = field_of(
        Obligation,
        "code",
        widget=CODE,
        required=False,
        help_text=gettext_lazy("Reference used in your own documents. Leave empty to use the next free one."),
    )


class StateForm(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("Status"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=text_area(3),
        help_text=gettext_lazy("Required if it ended without a report, for example because the body postponed it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, obligation: Obligation, **kwargs):
        initial = {"state": obligation.state, "reason": obligation.state_reason, "version": obligation.version}
        super().__init__(*args, initial=initial, **kwargs)
        hidden = Obligation.UNFINISHED if hasattr(obligation, "submission") else BY_SUBMISSION
        states = [(value, label) for value, label in Obligation.State.choices if value not in hidden]
        self.fields["state"].choices = states


class StepForm(forms.Form):
    pk = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**53)
    title = field_of(ObligationStep, "title", required=False, widget=LABEL)
    institution = InstitutionByName(
        Institution.objects.none(), label=gettext_lazy("Institution"), required=False, empty_label="—"
    )
    due_on = field_of(ObligationStep, "due_on", widget=DateInput)

    def __init__(self, *args, institutions: models.QuerySet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = institutions

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if (cleaned.get("institution") or cleaned.get("due_on")) and not cleaned.get("title"):
            self.add_error("title", _("Enter a title for the step, or clear its other fields."))
        return cleaned


Steps = forms.formset_factory(StepForm, extra=FREE_STEPS, max_num=MOST_STEPS, absolute_max=MOST_STEPS)


class StepsForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


def offered_institutions(present: list[int | None]) -> models.QuerySet:
    active = Institution.objects.active(on=timezone.localdate()).order_by().values("pk")
    return Institution.objects.filter(models.Q(pk__in=active) | models.Q(pk__in=[pk for pk in present if pk]))


def steps_of(formset: forms.BaseFormSet) -> list[Step]:
    """The steps of the formset; a row without a title is removed."""
    return [
        Step(row["title"], row["institution"], row["due_on"], row["pk"])
        for row in formset.cleaned_data
        if row.get("title")
    ]


class UsualStepForm(forms.Form):
    title = field_of(ObligationStep, "title", required=False, widget=LABEL)
    days_before = field_of(StepTemplate, "days_before", required=False)
    institution = InstitutionByName(
        Institution.objects.none(), label=gettext_lazy("Institution"), required=False, empty_label="—"
    )

    def __init__(self, *args, institutions: models.QuerySet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = institutions

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("title") and cleaned.get("days_before") is None and "days_before" not in self.errors:
            self.add_error("days_before", _("Enter the number of days before the deadline."))
        return cleaned


UsualSteps = forms.formset_factory(UsualStepForm, extra=FREE_STEPS, max_num=MOST_STEPS, absolute_max=MOST_STEPS)


def usual_steps_of(formset: forms.BaseFormSet) -> list[UsualStep]:
    return [UsualStep(**row) for row in formset.cleaned_data if row.get("title")]


class AskExtensionForm(forms.Form):
    asked_on = field_of(Extension, "asked_on", widget=DateInput)
    asked_until = field_of(Extension, "asked_until", widget=DateInput)
    ground = field_of(Extension, "ground", widget=text_area(3))


class AnswerExtensionForm(forms.Form):
    answered_on = field_of(Extension, "answered_on", widget=DateInput, required=True)
    granted_until = field_of(
        Extension,
        "granted_until",
        widget=DateInput,
        help_text=gettext_lazy("Leave empty if the body refused. The deadline moves to this date."),
    )


class SuspensionForm(forms.Form):
    starts_on = field_of(Suspension, "starts_on", widget=DateInput)
    ends_on = field_of(
        Suspension,
        "ends_on",
        widget=DateInput,
        help_text=gettext_lazy("Leave empty if it is not known yet. There is no deadline until you enter it."),
    )
    ground = field_of(Suspension, "ground", widget=text_area(3))


class EndSuspensionForm(forms.Form):
    ends_on = field_of(
        Suspension,
        "ends_on",
        widget=DateInput,
        required=True,
        help_text=gettext_lazy("The deadline moves by the days from the start of the suspension to this date."),
    )


class LetterForm(forms.Form):
    kind = field_of(ObligationLetter, "kind")
    on = field_of(ObligationLetter, "on", widget=DateInput)
    reference = field_of(ObligationLetter, "reference", widget=CODE)
    note = field_of(ObligationLetter, "note", widget=text_area(3))


class ObligationFileForm(forms.Form):
    kind = field_of(ObligationFile, "kind")
    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("PDF, Word, picture or spreadsheet."))


class SubmissionForm(forms.Form):
    submitted_on = field_of(Submission, "submitted_on", widget=DateInput)
    note_verbale = field_of(Submission, "note_verbale", widget=CODE)
    channel = field_of(
        Submission,
        "channel",
        widget=LABEL,
        help_text=gettext_lazy("How it was sent, for example by e-mail to the secretariat of the committee."),
    )
    mission = field_of(Submission, "mission", widget=LABEL)
    acknowledged_on = field_of(Submission, "acknowledged_on", widget=DateInput)
    reply = field_of(Submission, "reply", widget=CODE)
    language = forms.ChoiceField(label=label_of("language"), required=False)
    words = field_of(Submission, "words")
    annexes = field_of(Submission, "annexes", widget=text_area(3))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, obligation: Obligation, **kwargs):
        submission = getattr(obligation, "submission", None)
        names = SubmissionValues.__dataclass_fields__
        initial = {name: getattr(submission, name) for name in names} if submission else {}
        initial.setdefault("language", obligation.language)
        super().__init__(*args, initial=initial | {"version": obligation.version}, **kwargs)
        offer_languages(self.fields["language"], str(initial["language"]))

    def values(self) -> SubmissionValues:
        return SubmissionValues(**{name: self.cleaned_data[name] for name in SubmissionValues.__dataclass_fields__})
