"""The secret address under which a calendar program reads the obligations that one person may see."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.people.models import User


class CalendarFeed(models.Model):
    """One address for each person. Only a hash of its key is stored, so it is shown once; a new one replaces it."""

    person = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))
    read_at = models.DateTimeField(_("last used"), null=True, blank=True)
    hour_from = models.DateTimeField(null=True, blank=True)
    reads = models.PositiveIntegerField(default=0)  # since then

    def __str__(self) -> str:
        return str(self.person)
