from collections.abc import Iterable

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from servanda.intake.models import Batch
from servanda.people.access import Can, Scope, can, scopes
from servanda.people.models import Institution
from servanda.sources.models import Document, Review
from servanda.vocab.models import Body, Country
from servanda.vocab.procedures import KINDS_WITH_POSITIONS


class Stand(models.TextChoices):
    """Where the State stands on a recommendation."""

    SUPPORTED = "supported", _("Supported")
    PARTLY = "partly", _("Supported in part")
    NOTED = "noted", _("Noted")
    PENDING = "pending", _("To be examined")


UNANSWERED = ["", Stand.PENDING]


class RecommendationQuerySet(models.QuerySet):
    def live(self):
        """Without what an import has not switched on yet, and what was undone."""
        return self.exclude(added_by__in=Batch.objects.hidden().values("pk"))

    def with_positions(self):
        """Those on which a State takes a position; it takes none on what treaty bodies and others recommend."""
        return self.filter(body__kind__in=KINDS_WITH_POSITIONS)

    def answered(self):
        """Those on which the State has taken a position, not counting a promise to examine them."""
        return self.with_positions().exclude(stand__in=UNANSWERED)

    def kept(self):
        return self.live().filter(withdrawn_at=None, merged_into=None)

    def public(self):
        return self.kept().filter(seen_from_outside())

    def marked_public(self):
        """Those that are public, or would be if they were not merged into another."""
        return self.live().filter(seen_from_outside(), withdrawn_at=None)

    def not_kept(self):
        """All that `kept` leaves out, in parts that an index answers each."""
        gone = models.Q(withdrawn_at__isnull=False) | models.Q(merged_into__isnull=False)
        return self.filter(not_for_everybody(), gone), self.filter(added_by__in=Batch.objects.hidden().values("pk"))

    def not_public(self):
        """All that `public` leaves out, in the same way."""
        return self.filter(not_for_everybody()), self.filter(added_by__in=Batch.objects.hidden().values("pk"))

    def visible_to(self, user):
        if can(user, Can.READ_EVERYTHING):
            return self.kept()
        return self.kept().filter(seen_from_outside() | within_scopes(user))

    def with_code(self, code: str):
        """The record with this reference, or that had it before its year or number was known."""
        former = FormerCode.objects.filter(code=code).values("recommendation")
        return self.filter(models.Q(code=code) | models.Q(pk__in=former))

    def opened_to(self, user):
        """Of the records that a person sees, those whose internal side is theirs to read too."""
        return self.kept() if can(user, Can.READ_EVERYTHING) else self.kept().filter(within_scopes(user))

    def open_in(self, opened: Iterable[Scope]):
        """What is seen from within these scopes, whoever looks."""
        return self.kept().filter(seen_from_outside() | within(opened))


def seen_from_outside() -> models.Q:
    return models.Q(is_published=True, confidentiality=Recommendation.Confidentiality.PUBLIC)


def not_for_everybody() -> models.Q:
    """What is not seen from outside, and what is kept no longer."""
    is_inside = models.Q(is_published=False) | ~models.Q(confidentiality="public")
    return is_inside | models.Q(withdrawn_at__isnull=False) | models.Q(merged_into__isnull=False)


def within_scopes(user) -> models.Q:
    """What a person's appointments open beyond the public."""
    return within(scopes(user, Can.READ_INTERNAL))


def within(opened_by: Iterable[Scope]) -> models.Q:
    """Of the bodies of a scope, all that is not restricted, and what is restricted to its institutions."""
    opened = models.Q(pk__in=[])
    for scope in opened_by:
        named = Recommendation.restricted_to.through.objects.filter(institution__in=scope.institutions)
        open_to_all = ~models.Q(confidentiality=Recommendation.Confidentiality.RESTRICTED)
        there = open_to_all | models.Q(pk__in=named.values("recommendation_id"))
        opened |= there & models.Q(body__code__in=scope.bodies) if scope.bodies else there
    return opened


