from django.conf import settings
from django.db import models

from servanda.recommendations.models.recommendation import Recommendation
from servanda.recommendations.models.record_parts import Dated, RecordLinkQuerySet
from servanda.sources.models import Question


class RecordQuestion(Dated):
    """The question is about what the record recommends."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="question_links")
    question = models.ForeignKey(Question, models.PROTECT, related_name="record_links")
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = RecordLinkQuerySet.as_manager()

    class Meta:
        ordering = ["recommendation__order_key", "pk"]

    def __str__(self) -> str:
        return f"{self.question} → {self.recommendation.code}"
