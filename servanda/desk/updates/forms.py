"""Forms for updates and their evidence."""

from uuid import uuid4

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from servanda.kit.pages.forms import LONGEST_ID, DateInput, SeveralFilesField, TickList
from servanda.kit.templatetags.pages import language_name
from servanda.people.models import Instance, Institution
from servanda.people.naming import InstitutionByName
from servanda.planning.models import Action
from servanda.progress.assessments.forms import GradeField, general_grades
from servanda.progress.evidence.file_kinds import ACCEPTED, allowed
from servanda.progress.evidence.services import Described
from servanda.progress.models import Evidence, Grade, Update
from servanda.progress.updates.permissions import institutions_to_write_for, related_to_write_on
from servanda.recommendations.clusters.fields import ClusterField, initial_records, offer_clusters
from servanda.recommendations.editing.forms import ReasonForm
from servanda.recommendations.models import Recommendation, TextVersion, by_language
from servanda.recommendations.picking.fields import PicksRecords, RecordsField, offer_records
from servanda.sources.models import Question

MOST_ALIKE = 50
MOST_ACTIONS = 100
LONGEST = 20_000
EXCERPT = 90


def languages() -> list[tuple[str, str]]:
    codes = dict.fromkeys([*Instance.current().language_codes(), *(code for code, _name in settings.LANGUAGES)])
    return [(code, language_name(code)) for code in codes]


def long_text(label, rows: int, help_text="") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=area, help_text=help_text)


class WordsForm(PicksRecords, forms.Form):
    """The text of an update, its language and its period."""

    text = long_text(gettext_lazy("Steps taken and results"), 8, gettext_lazy("One short paragraph is enough."))
    obstacles = long_text(gettext_lazy("Obstacles"), 3)
    figures = long_text(gettext_lazy("Figures"), 3, gettext_lazy("Figures on the results, with their source."))
    language = forms.ChoiceField(label=gettext_lazy("Language of the text"), required=False)
    start = forms.DateField(label=gettext_lazy("Period from"), required=False, widget=DateInput)
    end = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DateInput)

    WORDS = ("text", "obstacles", "figures", "language", "start", "end")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", "–"), *languages()]
        offer_records(self, Recommendation.every_kind.opened_to(user))

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _("Enter an end date that is not before the start date."))
        return cleaned

    def words(self) -> dict:
        absent = {"obstacles": "", "figures": "", "start": None, "end": None}
        return absent | {name: self.cleaned_data[name] for name in self.WORDS if name in self.fields}


