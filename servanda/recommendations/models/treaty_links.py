"""What a record asks the State to do about its treaties: to become party to one, or to withdraw a reservation."""

from django.conf import settings
from django.db import models

from servanda.recommendations.models.recommendation import Recommendation
from servanda.recommendations.models.record_parts import Dated, RecordLinkQuerySet
from servanda.sources.models import Reservation
from servanda.vocab.models import Instrument


class RecordInstrument(Dated):
    """The record asks the State to ratify the treaty, to accede to it, or to accept a procedure under it."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="instrument_links")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="record_links")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = RecordLinkQuerySet.as_manager()

    class Meta:
        ordering = ["recommendation__order_key", "pk"]

    def __str__(self) -> str:
        return f"{self.recommendation.code} → {self.instrument.code}"


class RecordReservation(Dated):
    """The record asks the State to withdraw the reservation or declaration."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="reservation_links")
    reservation = models.ForeignKey(Reservation, models.CASCADE, related_name="record_links")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = RecordLinkQuerySet.as_manager()

    class Meta:
        ordering = ["recommendation__order_key", "pk"]

    def __str__(self) -> str:
        return f"{self.recommendation.code} → {self.reservation}"
