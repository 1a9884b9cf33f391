from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution, User
from servanda.proceedings.models.proceedings import Proceeding


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """All for those who read everything; institutions, the meetings in which they take part."""
        if can(user, Can.READ_EVERYTHING):
            return self
        own = Q(pk__in=[])
        for scope in scopes(user, Can.READ_INTERNAL):
            own |= Q(institution__in=scope.institutions)
        return self.filter(own, proceeding__in=Proceeding.objects.visible_to(user).order_by().values("pk"))


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

    objects = MeetingQuerySet.as_manager()

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