class Recommendation(models.Model):
    """One thing that one body, or States through it, asked of a State; each file that prints it is a source of it."""

    class Kind(models.TextChoices):
        RECOMMENDATION = "recommendation", _("Recommendation")
        OBSERVATION = "observation", _("Concern or observation")
        PLEDGE = "pledge", _("Voluntary pledge")
        OTHER = "other", pgettext_lazy("kind of a record", "Other")

    class Confidentiality(models.TextChoices):
        PUBLIC = "public", pgettext_lazy("confidentiality", "Public")
        INTERNAL = "internal", _("Internal")
        RESTRICTED = "restricted", _("Restricted to named institutions")

    class Priority(models.TextChoices):
        HIGH = "high", pgettext_lazy("priority", "High")
        MEDIUM = "medium", pgettext_lazy("priority", "Medium")
        LOW = "low", pgettext_lazy("priority", "Low")

    class Horizon(models.TextChoices):
        SHORT = "short", pgettext_lazy("term", "Short term")
        MEDIUM = "medium", pgettext_lazy("term", "Medium term")
        LONG = "long", pgettext_lazy("term", "Long term")

    NATIONAL = ("national_code", "priority", "horizon", "articles", "territory")

    code = models.CharField(_("reference"), max_length=80, unique=True)
    code_stem = models.CharField(max_length=80, db_index=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.RECOMMENDATION)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, related_name="+", verbose_name=_("State concerned")
    )
    also_concerns = models.ManyToManyField(
        Country, blank=True, related_name="+", verbose_name=_("other States concerned")
    )
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", db_index=False, verbose_name=_("body"))
    review = models.ForeignKey(
        Review,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        db_index=False,
        verbose_name=_("review"),
    )
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        db_index=False,
        verbose_name=_("document"),
    )
    paragraph = models.CharField(_("paragraph"), max_length=40, blank=True)
    order_key = models.CharField(max_length=120, editable=False)
    date = models.DateField(_("date of the document"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, editable=False)
    language = models.CharField(_("language of the original"), max_length=8, blank=True)
    stand = models.CharField(_("position of the State"), max_length=10, choices=Stand, blank=True)
    decide_by = models.DateField(_("position to be decided by"), null=True, blank=True)
    confidentiality = models.CharField(
        _("confidentiality"), max_length=10, choices=Confidentiality, default=Confidentiality.PUBLIC
    )
    restricted_to = models.ManyToManyField(
        Institution, blank=True, related_name="+", verbose_name=_("institutions that may see it")
    )
    is_published = models.BooleanField(_("published"), default=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawing"), blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        db_index=False,
        verbose_name=_("merged into"),
    )
    national_code = models.CharField(_("national code"), max_length=80, blank=True)
    priority = models.CharField(_("priority"), max_length=6, choices=Priority, blank=True)
    horizon = models.CharField(_("term"), max_length=6, choices=Horizon, blank=True)
    articles = models.CharField(_("treaty articles"), max_length=300, blank=True)
    territory = models.CharField(_("territory"), max_length=120, blank=True)
    added_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords(excluded_fields=["code_stem", "order_key", "year"])
    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["order_key", "pk"]
        indexes = [
            models.Index(fields=["order_key", "id"]),
            models.Index(fields=["document", "paragraph"]),
            models.Index(fields=["review", "country"]),
            # Almost no record is merged: an index of all the others would lure SQLite away from the order.
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="merged_records"
            ),
            # Every column that says who may see a record, beside its id: what words or meaning found is asked after
            # by id, and PostgreSQL would read the whole table for it.
            models.Index(
                fields=["id", "is_published", "confidentiality", "withdrawn_at", "merged_into", "added_by"],
                name="who_may_see_a_record",
            ),
            # The records of everybody alone: PostgreSQL would read the whole table for a word that one in ten has.
            models.Index(
                fields=["id", "added_by"],
                condition=models.Q(
                    is_published=True, confidentiality="public", withdrawn_at=None, merged_into__isnull=True
                ),
                name="records_of_everybody",
            ),
            # All other records, which are few where most are published: of what frequent words find they are taken
            # away in half of the time in which the records of everybody are looked up.
            models.Index(
                fields=["id", "is_published", "confidentiality", "withdrawn_at", "merged_into"],
                condition=not_for_everybody(),
                name="records_not_for_everybody",
            ),
            # Every column that the list counts by, so that counting reads this index and no record.
            models.Index(
                fields=[
                    "body",
                    "review",
                    "year",
                    "language",
                    "kind",
                    "stand",
                    "country",
                    "added_by",
                    "is_published",
                    "confidentiality",
                    "withdrawn_at",
                    "merged_into",
                    "priority",
                    "horizon",
                    "territory",
                ],
                name="counts_of_the_register",
            ),
            # Most records name none: the names for the filter are read from the end of this index and no record.
            # SQLite would not use a partial one for a question with parameters.
            models.Index(fields=["territory"], name="territories_by_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | ~models.Q(withdrawn_reason=""),
                name="withdrawn_with_a_reason",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("portal:recommendation", args=[self.code])

    @property
    def is_restricted(self) -> bool:
        return self.confidentiality == self.Confidentiality.RESTRICTED

    @property
    def takes_position(self) -> bool:
        return self.body.takes_positions

    @property
    def is_answered(self) -> bool:
        return self.takes_position and self.stand not in UNANSWERED

    @property
    def is_public(self) -> bool:
        return (
            self.is_published
            and self.confidentiality == self.Confidentiality.PUBLIC
            and self.withdrawn_at is None
            and self.merged_into_id is None
            and (self.added_by is None or self.added_by.state == Batch.State.APPLIED)
        )


class FormerCode(models.Model):
    """A reference that lacked its year or its number, and leads to the record that has a whole one now."""

    code = models.CharField(_("reference"), max_length=80, unique=True)
    code_stem = models.CharField(max_length=80, db_index=True, editable=False)
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="former_codes")
    replaced_at = models.DateTimeField(_("replaced at"), auto_now_add=True)

    class Meta:
        verbose_name = _("former reference")
        verbose_name_plural = _("former references")

    def __str__(self) -> str:
        return self.code
