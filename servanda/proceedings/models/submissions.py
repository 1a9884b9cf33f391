from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.proceedings.models.proceedings import Proceeding
from servanda.proceedings.models.replies import DEADLINE_HAS_ITS_ORIGIN, StateReply


class EarlierSubmission(StateReply):
    """A reply that was sent, once the next one was started. It is as confidential as the reply of its proceeding, and
    changes no more; answers of institutions and questions that belong to it point to it."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="earlier")
    step_before = models.CharField(max_length=20)  # of the proceeding, to which undoing returns it

    class Meta:
        verbose_name = _("earlier submission")
        verbose_name_plural = _("earlier submissions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=DEADLINE_HAS_ITS_ORIGIN, name="an_earlier_deadline_has_its_origin"),
            models.CheckConstraint(
                condition=models.Q(replied_on__isnull=False), name="an_earlier_submission_was_sent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proceeding}: {self.replied_on}"
