"""What a court or committee has ordered in a case: the facts of a measure beside those that every record has."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.recommendations.models.recommendation import Recommendation


class OrderedMeasure(models.Model):
    """The type and the deadline of a measure, of a payment its amounts and its day. Its case points down to it."""

    class Type(models.TextChoices):
        PAYMENT = "payment", pgettext_lazy("type of a measure", "Individual: payment")
        INVESTIGATION = "investigation", pgettext_lazy("type of a measure", "Individual: investigation")
        RESTITUTION = "restitution", pgettext_lazy("type of a measure", "Individual: restitution")
        INDIVIDUAL = "individual", pgettext_lazy("type of a measure", "Individual: other")
        SATISFACTION = "satisfaction", pgettext_lazy("type of a measure", "Satisfaction")
        GENERAL = "general", pgettext_lazy("type of a measure", "General")

    MONEY = ("amount", "currency", "interest", "paid_on")

    recommendation = models.OneToOneField(Recommendation, models.CASCADE, primary_key=True, related_name="ordered")
    type = models.CharField(_("type of measure"), max_length=13, choices=Type)
    due_on = models.DateField(_("deadline set by the body"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("ISO code, for example EUR."))
    interest = models.DecimalField(_("interest due"), max_digits=16, decimal_places=2, null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)

    class Meta:
        ordering = ["recommendation__order_key", "recommendation"]
        indexes = [models.Index(fields=["due_on"], name="measures_by_deadline")]
        constraints = [
            models.CheckConstraint(
                condition=Q(type="payment") | Q(amount=None, currency="", interest=None, paid_on=None),
                name="only_a_payment_has_amounts",
            ),
            models.CheckConstraint(
                condition=(Q(amount=None) | Q(amount__gte=0)) & (Q(interest=None) | Q(interest__gte=0)),
                name="amounts_of_a_measure_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(amount=None, interest=None) | ~Q(currency=""), name="amount_of_a_measure_has_a_currency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation.code}: {self.get_type_display()}"

    @property
    def is_payment(self) -> bool:
        return self.type == self.Type.PAYMENT

    def is_overdue(self, on: date) -> bool:
        """Of a payment, until it is paid; whether another measure is carried out, only the body decides."""
        return self.due_on is not None and self.due_on < on and self.paid_on is None
