"""Other mechanisms whose parcels this instance accepts, and what is counted of each."""

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

from servanda.exchange.models.shared import Audience
from servanda.network.models import MechanismProfile
from servanda.network.models.members import shut_out_states
from servanda.people.access import Can, can
from servanda.vocab.models import Country

Reader = AbstractBaseUser | AnonymousUser


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
        own = own.exclude(origin__in=Peer.objects.profiles_of_others())
        of_profile = Subquery(own.order_by("pk").values("country")[:1])
        of_state = Peer.objects.order_by().annotate(
            of_state=Coalesce("country", of_profile, output_field=models.BigIntegerField())
        )
        return of_state.filter(of_state__in=shut_out_states())

    def profiles_of_others(self) -> models.QuerySet:
        """The addresses of accepted profiles of mechanisms other than the one whose system published them."""
        profiles = {"received__state": "accepted", "received__kind": "profile"}
        others = self.filter(**profiles, received__content__contains='"is_own": false')
        return others.order_by().values("received__object_id")

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
