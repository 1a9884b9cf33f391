from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from servanda.progress.models.assessments import Assessment


class AssessmentReply(models.Model):
    """What the State says beside an assessment that an accredited institution published on its own signature. It is
    dated, changes nothing of the assessment, and stays; a later reply stands below it."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="replies")
    text = models.TextField(_("reply of the State"))
    at = models.DateTimeField(_("replied at"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("reply to an assessment")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reply_says_something")]

    def __str__(self) -> str:
        return self.text[:60]
