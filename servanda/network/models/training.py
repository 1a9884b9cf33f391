import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Min, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.network.models.files import FileInLanguage
from servanda.network.models.places import EventWithPlaces, QueueQuerySet, QueueState
from servanda.network.models.withdrawable import RestorableQuerySet, WithdrawableQuerySet
from servanda.people.models import User

MOST_PLACES = 5_000


class CourseQuerySet(WithdrawableQuerySet):
    def with_next_session(self, *, on: date) -> Self:
        """With the start date of the next session as `next_on`."""
        ahead = Q(sessions__start__gte=on, sessions__cancelled_at=None)
        return self.annotate(next_on=Min("sessions__start", filter=ahead))


class Course(models.Model):
    """A course that mechanisms can take, with its materials and sessions."""

    class Level(models.TextChoices):
        INTRODUCTORY = "introductory", pgettext_lazy("level of a course", "Introductory")
        INTERMEDIATE = "intermediate", pgettext_lazy("level of a course", "Intermediate")
        ADVANCED = "advanced", pgettext_lazy("level of a course", "Advanced")

    class Form(models.TextChoices):
        IN_PERSON = "in-person", pgettext_lazy("form of a course", "In person")
        ONLINE = "online", pgettext_lazy("form of a course", "Online")
        BLENDED = "blended", pgettext_lazy("form of a course", "In person and online")
        SELF_PACED = "self-paced", pgettext_lazy("form of a course", "Self-paced")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("content"))
    provider = models.CharField(_("provider"), max_length=200)
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.INTRODUCTORY)
    form = models.CharField(_("form of the course"), max_length=10, choices=Form, default=Form.ONLINE)
    languages = models.CharField(_("languages"), max_length=100)  # codes divided by blanks
    capacity = models.CharField(_("capacity"), max_length=20, blank=True)  # a code of the profile's field
    materials = models.TextField(_("materials"), blank=True)
    link = models.URLField(_("address of the materials"), max_length=500, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawing"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="course_withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk:course", args=[self.key])

    @property
    def language_codes(self) -> list[str]:
        return self.languages.split()


def material_place(material: "CourseMaterial", _name: str) -> str:
    """A generated name without an extension: nothing that a person typed becomes a path."""
    return f"training/{material.key.hex[:2]}/{material.key}"


class CourseMaterialQuerySet(RestorableQuerySet):
    def visible_to(self, user: User) -> Self:
        courses = Course.objects.visible_to(user).order_by().values("pk")
        return self.filter(withdrawn_at=None, course__in=courses)


class CourseMaterial(FileInLanguage):
    """A file of a course, such as slides or a handbook, in one language."""

    OWNER = "course"
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, models.CASCADE, related_name="files")
    file = models.FileField(_("file"), upload_to=material_place, max_length=200)

    objects = CourseMaterialQuerySet.as_manager()

    class Meta(FileInLanguage.Meta):
        verbose_name = _("material of a course")
        verbose_name_plural = _("materials of a course")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="material_withdrawn_with_a_reason"
            ),
        ]


class CourseSessionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Cancelled ones too: the page of the course gives the reason."""
        return self.filter(course__in=Course.objects.visible_to(user).order_by().values("pk"))

    def counted(self) -> Self:
        """With the numbers of registered and waiting people as `registered`, `waiting` and `attended`."""
        states = CourseRegistration.State
        return self.annotate(
            registered=Count("registrations", filter=Q(registrations__state=states.REGISTERED)),
            waiting=Count("registrations", filter=Q(registrations__state=states.WAITING)),
            attended=Count("registrations", filter=Q(registrations__attended=True)),
        )


class CourseSession(EventWithPlaces):
    """One time at which a course takes place."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="sessions")
    start = models.DateField(_("start date"))
    end = models.DateField(_("end date"))
    place = models.CharField(_("venue"), max_length=300)
    language = models.CharField(_("language"), max_length=8, blank=True)
    places = models.PositiveIntegerField(
        _("limit of participants"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)],
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CourseSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session of a course")
        verbose_name_plural = _("sessions of courses")
        ordering = ["-start", "-pk"]
        indexes = [models.Index(fields=["course", "start"], name="sessions_of_a_course")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="a_session_ends_after_it_begins",
                violation_error_message=_("Enter an end date that is not before the start date."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | ~Q(cancelled_reason=""), name="session_cancelled_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {date_format(self.start)}"

    def get_absolute_url(self) -> str:
        return f"{self.course.get_absolute_url()}#session-{self.pk}"

    def is_open(self, *, on: date) -> bool:
        """Whether it takes place and is not over."""
        return not self.is_cancelled and self.end >= on

    @property
    def most_places(self) -> int | None:
        return self.places

    def queue(self) -> "CourseRegistrationQuerySet":
        return CourseRegistration.objects.filter(session=self)


class CourseRegistrationQuerySet(QueueQuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(session__in=CourseSession.objects.visible_to(user).order_by().values("pk"))


class CourseRegistration(models.Model):
    """A person who is registered for a session, waits for a place, or has withdrawn. Editors enter people without an
    account by name."""

    State = QueueState

    session = models.ForeignKey(CourseSession, models.CASCADE, related_name="registrations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="course_registrations"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)  # of a person without an account
    institution = models.CharField(_("institution"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State)
    queued_at = models.DateTimeField()  # at registration, and again after a withdrawal
    attended = models.BooleanField(_("attended"), null=True, blank=True)  # None: not recorded

    objects = CourseRegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration for a session")
        verbose_name_plural = _("registrations for sessions")
        ordering = ["queued_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_registration_of_a_person_for_a_session"),
            models.CheckConstraint(
                condition=(Q(person=None) & ~Q(name="")) | Q(person__isnull=False, name=""),
                name="a_registration_is_of_an_account_or_of_a_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}: {self.person or self.name}"
