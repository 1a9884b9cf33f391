import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.network.models.profiles import MechanismProfile
from servanda.network.models.releases import Release
from servanda.network.models.withdrawable import WithdrawableQuerySet
from servanda.people.models import User
from servanda.vocab.models import Term


class AssistanceQuerySet(WithdrawableQuerySet):
    def open(self) -> Self:
        return self.kept().filter(closed_at=None)

    def of_this_system(self) -> Self:
        """Without those that other systems sent, which count in no figure of this one."""
        return self.filter(origin="")

    def expired(self, *, on: date) -> Self:
        """Offers whose last day is over: a request that is late is still a request."""
        return self.filter(kind=Assistance.Kind.OFFER, due_on__lt=on)

    def public(self) -> Self:
        """Open ones of this system that are shared with everyone, without expired offers."""
        return self._released(Release.Audience.EVERYONE)

    def for_members(self) -> Self:
        """The same with those that only peers that are members may read."""
        return self._released(*Release.Audience.values)

    def _released(self, *audiences: str) -> Self:
        released = Q()
        for kind in Assistance.Kind.values:
            released |= Q(kind=kind, key__in=Release.objects.keys_for(kind, *audiences))
        expired = Assistance.objects.expired(on=timezone.localdate()).order_by().values("pk")
        return self.open().of_this_system().filter(released).exclude(pk__in=expired)


