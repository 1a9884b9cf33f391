from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from servanda.intake.models import Batch, Batched, BatchedQuerySet
from servanda.people.access import Can, Scope, can, scopes
from servanda.people.models import Institution
from servanda.sources.models import Document, Review
from servanda.vocab.models import Body, Country, Term


class Stand(models.TextChoices):
    """Where the State stands on a recommendation."""

    SUPPORTED = "supported", _("Supported")
    PARTLY = "partly", _("Supported in part")
    NOTED = "noted", _("Noted")
    PENDING = "pending", _("To be examined")


class RecommendationQuerySet(models.QuerySet):
    def live(self):
        """Without what an import has not switched on yet, and what was undone."""
        return self.exclude(added_by__in=Batch.objects.hidden().values("pk"))

    def kept(self):
        return self.live().filter(withdrawn_at=None, merged_into=None)

    def public(self):
        return self.kept().filter(seen_from_outside())

    def visible_to(self, user):
        if can(user, Can.READ_EVERYTHING):
            return self.kept()
        return self.kept().filter(seen_from_outside() | within_scopes(user))

    def opened_to(self, user):
        """Of the records that a person sees, those whose internal side is theirs to read too."""
        return self.kept() if can(user, Can.READ_EVERYTHING) else self.kept().filter(within_scopes(user))

    def open_in(self, opened: Iterable[Scope]):
        """What is seen from within these scopes, whoever looks."""
        return self.kept().filter(seen_from_outside() | within(opened))


def seen_from_outside() -> models.Q:
    return models.Q(is_published=True, confidentiality=Recommendation.Confidentiality.PUBLIC)


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
        OTHER = "other", _("Other")

    class Confidentiality(models.TextChoices):
        PUBLIC = "public", _("Public")
        INTERNAL = "internal", _("Internal")
        RESTRICTED = "restricted", _("Restricted to named institutions")

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
                ],
                name="counts_of_the_register",
            ),
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
    def is_public(self) -> bool:
        return (
            self.is_published
            and self.confidentiality == self.Confidentiality.PUBLIC
            and self.withdrawn_at is None
            and self.merged_into_id is None
            and (self.added_by is None or self.added_by.state == Batch.State.APPLIED)
        )


class Dated(Batched):
    """A row of a record that knows when it was written; what a batch brings counts from when that was applied."""

    created_at = models.DateTimeField(auto_now_add=True, null=True)  # empty: as old as the record

    class Meta:
        abstract = True


class SourceRecord(Dated):
    """What one file says about one recommendation, kept as the file has it."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="sources")
    scheme = models.CharField(_("source"), max_length=32)  # uhri, thematic-list, working-group, addendum, sheet
    external_id = models.CharField(_("id at the source"), max_length=160)
    digest = models.CharField(max_length=32)
    where = models.CharField(_("where in the file"), max_length=120)
    raw = models.TextField(_("raw record"))

    objects = BatchedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["scheme", "external_id"])]

    def __str__(self) -> str:
        return f"{self.scheme} {self.external_id}"


class TextVersion(Dated):
    """The text of a recommendation in one language, with where it comes from."""

    class Form(models.TextChoices):
        FULL = "full", _("Full text")
        PLAIN = "plain", _("Plain language")

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=8)
    form = models.CharField(_("form"), max_length=5, choices=Form, default=Form.FULL)
    text = models.TextField(_("text"))
    is_original = models.BooleanField(_("original"), default=False)
    is_machine = models.BooleanField(_("machine translation"), default=False)
    source = models.CharField(_("source"), max_length=160, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BatchedQuerySet.as_manager()

    class Meta:
        ordering = ["-is_original", "language", "form"]

    def __str__(self) -> str:
        return f"{self.language}: {self.text[:60]}"


class RecommendingState(Dated):
    """A State that made the recommendation in the UPR."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="recommending")
    country = models.ForeignKey(Country, models.PROTECT, related_name="+", db_index=False)

    objects = BatchedQuerySet.as_manager()

    class Meta:
        ordering = ["country__code"]
        indexes = [
            models.Index(
                fields=["country", "recommendation", "ended_at", "ended_by", "added_by"], name="records_of_a_state"
            )
        ]

    def __str__(self) -> str:
        return str(self.country)


