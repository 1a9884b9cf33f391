from collections.abc import Iterable

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from servanda.intake.models import Batch, hidden_batches
from servanda.kit.database.fixed_queries import fixed
from servanda.people.access import Can, Scope, can, scopes
from servanda.people.models import Institution
from servanda.people.reader_queries import once, once_per_reader
from servanda.sources.models import Document, Review
from servanda.vocab.models import Body, Country
from servanda.vocab.procedures import KINDS_WITH_POSITIONS


class Stand(models.TextChoices):
    """The position of the State on a recommendation."""

    SUPPORTED = "supported", _("Supported")
    PARTLY = "partly", _("Supported in part")
    NOTED = "noted", _("Noted")
    PENDING = "pending", _("To be examined")


UNANSWERED = ["", Stand.PENDING]


class RecommendationQuerySet(models.QuerySet):
    @once
    def live(self):
        """Records except those of imports that are not applied or were undone."""
        return self.exclude(added_by__in=hidden_batches())

    def with_positions(self):
        """Records on which States take a position, which they do not on those of treaty bodies and others."""
        return self.filter(~is_apart(), body__kind__in=KINDS_WITH_POSITIONS)

    def answered(self):
        """Records on which the State has taken a position; a promise to examine them does not count."""
        return self.with_positions().exclude(stand__in=UNANSWERED)

    def listed(self):
        """Without the kinds that lists, counts and files show only when asked for: see `Kind.APART`."""
        return self.filter(~is_apart())

    def grouped_with(self, record: "Recommendation"):
        """Records that lists show together with this one: of the kinds apart, or of all others."""
        return self.filter(is_apart() if record.is_apart else ~is_apart())

    @once
    def kept(self):
        return self.live().listed().filter(withdrawn_at=None, merged_into=None)

    @once
    def public(self):
        return self.kept().filter(seen_from_outside())

    def marked_public(self):
        """Records that are public, or would be if they were not merged into another."""
        return self.live().filter(seen_from_outside(), withdrawn_at=None)

    def not_kept(self):
        """All that `kept` leaves out, in two querysets that an index answers each."""
        gone = models.Q(withdrawn_at__isnull=False) | models.Q(merged_into__isnull=False)
        return self._left_out(gone), self.filter(added_by__in=hidden_batches())

    def not_public(self):
        """All that `public` leaves out, likewise."""
        return self.filter(not_listed_for_everybody()), self.filter(added_by__in=hidden_batches())

    def _left_out(self, condition: models.Q):
        return self.filter(not_listed_for_everybody(), condition | is_apart())

    @once_per_reader
    def visible_to(self, user):
        if can(user, Can.READ_EVERYTHING):
            return self.kept()
        return self.kept().filter(seen_from_outside() | within_scopes(user))

    def with_code(self, code: str):
        """The record with this current or former reference."""
        former = FormerCode.objects.filter(code=code).values("recommendation")
        return self.filter(models.Q(code=code) | models.Q(pk__in=former))

    @once_per_reader
    def opened_to(self, user):
        """Records of which a person may also read the internal parts."""
        return self.kept() if can(user, Can.READ_EVERYTHING) else self.kept().filter(within_scopes(user))

    def open_in(self, opened: Iterable[Scope]):
        """Records that are visible within these scopes."""
        return self.kept().filter(seen_from_outside() | within(opened))


class EveryKindQuerySet(RecommendationQuerySet):
    """The same sets with the kinds apart: for one record, for rows that belong to a record, and where they are asked
    for."""

    def listed(self):
        return self.all()

    def not_public(self):
        _first, of_hidden_batches = super().not_public()
        return self._left_out(not_for_everybody()), of_hidden_batches

    def _left_out(self, condition: models.Q):
        return self.filter(not_listed_for_everybody(), condition)


def is_apart() -> models.Q:
    """Records of the kinds that are shown only when asked for."""
    apart = models.Q()
    for kind in Recommendation.Kind.apart():
        apart |= models.Q(kind=kind)
    return apart


def seen_from_outside() -> models.Q:
    return models.Q(is_published=True, confidentiality=Recommendation.Confidentiality.PUBLIC)


def not_for_everybody() -> models.Q:
    """Records that are not public, or withdrawn, or merged."""
    is_inside = models.Q(is_published=False) | ~models.Q(confidentiality="public")
    return is_inside | models.Q(withdrawn_at__isnull=False) | models.Q(merged_into__isnull=False)


def not_listed_for_everybody() -> models.Q:
    """The condition of an index; queries repeat it so that SQLite uses that index."""
    return not_for_everybody() | is_apart()


def within_scopes(user) -> models.Q:
    """Non-public records that a person's appointments give access to."""
    return within(scopes(user, Can.READ_INTERNAL))


