from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution
from servanda.recommendations.models import Position, Recommendation, Stand

STANDING = Q(ended_at=None)


class PositionProposalQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(STANDING)

    def with_waiting(self):
        """Annotate `waits`: the proposal is in force, and the State has not decided since."""
        decided = Position.objects.current().filter(is_draft=False).exclude(stand=Stand.PENDING)
        since = decided.filter(recommendation=OuterRef("recommendation"), created_at__gt=OuterRef("proposed_at"))
        return self.annotate(waits=ExpressionWrapper(STANDING & ~Exists(since), output_field=models.BooleanField()))

    def waiting(self):
        return self.with_waiting().filter(waits=True)

    def in_scope_of(self, user, permission: Can = Can.PROPOSE_POSITION):
        """Of the institutions, and the bodies, for which this person's appointments give the permission."""
        condition = Q(pk__in=[])
        for scope in scopes(user, permission):
            of_institutions = Q(institution__in=scope.institutions)
            condition |= (
                of_institutions & Q(recommendation__body__code__in=scope.bodies) if scope.bodies else of_institutions
            )
        return self.filter(condition)

    def visible_to(self, user):
        """All for those who read draft positions; an institution sees only its own, and no one else sees any."""
        opened = self.filter(recommendation__in=Recommendation.objects.opened_to(user).order_by().values("pk"))
        if can(user, Can.READ_DRAFT_POSITIONS):
            return opened
        return opened.filter(pk__in=PositionProposal.objects.in_scope_of(user).values("pk"))


class PositionProposal(models.Model):
    """The position of the State that one institution proposes on a recommendation; the coordinator decides.

    A newer proposal of the same institution ends the older one, which stays in the history.
    """

    class Ending(models.TextChoices):
        REPLACED = "replaced", _("Replaced by a newer proposal")
        WITHDRAWN = "withdrawn", _("Withdrawn by the institution")

    STANDS = [Stand.SUPPORTED, Stand.PARTLY, Stand.NOTED]

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="position_proposals")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="position_proposals", verbose_name=_("institution")
    )
    stand = models.CharField(_("position"), max_length=10, choices=[(stand.value, stand.label) for stand in STANDS])
    comment = models.TextField(_("comment for the State's answer"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ending = models.CharField(_("how it ended"), max_length=9, choices=Ending, blank=True)

    objects = PositionProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of a position")
        verbose_name_plural = _("proposals of positions")
        ordering = ["institution__code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "institution"], condition=STANDING, name="one_standing_proposal_each"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="proposal_says_how_it_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation}, {self.institution}: {self.get_stand_display()}"
