import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.network.models.profiles import MechanismProfile
from servanda.network.models.withdrawable import WithdrawableQuerySet
from servanda.people.models import User


class SelfAssessmentQuerySet(WithdrawableQuerySet):
    def kept(self) -> Self:
        return super().kept().filter(profile__withdrawn_at=None)

    def former_for(self, user: User) -> Self:
        return super().former_for(user).filter(profile__withdrawn_at=None)

    def completed(self) -> Self:
        return self.filter(completed_at__isnull=False)


class SelfAssessment(models.Model):
    """How a mechanism rates its own capacities on one day, question by question; a later one is compared with it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    profile = models.ForeignKey(MechanismProfile, models.CASCADE, related_name="self_assessments")
    date = models.DateField(_("date of the self-assessment"))
    participants = models.CharField(_("participants"), max_length=300)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawing"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SelfAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-assessment")
        verbose_name_plural = _("self-assessments")
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="self_assessment_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile}, {date_format(self.date)}"

    def get_absolute_url(self) -> str:
        return reverse("desk:self_assessment", args=[self.key])

    @property
    def is_completed(self) -> bool:
        return self.completed_at is not None


class SelfAssessmentAnswer(models.Model):
    """The level that a mechanism reaches in one question, and what shows it."""

    class Level(models.IntegerChoices):
        NONE = 0, pgettext_lazy("level of a capacity", "Not in place")
        PREPARED = 1, pgettext_lazy("level of a capacity", "In preparation")
        PARTLY = 2, pgettext_lazy("level of a capacity", "Partly in place")
        FULL = 3, pgettext_lazy("level of a capacity", "In place")

    assessment = models.ForeignKey(SelfAssessment, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=60)  # a code of `data/self_assessment.yaml`
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, null=True, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="one_answer_to_a_question_of_capacities"),
            models.CheckConstraint(
                condition=Q(level=None) | Q(level__range=(0, 3)), name="level_of_capacity_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.question}"
