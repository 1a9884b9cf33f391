from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18nfield.strings import LazyI18nString

from servanda.people.models import User
from servanda.proceedings.models.proceedings import Proceeding
from servanda.recommendations.models import Recommendation, RecommendationQuerySet
from servanda.sources.models import Obligation
from servanda.vocab.models import ObligationRule


class CaseFacts(models.Model):
    """Facts that only cases have. The number of a case is its reference, the name its title."""

    class Standing(models.TextChoices):
        LEADING = "leading", pgettext_lazy("standing of a case", "Leading")
        REPETITIVE = "repetitive", pgettext_lazy("standing of a case", "Repetitive")

    class Supervision(models.TextChoices):
        STANDARD = "standard", pgettext_lazy("supervision of a case", "Standard")
        ENHANCED = "enhanced", pgettext_lazy("supervision of a case", "Enhanced")

    FACTS = (
        *("applicants", "agent", "articles", "decided_on", "notified_on", "final_on"),
        *("standing", "leading_case", "supervision"),
    )

    proceeding = models.OneToOneField(Proceeding, models.CASCADE, primary_key=True, related_name="case")
    applicants = models.CharField(_("applicants (pseudonym)"), max_length=200, blank=True)
    agent = models.CharField(_("agent of the State"), max_length=200, blank=True)
    articles = models.CharField(_("articles found violated"), max_length=300, blank=True)
    decided_on = models.DateField(_("date of the judgment, decision or Views"), null=True, blank=True)
    notified_on = models.DateField(_("notified on"), null=True, blank=True)
    final_on = models.DateField(_("final on"), null=True, blank=True)
    standing = models.CharField(_("leading or repetitive"), max_length=10, choices=Standing, blank=True)
    leading_case = models.ForeignKey(
        Proceeding,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="repetitive_cases",
        verbose_name=_("leading case of the group"),
    )
    supervision = models.CharField(_("supervision"), max_length=8, choices=Supervision, blank=True)
    # The time limit for the referral to a court, besides the deadline of the next submission of the State.
    referral = models.OneToOneField(Obligation, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("facts of a case")
        verbose_name_plural = _("facts of cases")
        constraints = [
            models.CheckConstraint(
                condition=Q(leading_case=None) | Q(standing="repetitive"),
                name="only_a_repetitive_case_has_a_leading_one",
            ),
            models.CheckConstraint(
                condition=Q(final_on=None) | Q(decided_on=None) | Q(final_on__gte=F("decided_on")),
                name="a_judgment_is_final_after_it_is_given",
                violation_error_message=_(
                    "The date on which the judgment became final is before the date of the judgment. "
                    "Correct one of these dates."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.proceeding)

    def starts(self) -> dict[str, date | None]:
        """What starts the clocks of rules."""
        trigger = ObligationRule.Trigger
        return {trigger.NOTIFICATION: self.notified_on, trigger.FINALITY: self.final_on}


class CaseEntry(models.Model):
    """A line in the course of a case: a hearing, interim measures, an action plan, an order, a resolution."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="entries")
    type = models.CharField(_("type of entry"), max_length=24)  # a code of `data/entries.yaml`
    on = models.DateField(_("date"))
    reference = models.CharField(_("symbol or number"), max_length=120, blank=True)
    note = models.TextField(_("note on the entry"), blank=True)

    class Meta:
        verbose_name = _("entry in the course of a case")
        verbose_name_plural = _("entries in the course of cases")
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.proceeding} {self.type} {self.on}"

    @property
    def label(self) -> LazyI18nString | str:
        kind = self.proceeding.kind_facts
        return (kind.former_entries | kind.entries).get(self.type, self.type)


class CaseMeasureQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Of cases that this person sees, the measures whose internal side is open to them."""
        return self.filter(
            proceeding__in=Proceeding.objects.visible_to(user).order_by().values("pk"),
            recommendation__in=measures_open_to(user).order_by().values("pk"),
        )


def measures_open_to(user: User) -> RecommendationQuerySet:
    return Recommendation.every_kind.opened_to(user).filter(kind=Recommendation.Kind.MEASURE)


class CaseMeasure(models.Model):
    """A measure of the register that was ordered in this case. It belongs to one case."""

    proceeding = models.ForeignKey(Proceeding, models.CASCADE, related_name="measures")
    recommendation = models.OneToOneField(Recommendation, models.CASCADE, related_name="+")
    closed_to = models.JSONField(default=list, blank=True)  # keys of institutions that the case no longer names

    objects = CaseMeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure of a case")
        verbose_name_plural = _("measures of cases")
        ordering = ["recommendation__order_key", "recommendation"]

    def __str__(self) -> str:
        return f"{self.proceeding}: {self.recommendation.code}"
