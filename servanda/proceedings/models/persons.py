from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.proceedings.models.proceedings import Proceeding


class PersonConcernedQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self if can(user, Can.READ_IDENTITIES) else self.none()


class PersonConcerned(models.Model):
    """An alleged victim, a relative or a source: in a table of its own, without history, search, lists or exports.

    Each reading of an identity is a line of the trail (`persons.services.read_persons`).
    """

    class Role(models.TextChoices):
        VICTIM = "victim", _("Alleged victim")
        APPLICANT = "applicant", pgettext_lazy("role of a person", "Applicant")
        RELATIVE = "relative", _("Relative")
        SOURCE = "source", pgettext_lazy("role of a person", "Source")
        REPRESENTATIVE = "representative", pgettext_lazy("role of a person", "Representative")

    class Outcome(models.TextChoices):
        UNKNOWN = "unknown", pgettext_lazy("outcome for a person", "Not known yet")
        RELEASED = "released", pgettext_lazy("outcome for a person", "Released")
        LOCATED = "located", pgettext_lazy("outcome for a person", "Located")
        REMEDY = "remedy", pgettext_lazy("outcome for a person", "Remedy provided")
        CLOSED = "closed", pgettext_lazy("outcome for a person", "Closed without change")
        OTHER = "other", pgettext_lazy("outcome for a person", "Other outcome")

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="persons")
    role = models.CharField(_("role"), max_length=14, choices=Role, default=Role.VICTIM)
    name = models.CharField(_("name"), max_length=200, blank=True)
    details = models.TextField(_("details"), blank=True)
    consents = models.BooleanField(_("consents to the publication of the name"), default=False)
    consent_source = models.CharField(_("source of the consent"), max_length=200, blank=True)
    outcome = models.CharField(
        pgettext_lazy("of a communication", "outcome"), max_length=8, choices=Outcome, default=Outcome.UNKNOWN
    )
    outcome_note = models.TextField(_("note on the outcome"), blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PersonConcernedQuerySet.as_manager()

    class Meta:
        verbose_name = _("person concerned")
        verbose_name_plural = _("persons concerned")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consents=False) | ~Q(consent_source=""),
                name="a_consent_has_its_source",
                violation_error_message=_("Enter the source of the consent."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(name="", details="", outcome_note="", consent_source=""),
                name="nothing_is_left_of_an_erased_person",
            ),
        ]

    def __str__(self) -> str:
        """Never the name: what is printed of a row ends up in logs and trails."""
        return f"{self.proceeding} {self.pk}"
