from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QueueState(models.TextChoices):
    REGISTERED = "registered", pgettext_lazy("participant", "Registered")
    WAITING = "waiting", pgettext_lazy("participant", "On the waiting list")
    WITHDRAWN = "withdrawn", pgettext_lazy("participant", "Withdrawn")


class QueueQuerySet(models.QuerySet):
    """Registrations with a `state`, and `queued_at` for the order of the waiting list."""

    def registered(self) -> Self:
        return self.filter(state=QueueState.REGISTERED)

    def waiting(self) -> Self:
        """The one who has waited longest first."""
        return self.filter(state=QueueState.WAITING).order_by("queued_at", "pk")


class EventWithPlaces(models.Model):
    """An event for which people register, with a waiting list once all places are taken."""

    closes_on = models.DateField(_("registration closes on"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancelled_reason = models.TextField(_("reason for cancelling"), blank=True)

    class Meta:
        abstract = True

    @property
    def most_places(self) -> int | None:
        raise NotImplementedError

    def queue(self) -> QueueQuerySet:
        raise NotImplementedError

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    def is_closed(self, *, on: date) -> bool:
        """Whether people can no longer register themselves; coordinators still register them."""
        return self.closes_on is not None and self.closes_on < on

    def places_left(self) -> int | None:
        """None for an event without a limit."""
        if self.most_places is None:
            return None
        return max(0, self.most_places - self.queue().registered().count())

    def state_of_next(self) -> QueueState:
        return QueueState.WAITING if self.places_left() == 0 else QueueState.REGISTERED

    def next_in_queue(self) -> Sequence[Any]:
        """People on the waiting list for whom there are places now, longest waiting first."""
        left, waiting = self.places_left(), self.queue().waiting()
        return waiting if left is None else waiting[:left]
