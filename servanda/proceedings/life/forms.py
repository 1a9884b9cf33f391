"""Forms for the facts of a proceeding, its institutions and its questions."""

from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages.forms import DateInput, TickList
from servanda.people.access import Can
from servanda.people.models import Institution, User
from servanda.people.naming import InstitutionByName, InstitutionsByName, listed_name
from servanda.proceedings.contents.forms import LanguageField, field_of, offer_named, words
from servanda.proceedings.contents.institutions import Named
from servanda.proceedings.contents.owners import roles_with
from servanda.proceedings.contents.questions import MOST_OF_DIALOGUE, QuestionValues
from servanda.proceedings.kinds import ProceedingKind, kinds
from servanda.proceedings.life.services import ProceedingValues
from servanda.proceedings.models import NamedInstitution, Proceeding, ProceedingQuestion
from servanda.sources.models import Question
from servanda.vocab.forms import BodyChoices
from servanda.vocab.models import Body

Origin = ProceedingQuestion.Origin
# Where scripts run, choosing a type fetches the same page with the bodies in their new order.
BODIES_FOLLOW = {
    "hx-get": "",
    "hx-target": "#id_bodies",
    "hx-select": "#id_bodies",
    "hx-swap": "outerHTML",
    "hx-include": "#id_bodies",
}
FREE_ROWS = 3
MOST_ROWS = 60


def sort_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The types of letters, under the name of their kind."""
    return [
        (str(kind.label), [(f"{kind.code}:{sort.code}", str(sort.label)) for sort in kind.sorts.values()])
        for kind in kinds().values()
    ]


class ProceedingForm(forms.Form):
    """The facts of a letter. Type and kind are one choice: a type belongs to one kind."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    type = forms.ChoiceField(label=gettext_lazy("Type of communication, visit, case or dialogue"))
    reference = field_of(
        Proceeding,
        "reference",
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy("As printed on the letter, for example AL SVN 1/2026."),
    )
    title = field_of(
        Proceeding,
        "title",
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Do not name persons: the institutions named below can read this."),
    )
    bodies = BodyChoices(Body.objects.none(), label=gettext_lazy("Mandates or body"), required=False, widget=TickList)
    sent_on = field_of(Proceeding, "sent_on", widget=DateInput)
    received_on = field_of(Proceeding, "received_on", widget=DateInput)
    due_on = field_of(
        Proceeding,
        "due_on",
        widget=DateInput,
        help_text=gettext_lazy(
            "As the document asks. If empty, the rule of the body sets it, where there is one. In a case: the next "
            "submission of the State."
        ),
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Responsible person"),
        required=False,
        empty_label=gettext_lazy("To be determined"),
    )
    other_addressees = field_of(
        Proceeding,
        "other_addressees",
        widget=words(2),
        help_text=gettext_lazy("Companies or other States that received the same letter."),
    )
    alleges_reprisals = field_of(
        Proceeding,
        "alleges_reprisals",
        help_text=gettext_lazy("Against people who cooperated with the body. Only the mechanism sees this."),
    )
    note = field_of(
        Proceeding, "note", widget=words(3), help_text=gettext_lazy("Only the mechanism can see this note.")
    )

    def __init__(self, *args: Any, proceeding: Proceeding | None = None, **kwargs: Any) -> None:
        if proceeding is not None:
            kwargs["initial"] = initial_of(proceeding)
        super().__init__(*args, **kwargs)
        self.proceeding = proceeding
        choices = sort_choices()
        if proceeding is not None:  # the kind stays: its steps were taken
            choices = [group for group in choices if group[0] == str(proceeding.kind_facts.label)]
        self.fields["type"].choices = choices
        self.fields["type"].widget.attrs |= BODIES_FOLLOW
        self.offer_bodies(str((self.data if self.is_bound else self.initial).get("type", "")))
        self.fields["owner"].queryset = owners()

    def offer_bodies(self, type_: str) -> None:
        """The bodies that send what was chosen come first; before a choice, each kind of body is a group."""
        field = self.fields["bodies"]
        field.queryset = Body.objects.filter(kind__in=kinds_of_bodies())
        code, _colon, sort = type_.partition(":")
        groups: dict[str, list] = {}
        for body in sorted(field.queryset, key=lambda body: place(body, kinds().get(code), sort)):
            named = groups.setdefault(group_name(body, kinds().get(code), sort), [])
            named.append((body.pk, field.label_from_instance(body)))
        field.choices = list(groups.items())

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        kind, _colon, sort = cleaned.get("type", "").partition(":")
        return cleaned | {"kind": kind, "sort": sort}

    def values(self) -> ProceedingValues:
        cleaned = self.cleaned_data
        names = ("kind", "sort", "reference", "title", "bodies", "sent_on", "received_on", "due_on", "owner")
        names += ("other_addressees", "alleges_reprisals", "note")
        return ProceedingValues(**{name: cleaned[name] for name in names} | {"bodies": list(cleaned["bodies"])})


def place(body: Body, kind: ProceedingKind | None, sort: str) -> tuple[bool, int]:
    sends = kind is not None and kind.takes(body.code, body.kind, sort)
    return not sends, list(Body.Kind).index(body.kind)


