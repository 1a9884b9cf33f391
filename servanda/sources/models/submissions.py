"""Letters about an obligation, and the proof that it was met."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.sources.models.obligations import Obligation


class ObligationLetter(models.Model):
    """A letter about an obligation: a reminder that was received, or a holding reply that was sent."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", _("Reminder received")
        HOLDING = "holding", _("Holding reply sent")
        OTHER = "other", pgettext_lazy("kind of a letter", "Other letter")

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="letters")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    on = models.DateField(_("date"))
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class Submission(models.Model):
    """The proof that an obligation was met: the note verbale, its channel and the acknowledgement."""

    obligation = models.OneToOneField(Obligation, models.CASCADE, related_name="submission")
    submitted_on = models.DateField(_("submitted on"))
    note_verbale = models.CharField(_("number of the note verbale"), max_length=80, blank=True)
    channel = models.CharField(_("channel"), max_length=120, blank=True)
    mission = models.CharField(_("permanent mission"), max_length=160, blank=True)
    acknowledged_on = models.DateField(_("acknowledged on"), null=True, blank=True)
    reply = models.CharField(_("symbol or address of the reply"), max_length=300, blank=True)
    language = models.CharField(_("language of submission"), max_length=8, blank=True)
    words = models.PositiveIntegerField(_("words"), null=True, blank=True)
    annexes = models.TextField(_("annexes"), blank=True)
    state_before = models.CharField(max_length=16, choices=Obligation.State)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_on=None) | Q(acknowledged_on__gte=F("submitted_on")),
                name="acknowledged_after_submission",
                violation_error_message=_("The acknowledgement is before the submission."),
            )
        ]

    def __str__(self) -> str:
        return str(self.submitted_on)
