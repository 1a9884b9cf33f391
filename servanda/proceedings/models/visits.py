from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from servanda.people.models import Institution
from servanda.proceedings.models.proceedings import OfInstitutionQuerySet, Proceeding


class Meeting(models.Model):
    """One entry of the programme of a visit."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="meetings")
    on = models.DateField(_("date"))
    at = models.TimeField(_("time"), null=True, blank=True)
    title = models.CharField(_("meeting or place visited"), max_length=300)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )
    note = models.TextField(_("note on the meeting"), blank=True)

    objects = OfInstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting of a visit")
        verbose_name_plural = _("meetings of a visit")
        ordering = ["on", models.F("at").asc(nulls_last=True), "pk"]

    def __str__(self) -> str:
        return f"{self.on}: {self.title}"


class StandingInvitation(models.Model):
    """The invitation of the State to all special procedures; there is one or none."""

    extended_on = models.DateField(_("extended on"))
    source = models.CharField(_("source"), max_length=300)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("standing invitation")
        verbose_name_plural = _("standing invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=models.F("extended_on")),
                name="invitation_withdrawn_after_it_was_extended",
                violation_error_message=_("The invitation was withdrawn before it was extended."),
            )
        ]

    def __str__(self) -> str:
        return str(self.extended_on)
