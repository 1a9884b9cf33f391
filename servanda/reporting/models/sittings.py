"""Versions of texts that are autosaved."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from servanda.people.models import User

SITTING = timedelta(minutes=10)
LEAST_TEXT = 200  # characters; of a shorter text, a deletion loses little


class SittingVersion(models.Model):
    """A saved version of a text. For ten minutes, autosaves of the same person overwrite the version. A version that
    the person saved with the button is never overwritten, nor is a text of which more than half was deleted at
    once."""

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
        """Close the version, since the person saved it: the next autosave starts another one."""
        if self.is_autosaved:
            self.is_autosaved = False
            self.save(update_fields=["is_autosaved"])
