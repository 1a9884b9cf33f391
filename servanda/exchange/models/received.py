"""What a peer sent: its parcels, their objects, and the decisions on them."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from servanda.exchange.models.peers import Peer, Reader
from servanda.people.access import Can, can


class ParcelQuerySet(models.QuerySet):
    def unsigned(self) -> Self:
        """Also those whose key the peer has revoked since."""
        return self.filter(Q(fingerprint="") | Q(revoked_at__isnull=False))


class Parcel(models.Model):
    """One signed parcel of a peer, verified when it arrived; or a file without a signature, for which a person named
    its sender."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    peer = models.ForeignKey(Peer, models.PROTECT, related_name="parcels")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=40, blank=True)  # of the key that signed it; empty where none did
    sender = models.CharField(max_length=200, blank=True)  # of a file without a signature, as a person entered it
    sequence = models.PositiveBigIntegerField()
    published_at = models.DateTimeField()
    withdrawn = models.PositiveIntegerField(default=0)  # objects that the peer withdrew
    refused = models.PositiveIntegerField(default=0)  # objects with faults, which are not stored
    faults = models.TextField(blank=True)  # the first of them, one a line
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)  # when the revocation of its key was read here

    objects = ParcelQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def has_no_signature(self) -> bool:
        return not self.fingerprint

    @property
    def is_unsigned(self) -> bool:
        """Also where the peer has revoked its key since."""
        return self.has_no_signature or self.revoked_at is not None


class DecisionQuerySet(models.QuerySet):
    def under_way(self) -> Self:
        return self.filter(finished_at=None)

    def visible_to(self, user: Reader) -> Self:
        return self if can(user, Can.IMPORT) else self.none()


class Decision(models.Model):
    """A decision on many objects of a peer, so that its progress can be shown, and the decision undone."""

    peer = models.ForeignKey(Peer, models.PROTECT, related_name="decisions")
    former = models.CharField(max_length=8)  # state of the objects before
    state = models.CharField(max_length=8)
    last = models.PositiveBigIntegerField()  # objects that arrive later are not decided on
    position = models.PositiveBigIntegerField(default=0)  # the object up to which it is made
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["peer"], condition=Q(finished_at=None), name="one_decision_on_a_peer_under_way"
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.done}/{self.total}"

    @property
    def decided(self) -> "ReceivedQuerySet":
        """Objects that are still as this decision left them."""
        return Received.objects.filter(decision=self, state=self.state)

    @property
    def can_be_undone(self) -> bool:
        is_decided = self.state in (Received.State.ACCEPTED, Received.State.DECLINED)
        return bool(is_decided and self.finished_at and not hasattr(self, "undone_by"))


class ReceivedQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """All for those who decide; what was accepted for those who work at the desk."""
        if can(user, Can.IMPORT):
            return self
        return self.accepted() if can(user, Can.READ_INTERNAL) else self.none()

    def waiting(self) -> Self:
        return self.filter(state=Received.State.WAITING)

    def accepted(self) -> Self:
        return self.filter(state=Received.State.ACCEPTED)

    def signed(self) -> Self:
        return self.exclude(parcel__in=Parcel.objects.unsigned())

    def unsigned(self) -> Self:
        return self.filter(parcel__in=Parcel.objects.unsigned())


class Received(models.Model):
    """One object as a peer sent it: never changed here, never part of our own figures."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("received object", "To be reviewed")
        ACCEPTED = "accepted", pgettext_lazy("received object", "Accepted")
        DECLINED = "declined", pgettext_lazy("received object", "Declined")
        REPLACED = "replaced", pgettext_lazy("received object", "Replaced by a newer version")

    peer = models.ForeignKey(Peer, models.PROTECT, related_name="received")
    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="received")
    object_id = models.CharField(max_length=1000)
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=1000)
    title = models.CharField(max_length=300)
    content = models.TextField()  # the object as JSON
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    changed_at = models.DateTimeField()  # by the peer, as it dates it
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="objects_decided")

    objects = ReceivedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "code", "pk"]
        indexes = [
            models.Index(fields=["peer", "state"]),
            models.Index(fields=["state", "kind", "code", "id"], name="received_in_order"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "object_id", "state"],
                condition=Q(state__in=["waiting", "accepted"]),
                name="one_version_of_an_object_in_each_state",
            )
        ]

    def __str__(self) -> str:
        return self.object_id

    @property
    def is_unsigned(self) -> bool:
        return self.parcel.is_unsigned
