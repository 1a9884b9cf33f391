"""The sources of suggested leads: what was learned from past assignments, and a table kept by the mechanism."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.people.models import Institution
from servanda.vocab.models import Term


class LearnedLeads(models.Model):
    """A trained model, the number of assignments that it learned from, and its accuracy (one right among three)."""

    learned_at = models.DateTimeField(_("learned at"), auto_now_add=True)
    assignments = models.PositiveIntegerField(_("assignments"))
    counted = models.PositiveIntegerField()  # all assignments at that time, including those too old to be used
    tested = models.PositiveIntegerField(_("records reserved for testing"))
    learned_right = models.PositiveIntegerField(_("correct with the learned model"))
    nearest_right = models.PositiveIntegerField(_("correct with the ten nearest records"))
    frequent_right = models.PositiveIntegerField(_("correct with the three most frequent institutions"))
    encoder = models.CharField(max_length=80)  # of the vectors; "none" without vectors
    version = models.PositiveSmallIntegerField()  # of the file format
    file = models.FileField(upload_to="models/")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-pk"]
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"{self.learned_at:%Y-%m-%d}: {self.assignments}"

    @property
    def best_right(self) -> int:
        return max(self.learned_right, self.nearest_right)

    @property
    def is_worth_showing(self) -> bool:
        """Whether the model beats naming the three most frequent institutions."""
        return self.best_right > self.frequent_right

    @property
    def is_nearest_better(self) -> bool:
        return self.nearest_right > self.learned_right


class ThemeLead(models.Model):
    """An institution that usually leads on records with this label."""

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
