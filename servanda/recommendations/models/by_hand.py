from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.intake.models import Batch
from servanda.people.access import Can, can
from servanda.recommendations.models.recommendation import Recommendation


class Link(models.Model):
    """A relation between two recommendations, set by a person."""

    class Relation(models.TextChoices):
        REPEATS = "repeats", _("repeats")
        FOLLOWS_UP = "follows-up", _("follows up")
        SPLIT_FROM = "split-from", _("was split from")
        MERGED_FROM = "merged-from", _("was merged from")

    from_recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="links_out")
    to_recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="links_in")
    relation = models.CharField(_("relation"), max_length=12, choices=Relation)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_recommendation", "to_recommendation", "relation"], name="one_link_each"
            ),
            models.CheckConstraint(
                condition=~models.Q(from_recommendation=models.F("to_recommendation")),
                name="no_link_to_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_recommendation} {self.get_relation_display()} {self.to_recommendation}"


class NoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not can(user, Can.READ_NOTES):
            return self.none()
        return self.filter(recommendation__in=Recommendation.every_kind.visible_to(user))

    def standing(self):
        return self.filter(withdrawn_at=None)


class Note(models.Model):
    """An internal note of the mechanism on a record, which is never shown to anyone else."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("author")
    )  # empty where it was imported on the command line
    text = models.TextField(_("note"))
    brought_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class RegisterStamp(models.Model):
    """Counts changes of the register without an event in the trail (`counts.invalidate_counts`); there is one row."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class SavedView(models.Model):
    """A filtered list that a person wants to find again."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=120)
    query = models.CharField(_("filter"), max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_view_of_a_name")]

    def __str__(self) -> str:
        return self.name