class Assistance(models.Model):
    """What one mechanism asks of others, or offers to them."""

    class Kind(models.TextChoices):
        REQUEST = "request", pgettext_lazy("assistance", "Request")
        OFFER = "offer", pgettext_lazy("assistance", "Offer")

    class Form(models.TextChoices):
        ADVICE = "advice", pgettext_lazy("form of assistance", "Advice")
        MISSION = "mission", pgettext_lazy("form of assistance", "Mission")
        TRAINING = "training", pgettext_lazy("form of assistance", "Training")
        TOOL = "tool", pgettext_lazy("form of assistance", "Tool")
        FUNDING = "funding", pgettext_lazy("form of assistance", "Funding")

    class Region(models.TextChoices):
        """The regional groups of the United Nations."""

        AFRICA = "africa", _("African States")
        ASIA_PACIFIC = "asia-pacific", _("Asia-Pacific States")
        EASTERN_EUROPE = "eastern-europe", _("Eastern European States")
        LATIN_AMERICA = "latin-america", _("Latin American and Caribbean States")
        WESTERN_EUROPE = "western-europe", _("Western European and other States")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    mechanism = models.ForeignKey(
        MechanismProfile, models.PROTECT, related_name="assistance", verbose_name=_("mechanism")
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what"))
    background = models.TextField(blank=True)  # of a request: why; of an offer: conditions
    forms = models.CharField(_("forms of assistance"), max_length=60)  # codes divided by blanks, as the next three
    languages = models.CharField(_("languages"), max_length=100)
    regions = models.CharField(_("regional groups"), max_length=100, blank=True)
    capacity = models.CharField(_("capacity"), max_length=20, blank=True)
    gap = models.CharField(max_length=60, blank=True, editable=False)  # the question of a self-assessment behind it
    themes = models.ManyToManyField(Term, related_name="+", blank=True, verbose_name=_("themes"))
    due_on = models.DateField(_("needed or available until"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    # What another system sent and a person accepted: its permanent address there. Never edited here.
    origin = models.URLField(_("origin"), max_length=500, blank=True, editable=False)
    received_on = models.DateField(_("received on"), null=True, blank=True, editable=False)
    is_unsigned = models.BooleanField(default=False, editable=False)  # received from a file without a signature
    is_for_members = models.BooleanField(default=False, editable=False)  # received from a feed for members
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawing"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("request or offer of assistance")
        verbose_name_plural = _("requests and offers of assistance")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="assistance_withdrawn_with_a_reason"
            ),
            models.CheckConstraint(condition=Q(amount=None) | ~Q(currency=""), name="assistance_amount_has_currency"),
            models.UniqueConstraint(fields=["origin"], condition=~Q(origin=""), name="one_assistance_of_an_origin"),
            models.CheckConstraint(
                condition=Q(origin="", received_on=None) | (~Q(origin="") & Q(received_on__isnull=False)),
                name="received_assistance_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk:assistance_entry", args=[self.key])

    @property
    def is_request(self) -> bool:
        return self.kind == self.Kind.REQUEST

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.withdrawn_at is None

    @property
    def is_public(self) -> bool:
        shared = Release.objects.filter(kind=self.kind, key=self.key, audience=Release.Audience.EVERYONE)
        return self.is_open and not self.is_expired and not self.is_received and shared.exists()

    @property
    def is_expired(self) -> bool:
        return not self.is_request and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def is_received(self) -> bool:
        return bool(self.origin)

    def is_readable_by(self, audience: str) -> bool:
        """Whether this received entry may be named to an audience: one from a feed for members only to members."""
        return audience == Release.Audience.MEMBERS or not self.is_for_members

    @property
    def form_labels(self) -> list[object]:
        return [self.Form(code).label for code in self.forms.split() if code in self.Form.values]

    @property
    def region_labels(self) -> list[object]:
        return [self.Region(code).label for code in self.regions.split() if code in self.Region.values]

    @property
    def language_codes(self) -> list[str]:
        return self.languages.split()


class CooperationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(request__in=Assistance.objects.visible_to(user).order_by().values("pk"))


class Cooperation(models.Model):
    """One mechanism helps another: from the introduction to the evaluation by both."""

    class State(models.TextChoices):
        INTRODUCED = "introduced", pgettext_lazy("cooperation", "Introduced")
        AGREED = "agreed", pgettext_lazy("cooperation", "Agreed")
        UNDER_WAY = "under-way", pgettext_lazy("cooperation", "Under way")
        DONE = "done", pgettext_lazy("cooperation", "Done")
        ENDED = "ended", pgettext_lazy("cooperation", "Ended without result")

    request = models.ForeignKey(
        Assistance, models.PROTECT, related_name="cooperations", verbose_name=_("request for assistance")
    )
    offer = models.ForeignKey(
        Assistance,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offered_cooperations",
        verbose_name=_("offer"),
    )
    provider = models.ForeignKey(
        MechanismProfile, models.PROTECT, related_name="+", verbose_name=_("mechanism that helps")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.INTRODUCED)
    agreement = models.TextField(_("agreement"), blank=True)  # parties, text, duties
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    start = models.DateField(_("from"), null=True, blank=True)
    end = models.DateField(_("until"), null=True, blank=True)
    pledged = models.DecimalField(_("amount pledged"), max_digits=15, decimal_places=2, null=True, blank=True)
    received = models.DecimalField(_("amount received"), max_digits=15, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    costs = models.CharField(_("costs"), max_length=300, blank=True)  # in words: who paid for what
    result = models.TextField(_("result"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CooperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("cooperation")
        verbose_name_plural = _("cooperations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "provider"], name="one_cooperation_of_a_request_and_provider"),
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gte=F("start")),
                name="cooperation_ends_after_it_begins",
                violation_error_message=_("Enter an end date that is not before the start date."),
            ),
            models.CheckConstraint(
                condition=Q(pledged=None, received=None) | ~Q(currency=""), name="cooperation_amount_has_currency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.request}"

    def get_absolute_url(self) -> str:
        return f"{self.request.get_absolute_url()}#cooperation-{self.pk}"

    def mechanism_on(self, side: str) -> MechanismProfile:
        return self.request.mechanism if side == CooperationEvaluation.Side.REQUESTER else self.provider


class CooperationEvaluationQuerySet(models.QuerySet):
    def shared_with(self, *audiences: str) -> Self:
        """Those of our own mechanism that a person shares with one of the audiences, which may read the request as
        well: its address is in the evaluation. A request may be closed by then; one from a feed for members is not
        for everyone."""
        side = CooperationEvaluation.Side
        ours = Q(side=side.REQUESTER, cooperation__request__mechanism__is_own=True)
        ours |= Q(side=side.PROVIDER, cooperation__provider__is_own=True)
        requests = Release.objects.keys_for(Release.Kind.REQUEST, *audiences)
        received = ~Q(cooperation__request__origin="")
        if Release.Audience.MEMBERS not in audiences:
            received &= Q(cooperation__request__is_for_members=False)
        readable = received | Q(cooperation__request__key__in=requests)
        kept = self.filter(ours, readable, cooperation__request__withdrawn_at=None)
        return kept.filter(key__in=Release.objects.keys_for(Release.Kind.EVALUATION, *audiences))


class CooperationEvaluation(models.Model):
    """What one side says about a cooperation that is done."""

    class Side(models.TextChoices):
        REQUESTER = "requester", pgettext_lazy("side of a cooperation", "The mechanism that asked")
        PROVIDER = "provider", pgettext_lazy("side of a cooperation", "The mechanism that helped")

    class Rating(models.IntegerChoices):
        NONE = 1, pgettext_lazy("usefulness", "Not useful")
        LITTLE = 2, pgettext_lazy("usefulness", "Of some use")
        USEFUL = 3, pgettext_lazy("usefulness", "Useful")
        VERY = 4, pgettext_lazy("usefulness", "Very useful")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cooperation = models.ForeignKey(Cooperation, models.CASCADE, related_name="evaluations")
    side = models.CharField(_("side"), max_length=9, choices=Side)
    rating = models.PositiveSmallIntegerField(_("usefulness"), choices=Rating)
    text = models.TextField(_("evaluation"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    objects = CooperationEvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation of a cooperation")
        verbose_name_plural = _("evaluations of cooperation")
        constraints = [
            models.UniqueConstraint(fields=["cooperation", "side"], name="one_evaluation_of_a_side"),
        ]

    def __str__(self) -> str:
        return f"{self.cooperation}: {self.get_side_display()}"

    def get_absolute_url(self) -> str:
        return self.cooperation.get_absolute_url()

    @property
    def audience_label(self) -> object:
        """Of its release, where `cooperations_of` has read it."""
        audience = vars(self).get("audience")
        return Release.Audience(audience).label if audience else pgettext_lazy("shared with", "No one")

    @property
    def is_kept_back(self) -> bool:
        """Shared, but not sent, because the request is not: known where `cooperations_of` has read both audiences."""
        audience, of_request = vars(self).get("audience"), vars(self).get("audience_of_request")
        if not audience:
            return False
        request = self.cooperation.request
        if request.is_received:
            return not request.is_readable_by(audience)
        return of_request not in Release.covering(audience)

    @property
    def mechanism(self) -> MechanismProfile:
        return self.cooperation.mechanism_on(self.side)

    @property
    def is_on_behalf(self) -> bool:
        """Whether it was entered here for another mechanism, since only our own evaluates for itself."""
        return not self.mechanism.is_own


class ReceivedEvaluation(models.Model):
    """What the other side of a cooperation says about it, as its own system published it and a person accepted it:
    never edited here, and in no figure of this system."""

    cooperation = models.ForeignKey(Cooperation, models.CASCADE, related_name="received_evaluations")
    side = models.CharField(_("side"), max_length=9, choices=CooperationEvaluation.Side)
    rating = models.PositiveSmallIntegerField(_("usefulness"), choices=CooperationEvaluation.Rating)
    text = models.TextField(_("evaluation"), blank=True)
    sender = models.CharField(_("sender"), max_length=200)
    day = models.DateField(_("date"))
    is_invented = models.BooleanField(_("invented"), default=False, editable=False)
    origin = models.URLField(_("origin"), max_length=500, unique=True, editable=False)
    received_on = models.DateField(_("received on"), editable=False)
    is_unsigned = models.BooleanField(default=False, editable=False)  # received from a file without a signature

    is_received = True

    class Meta:
        ordering = ["-side", "day", "pk"]

    def __str__(self) -> str:
        return f"{self.sender}: {self.get_side_display()}"
