"""What the State replies, and how it was cleared and sent: of a proceeding now, and of its earlier submissions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.proceedings.models.clearances import Clearance
from servanda.sources.models import Obligation


class StateReply(models.Model):
    """One submission of the State, with its deadline."""

    PARTS = (  # all but the writers before, which are a relation
        *("due_on", "due_from", "answers_to", "reply", "reply_language", "reply_written_by", "clearance"),
        *("replied_on", "note_verbale", "channel", "acknowledged_on", "obligation"),
    )

    class DueFrom(models.TextChoices):
        LETTER = "letter", _("As the letter asks")
        RULE = "rule", _("By the rule")
        ESTIMATE = "estimate", _("Estimated by the rule")
        EXTENDED = "extended", _("Extension granted")
        MANUAL = "manual", pgettext_lazy("origin of a deadline", "Set manually")

    due_on = models.DateField(_("deadline"), null=True, blank=True)
    due_from = models.CharField(_("origin of the deadline"), max_length=8, choices=DueFrom, blank=True)
    answers_to = models.CharField(_("document or request answered"), max_length=300, blank=True)
    reply = models.TextField(_("reply of the State"), blank=True)
    reply_language = models.CharField(_("language of the reply"), max_length=8, blank=True)
    reply_written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Before `reply_written_by`: whoever wrote any of it does not clear it.
    reply_earlier_writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    clearance = models.OneToOneField(
        Clearance, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("clearance")
    )
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    note_verbale = models.CharField(_("number of the note verbale"), max_length=80, blank=True)
    channel = models.CharField(_("channel"), max_length=120, blank=True)
    acknowledged_on = models.DateField(_("acknowledged on"), null=True, blank=True)
    obligation = models.OneToOneField(Obligation, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def is_by_report(self) -> bool:
        """Whether a report on the case met the deadline, without a reply that was written and cleared here."""
        return self.replied_on is not None and not self.reply and self.clearance_id is None


DEADLINE_HAS_ITS_ORIGIN = Q(due_on=None, due_from="") | (Q(due_on__isnull=False) & ~Q(due_from=""))
