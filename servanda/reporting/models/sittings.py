"""Versions of texts that save themselves while they are written."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from servanda.people.models import User

SITTING = timedelta(minutes=10)
LEAST_TEXT = 200  # characters; of a shorter text, a deletion loses little


class SittingVersion(models.Model):
    """A text as it was saved. What saves itself continues the version of the same person for ten minutes; what a
    person saved with the button is never overwritten, nor is a text of which more than half is deleted at once."""

    words = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    is_autosaved = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def continues(self, text: str, *, former: str, by: User, now: datetime) -> bool:
        """Whether this version, whose text is `former`, may take the new text."""
        is_loss = len(former) >= LEAST_TEXT and len(text) < len(former) / 2
        is_same_sitting = self.by_id == by.pk and now - (self.begun_at or self.at) <= SITTING
        return self.is_autosaved and is_same_sitting and not is_loss

    def finish(self) -> None:
        """The person pressed the button: what saves itself from now on is another version."""
        if self.is_autosaved:
            self.is_autosaved = False
            self.save(update_fields=["is_autosaved"])
