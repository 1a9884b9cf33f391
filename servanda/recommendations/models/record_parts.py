"""The parts of a record, from files and people; a row counts while the batch that added it is applied."""

from collections.abc import Iterable
from datetime import date as Date

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from servanda.intake.models import Batch, Batched, BatchedQuerySet
from servanda.kit.pages import text_language
from servanda.recommendations.models.recommendation import Recommendation, Stand
from servanda.sources.models import Document, Obligation, Submission
from servanda.vocab.models import Country, Term


class Dated(Batched):
    """A part of a record with its time; rows of a batch count from when the batch was applied."""

    created_at = models.DateTimeField(auto_now_add=True, null=True)  # empty: since the record exists

    class Meta:
        abstract = True


class RecordLinkQuerySet(BatchedQuerySet):
    """Links of records with treaties, reservations or questions."""

    def visible_to(self, user):
        """Links of the records that this person may see."""
        return self.current().filter(recommendation__in=Recommendation.objects.visible_to(user).order_by())

    def public(self):
        return self.current().filter(recommendation__in=Recommendation.objects.public().order_by())


FILE_SOURCES = {"sheet", "thematic-list", "uhri", "document", "working-group"}  # of texts that a file brought


def source_family(scheme: str) -> str:
    """The kind of source without its sender: "sheet" for "sheet:7"."""
    return scheme.partition(":")[0]


class SourceRecord(Dated):
    """A row of a file about a recommendation, stored as in the file."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="sources")
    scheme = models.CharField(_("source"), max_length=32)  # uhri, working-group, sheet:7 ...
    external_id = models.CharField(_("ID at the source"), max_length=160)
    digest = models.CharField(max_length=32)
    where = models.CharField(_("where in the file"), max_length=120)
    raw = models.TextField(_("raw data"))

    objects = BatchedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["scheme", "external_id"])]

    def __str__(self) -> str:
        return f"{self.scheme} {self.external_id}"


class TextVersion(Dated):
    """The text of a recommendation in one language, with its source."""

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


def by_language[Version: TextVersion](versions: Iterable[Version]) -> list[Version]:
    """Texts in the reader's language first, then the original, then others."""
    return sorted(
        versions, key=lambda version: (not text_language.is_wanted(version.language), not version.is_original)
    )


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


class PositionQuerySet(BatchedQuerySet):
    def decided(self):
        """Current positions that answer the recommendation: no drafts, and no promises to examine it."""
        return self.current().filter(is_draft=False).exclude(stand=Stand.PENDING)

    def with_days(self):
        """Annotated with and ordered by their `day`: their own date, or else that of their document, which is the one
        with the recommendation unless another is named."""
        other_documents = Document.objects.filter(symbol=OuterRef("symbol")).values("date")[:1]
        is_of_record = Q(symbol="") | Q(symbol=F("recommendation__document__symbol"))
        own = Coalesce("recommendation__date", "recommendation__document__date")
        document_date = Case(
            When(is_draft=True, then=None), When(is_of_record, then=own), default=Subquery(other_documents)
        )
        rows = self.annotate(document_date=document_date)
        return rows.annotate(known_day=Coalesce("date", "document_date")).order_by(
            F("known_day").asc(nulls_first=True), "pk"
        )


class Position(Dated):
    """The position of the State on a recommendation at one time; later positions do not erase it.

    `date` is stated by the source or a person. `current_stand` uses only that date, so that the day of a document
    never outranks a stated one.
    """

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="positions")
    stand = models.CharField(_("position"), max_length=10, choices=Stand)
    words = models.CharField(_("wording in the document"), max_length=200, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    symbol = models.CharField(_("document"), max_length=120, blank=True)
    paragraph = models.CharField(_("paragraph"), max_length=40, blank=True)
    comment = models.TextField(_("comment of the State"), blank=True)
    is_draft = models.BooleanField(_("not yet decided"), default=False)

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = [models.F("date").asc(nulls_first=True), "pk"]

    def __str__(self) -> str:
        return self.get_stand_display()

    @property
    def day(self) -> Date | None:
        """Its date, or that of its document, which only rows read by `with_days` have."""
        return self.date or vars(self).get("document_date")

    @property
    def day_is_of_document(self) -> bool:
        return self.date is None and self.day is not None


class Tagging(Dated):
    """A label on a recommendation, and who set it."""

    class Origin(models.TextChoices):
        SOURCE = "source", _("In the source")
        PERSON = "person", _("Set by a person")
        MACHINE = "machine", _("Suggested automatically")

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="taggings", db_index=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="+", db_index=False)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.SOURCE)
    scheme = models.CharField(_("source"), max_length=32, blank=True)
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BatchedQuerySet.as_manager()

    class Meta:
        indexes = [  # with all columns that decide whether a label counts, so that counting reads no row
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


class FollowUpQuerySet(BatchedQuerySet):
    def with_obligation(self):
        """With the obligation and its submission, which have the day and the reply."""
        return self.select_related("obligation__submission")

    def replied(self):
        return self.filter(kind=FollowUp.Kind.FOLLOW_UP, obligation__submission__isnull=False)

    def outstanding(self):
        """Requested follow-up that is still to be replied to: neither submitted nor ended in another way, nor with a
        deadline that had passed before an import added it."""
        return self.unfinished().filter(obligation__is_past_at_entry=False)

    def past_at_entry(self):
        """Requested follow-up of which it is not known whether it was replied to."""
        return self.unfinished().filter(obligation__is_past_at_entry=True)

    def unfinished(self):
        return self.filter(
            kind=FollowUp.Kind.FOLLOW_UP,
            obligation__state__in=Obligation.UNFINISHED,
            obligation__withdrawn_at=None,
        )


class FollowUp(Dated):
    """A request of the body: to report on this by a deadline before the next report, or to disseminate its text.

    The day, the reply and an extension are those of the obligation, which the requests of one document by one day
    share. A dissemination without a day has none.
    """

    class Kind(models.TextChoices):
        FOLLOW_UP = "follow-up", _("Follow-up requested")
        DISSEMINATION = "dissemination", _("Dissemination requested")

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="follow_ups")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    words = models.CharField(_("deadline as worded in the document"), max_length=120, blank=True)
    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, blank=True, related_name="+")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["-kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="dissemination") | models.Q(obligation__isnull=False),
                name="a_follow_up_has_an_obligation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.words}".strip()

    @property
    def due_on(self) -> Date | None:
        return self.obligation.due_on if self.obligation else None

    @property
    def submission(self) -> Submission | None:
        is_to_be_replied_to = self.obligation and self.kind == self.Kind.FOLLOW_UP
        return getattr(self.obligation, "submission", None) if is_to_be_replied_to else None

    @property
    def replied_on(self) -> Date | None:
        return self.submission.submitted_on if self.submission else None

    @property
    def reply(self) -> str:
        """The symbol or the address of the reply."""
        return self.submission.reply if self.submission else ""

    @property
    def reply_address(self) -> str:
        """The address of the reply; "" where only a symbol is known."""
        return self.reply if self.reply.lower().startswith(("https://", "http://")) else ""


class WaitingAnswer(Batched):
    """A position of the State on a recommendation that has not been imported yet."""

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


class FieldChange(models.Model):
    """A change of a field of a record that a batch makes when it is applied, and reverts when it is undone."""

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
