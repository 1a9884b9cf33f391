"""Who usually leads on what: a table that the mechanism keeps, for as long as no assignments tell it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.people.models import Institution
from servanda.vocab.models import Term


class ThemeLead(models.Model):
    """An institution that usually leads where a record has this label."""

    term = models.ForeignKey(Term, models.CASCADE, related_name="+", verbose_name=_("label"))
    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="theme_leads", verbose_name=_("institution")
    )
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["term__taxonomy__order", "term__taxonomy__code", "term__order", "term__code", "institution__code"]
        constraints = [models.UniqueConstraint(fields=["term", "institution"], name="a_theme_names_each_lead_once")]

    def __str__(self) -> str:
        return f"{self.term}: {self.institution}"