class UpdateForm(WordsForm):
    recommendations = forms.ModelMultipleChoiceField(
        Recommendation.objects.none(), label=gettext_lazy("Records"), required=False, widget=TickList
    )
    codes = RecordsField(label=gettext_lazy("Further records"), required=False)
    actions = forms.ModelMultipleChoiceField(
        Action.objects.none(), label=gettext_lazy("Actions"), required=False, widget=TickList
    )
    proposed_grade = GradeField(
        Grade.objects.none(),
        label=gettext_lazy("Proposed level"),
        required=False,
        help_text=gettext_lazy(
            "Implementation status in the view of the institution. The coordinator decides on it. It is not public."
        ),
    )
    files = SeveralFilesField(label=gettext_lazy("Add files"), required=False)
    link = forms.URLField(label=gettext_lazy("Add a link"), required=False, max_length=500, assume_scheme="https")
    kind = forms.ChoiceField(
        label=gettext_lazy("Type of evidence"), choices=[("", "–"), *Evidence.Kind.choices], required=False
    )
    shows = forms.ChoiceField(
        label=gettext_lazy("What the evidence shows"), choices=Evidence.Shows.choices, required=False
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Make evidence public once the update is published"), required=False
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    OF_UPDATES = ("obstacles", "figures", "start", "end", "recommendations", "codes", "actions", "proposed_grade")
    FURTHER = ("obstacles", "figures", "codes", "actions", "proposed_grade")  # a round fills in the period
    is_outdated = False

    @property
    def has_further(self) -> bool:
        """Whether more than the text is filled in, searched or refused: then the page does not fold the rest."""
        is_filled = any(self[name].value() for name in self.FURTHER)
        return self.is_searching or is_filled or any(self[name].errors for name in (*self.FURTHER, "start", "end"))

    @property
    def has_evidence(self) -> bool:
        """Whether evidence was sent or refused: then the page does not fold its fields."""
        is_sent = any(self.data.get(name) for name in ("link", "kind", "is_public")) or any(self.files.values())
        return is_sent or any(self[name].errors for name in ("files", "link", "kind", "shows"))

    @property
    def is_searching(self) -> bool:
        """Not while the script saves the draft beside the search."""
        return "autosave" not in self.data and super().is_searching

    def __init__(self, *args, update: Update, user, **kwargs):
        start = {name: getattr(update, name) for name in self.WORDS} | {"seen": update.version}
        if not update.language and not update.text:
            start["language"] = get_language()  # most people write in the language in which they read
        self.linked = list(update.abouts.values_list("recommendation", flat=True))
        start["recommendations"] = self.linked
        start["shows"] = Evidence.Shows.PROCESS
        start["actions"] = list(update.actions.values_list("pk", flat=True))
        start["proposed_grade"] = update.proposed_grade_id
        super().__init__(*args, user=user, initial=start, **kwargs)
        self.fields["files"].help_text = _("%(kinds)s; at most %(most)s MB in all.") % {
            "kinds": allowed(),
            "most": settings.EVIDENCE_MB,
        }
        self.fields["files"].widget.attrs |= {"multiple": True, "accept": ACCEPTED}
        if update.question is not None:
            self.ask_for_answer(update.question)
            return
        self.fields["proposed_grade"].queryset = general_grades()
        self.offer_records(update, user)
        self.offer_actions(update, user, start["actions"])

    def ask_for_answer(self, question: Question) -> None:
        """An answer to a question is one text, with evidence; it is about no record and no period."""
        for name in (*self.OF_UPDATES, "is_public"):
            del self.fields[name]
        self.fields["text"].label, self.fields["text"].help_text = _("Answer"), ""
        if question.language:
            self.fields["language"].help_text = _("Language of the question: %(language)s.") % {
                "language": language_name(question.language)
            }

    def offer_records(self, update: Update, user) -> None:
        """Offer the linked records, those of the round, and those in the same clusters."""
        requested = update.request.items.values("recommendation") if update.request else []
        alike = list(
            related_to_write_on(update, user).order_by("order_key").values_list("pk", flat=True)[:MOST_ALIKE]
        )
        offered = Recommendation.every_kind.opened_to(user).filter(pk__in=[*self.linked, *alike])
        if update.request:
            offered |= Recommendation.every_kind.opened_to(user).filter(pk__in=requested)
        field = self.fields["recommendations"]
        field.queryset = offered.select_related("body")
        texts = TextVersion.objects.current().filter(form=TextVersion.Form.FULL)
        ordered_texts = by_language(texts.filter(recommendation__in=offered.order_by().values("pk")))
        text_of = {text.recommendation_id: text.text for text in reversed(ordered_texts)}
        notes = dict.fromkeys(alike, f" ({_('similar')})")
        field.label_from_instance = lambda record: (
            f"{record.code}{notes.get(record.pk, '')} · {shortened(text_of.get(record.pk, ''))}"
        )

    def offer_actions(self, update: Update, user, kept: list[int]) -> None:
        own = Action.objects.kept().filter(institutions=update.institution_id).values("pk")[:MOST_ACTIONS]
        chosen = {*kept, *own.values_list("pk", flat=True)}
        self.fields["actions"].queryset = Action.objects.visible_to(user).filter(pk__in=chosen)

    def values(self) -> dict:
        """The arguments for `save_update`."""
        cleaned = self.cleaned_data
        records = {record.pk: record for record in [*cleaned.get("recommendations", ()), *cleaned.get("codes", ())]}
        about = {"recommendations": list(records.values()), "actions": list(cleaned.get("actions", ()))}
        about["proposed_grade"] = cleaned.get("proposed_grade")
        return self.words() | about | {"seen": cleaned["seen"]}

    def described(self) -> Described:
        cleaned = self.cleaned_data
        return Described(
            kind=cleaned["kind"] or Evidence.Kind.OTHER,
            shows=cleaned["shows"] or Evidence.Shows.PROCESS,
            language=cleaned["language"],
            is_public=cleaned.get("is_public", False),
        )

    def files_sent(self) -> list:
        return [file for file in self.cleaned_data["files"] or [] if file]

    def bring_up_to_date(self, seen: int, *, is_outdated: bool = True) -> None:
        """Keep what was typed, but compare it with the saved version when it is sent again."""
        self.data = self.data.copy()
        self.data["seen"] = str(seen)
        self.is_outdated = is_outdated


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT].rsplit(' ', 1)[0]}…"


