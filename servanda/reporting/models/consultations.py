"""Drafts that are open for comments, who is invited, the comments and the replies to them."""

import re
import uuid
from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.people.access import Can, can
from servanda.people.models import Appointment, Institution
from servanda.reporting.models.reports import Reader, Report, ReportSection

NOTE = re.compile(r"\[\^(\d+)\] (.*)")


class ConsultationQuerySet(models.QuerySet):
    def opened(self, *, at: datetime | None = None) -> Self:
        """Also those that were closed or withdrawn since; not those that open later."""
        return self.filter(opened_at__lte=at or timezone.now())

    def open(self, *, on: date, at: datetime | None = None) -> Self:
        return self.opened(at=at).filter(withdrawn_at=None, report__withdrawn_at=None, ends_on__gte=on)

    def unfinished(self, *, on: date) -> Self:
        """Open, or to be opened at a planned moment."""
        return self.filter(opened_at__isnull=False, withdrawn_at=None, ends_on__gte=on)

    def public(self) -> Self:
        return self.opened().filter(audience=Consultation.Audience.PUBLIC)

    def visible_to(self, user: Reader, *, at: datetime | None = None) -> Self:
        """All consultations for people who edit reports; for others, public ones and those to which they were
        invited."""
        if can(user, Can.EDIT_REPORTS):
            return self
        is_public = Q(audience=Consultation.Audience.PUBLIC)
        if not can(user, Can.CONTRIBUTE):
            return self.opened(at=at).filter(is_public)
        invited = ConsultationInvitation.objects.filter(person=user.pk).order_by().values("consultation")
        places = Appointment.objects.current(on=timezone.localdate()).filter(
            person=user.pk, function=Appointment.Function.CONTRIBUTOR
        )
        with_place = ConsultationInstitution.objects.filter(institution__in=places.order_by().values("institution"))
        through_place = Q(pk__in=with_place.order_by().values("consultation"))
        return self.opened(at=at).filter(is_public | Q(pk__in=invited) | through_place)


class Consultation(models.Model):
    """A cleared report, or sections of it, as they were opened for comments until the end of a day."""

    class Audience(models.TextChoices):
        INVITED = "invited", pgettext_lazy("of a consultation", "Invited contributors")
        PUBLIC = "public", pgettext_lazy("of a consultation", "The public")

    class State(models.TextChoices):
        DRAFTED = "drafted", pgettext_lazy("consultation", "In preparation")
        PLANNED = "planned", pgettext_lazy("consultation", "Opening planned")
        OPEN = "open", pgettext_lazy("consultation", "Open")
        CLOSED = "closed", pgettext_lazy("consultation", "Closed")
        WITHDRAWN = "withdrawn", pgettext_lazy("consultation", "Withdrawn")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="consultations")
    title = models.CharField(_("title"), max_length=300)
    introduction = models.TextField(_("introduction"), blank=True)
    audience = models.CharField(_("audience"), max_length=7, choices=Audience, default=Audience.INVITED)
    is_whole = models.BooleanField(_("whole report"), default=True)
    ends_on = models.DateField(_("deadline for comments"))
    language = models.CharField(_("language"), max_length=8)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)  # in the future if it is planned
    frozen_at = models.DateTimeField(null=True, blank=True)  # when the texts were copied
    announced_at = models.DateTimeField(null=True, blank=True)  # when the invitations were sent
    reminded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawal"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        indexes = [models.Index(fields=["ends_on", "opened_at"], name="consultations_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="consultation_withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk:consultation", args=[self.key])

    def state_on(self, day: date) -> "Consultation.State":
        if self.withdrawn_at is not None:
            return self.State.WITHDRAWN
        if self.opened_at is None:
            return self.State.DRAFTED
        if self.is_planned:
            return self.State.PLANNED
        return self.State.OPEN if self.is_open_on(day) else self.State.CLOSED

    def is_open_on(self, day: date) -> bool:
        is_opened = self.is_opened and self.withdrawn_at is None
        return is_opened and self.report.withdrawn_at is None and self.ends_on >= day

    @property
    def is_opened(self) -> bool:
        """The same rule as `ConsultationQuerySet.opened`."""
        return self.opened_at is not None and self.opened_at <= timezone.now()

    @property
    def is_planned(self) -> bool:
        return self.opened_at is not None and not self.is_opened

    @property
    def is_public(self) -> bool:
        return self.is_opened and self.audience == self.Audience.PUBLIC

    @property
    def shows_text(self) -> bool:
        """Whether readers see the draft; after a withdrawal they only see the comments."""
        return self.withdrawn_at is None and self.report.withdrawn_at is None


class ConsultedSection(models.Model):
    """A section as it was when the consultation was opened."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="sections")
    section = models.ForeignKey(ReportSection, models.PROTECT, related_name="consulted")
    place = models.PositiveSmallIntegerField()
    depth = models.PositiveSmallIntegerField(default=1)
    heading = models.CharField(_("heading"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    notes = models.TextField(blank=True)  # the sources of its quotations, one on each line
    number = models.PositiveIntegerField(default=0)  # version of the section

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "section"], name="one_text_of_a_consulted_section")
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def endnotes(self) -> list[tuple[str, str]]:
        """The number of each mark in the text, and its source."""
        return [(found[1], found[2]) for found in map(NOTE.fullmatch, self.notes.splitlines()) if found]


class ConsultationInvitation(models.Model):
    """A contributor who may read the draft and comment on it."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="consultation_invitations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "person"], name="one_invitation_to_a_consultation")
        ]

    def __str__(self) -> str:
        return f"{self.consultation}: {self.person}"