def within(opened_by: Iterable[Scope]) -> models.Q:
    """Records of the bodies of a scope that are unrestricted, or restricted to its institutions."""
    opened = models.Q(pk__in=[])
    for scope in opened_by:
        restricted_to = Recommendation.restricted_to.through.objects.filter(institution__in=scope.institutions)
        open_to_all = ~models.Q(confidentiality=Recommendation.Confidentiality.RESTRICTED)
        in_scope = open_to_all | models.Q(pk__in=fixed(restricted_to.values("recommendation_id")))
        opened |= in_scope & models.Q(body__code__in=scope.bodies) if scope.bodies else in_scope
    return opened


class Recommendation(models.Model):
    """A recommendation of one body, or of States in it, to a State; each file that contains it is a source."""

    class Kind(models.TextChoices):
        RECOMMENDATION = "recommendation", _("Recommendation")
        OBSERVATION = "observation", _("Concern or observation")
        PLEDGE = "pledge", _("Voluntary pledge")
        OTHER = "other", pgettext_lazy("kind of a record", "Other")
        MEASURE = "measure", pgettext_lazy("kind of a record", "Measure ordered")
        COMMITMENT = "commitment", pgettext_lazy("kind of a record", "Commitment of the network")

        @classmethod
        def apart(cls) -> "tuple[Recommendation.Kind, ...]":
            """Kinds that are followed up like recommendations and are none: no position is taken on them, and lists,
            counts, files and the API have them only when asked for (`kind=`)."""
            return (cls.MEASURE, cls.COMMITMENT)

        @property
        def is_apart(self) -> bool:
            return self in type(self).apart()

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
    decide_by = models.DateField(_("deadline for the position"), null=True, blank=True)
    confidentiality = models.CharField(
        _("confidentiality"), max_length=10, choices=Confidentiality, default=Confidentiality.PUBLIC
    )
    restricted_to = models.ManyToManyField(
        Institution, blank=True, related_name="+", verbose_name=_("institutions with access")
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
    horizon = models.CharField(_("time frame"), max_length=6, choices=Horizon, blank=True)
    articles = models.CharField(_("treaty articles"), max_length=300, blank=True)
    territory = models.CharField(_("territory"), max_length=120, blank=True)
    added_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords(excluded_fields=["code_stem", "order_key", "year"])
    objects = RecommendationQuerySet.as_manager()
    every_kind = EveryKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommendation")
        ordering = ["order_key", "pk"]
        indexes = [
            models.Index(fields=["order_key", "id"]),
            models.Index(fields=["document", "paragraph"]),
            models.Index(fields=["review", "country"]),
            # Partial: almost no record is merged, and SQLite would use a full index instead of the one for the order.
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="merged_records"
            ),
            # All columns that decide who may see a record: results of a search are looked up by id, and PostgreSQL
            # would otherwise read the whole table.
            models.Index(
                fields=["id", "is_published", "confidentiality", "withdrawn_at", "merged_into", "added_by", "kind"],
                name="who_may_see_a_record",
            ),
            # Public records only: PostgreSQL would otherwise read the whole table for a word that every tenth has.
            models.Index(
                fields=["id", "added_by", "kind"],
                condition=models.Q(
                    is_published=True, confidentiality="public", withdrawn_at=None, merged_into__isnull=True
                ),
                name="records_of_everybody",
            ),
            # All other records, which are few where most are published: subtracting them from the results for
            # frequent words takes half the time of looking up the public ones.
            models.Index(
                fields=["id", "is_published", "confidentiality", "withdrawn_at", "merged_into", "kind"],
                condition=not_for_everybody()
                | models.Q(kind="measure")
                | models.Q(kind="commitment"),  # as `not_listed_for_everybody`
                name="records_not_for_everybody",
            ),
            # All columns by which the list counts, so that counting reads only this index.
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
            # Most records have none, so the values for the filter are read from the end of this index. Not partial:
            # SQLite would not use a partial index for a query with parameters.
            models.Index(fields=["territory"], name="territories_by_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | ~models.Q(withdrawn_reason=""),
                name="withdrawn_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["measure", "commitment"]) | models.Q(stand="", decide_by=None),
                name="no_position_on_kinds_apart",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("portal:recommendation", args=[self.code])

    @property
    def is_restricted(self) -> bool:
        return self.confidentiality == self.Confidentiality.RESTRICTED

    @property
    def is_apart(self) -> bool:
        return self.kind in Recommendation.Kind.apart()

    @property
    def takes_position(self) -> bool:
        return not self.is_apart and self.body.takes_positions

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
    """A provisional reference, without year or number, that leads to the record with its complete reference."""

    code = models.CharField(_("reference"), max_length=80, unique=True)
    code_stem = models.CharField(max_length=80, db_index=True, editable=False)
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="former_codes")
    replaced_at = models.DateTimeField(_("replaced at"), auto_now_add=True)

    class Meta:
        verbose_name = _("former reference")
        verbose_name_plural = _("former references")

    def __str__(self) -> str:
        return self.code
