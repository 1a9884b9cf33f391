from django.db import models
from django.utils.translation import gettext_lazy as _

from servanda.vocab.models import Body, Country


class Review(models.Model):
    """One examination of one State by one body: a UPR cycle, a dialogue on a periodic report, a visit."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="reviews", verbose_name=_("body"))
    country = models.ForeignKey(Country, models.PROTECT, related_name="reviews", verbose_name=_("State"))
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=0)  # 0: the body has no cycles
    year = models.PositiveSmallIntegerField(_("year"), default=0)  # 0 where the cycle identifies it
    session = models.PositiveSmallIntegerField(_("session"), null=True, blank=True)

    class Meta:
        ordering = ["body", "cycle", "year"]
        constraints = [models.UniqueConstraint(fields=["body", "country", "cycle", "year"], name="one_review_each")]

    def __str__(self) -> str:
        return f"{self.country.code} {self.body.code} {self.cycle or self.year}"


class Document(models.Model):
    """A document that contains recommendations or positions, known by its symbol."""

    symbol = models.CharField(_("symbol"), max_length=120, unique=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="documents")
    review = models.ForeignKey(Review, models.PROTECT, null=True, blank=True, related_name="documents")
    date = models.DateField(_("date"), null=True, blank=True)
    external_id = models.CharField(_("id at the sender"), max_length=64, blank=True)

    class Meta:
        ordering = ["symbol"]

    def __str__(self) -> str:
        return self.symbol