class ConsultationInstitution(models.Model):
    """An institution whose contributors may read the draft and comment on it, also those who join it later."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="institutions")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", verbose_name=_("institution"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["institution__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "institution"], name="one_invitation_of_an_institution_to_a_consultation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.consultation}: {self.institution}"


class ConsultationCommentQuerySet(models.QuerySet):
    def shown(self) -> Self:
        return self.filter(state=ConsultationComment.State.SHOWN)

    def waiting(self) -> Self:
        """Without a reply, among those that can have one."""
        return self.filter(verdict="", state__in=ConsultationComment.ANSWERABLE)

    def public(self) -> Self:
        """Those on public consultations; of a withheld one only the reason is shown."""
        consultations = Consultation.objects.public().order_by().values("pk")
        return self.filter(consultation__in=consultations, state__in=ConsultationComment.SEEN)

    def visible_to(self, user: Reader) -> Self:
        """All for those who edit reports; for others those of consultations that they see, and their own."""
        if can(user, Can.EDIT_REPORTS):
            return self
        consultations = Consultation.objects.visible_to(user).order_by().values("pk")
        own = Q(author=user.pk) if user.pk else Q(pk__in=[])
        return self.filter(own | Q(consultation__in=consultations, state__in=ConsultationComment.SEEN))


class ConsultationComment(models.Model):
    """A comment on a draft, and the reply of the mechanism. It is never deleted."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("comment on a draft", "Awaiting publication")
        SHOWN = "shown", pgettext_lazy("comment on a draft", "Published")
        WITHHELD = "withheld", pgettext_lazy("comment on a draft", "Withheld")
        WITHDRAWN = "withdrawn", pgettext_lazy("comment on a draft", "Withdrawn by its author")

    class Verdict(models.TextChoices):
        NONE = "", pgettext_lazy("comment on a draft", "No reply yet")
        ACCEPTED = "accepted", pgettext_lazy("comment on a draft", "Accepted")
        PARTLY = "partly", pgettext_lazy("comment on a draft", "Partly accepted")
        NOT = "not", pgettext_lazy("comment on a draft", "Not accepted")

    class WithholdingReason(models.TextChoices):
        """Why a comment is withheld. Criticism of the Government is no reason."""

        UNLAWFUL = "unlawful", _("Offensive or unlawful content")
        IDENTIFIES_PERSON = "identifies-person", _("Identifies a person")
        ADVERTISING = "advertising", _("Advertising or spam")

    SEEN = (State.SHOWN, State.WITHHELD)
    ANSWERABLE = (State.WAITING, State.SHOWN)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="comments")
    section = models.ForeignKey(
        ConsultedSection, models.PROTECT, null=True, blank=True, related_name="comments", verbose_name=_("section")
    )
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=8, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="consultation_comments"
    )
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )  # for which its sender spoke
    is_signed = models.BooleanField(default=False)  # by an accredited institution, when it was sent
    sent_at = models.DateTimeField(_("received at"), auto_now_add=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withheld_for = models.CharField(_("reason for withholding"), max_length=17, choices=WithholdingReason, blank=True)
    withheld_reason = models.TextField(_("explanation"), blank=True)
    verdict = models.CharField(_("reply"), max_length=8, choices=Verdict, blank=True, default=Verdict.NONE)
    reply = models.TextField(_("text of the reply"), blank=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    replied_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(null=True, blank=True, unique=True)  # a form sent twice makes one row
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ConsultationCommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("comment on a draft")
        verbose_name_plural = _("comments on a draft")
        indexes = [
            models.Index(fields=["consultation", "state", "verdict"], name="comments_of_a_consultation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="withheld") | (~Q(withheld_for="") & ~Q(withheld_reason="")),
                name="comment_withheld_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False), name="comment_withdrawn_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(verdict="") | Q(replied_at__isnull=False), name="comment_replied_to_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["", "accepted"]) | ~Q(reply=""), name="comment_not_accepted_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return reverse("desk:consultation_comment", args=[self.consultation.key, self.pk])

    @property
    def author_name(self) -> str:
        """The organisation; never the person."""
        return self.organisation or str(_("Not named"))

    @property
    def is_answerable(self) -> bool:
        return self.state in self.ANSWERABLE

    @property
    def is_withheld(self) -> bool:
        return self.state == self.State.WITHHELD


COMMENT_FILES = "consultations"


def place_of(file: "CommentFile", _name: str) -> str:
    """A generated name without an extension: nothing that a person typed becomes a path."""
    return f"{COMMENT_FILES}/{file.key.hex[:2]}/{file.key}"


class CommentFileQuerySet(models.QuerySet):
    def kept(self) -> Self:
        return self.filter(removed_at=None)

    def visible_to(self, user: Reader) -> Self:
        """Files of comments whose text the person may read."""
        comments = ConsultationComment.objects.visible_to(user).order_by()
        if not can(user, Can.EDIT_REPORTS):
            comments = comments.filter(~Q(state=ConsultationComment.State.WITHHELD) | Q(author=user.pk))
        return self.kept().filter(comment__in=comments.values("pk"))

    def public(self) -> Self:
        return self.kept().filter(comment__in=ConsultationComment.objects.public().shown().order_by().values("pk"))


class CommentFile(models.Model):
    """A file of a comment, without its metadata; seen exactly as its comment."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    comment = models.ForeignKey(ConsultationComment, models.PROTECT, related_name="files")
    file = models.FileField(_("file"), upload_to=place_of, max_length=200)
    name = models.CharField(_("file name"), max_length=255)
    mime = models.CharField(_("type of the file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)  # by its author

    objects = CommentFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("file of a comment on a draft")
        verbose_name_plural = _("files of comments on drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "sha256"], condition=Q(removed_at=None), name="one_file_of_a_comment_each"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        comment = self.comment
        is_shown = comment.state == ConsultationComment.State.SHOWN and comment.consultation.is_public
        return is_shown and self.removed_at is None
