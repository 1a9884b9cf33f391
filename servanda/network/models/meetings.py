import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.network.models.commitments import Commitment
from servanda.network.models.files import FileInLanguage
from servanda.network.models.places import EventWithPlaces, QueueQuerySet, QueueState
from servanda.network.models.profiles import MechanismProfile
from servanda.network.models.withdrawable import RestorableQuerySet
from servanda.people.access import Can, can
from servanda.people.models import User

MOST_PARTICIPANTS = 5_000


def paper_place(paper: "MeetingPaper", _name: str) -> str:
    """A generated name without an extension: nothing that a person typed becomes a path."""
    return f"meetings/{paper.key.hex[:2]}/{paper.key}"


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Cancelled ones too: their page gives the reason."""
        return self.all() if can(user, Can.READ_INTERNAL) else self.none()

    def held(self) -> Self:
        """Those that are not cancelled."""
        return self.filter(cancelled_at=None)


class Meeting(EventWithPlaces):
    """A meeting of mechanisms: its call, agenda, papers, participants, minutes and decisions."""

    class Kind(models.TextChoices):
        SEMINAR = "seminar", pgettext_lazy("kind of meeting", "Annual seminar")
        PLENARY = "plenary", pgettext_lazy("kind of meeting", "Plenary")
        WORKING_GROUP = "working-group", pgettext_lazy("kind of meeting", "Working group")
        OTHER = "other", pgettext_lazy("kind of meeting", "Other")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    call = models.TextField(_("call"), blank=True)
    place = models.CharField(_("venue"), max_length=300, blank=True)
    link = models.CharField(_("link"), max_length=500, blank=True)
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    languages = models.CharField(_("languages"), max_length=100)  # codes divided by blanks
    most_participants = models.PositiveIntegerField(
        _("limit of participants"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PARTICIPANTS)],
    )
    notes = models.TextField(_("notes"), blank=True)
    is_invented = models.BooleanField(_("invented"), default=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-begins_at", "-pk"]
        indexes = [models.Index(fields=["begins_at"], name="meetings_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("begins_at")),
                name="a_meeting_ends_after_it_begins",
                violation_error_message=_("Enter an end that is not before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | ~Q(cancelled_reason=""), name="meeting_cancelled_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk:meeting", args=[self.key])

    @property
    def most_places(self) -> int | None:
        return self.most_participants

    def queue(self) -> "MeetingParticipantQuerySet":
        return MeetingParticipant.objects.filter(meeting=self)

    @property
    def language_codes(self) -> list[str]:
        return self.languages.split()

    def is_over(self, *, on: datetime) -> bool:
        return self.ends_at < on


class AgendaPoint(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    place = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=300)

    class Meta:
        verbose_name = _("point of an agenda")
        verbose_name_plural = _("points of an agenda")
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return f"{self.place}. {self.title}"


class MeetingPaperQuerySet(RestorableQuerySet):
    def visible_to(self, user: User) -> Self:
        meetings = Meeting.objects.visible_to(user).order_by().values("pk")
        return self.filter(withdrawn_at=None, meeting__in=meetings)


class MeetingPaper(FileInLanguage):
    """A document of a meeting in one language."""

    OWNER = "meeting"
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="papers")
    point = models.ForeignKey(
        AgendaPoint,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name=_("point of the agenda"),
    )
    file = models.FileField(_("file"), upload_to=paper_place, max_length=200)

    objects = MeetingPaperQuerySet.as_manager()

    class Meta(FileInLanguage.Meta):
        verbose_name = _("paper of a meeting")
        verbose_name_plural = _("papers of a meeting")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="paper_withdrawn_with_a_reason"
            ),
        ]


class MeetingParticipantQuerySet(QueueQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user).order_by().values("pk"))


class MeetingParticipant(models.Model):
    """A person who is registered for a meeting, waits for a place, or has withdrawn."""

    class Role(models.TextChoices):
        CHAIR = "chair", pgettext_lazy("role in a meeting", "Chair")
        MEMBER = "member", pgettext_lazy("role in a meeting", "Member")
        OBSERVER = "observer", pgettext_lazy("role in a meeting", "Observer")
        SPEAKER = "speaker", pgettext_lazy("role in a meeting", "Speaker")
        INTERPRETER = "interpreter", pgettext_lazy("role in a meeting", "Interpreter")

    State = QueueState

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="participants")
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=11, choices=Role, default=Role.MEMBER)
    mechanism = models.ForeignKey(
        MechanismProfile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mechanism")
    )
    institution = models.CharField(_("institution"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REGISTERED)
    queued_at = models.DateTimeField()  # at registration, and again when it is restored
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MeetingParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant of a meeting")
        verbose_name_plural = _("participants of a meeting")
        ordering = ["queued_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "email"], condition=~Q(email=""), name="one_registration_of_an_address"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def represents(self) -> str:
        return str(self.mechanism) if self.mechanism else self.institution


class MeetingInvitationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user).order_by().values("pk"))

    def open(self) -> Self:
        """Those whose link works."""
        return self.filter(revoked_at=None)


class MeetingInvitation(models.Model):
    """An address that received a link by which a person without an account registers for a meeting."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=8)
    participant = models.ForeignKey(
        MeetingParticipant, models.SET_NULL, null=True, blank=True, related_name="invitations", editable=False
    )
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent on"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = MeetingInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a meeting")
        verbose_name_plural = _("invitations to meetings")
        ordering = ["email", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "email"], name="one_invitation_of_an_address"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.pk}"


class MeetingMinutes(models.Model):
    """One version of the minutes. The newest is current; an adopted one never changes."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="minutes")
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=8)
    reason = models.TextField(_("reason"), blank=True)  # why adopted minutes were opened again
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)

    class Meta:
        verbose_name = _("minutes of a meeting")
        verbose_name_plural = _("minutes of meetings")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_version_of_minutes_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.number}"

    @property
    def is_adopted(self) -> bool:
        return self.adopted_on is not None


class MeetingDecisionQuerySet(RestorableQuerySet):
    def visible_to(self, user: User) -> Self:
        meetings = Meeting.objects.visible_to(user).order_by().values("pk")
        return self.filter(withdrawn_at=None, meeting__in=meetings)


class MeetingDecision(models.Model):
    """What a meeting decided. A commitment that is made of it is a record of the register."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=8)
    owner = models.ForeignKey(
        MechanismProfile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mechanism")
    )
    due_on = models.DateField(_("deadline"), null=True, blank=True)
    commitment = models.OneToOneField(
        Commitment, models.SET_NULL, null=True, blank=True, related_name="decision", editable=False
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MeetingDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision of a meeting")
        verbose_name_plural = _("decisions of meetings")
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_decision_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, {self.number}"

    @property
    def is_followed(self) -> bool:
        """Whether a commitment that is still in the register was made of it."""
        return self.commitment is not None and self.commitment.recommendation.withdrawn_at is None
