"""Own signing keys, what is shared, other mechanisms, and what they sent."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.network.models import MechanismProfile
from servanda.network.models.members import shut_out_states
from servanda.people.access import Can, can
from servanda.vocab.models import Country

Reader = AbstractBaseUser | AnonymousUser


class SigningKeyQuerySet(models.QuerySet):
    def trusted(self) -> Self:
        return self.filter(revoked_at=None)

    def current(self) -> Self:
        """The key that signs; at most one."""
        return self.trusted().filter(replaced_at=None)

    def former(self) -> Self:
        return self.exclude(replaced_at=None, revoked_at=None)

    def revoked(self) -> Self:
        return self.exclude(revoked_at=None)


class SigningKey(models.Model):
    """A key with which this instance signs what it shares. The private part is encrypted like other secrets."""

    fingerprint = models.CharField(max_length=40, unique=True)
    public = models.CharField(max_length=64)  # as in a JWK: the value of "x"
    private = models.TextField()
    created_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.TextField(blank=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing key")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["revoked_reason"], condition=Q(replaced_at=None, revoked_at=None), name="one_key_that_signs"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoked_reason=""), name="key_revoked_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.fingerprint

    @property
    def signs(self) -> bool:
        return self.replaced_at is None and self.revoked_at is None


class Audience(models.TextChoices):
    """The audience of a feed. The feed for members includes what everyone may read; each feed has its own sequence
    numbers."""

    EVERYONE = "everyone"
    MEMBERS = "members"


class SharedObject(models.Model):
    """The last state of one of our objects in a feed: its content, or its withdrawal."""

    class Activity(models.TextChoices):
        CREATE = "Create"
        UPDATE = "Update"
        DELETE = "Delete"

    audience = models.CharField(max_length=8, choices=Audience, default=Audience.EVERYONE)
    object_id = models.CharField(max_length=1000)
    kind = models.CharField(max_length=20)
    activity = models.CharField(max_length=6, choices=Activity)
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    content = models.TextField(blank=True)  # the object as JSON; empty after its withdrawal
    digest = models.CharField(max_length=64, blank=True)  # of the rows that it was read from

    class Meta:
        ordering = ["audience", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["audience", "object_id"], name="one_change_of_an_object_in_a_feed"),
            models.UniqueConstraint(fields=["audience", "sequence"], name="one_change_of_a_number_in_a_feed"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.activity} {self.object_id}"


class SharedPage(models.Model):
    """One page of the feed as it was last prepared: which changes are on it, and the hash of its bytes."""

    audience = models.CharField(max_length=8, choices=Audience, default=Audience.EVERYONE)
    number = models.PositiveIntegerField()
    first = models.PositiveBigIntegerField()  # sequence number of its first change
    last = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["audience", "number"]
        constraints = [
            models.UniqueConstraint(fields=["audience", "number"], name="one_page_of_a_number_in_a_feed"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Sharing(models.Model):
    """What this instance shares with everyone, and whether its feed is online. There is at most one row."""

    kinds = models.CharField(max_length=200)  # codes divided by blanks
    member_kinds = models.CharField(max_length=200, blank=True)  # those that only members read
    is_online = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_row_of_sharing")]

    def __str__(self) -> str:
        return self.kinds

    @property
    def kind_codes(self) -> list[str]:
        return self.kinds.split()

    @property
    def member_kind_codes(self) -> list[str]:
        return self.member_kinds.split()


class PeerQuerySet(models.QuerySet):
    def due(self, *, on: datetime) -> Self:
        """Peers whose feed is to be fetched now."""
        return self.filter(state=Peer.State.ACTIVE, is_pulled=True, next_pull_at__lte=on)

    def members(self) -> Self:
        """Those that may read what is shared with members: not while the mechanism of their State is suspended or has
        left."""
        return self.filter(state=Peer.State.ACTIVE, is_member=True).exclude(pk__in=self.excluded().values("pk"))

    def excluded(self) -> Self:
        """Of a State whose mechanism is suspended or has left: the State that a person chose, or that of the profile
        which was accepted of the peer."""
        own = MechanismProfile.objects.filter(origin__startswith=Concat(OuterRef("origin"), Value("/")))
        of_profile = Subquery(own.order_by("pk").values("country")[:1])
        of_state = Peer.objects.order_by().annotate(
            of_state=Coalesce("country", of_profile, output_field=models.BigIntegerField())
        )
        return of_state.filter(of_state__in=shut_out_states())

    def with_problem(self) -> Self:
        """Peers that were stopped by a problem, or whose feed could not be fetched at the last attempt."""
        is_stopped = Q(state=Peer.State.STOPPED) & ~Q(problem="")
        return self.filter(is_stopped | Q(state=Peer.State.ACTIVE, is_pulled=True) & ~Q(pull_problem=""))

    def visible_to(self, user: Reader) -> Self:
        return self if can(user, Can.IMPORT) else self.none()


class Peer(models.Model):
    """Another mechanism whose signed parcels this instance accepts for review."""

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("peer", "Active")
        STOPPED = "stopped", pgettext_lazy("peer", "Stopped")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    origin = models.CharField(max_length=200, unique=True)
    fingerprint = models.CharField(max_length=40, blank=True)  # empty while no key is confirmed: files only
    kinds = models.CharField(max_length=200)  # codes divided by blanks
    rule_kinds = models.CharField(max_length=200, blank=True)  # those that are accepted without a person
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    problem = models.TextField(blank=True)  # why it was stopped
    sequence = models.PositiveBigIntegerField(default=0)  # of the newest change that was received
    published_at = models.DateTimeField(null=True, blank=True)  # of the newest parcel, as the peer dates it
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    is_member = models.BooleanField(default=False)  # it reads what is shared with members
    reads_members = models.BooleanField(default=False)  # what it shares with its members is read here
    is_pulled = models.BooleanField(default=False)  # its feed is fetched over the network
    every_hours = models.PositiveSmallIntegerField(default=24)
    pulled_at = models.DateTimeField(null=True, blank=True)  # when the feed was last asked for
    next_pull_at = models.DateTimeField(null=True, blank=True)
    pull_problem = models.TextField(blank=True)  # why it could not be fetched the last time
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    counted_at = models.DateTimeField(null=True, blank=True)  # its accepted recommendations, see `PeerCount`
    records_on = models.DateField(null=True, blank=True)  # when it last changed an accepted recommendation
    tag = models.CharField(max_length=200, blank=True)  # ETag of the index that was read completely
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = PeerQuerySet.as_manager()

    class Meta:
        verbose_name = _("peer")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("exchange:peer", args=[self.key])

    @property
    def kind_codes(self) -> list[str]:
        return self.kinds.split()

    @property
    def rule_kind_codes(self) -> list[str]:
        return [code for code in self.rule_kinds.split() if code in self.kind_codes]

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_shut_out(self) -> bool:
        return Peer.objects.excluded().filter(pk=self.pk).exists()

    @property
    def has_sent(self) -> bool:
        """Whether anything was received; from then on its address is in what was received."""
        return self.parcels.exists()

    @property
    def every(self) -> timedelta:
        return timedelta(hours=self.every_hours)

    @property
    def audience(self) -> str:
        """Of the feed of this peer that is read here."""
        return Audience.MEMBERS if self.reads_members else Audience.EVERYONE


class PeerCount(models.Model):
    """How many accepted recommendations of a peer have one value; counted when the decision on them changes, so that
    pages over many peers need not."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="counts")
    dimension = models.CharField(max_length=10)
    value = models.CharField(max_length=100)
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ["dimension", "value", "pk"]
        indexes = [models.Index(fields=["dimension", "value"], name="counts_by_value")]
        constraints = [
            models.UniqueConstraint(fields=["peer", "dimension", "value"], name="one_count_of_a_value_of_a_peer"),
        ]

    def __str__(self) -> str:
        return f"{self.peer}: {self.dimension} {self.value} {self.number}"


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
