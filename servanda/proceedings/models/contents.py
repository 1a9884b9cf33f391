import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.proceedings.models.proceedings import OfInstitutionQuerySet, Proceeding
from servanda.proceedings.models.submissions import EarlierSubmission
from servanda.sources.models import StoredFile


class DraftQuerySet(OfInstitutionQuerySet):
    def visible_to(self, user: User) -> Self:
        """Drafts of the user's institutions in every state; for those who read everything, what was submitted."""
        own = self.of_institutions_of(user)
        return own | self.exclude(state=Draft.State.DRAFT) if can(user, Can.READ_EVERYTHING) else own

    def current(self) -> Self:
        """Those for the reply that is being prepared, without those of earlier submissions."""
        return self.filter(submission=None)


class Draft(models.Model):
    """What one institution contributes to the reply; its validating authority approves it."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("draft of a reply", "Draft")
        SUBMITTED = "submitted", pgettext_lazy("draft of a reply", "Awaiting validating authority")
        VALIDATED = "validated", pgettext_lazy("draft of a reply", "Approved by the institution")
        RETURNED = "returned", pgettext_lazy("draft of a reply", "Returned for changes")

    EDITABLE = [State.DRAFT, State.RETURNED]

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="drafts")
    submission = models.ForeignKey(
        EarlierSubmission, models.CASCADE, null=True, blank=True, related_name="drafts"
    )  # of which it was part; empty for the reply that is being prepared
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", verbose_name=_("institution"))
    text = models.TextField(_("answer"), blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    return_reason = models.TextField(_("reason for returning"), blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Before `written_by`: whoever wrote any of it does not approve it.
    earlier_writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["institution__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["proceeding", "institution"],
                condition=Q(submission=None),
                name="one_draft_of_an_institution",
            ),
            models.UniqueConstraint(
                fields=["submission", "institution"], name="one_draft_of_an_institution_in_a_submission"
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""), name="draft_returned_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution}: {self.proceeding}"

    @property
    def is_editable(self) -> bool:
        return self.state in self.EDITABLE


def place_of(file: "ProceedingFile", _name: str) -> str:
    """A generated name without an extension: nothing that a person typed becomes a path."""
    return f"proceedings/{file.key.hex[:2]}/{file.key}"


class ProceedingFileQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Files of proceedings that the user sees; for the institutions that are named, those that are shared with
        them. An institution that only clears the reply reads none."""
        if can(user, Can.READ_EVERYTHING):
            return self.filter(withdrawn_at=None, proceeding__in=Proceeding.objects.kept().order_by().values("pk"))
        named = Proceeding.objects.naming_institutions_of(user).order_by()
        return self.filter(withdrawn_at=None, is_shared=True, proceeding__in=named.values("pk"))


class ProceedingFile(StoredFile):
    """A file of a proceeding: the letter, its annexes, the reply, the acknowledgement."""

    class Kind(models.TextChoices):
        LETTER = "letter", pgettext_lazy("file of a proceeding", "Letter")
        ANNEX = "annex", pgettext_lazy("file of a proceeding", "Annex")
        REPLY = "reply", pgettext_lazy("file of a proceeding", "Reply")
        REPORT = "report", pgettext_lazy("file of a proceeding", "Report or draft report")
        PROOF = "proof", pgettext_lazy("file of a proceeding", "Note verbale or acknowledgement")
        OTHER = "other", pgettext_lazy("file of a proceeding", "Other")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="files")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.LETTER)
    file = models.FileField(_("file"), upload_to=place_of, max_length=200)
    is_shared = models.BooleanField(
        _("shown to the institutions named"),
        default=False,
        help_text=_("Letters usually name persons. Share a file only if the institutions need it."),
    )

    objects = ProceedingFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a communication or visit")
        verbose_name_plural = _("files of communications and visits")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="file_withdrawn_with_a_reason"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class PublicLetterQuerySet(models.QuerySet):
    def public(self) -> Self:
        return self.filter(withdrawn_at=None, proceeding__withdrawn_at=None)


class PublicLetter(models.Model):
    """The version for the public, written and published by a person. Nothing is copied from the proceeding
    automatically."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proceeding = models.OneToOneField(Proceeding, models.CASCADE, related_name="public_letter")
    title = models.CharField(_("title for the public"), max_length=300)
    summary = models.TextField(_("text for the public"))
    reply = models.TextField(_("reply for the public"), blank=True)
    source = models.CharField(_("source of the publication"), max_length=300)
    starts_on = models.DateField(_("first day"), null=True, blank=True)  # of a visit or a dialogue
    ends_on = models.DateField(_("final day"), null=True, blank=True)
    is_checked = models.BooleanField(default=False)  # confirmed by the person who publishes it: it contains no name
    # A digest of the texts and of the names of which a person has confirmed that the texts do not mean them.
    parts_checked = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = PublicLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("communication for the public")
        verbose_name_plural = _("communications for the public")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(is_checked=True), name="a_public_letter_was_checked_by_a_person"),
            models.CheckConstraint(
                condition=Q(starts_on=None, ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="published_days_in_order",
                violation_error_message=_("The end date is before the start date. Correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.withdrawn_at is None and self.proceeding.withdrawn_at is None
