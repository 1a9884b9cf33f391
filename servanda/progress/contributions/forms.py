"""Forms for contributions, with and without an account, and for answering them."""

from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.signing import BadSignature
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from servanda.kit.pages.forms import link_field, opened_at, sign_opening
from servanda.kit.templatetags.pages import language_name
from servanda.people.models import Instance, User
from servanda.progress.assessments.forms import GradeField, grades_for
from servanda.progress.assessments.speaking import SpeakingForm
from servanda.progress.contributions.answering import reasons_to_decline
from servanda.progress.contributions.services import Submission
from servanda.progress.contributions.visitors import current_wait, words_for_expired
from servanda.progress.evidence.services import MOST_LINKS, Described
from servanda.progress.models import Contribution, Evidence, Grade, Voice
from servanda.recommendations.editing.forms import ReasonForm
from servanda.recommendations.models import Recommendation
from servanda.recommendations.picking.fields import PicksRecords, RecordsField, offer_records

LONGEST_TEXT = 10_000
MOST_RECORDS = 20


def languages() -> list[tuple[str, str]]:
    codes = dict.fromkeys([*dict(settings.LANGUAGES), *Instance.current().language_codes()])
    return [(code, language_name(code)) for code in codes]


class VisitorForm(forms.Form):
    """A form for people without an account: a trap for robots, its own key, and when it was opened."""

    website = forms.CharField(
        label=gettext_lazy("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    opened = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        key = uuid4()
        self.fields["form_key"].initial = key
        if "opened" in self.fields:
            self.fields["opened"].initial = sign_opening(key, timezone.now())

    def clean(self) -> dict:
        """For visitors, check when the form was opened. If the stamp is forged or too old, it is renewed; the text
        stays."""
        cleaned = super().clean() or self.cleaned_data
        if "opened" not in self.fields:
            return cleaned
        try:
            self.opened_at = opened_at(cleaned.get("form_key"), cleaned.get("opened", ""), on=timezone.now())
        except BadSignature:
            self.open_anew()
            raise forms.ValidationError(words_for_expired(current_wait(on=timezone.now()))) from None
        return cleaned

    def open_anew(self) -> None:
        key = uuid4()
        self.data = self.data.copy()
        self.data["form_key"], self.data["opened"] = str(key), sign_opening(key, timezone.now())

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty. It detects automated messages."))
        return ""


class ContributeForm(PicksRecords, VisitorForm):
    """The public form: no account and no file; the e-mail address is optional."""

    records = RecordsField(label=gettext_lazy("Recommendations"))
    text = forms.CharField(
        label=gettext_lazy("Your contribution"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=gettext_lazy(
            "Describe what you know, your source and what it shows. Do not name people who could be harmed."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of your text"))
    grade = GradeField(
        Grade.objects.none(),
        label=gettext_lazy("Your rating"),
        required=False,
        empty_label=gettext_lazy("No rating"),
        help_text=gettext_lazy("Your view of the implementation status of the recommendation."),
    )
    links = forms.CharField(
        label=gettext_lazy("Supporting links"),
        required=False,
        max_length=2600,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy("One link per line, at most five."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Type of evidence"), choices=Evidence.Kind.choices)
    stance = forms.ChoiceField(
        label=gettext_lazy("Relation to the State’s statements"), choices=Evidence.Stance.choices
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Make this evidence public"),
        required=False,
        help_text=gettext_lazy(
            "Once your contribution is accepted. Otherwise only the secretariat can see the evidence."
        ),
    )
    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Optional."),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy(
            "Used only to send you the answer, then deleted. Without an address, you receive a secret link."
        ),
    )
    hides_identity = forms.BooleanField(
        label=gettext_lazy("Hide my identity"),
        required=False,
        help_text=gettext_lazy(
            "Only users who answer contributions can see your name. Names in your text or on linked pages are "
            "not removed."
        ),
    )

    field_order = [
        *("records", "text", "language", "grade", "links", "kind", "stance", "is_public", "organisation", "email"),
        *("hides_identity", "website", "form_key", "opened"),
    ]

    def __init__(self, *args, visible: QuerySet[Recommendation], **kwargs):
        super().__init__(*args, **kwargs)
        offer_records(self, visible, address="portal:find_records")
        self.fields["language"].choices = languages()
        self.fields["language"].initial = get_language()
        self.fields["grade"].queryset = grades_for(Voice.INDEPENDENT)
        self.fields["kind"].initial = Evidence.Kind.REPORT
        self.fields["stance"].initial = Evidence.Stance.CONTEXT

    def clean_records(self) -> list[Recommendation]:
        records = self.cleaned_data["records"]
        if len(records) > MOST_RECORDS:
            raise forms.ValidationError(_("Enter at most %(most)d recommendations.") % {"most": MOST_RECORDS})
        return records

    def clean_links(self) -> list[str]:
        links = list(dict.fromkeys(self.cleaned_data["links"].split()))
        if len(links) > MOST_LINKS:
            raise forms.ValidationError(_("Enter at most five links. Mention any others in your text."))
        field = link_field()
        return [field.clean(link) for link in links]

    def submission(self) -> Submission:
        cleaned = self.cleaned_data
        as_entered = ("text", "language", "grade", "links", "hides_identity")
        return Submission(
            **{name: cleaned[name] for name in as_entered},
            organisation=cleaned.get("organisation", ""),
            recommendations=cleaned["records"],
            email=cleaned.get("email", ""),
            institution=cleaned.get("institution"),
            file=cleaned.get("file"),
            described=Described(
                kind=cleaned["kind"],
                stance=cleaned["stance"],
                language=cleaned["language"],
                is_public=cleaned["is_public"],
            ),
        )


class AccountContributeForm(SpeakingForm, ContributeForm):
    """The form for people with an account: a file is possible, and the answer comes as a notification."""

    organisation = None
    email = None
    website = None
    opened = None
    file = forms.FileField(
        label=gettext_lazy("Supporting file"),
        required=False,
        help_text=gettext_lazy("PDF, Word, spreadsheet, text or image."),
    )

    field_order = [
        "institution",
        "records",
        "text",
        "language",
        "grade",
        "links",
        "file",
        "kind",
        "stance",
        "is_public",
    ]

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_institutions(person)
        self.fields["hides_identity"].help_text = _(
            "Only users who answer contributions can see your name. Your file gets a neutral name, and its "
            "properties, comments and tracked changes are removed: insertions are kept, deletions are removed. "
            "The original file is not kept. Names in the text itself are not removed."
        )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=gettext_lazy("Visible to the contributor. Optional."),
    )


class MergeForm(AnswerForm):
    into = forms.ModelChoiceField(
        Contribution.objects.none(),
        label=gettext_lazy("Merge with"),
        help_text=gettext_lazy("Accepted contributions on the same records."),
    )
    field_order = ["into", "answer"]

    def __init__(self, *args, contribution: Contribution, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
        self.fields["answer"].help_text = _(
            "Visible to the contributor: why the two contributions have the same content."
        )
        same = Contribution.objects.filter(
            state=Contribution.State.ACCEPTED, recommendations__in=contribution.recommendations.all()
        )
        self.fields["into"].queryset = same.exclude(pk=contribution.pk).distinct()


class DeclineForm(ReasonForm):
    decline_reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=lambda: [("", _("Choose one")), *reasons_to_decline()],
        help_text=gettext_lazy(
            "The number of unpublished contributions on a record is shown publicly, with these reasons."
        ),
        error_messages={"required": gettext_lazy("Select a reason.")},
    )
    field_order = ["decline_reason", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Message to the contributor")
        self.fields["reason"].help_text = _("Visible only to the contributor.")
