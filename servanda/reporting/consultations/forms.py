"""Forms of consultations, of comments, and of the replies to them."""

from dataclasses import replace
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy as in_context

from servanda.kit.pages.forms import DateInput, SeenForm, SeveralFilesField, TickList, field_of
from servanda.kit.pages.translations import listed
from servanda.people.models import Institution, User
from servanda.people.naming import InstitutionsByName
from servanda.progress.assessments.speaking import SpeakingForm
from servanda.progress.contributions.forms import VisitorForm, languages
from servanda.progress.rounds.days import house_zone
from servanda.reporting.consultations.attachments import ENDINGS, MEGABYTES, MOST_FILES, examined_files
from servanda.reporting.consultations.commenting import CommentValues
from servanda.reporting.consultations.queries import (
    contributing_institutions,
    contributors,
    institutions_of_contributors,
    offered_sections,
)
from servanda.reporting.consultations.services import ConsultationValues
from servanda.reporting.models import (
    CommentFile,
    Consultation,
    ConsultationComment,
    ConsultedSection,
    Report,
    ReportSection,
)

LONGEST_COMMENT = 10_000
LONGEST_INTRODUCTION = 5_000


class PeopleChoices(forms.ModelMultipleChoiceField):
    """Contributors with the institution for which they are appointed."""

    widget = TickList

    def __init__(self, **options):
        super().__init__(User.objects.none(), label=gettext_lazy("Invited contributors"), required=False, **options)

    def offer(self, people: QuerySet[User]) -> None:
        self.queryset = people
        self.institutions = institutions_of_contributors(people)

    def label_from_instance(self, person: User) -> str:
        return listed(filter(None, [str(person), self.institutions.get(person.pk, "")]))


class InstitutionChoices(InstitutionsByName):
    widget = TickList

    def __init__(self, **options):
        super().__init__(
            Institution.objects.none(),
            label=gettext_lazy("Invited institutions"),
            required=False,
            help_text=gettext_lazy("All who contribute for them, also those who join later."),
            **options,
        )


class SectionChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, section: ReportSection) -> str:
        return section.heading


class ConsultationForm(SeenForm):
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    introduction = forms.CharField(
        label=gettext_lazy("Introduction"),
        required=False,
        max_length=LONGEST_INTRODUCTION,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=gettext_lazy("What comments are most useful, and what happens with them."),
    )
    sections = SectionChoices(
        ReportSection.objects.none(),
        label=gettext_lazy("Sections"),
        required=False,
        widget=TickList,
        help_text=gettext_lazy("Select none to open the whole report."),
    )
    audience = forms.ChoiceField(
        label=in_context("of a consultation", "Who can comment"),
        choices=Consultation.Audience.choices,
        widget=forms.RadioSelect,
        initial=Consultation.Audience.INVITED,
        help_text=gettext_lazy(
            "The public comments without an account. Comments are published once you have read them."
        ),
    )
    people = PeopleChoices(help_text=gettext_lazy("They receive an e-mail when the consultation is opened."))
    institutions = InstitutionChoices()
    ends_on = field_of(
        Consultation,
        "ends_on",
        widget=DateInput,
        help_text=gettext_lazy("Comments are possible until the end of this day."),
    )

    def __init__(self, *args, report: Report, consultation: Consultation | None = None, **kwargs):
        initial = {"title": report.title} if consultation is None else initial_of(consultation)
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["sections"].queryset = offered_sections(report)
        self.fields["people"].offer(contributors())
        self.fields["institutions"].queryset = contributing_institutions()
        if consultation is None:
            del self.fields["seen"]

    def values(self) -> ConsultationValues:
        names = ("title", "introduction", "audience", "ends_on")
        values = {name: self.cleaned_data[name] for name in names}
        chosen = {name: list(self.cleaned_data[name]) for name in ("sections", "people", "institutions")}
        return ConsultationValues(**values, **chosen)


def initial_of(consultation: Consultation) -> dict[str, object]:
    names = ("title", "introduction", "audience", "ends_on")
    return {name: getattr(consultation, name) for name in names} | {
        "sections": list(consultation.sections.values_list("section", flat=True)),
        "people": list(consultation.invitations.values_list("person", flat=True)),
        "institutions": list(consultation.institutions.values_list("institution", flat=True)),
        "seen": consultation.version,
    }


