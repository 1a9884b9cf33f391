"""The steps before the deadline of an obligation, and those that obligations of a kind usually have."""

from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution
from servanda.sources.models.obligations import Obligation, ObligationQuerySet
from servanda.sources.models.step_titles import shown_title
from servanda.vocab.models import ObligationKind


class ObligationStepQuerySet(models.QuerySet):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Steps are internal, also those of a published obligation. Of what follows a proceeding, which shows each
        institution its own part, readers of the desk see the steps of their institutions."""
        if can(user, Can.READ_EVERYTHING):
            return self.of(Obligation.objects.kept())
        own = Q(pk__in=[])
        for scope in scopes(user, Can.READ_INTERNAL):
            bodies = Q(obligation__body__code__in=scope.bodies) if scope.bodies else Q()
            own |= Q(institution__in=scope.institutions) & bodies
        if not can(user, Can.READ_INTERNAL):
            return self.none()
        return self.of(Obligation.objects.internal_to(user)).filter(Q(obligation__is_derived=False) | own)

    def of(self, obligations: ObligationQuerySet) -> Self:
        """Asks for each step, so that a few days of a calendar do not read all obligations."""
        return self.filter(Exists(obligations.order_by().filter(pk=OuterRef("obligation"))))

    def current(self) -> Self:
        """Steps that are done, and those that are still to be done because their obligation is not finished."""
        return self.filter(~Q(done_on=None) | Q(obligation__state__in=Obligation.UNFINISHED))


class ObligationStep(models.Model):
    """A step backward from the deadline: a draft, a translation, a clearance; each with an institution and a day."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="steps")
    title = models.CharField(_("step"), max_length=200)
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="obligation_steps",
        verbose_name=_("institution"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.PositiveSmallIntegerField(default=0)

    objects = ObligationStepQuerySet.as_manager()

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "place", "pk"]
        indexes = [models.Index(fields=["institution", "due_on"]), models.Index(fields=["due_on"])]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        return shown_title(self.title)


class StepTemplate(models.Model):
    """A step that obligations of a kind usually have, so many days before their deadline."""

    kind = models.CharField(_("kind"), max_length=20, choices=ObligationKind)
    title = models.CharField(_("step"), max_length=200)
    days_before = models.PositiveSmallIntegerField(_("days before the deadline"))
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )

    class Meta:
        ordering = ["kind", "-days_before", "pk"]

    def __str__(self) -> str:
        return self.title