class Position(Dated):
    """Where the State stood on a recommendation at one moment; a later position does not erase it."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="positions")
    stand = models.CharField(_("position"), max_length=10, choices=Stand)
    words = models.CharField(_("in the words of the document"), max_length=200, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    symbol = models.CharField(_("document"), max_length=120, blank=True)
    paragraph = models.CharField(_("paragraph"), max_length=40, blank=True)
    comment = models.TextField(_("comment of the State"), blank=True)
    is_draft = models.BooleanField(_("not yet decided"), default=False)

    objects = BatchedQuerySet.as_manager()

    class Meta:
        ordering = ["date", "pk"]

    def __str__(self) -> str:
        return self.get_stand_display()


class Tagging(Dated):
    """One label on one recommendation, and who says so."""

    class Origin(models.TextChoices):
        SOURCE = "source", _("In the source")
        PERSON = "person", _("Set by a person")
        MACHINE = "machine", _("Suggested by the machine")

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="taggings", db_index=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="+", db_index=False)
    origin = models.CharField(_("who says so"), max_length=8, choices=Origin, default=Origin.SOURCE)
    scheme = models.CharField(_("source"), max_length=32, blank=True)
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BatchedQuerySet.as_manager()

    class Meta:
        indexes = [  # with all that decides whether a label counts, so that counting reads no row
            models.Index(
                fields=["term", "recommendation", "origin", "ended_at", "ended_by", "added_by"],
                name="records_of_a_term",
            ),
            models.Index(
                fields=["recommendation", "term", "origin", "ended_at", "ended_by", "added_by"],
                name="terms_of_a_record",
            ),
        ]

    def __str__(self) -> str:
        return str(self.term)


class WaitingAnswer(Batched):
    """A position of the State on a recommendation that no file has brought yet; it waits for its paragraph."""

    symbol = models.CharField(max_length=120)  # of the report that prints the recommendation
    paragraph = models.CharField(max_length=40)
    stand = models.CharField(max_length=10, choices=Stand)
    words = models.CharField(max_length=200, blank=True)
    date = models.DateField(null=True, blank=True)
    said_in = models.CharField(max_length=120, blank=True)
    said_in_paragraph = models.CharField(max_length=40, blank=True)
    comment = models.TextField(blank=True)
    digest = models.CharField(max_length=32)
    where = models.CharField(max_length=120)
    raw = models.TextField()

    objects = BatchedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["symbol", "paragraph"])]

    def __str__(self) -> str:
        return f"{self.symbol} {self.paragraph}: {self.get_stand_display()}"


class Link(models.Model):
    """How two recommendations belong together, as a person says."""

    class Relation(models.TextChoices):
        REPEATS = "repeats", _("repeats")
        FOLLOWS_UP = "follows-up", _("follows up")
        SPLIT_FROM = "split-from", _("was split from")
        MERGED_FROM = "merged-from", _("was merged from")

    from_recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="links_out")
    to_recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="links_in")
    relation = models.CharField(_("relation"), max_length=12, choices=Relation)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_recommendation", "to_recommendation", "relation"], name="one_link_each"
            ),
            models.CheckConstraint(
                condition=~models.Q(from_recommendation=models.F("to_recommendation")),
                name="no_link_to_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_recommendation} {self.get_relation_display()} {self.to_recommendation}"


class NoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not can(user, Can.READ_NOTES):
            return self.none()
        return self.filter(recommendation__in=Recommendation.objects.visible_to(user))

    def standing(self):
        return self.filter(withdrawn_at=None)


class Note(models.Model):
    """What the mechanism tells itself about a record; it is part of no answer to anybody else."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("note"))
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class FieldChange(models.Model):
    """A change of one field of a record that a batch will make when it is switched on, and take back when undone."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="+")
    field = models.CharField(max_length=20)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "recommendation", "field"], name="one_change_of_a_field")
        ]

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.field}"


class RegisterStamp(models.Model):
    """Counts the changes made to the register outside a deed of the trail (`counts.touch`); there is one row."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class SavedView(models.Model):
    """A filtered list that a person wants to find again."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=120)
    query = models.CharField(_("filter"), max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_view_of_a_name")]

    def __str__(self) -> str:
        return self.name
