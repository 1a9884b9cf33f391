import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18nfield.fields import I18nCharField, I18nTextField

from servanda.network.models.profiles import MechanismProfile
from servanda.network.models.withdrawable import WithdrawableQuerySet
from servanda.recommendations.models import Recommendation
from servanda.vocab.models import Body, Term


class PracticeQuerySet(WithdrawableQuerySet):
    def public(self) -> Self:
        return self.kept().filter(state=Practice.State.PUBLISHED)


class Practice(models.Model):
    """What one mechanism did about a problem, step by step, with what it cost and what came of it."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("practice", "Draft")
        REVIEWED = "reviewed", pgettext_lazy("practice", "Reviewed")
        PUBLISHED = "published", pgettext_lazy("practice", "Published")
        RECEIVED = "received", pgettext_lazy("practice", "Received")  # from another system, and never edited here

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mechanism = models.ForeignKey(
        MechanismProfile, models.PROTECT, null=True, blank=True, related_name="practices", verbose_name=_("mechanism")
    )
    sender = models.CharField(_("sender"), max_length=200, blank=True, editable=False)  # of a received one
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    is_invented = models.BooleanField(_("invented"), default=False)
    language = models.CharField(_("language"), max_length=8)  # of the original
    languages = models.CharField(max_length=200, editable=False)  # codes divided by blanks
    title = I18nCharField(_("title"), max_length=300)
    problem = I18nTextField(_("problem"))
    context = I18nTextField(_("context"), blank=True)
    steps = I18nTextField(_("steps"))  # one a line
    cost_words = I18nTextField(_("cost in words"), blank=True)
    result = I18nTextField(_("result"))
    failures = I18nTextField(_("what did not work"), blank=True)
    cost = models.DecimalField(_("cost"), max_digits=15, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    cost_year = models.PositiveSmallIntegerField(_("year of the cost"), null=True, blank=True)
    contact = models.CharField(_("contact"), max_length=300, blank=True)
    capacities = models.CharField(_("capacities"), max_length=100, blank=True)  # codes divided by blanks
    themes = models.ManyToManyField(Term, related_name="+", blank=True, verbose_name=_("themes"))
    bodies = models.ManyToManyField(Body, related_name="+", blank=True, verbose_name=_("bodies"))
    origin = models.URLField(_("origin"), max_length=500, blank=True, editable=False)
    received_on = models.DateField(_("received on"), null=True, blank=True, editable=False)
    is_unsigned = models.BooleanField(default=False, editable=False)  # received from a file without a signature
    is_for_members = models.BooleanField(default=False, editable=False)  # received from a feed for members
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawing"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    tokens = models.TextField(editable=False, blank=True)  # of all texts, for the search by words

    objects = PracticeQuerySet.as_manager()
    current_endorsements: "list[Endorsement]"  # where `with_all` has read them

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["origin"], condition=~Q(origin=""), name="one_practice_of_an_origin"),
            models.CheckConstraint(
                condition=Q(state="received", received_on__isnull=False) & ~Q(origin="")
                | ~Q(state="received") & Q(origin="", received_on=None, mechanism__isnull=False),
                name="a_practice_is_received_or_of_a_mechanism",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="practice_withdrawn_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | ~Q(currency=""), name="the_cost_of_a_practice_has_its_currency"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("desk:practice", args=[self.key])

    @property
    def is_received(self) -> bool:
        return self.state == self.State.RECEIVED

    @property
    def is_public(self) -> bool:
        return self.state == self.State.PUBLISHED and self.withdrawn_at is None

    @property
    def language_codes(self) -> list[str]:
        return self.languages.split()

    @property
    def owner(self) -> str:
        """The mechanism that it comes from, by name."""
        return str(self.mechanism) if self.mechanism else self.sender


class PracticeEvidence(models.Model):
    """One thing that shows the result. Its address is never opened by this system."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="evidence")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(_("evidence"), max_length=500)
    source = models.CharField(_("source"), max_length=300, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "order"], name="evidence_of_a_practice_in_order"),
        ]

    def __str__(self) -> str:
        return self.text


class EndorsementQuerySet(models.QuerySet):
    def kept(self) -> Self:
        return self.filter(withdrawn_at=None)

    def public(self) -> Self:
        """Those for the systems that practices come from that everyone may read: they name the practice, and one from
        a feed for members is not for everyone."""
        return self.for_origins().filter(practice__is_for_members=False)

    def for_origins(self) -> Self:
        """Those that travel to the system of a received practice: entries of our own mechanism, whose profile is
        public, that a person chose to share."""
        received = Practice.objects.kept().filter(state=Practice.State.RECEIVED)
        own = MechanismProfile.objects.public().filter(is_own=True)
        return self.kept().filter(is_shared=True, practice__in=received, mechanism__in=own)


class Endorsement(models.Model):
    """Another mechanism endorses a practice, or has tried it, and says how it went."""

    class Kind(models.TextChoices):
        ENDORSED = "endorsed", pgettext_lazy("practice", "Endorsed")
        TRIED = "tried", pgettext_lazy("practice", "Tried")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="endorsements")
    mechanism = models.ForeignKey(MechanismProfile, models.PROTECT, related_name="+", verbose_name=_("mechanism"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    note = models.TextField(_("note"), blank=True)
    day = models.DateField(_("date"))
    is_shared = models.BooleanField(
        _("share with the system that the practice comes from"),
        default=False,
        help_text=_("The entry and its note become public. Only entries of our own mechanism are shared."),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "mechanism"], name="one_endorsement_of_a_mechanism_and_practice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice}: {self.mechanism}"


class ReceivedEndorsement(models.Model):
    """That another mechanism endorses a practice, or has tried it, as another system published it: that of a received
    practice, or that of the mechanism itself, whose permanent address is then the origin."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="received_endorsements")
    mechanism = models.CharField(_("mechanism"), max_length=200)
    kind = models.CharField(_("kind"), max_length=8, choices=Endorsement.Kind)
    note = models.TextField(_("note"), blank=True)
    day = models.DateField(_("date"))
    is_invented = models.BooleanField(_("invented"), default=False, editable=False)
    origin = models.URLField(_("origin"), max_length=500, blank=True, editable=False)
    received_on = models.DateField(_("received on"), null=True, blank=True, editable=False)
    is_unsigned = models.BooleanField(default=False, editable=False)  # received from a file without a signature

    is_received = True

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["origin"], condition=~Q(origin=""), name="one_endorsement_of_an_origin"),
            models.CheckConstraint(
                condition=Q(origin="") | Q(received_on__isnull=False), name="a_received_endorsement_has_its_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice}: {self.mechanism}"


class PracticeVector(models.Model):
    """The meaning of the title and the problem, as one encoder understands them."""

    practice = models.OneToOneField(Practice, models.CASCADE, related_name="vector")
    encoder = models.CharField(max_length=100)
    digest = models.CharField(max_length=32)
    vector = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.practice} {self.encoder}"


class PracticeLink(models.Model):
    """A person decided that a practice fits a record, or that it does not."""

    class Decision(models.TextChoices):
        LINKED = "linked", pgettext_lazy("practice", "Linked")
        DISMISSED = "dismissed", pgettext_lazy("practice", "Dismissed")

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="+")
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="links")
    decision = models.CharField(max_length=9, choices=Decision)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "practice"], name="one_decision_on_a_practice_for_a_record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.practice}"