class OpenForm(forms.Form):
    opens_at = forms.DateTimeField(
        label=gettext_lazy("Open at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        sentence = _("Leave empty to open it now. Time zone: %(zone)s.")
        self.fields["opens_at"].help_text = sentence % {"zone": house_zone().key}

    def full_clean(self):
        """Validate in the time zone of the mechanism."""
        with timezone.override(house_zone()):
            super().full_clean()


class ExtendForm(forms.Form):
    ends_on = field_of(Consultation, "ends_on", widget=DateInput)


class InviteForm(forms.Form):
    people = PeopleChoices(help_text=gettext_lazy("They receive an e-mail at once."))
    institutions = InstitutionChoices()

    def __init__(self, *args, consultation: Consultation, **kwargs):
        super().__init__(*args, **kwargs)
        places = consultation.institutions.order_by().values("institution")
        self.fields["institutions"].queryset = contributing_institutions().exclude(pk__in=places)
        invited = consultation.invitations.order_by().values("person")
        self.fields["people"].offer(contributors().exclude(pk__in=invited))


class CommentFields(forms.Form):
    """The fields of every comment, with or without an account."""

    section = forms.ModelChoiceField(
        ConsultedSection.objects.none(),
        label=gettext_lazy("Section"),
        required=False,
        empty_label=gettext_lazy("The whole draft"),
        to_field_name="place",
    )
    text = forms.CharField(
        label=in_context("on a draft", "Your comment"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=gettext_lazy("Quote the passage that you mean. Do not name people who could be harmed."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of your text"))

    def __init__(self, *args, consultation: Consultation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = consultation.sections.order_by("place", "pk")
        self.fields["language"].choices = languages()
        self.fields["language"].initial = get_language()

    def values(self) -> CommentValues:
        cleaned = self.cleaned_data
        return CommentValues(
            text=cleaned["text"],
            language=cleaned["language"],
            section=cleaned["section"],
            organisation=cleaned.get("organisation", ""),
            institution=cleaned.get("institution"),
        )


class WithFiles(CommentFields):
    """With an account, files can be attached."""

    files = SeveralFilesField(label=gettext_lazy("Attach files"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        limits = {"most": MOST_FILES, "size": MEGABYTES}
        sentence = _(
            "PDF, Word files and pictures; at most %(most)d, and %(size)d MB in all. Their metadata is removed. "
            "All who read your comment can download them."
        )
        self.fields["files"].help_text = sentence % limits
        self.fields["files"].widget.attrs |= {"multiple": True, "accept": ENDINGS}

    def values(self) -> CommentValues:
        """Raises `FieldRefused` for a file that is refused."""
        files = examined_files([file for file in self.cleaned_data["files"] or [] if file])
        return replace(super().values(), files=files, removed=list(self.cleaned_data.get("removed", ())))


class CommentForm(SpeakingForm, WithFiles):
    """A new comment; `form_key` prevents a second comment if the form is sent twice."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["institution"]

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_institutions(person)
        self.fields["form_key"].initial = uuid4()


class EditCommentForm(WithFiles, SeenForm):
    """One's own comment."""

    removed = forms.ModelMultipleChoiceField(
        CommentFile.objects.none(), label=gettext_lazy("Remove files"), required=False, widget=TickList
    )

    def __init__(self, *args, comment: ConsultationComment, **kwargs):
        super().__init__(*args, consultation=comment.consultation, **kwargs)
        self.fields["removed"].queryset = comment.files.kept()
        if not comment.files.kept().exists():
            del self.fields["removed"]


class VisitorCommentForm(CommentFields, VisitorForm):
    """On the public page, without an account."""

    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Optional. It is published with your comment."),
    )
    field_order = ["section", "text", "language", "organisation", "website", "form_key", "opened"]


class ReplyForm(SeenForm):
    verdict = forms.ChoiceField(
        label=in_context("comment on a draft", "Reply"),
        choices=ConsultationComment.Verdict.choices[1:],
        widget=forms.RadioSelect,
    )
    reply = forms.CharField(
        label=gettext_lazy("Reason, or what was changed"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=gettext_lazy("The author and all who read the comment can see it."),
    )


class WithholdForm(SeenForm):
    ground = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=ConsultationComment.WithholdingReason.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Explanation"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("Shown in place of the comment. Criticism of the Government is no reason."),
    )
