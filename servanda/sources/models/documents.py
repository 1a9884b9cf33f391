from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.intake.models import Batch
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.vocab.models import Body, Country, ObligationKind


class Review(models.Model):
    """An examination of a State by a body: a UPR cycle, a dialogue on a periodic report, a visit."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="reviews", verbose_name=_("body"))
    country = models.ForeignKey(Country, models.PROTECT, related_name="reviews", verbose_name=_("State"))
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=0)  # 0: the body has no cycles
    year = models.PositiveSmallIntegerField(_("year"), default=0)  # 0 where the cycle identifies it
    session = models.PositiveSmallIntegerField(_("session"), null=True, blank=True)

    class Meta:
        ordering = ["body", "cycle", "year"]
        constraints = [models.UniqueConstraint(fields=["body", "country", "cycle", "year"], name="one_review_each")]

    def __str__(self) -> str:
        return f"{self.country.code} {self.body.code} {self.cycle or self.year}"


FIRST_BLOCKS = 60  # of a letter, with its salutation and its first request


class Document(models.Model):
    """A document with recommendations, positions or questions, identified by its symbol, or else by its title."""

    symbol = models.CharField(_("symbol"), max_length=120, unique=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="documents")
    review = models.ForeignKey(Review, models.PROTECT, null=True, blank=True, related_name="documents")
    date = models.DateField(_("date"), null=True, blank=True)
    external_id = models.CharField(_("sender’s ID"), max_length=64, blank=True)

    class Meta:
        ordering = ["symbol"]

    def __str__(self) -> str:
        return self.symbol


class DocumentReading(models.Model):
    """The content of an uploaded document while people check it; nothing of it is in the register yet."""

    batch = models.OneToOneField(Batch, models.CASCADE, related_name="reading")
    family = models.CharField(_("kind of document"), max_length=32)
    body = models.CharField(_("body"), max_length=60, blank=True)  # a code; empty where it follows from the symbol
    symbol = models.CharField(_("symbol"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    country = models.CharField(_("State"), max_length=8, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    pages = models.PositiveIntegerField(_("pages"), default=0)  # 0: the file has no pages, and its text is shown
    notes = models.TextField(_("notes"), blank=True)
    mandates = models.TextField(_("mandates"), blank=True)  # of a letter of special procedures, one per line
    released_on = models.DateField(
        _("published, or publication authorised, on"), null=True, blank=True
    )  # asked for where a body publishes only what the State authorises
    with_concerns = models.BooleanField(_("include concerns"), default=True)
    with_information = models.BooleanField(_("include informative paragraphs"), default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.symbol or self.title or str(self.batch)

    @property
    def mandate_names(self) -> list[str]:
        return self.mandates.split("\n") if self.mandates else []

    @property
    def first_words(self) -> str:
        return " ".join(self.blocks.order_by("place").values_list("text", flat=True)[:FIRST_BLOCKS])


class ReadBlock(models.Model):
    """A paragraph of the document as in the file, shown beside the units."""

    reading = models.ForeignKey(DocumentReading, models.CASCADE, related_name="blocks")
    place = models.PositiveIntegerField()
    page = models.PositiveIntegerField(default=0)
    text = models.TextField()
    is_heading = models.BooleanField(default=False)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["reading", "place"], name="one_block_for_a_place")]

    def __str__(self) -> str:
        return self.text[:60]


class ReadUnitQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self if can(user, Can.IMPORT) else self.none()

    def kept(self) -> Self:
        """Units that are not left out."""
        return self.filter(is_dropped=False)


class ReadUnit(models.Model):
    """A numbered paragraph or lettered item, as recognised and then corrected by a person."""

    class Kind(models.TextChoices):
        RECOMMENDATION = "recommendation", _("Recommendation")
        CONCERN = "concern", _("Concern")
        INFORMATION = "information", _("Information")
        OBLIGATION = "obligation", _("Obligation")  # due to the body; not a record to assess
        QUESTION = (
            "question",
            pgettext_lazy("kind of a unit of a document", "Question"),
        )  # to be answered

    reading = models.ForeignKey(DocumentReading, models.CASCADE, related_name="units")
    place = models.FloatField()  # a float, so that a unit that is split off fits between two others
    number = models.CharField(_("number"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    lead = models.TextField(_("words before the list"), blank=True)
    text = models.TextField(_("text"))
    headings = models.TextField(_("headings"), blank=True)  # one per line, the innermost last
    page = models.PositiveIntegerField(_("page"), default=0)
    first_block = models.PositiveIntegerField(default=0)
    last_block = models.PositiveIntegerField(default=0)
    is_follow_up = models.BooleanField(_("follow-up"), default=False)
    is_dissemination = models.BooleanField(_("dissemination"), default=False)
    deadline = models.CharField(_("deadline as worded in the document"), max_length=300, blank=True)
    deadline_count = models.PositiveSmallIntegerField(default=0)  # its length, from the start of its clock
    deadline_unit = models.CharField(max_length=12, blank=True)  # a value of `Length`
    deadline_clock = models.CharField(max_length=20, blank=True)  # a value of `Clock`: what starts the clock
    deadline_every = models.PositiveSmallIntegerField(default=0)  # months after which it is due again
    deadline_day = models.DateField(null=True, blank=True)
    due = models.CharField(_("what is due"), max_length=20, choices=ObligationKind, blank=True)  # of obligations
    combined = models.CharField(_("combined reports"), max_length=80, blank=True)
    articles = models.CharField(_("articles"), max_length=200, blank=True)  # that a question is about
    asked_by = models.CharField(_("State that asks"), max_length=8, blank=True)  # its code
    is_dropped = models.BooleanField(_("left out"), default=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = ReadUnitQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        indexes = [models.Index(fields=["reading", "place"])]

    def __str__(self) -> str:
        return self.number or self.text[:40]

    @property
    def whole(self) -> str:
        return f"{self.lead} {self.text}".strip()

    @property
    def heading_path(self) -> list[str]:
        return self.headings.split("\n") if self.headings else []