def group_name(body: Body, kind: ProceedingKind | None, sort: str) -> str:
    if kind is None:
        return str(body.get_kind_display())
    return str(kind.label) if kind.takes(body.code, body.kind, sort) else _("Other bodies")


def kinds_of_bodies() -> set[str]:
    return {body for kind in kinds().values() for body in kind.bodies}


def owners() -> models.QuerySet[User]:
    """Those who run proceedings."""
    return User.objects.filter(is_active=True, role__in=roles_with(Can.RUN_PROCEEDINGS))


def initial_of(proceeding: Proceeding) -> dict[str, object]:
    names = [name for name in ProceedingForm.base_fields if name not in ("type", "bodies", "owner", "version")]
    initial: dict[str, object] = {name: getattr(proceeding, name) for name in names}
    if proceeding.due_from in Proceeding.BY_RULE:
        initial["due_on"] = None  # so that it follows the rule if the dates change
    return initial | {
        "version": proceeding.version,
        "type": f"{proceeding.kind}:{proceeding.sort}",
        "bodies": [body.pk for body in proceeding.bodies.all()],
        "owner": proceeding.owner_id,
    }


class VersionForm(forms.Form):
    """What the person was shown, for forms that consist of rows."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class NamedForm(forms.Form):
    institution = InstitutionByName(
        Institution.objects.all(),
        label=gettext_lazy("Institution"),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    due_on = field_of(NamedInstitution, "due_on", widget=DateInput)

    def __init__(self, *args: Any, choices: list[tuple], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].choices = choices

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("due_on") and not cleaned.get("institution"):
            self.add_error("institution", _("Choose an institution, or clear the deadline."))
        return cleaned


class QuestionForm(forms.Form):
    number = forms.IntegerField(label=gettext_lazy("Number"), min_value=1, max_value=999, required=False)
    text = field_of(Question, "text", required=False, widget=words(2))
    language = LanguageField()
    institutions = InstitutionsByName(
        Institution.objects.none(), label=gettext_lazy("Institutions"), required=False, widget=TickList
    )

    def __init__(self, *args: Any, named: list[Institution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_named(self.fields["institutions"], named, empty=False)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("number") and not cleaned.get("text"):
            self.add_error("text", _("Enter the text, or clear the number."))
        if cleaned.get("text") and not cleaned.get("number"):
            self.add_error("number", _("Enter the number of the question."))
        return cleaned


def institution_choices(proceeding: Proceeding) -> list[tuple]:
    """The active institutions and those that are named already, read once for all rows of a form."""
    active = Institution.objects.active(on=timezone.localdate()).values("pk")
    named = proceeding.named.order_by().values("institution")
    offered = Institution.objects.filter(Q(pk__in=active) | Q(pk__in=named)).order_by("code")
    return [("", gettext_lazy("None")), *((place.pk, listed_name(place)) for place in offered)]


class DialogueQuestionForm(QuestionForm):
    """A question of a dialogue: sent in advance, anticipated, or asked during the dialogue."""

    origin = forms.ChoiceField(
        label=gettext_lazy("Origin"),
        required=False,
        choices=[choice for choice in Origin.choices if choice[0] != Origin.LETTER],
        initial=Origin.ANTICIPATED,
    )
    due_at = field_of(
        ProceedingQuestion,
        "due_at",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy(
            "Only if it was asked during the dialogue. If left empty, the reply is due in 48 hours."
        ),
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Responsible person"),
        required=False,
        help_text=gettext_lazy("Only if it was asked during the dialogue. This person is notified."),
    )
    answer = field_of(ProceedingQuestion, "answer", required=False, widget=words(3))

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        field.choices = [("", gettext_lazy("To be determined")), *((person.pk, str(person)) for person in people)]


NamedRows = forms.formset_factory(NamedForm, extra=FREE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
QuestionRows = forms.formset_factory(QuestionForm, extra=FREE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


DialogueQuestionRows = forms.formset_factory(
    DialogueQuestionForm, extra=FREE_ROWS, max_num=MOST_OF_DIALOGUE, absolute_max=MOST_OF_DIALOGUE + FREE_ROWS
)


def named_of(rows: forms.BaseFormSet) -> list[Named]:
    return [Named(**row) for row in rows.cleaned_data if row.get("institution")]


def questions_of(rows: forms.BaseFormSet) -> list[QuestionValues]:
    return [
        QuestionValues(
            row["number"],
            row["text"],
            row["language"],
            list(row["institutions"]),
            row.get("origin") or Origin.LETTER,
            row.get("due_at"),
            row.get("answer", ""),
            row.get("owner"),
        )
        for row in rows.cleaned_data
        if row.get("number")
    ]


class TakeStepForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    on = forms.DateField(label=gettext_lazy("Date"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


class ReturnStepForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.ChoiceField(label=gettext_lazy("Return to"))
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=words(3))

    def __init__(self, *args: Any, proceeding: Proceeding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier = reversed(proceeding.kind_facts.before(proceeding.step))
        self.fields["step"].choices = [(step.code, str(step.label)) for step in earlier]
