from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.people.models.institutions import Institution


class AccreditationQuerySet(models.QuerySet):
    def valid(self):
        """Without replaced entries."""
        return self.filter(replaced_at=None)

    def on(self, day: date):
        return self.valid().filter(Q(end=None) | Q(end__gte=day), start__lte=day)

    def signing(self, *, on: date):
        """Those that allow an institution to sign assessments on a day."""
        return self.on(on).filter(status__in=Accreditation.SIGNING)


class Accreditation(models.Model):
    """The accreditation of a national human rights institution in a period, with its source."""

    class Status(models.TextChoices):
        A = "a", pgettext_lazy("accreditation", "A status")
        B = "b", pgettext_lazy("accreditation", "B status")
        UNDER_REVIEW = "under-review", pgettext_lazy("accreditation", "Under special review")
        SUSPENDED = "suspended", pgettext_lazy("accreditation", "Suspended")
        REMOVED = "removed", pgettext_lazy("accreditation", "Accreditation removed")
        NONE = "none", pgettext_lazy("accreditation", "Not accredited")

    # A special review examines an accreditation that remains in force until it is decided.
    SIGNING = (Status.A, Status.B, Status.UNDER_REVIEW)

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="accreditations", verbose_name=_("institution")
    )
    status = models.CharField(_("accreditation"), max_length=12, choices=Status)
    start = models.DateField(_("from"))
    end = models.DateField(_("until"), null=True, blank=True)  # set when the next entry begins
    source = models.CharField(_("source"), max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)

    objects = AccreditationQuerySet.as_manager()

    class Meta:
        verbose_name = _("accreditation")
        ordering = ["-start", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")), name="accreditation_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="accreditation_has_a_source"),
            models.UniqueConstraint(
                fields=["institution", "start"],
                condition=Q(replaced_at=None),
                name="one_accreditation_of_an_institution_from_a_day",
            ),
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(replaced_at=None, end=None),
                name="one_present_accreditation_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution}: {self.get_status_display()}"

    @property
    def signs(self) -> bool:
        return self.status in self.SIGNING
