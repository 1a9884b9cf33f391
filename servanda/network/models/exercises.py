from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ExerciseStart(models.Model):
    """When a person began a guided exercise; what they did since is in the trail."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exercise_starts")
    exercise = models.CharField(max_length=40)  # a code of `data/exercises.yaml`
    started_at = models.DateTimeField()

    class Meta:
        verbose_name = _("start of an exercise")
        verbose_name_plural = _("starts of exercises")
        ordering = ["exercise", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "exercise"], name="one_start_of_an_exercise_for_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.exercise}: {self.person}"


class ExerciseOffer(models.Model):
    """Exists if an administrator offers the exercises in a system that is no demonstration. At most one row."""

    place = models.PositiveSmallIntegerField(default=1, unique=True, editable=False)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("offer of exercises")
        verbose_name_plural = _("offers of exercises")
        constraints = [models.CheckConstraint(condition=Q(place=1), name="exercises_are_offered_once")]

    def __str__(self) -> str:
        return str(self.offered_at)
