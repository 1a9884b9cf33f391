from typing import Self

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from servanda.people.models import User
from servanda.planning.models import Action, ActionInstitution
from servanda.proceedings.models.proceedings import Proceeding


class PromisedMeasureQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of proceedings that the user sees, whose action the user sees."""
        actions = Action.objects.visible_to(user).order_by().values("pk")
        return self.filter(
            action__in=actions, proceeding__in=Proceeding.objects.visible_to(user).order_by().values("pk")
        )

    def with_leads(self) -> Self:
        lead = ActionInstitution.objects.filter(action=OuterRef("action"), part=ActionInstitution.Part.LEAD)
        return self.select_related("action").annotate(lead_name=Subquery(lead.values("institution__name")[:1]))


class PromisedMeasure(models.Model):
    """A measure that the State promised in its reply, as an action of its plan. That it was promised here is as
    confidential as the proceeding; the action is restricted until a person opens it."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="promised")
    action = models.OneToOneField(Action, models.PROTECT, related_name="+", verbose_name=_("action"))

    objects = PromisedMeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure promised")
        verbose_name_plural = _("measures promised")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.proceeding}: {self.action.code}"