class ReturnForm(ReasonForm):
    """The reason for which an update goes back to its author; on the page it is below the button that approves."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Reason for returning it")


class LevelForm(forms.Form):
    """The proposed level, or another one with a reason."""

    grade = GradeField(Grade.objects.none(), label=gettext_lazy("Value"))
    reason = long_text(
        gettext_lazy("Reason"),
        6,
        gettext_lazy("The reason is published with the value. If you change the value, change the reason too."),
    )

    def __init__(self, *args, update: Update, **kwargs):
        initial = {"grade": update.proposed_grade_id, "reason": update.text}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["grade"].queryset = general_grades()
        self.fields["reason"].required = True


class QuestionField(forms.ModelChoiceField):
    """The question that the text answers, instead of records."""

    def __init__(self):
        super().__init__(Question.objects.none(), widget=forms.HiddenInput, required=False)


def offer_questions(form: forms.Form, user) -> None:
    questions = Question.objects.visible_to(user)
    form.fields["question"].queryset = questions.select_related("document__body", "body", "asked_by")


def requested_question(form: forms.Form) -> Question | None:
    """The question that is to be answered, if the person sees it; the form then asks for nothing about records."""
    key = str(form["question"].value() or "")
    question = None
    if key.isdecimal() and len(key) <= LONGEST_ID:
        question = form.fields["question"].queryset.filter(pk=key).first()
    if question is not None:
        for name in form.ABOUT_RECORDS:
            del form.fields[name]
    return question


class StartForm(PicksRecords, forms.Form):
    institution = InstitutionByName(Institution.objects.none(), label=gettext_lazy("Institution"))
    codes = RecordsField(label=gettext_lazy("Records"), required=False)
    question = QuestionField()
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    ABOUT_RECORDS = ("codes",)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offer_records(self, Recommendation.every_kind.opened_to(user))
        offer_questions(self, user)
        offered = self.fields["institution"].queryset = institutions_to_write_for(user)
        self.fields["form_key"].initial = uuid4
        first_two = list(offered[:2])
        if len(first_two) == 1:
            self.fields["institution"].initial = first_two[0].pk


class OnBehalfForm(WordsForm):
    institution = InstitutionByName(Institution.objects.none(), label=gettext_lazy("On behalf of"))
    codes = RecordsField(label=gettext_lazy("Records"), required=False)
    cluster = ClusterField(label=gettext_lazy("Cluster"))
    letter = forms.CharField(label=gettext_lazy("Letter no."), max_length=80)
    letter_date = forms.DateField(label=pgettext_lazy("from an institution", "Date of the letter"), widget=DateInput)
    scan = forms.FileField(label=gettext_lazy("Scan or file of the letter"), required=False)
    question = QuestionField()
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    ABOUT_RECORDS = ("codes", "cluster", "obstacles", "figures", "start", "end")
    field_order = ["institution", "letter", "letter_date", "scan", "codes", "cluster"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["institution"].queryset = Institution.objects.visible_to(user)
        offer_clusters(self, user, near=initial_records(self, "codes"))
        offer_questions(self, user)
        self.fields["text"].required = True
        self.fields["scan"].help_text = scan_help()
        self.fields["scan"].widget.attrs["accept"] = ACCEPTED
        self.fields["form_key"].initial = uuid4

    def ask_for_answer(self) -> Question | None:
        """An answer to a question is one text, of an institution that the question names."""
        if (question := requested_question(self)) is not None:
            self.fields["institution"].queryset = question.institutions.all()
            self.fields["text"].label, self.fields["text"].help_text = _("Answer"), ""
        return question

    def clean(self) -> dict:
        cleaned = super().clean()
        return cleaned if cleaned.get("question") else refuse_nothing_named(self, cleaned)

    def values(self) -> dict:
        cleaned = self.cleaned_data
        about = {name: cleaned[name] for name in ("institution", "letter", "letter_date", "form_key")}
        about |= {"recommendations": cleaned.get("codes") or [], "cluster": cleaned.get("cluster")}
        return self.words() | about | {"question": cleaned["question"]}


def scan_help() -> str:
    sentence = _(
        "%(kinds)s; at most %(most)s MB. It is kept as evidence. A scan is not read: enter its text in the field "
        "below."
    )
    return sentence % {"kinds": allowed(), "most": settings.EVIDENCE_MB}


def refuse_nothing_named(form: forms.Form, cleaned: dict) -> dict:
    if not form.errors and not cleaned.get("codes") and not cleaned.get("cluster"):
        form.add_error("codes", _("Select at least one record, or choose a cluster."))
    return cleaned


class LinkUpdateForm(PicksRecords, forms.Form):
    codes = RecordsField(label=gettext_lazy("Also show on these records"), required=False)
    cluster = ClusterField(label=gettext_lazy("Also show on this cluster"))

    def __init__(self, *args, user, near: QuerySet[Recommendation], **kwargs):
        super().__init__(*args, **kwargs)
        offer_records(self, Recommendation.every_kind.opened_to(user))
        offer_clusters(self, user, near=near)

    def clean(self) -> dict:
        return refuse_nothing_named(self, super().clean() or {})


class EvidenceForm(forms.ModelForm):
    class Meta:
        model = Evidence
        fields = ["title", "kind", "stance", "shows", "date", "language", "is_public"]
        widgets = {"date": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=gettext_lazy("Language"), required=False, choices=[("", "–"), *languages()]
        )
        self.fields["title"].widget.attrs["dir"] = "auto"

    def described(self) -> Described:
        return Described(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class AddEvidenceForm(EvidenceForm):
    """Evidence as one file or one link."""

    file = forms.FileField(label=gettext_lazy("File"), required=False)
    link = forms.URLField(
        label=pgettext_lazy("address", "Link"), required=False, max_length=500, assume_scheme="https"
    )

    field_order = ["file", "link"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = _("If left empty: the name of the file or the address of the link.")
        self.fields["file"].help_text = _("%(kinds)s; at most %(most)s MB.") % {
            "kinds": allowed(),
            "most": settings.EVIDENCE_MB,
        }
        self.fields["file"].widget.attrs["accept"] = ACCEPTED

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("file")) == bool(cleaned.get("link")):
            self.add_error("file", _("Choose a file or enter a link, not both."))
        return cleaned
