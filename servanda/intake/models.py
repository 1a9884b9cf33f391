import uuid
from functools import cache

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.intake.places import PlaceField, shown_place
from servanda.kit.database.fixed_queries import fixed
from servanda.kit.database.sentences import SentenceField
from servanda.people.access import Can, can


class SenderMappingQuerySet(models.QuerySet):
    def senders(self):
        """One mapping for each sender; mappings of further sheets are left out."""
        return self.filter(sheet="")


class SenderMapping(models.Model):
    """How to read the columns of one sender's spreadsheets, saved for the next file.

    A further sheet of a workbook that has other columns has a mapping of its own, under the name of the sheet.
    """

    sender = models.CharField(_("sender"), max_length=120)
    sheet = models.CharField(_("further sheet"), max_length=120, blank=True)
    encoding = models.CharField(_("encoding"), max_length=32, blank=True)
    separator = models.CharField(_("separator of lists in a cell"), max_length=4, default=";")
    month_first = models.BooleanField(_("month before day"), default=False)  # in dates such as 03/04/2025

    objects = SenderMappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("column mapping")
        ordering = ["sender", "sheet"]
        constraints = [
            models.UniqueConstraint(fields=["sender", "sheet"], name="one_mapping_for_a_sheet_of_a_sender")
        ]

    def __str__(self) -> str:
        return f"{self.sender}: {self.sheet}" if self.sheet else self.sender

    @property
    def has_texts(self) -> bool:
        """Whether its rows are recommendations; rows without a text add to recommendations that they name."""
        return any(column.field == "text" or column.field.startswith("text ") for column in self.columns.all())


class MappedColumn(models.Model):
    """One field of the record and the column (or the constant) that fills it."""

    mapping = models.ForeignKey(SenderMapping, models.CASCADE, related_name="columns")
    field = models.CharField(_("field"), max_length=60)
    header = models.CharField(_("column"), max_length=200, blank=True)
    constant = models.CharField(_("fixed value"), max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mapping", "field"], name="one_column_for_a_field")]

    def __str__(self) -> str:
        return f"{self.field} ← {self.header or self.constant}"


class MappedValue(models.Model):
    """What one sender means by a value of a column: the code of a status, of an institution."""

    mapping = models.ForeignKey(SenderMapping, models.CASCADE, related_name="values")
    column = models.CharField(_("column"), max_length=60)
    printed = models.CharField(_("value in the file"), max_length=200)
    folded = models.CharField(max_length=200)  # as it is compared
    meaning = models.CharField(_("meaning"), max_length=80, blank=True)  # empty: left out

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mapping", "column", "folded"], name="one_meaning_for_a_value")
        ]

    def __str__(self) -> str:
        return f"{self.printed} = {self.meaning}"


class BatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if can(user, Can.IMPORT) else self.none()

    def with_usable(self):
        """Each batch with `has_usable_rows`: whether one of its rows is not refused."""
        usable = StagedRow.objects.filter(batch=models.OuterRef("pk")).exclude(verdict=StagedRow.Verdict.REFUSED)
        return self.annotate(has_usable_rows=models.Exists(usable))

    def hidden(self):
        """Batches whose rows are hidden from everyone: not applied yet, or undone."""
        return self.exclude(state=Batch.State.APPLIED)


@cache
def hidden_batches() -> models.QuerySet:
    """The keys of hidden batches, for conditions on the rows that they brought."""
    return fixed(Batch.objects.hidden().values("pk"))


class Batch(models.Model):
    """One file on its way into the system, and everything it brought.

    Rows that a batch adds or ends carry it; they count only while the batch is applied. So one
    update of `state` switches a quarter of a million rows on, or off again.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        PREVIEWING = "previewing", _("Being read")
        PREVIEWED = "previewed", _("Ready to apply")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Failed")
        DISCARDED = "discarded", _("Discarded")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.UPLOADED)
    file = models.FileField(upload_to="intake/", blank=True)
    name = models.CharField(_("file name"), max_length=255)
    size = models.BigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(max_length=64, db_index=True)
    shape = models.CharField(_("shape"), max_length=32, blank=True)
    country = models.CharField(_("only this State"), max_length=8, blank=True)
    assumed_country = models.CharField(_("State of rows that name none"), max_length=8, blank=True)
    elsewhere = models.IntegerField(_("rows about other States"), default=0)
    sheet = models.CharField(_("sheet of the workbook"), max_length=120, blank=True)
    mapping = models.ForeignKey(
        SenderMapping, models.SET_NULL, null=True, blank=True, related_name="batches", verbose_name=_("mapping")
    )
    month_first = models.BooleanField(
        _("month before day"), null=True, blank=True
    )  # none: as the sender writes dates
    takes_comments = models.BooleanField(_("import comments in cells as notes"), default=False)
    publish = models.BooleanField(_("publish at once"), default=True)
    accept_refused = models.BooleanField(_("apply the rest when rows are refused"), default=False)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    message = SentenceField(_("message"), blank=True)
    cleaned = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("sent by")
    )
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    has_usable_rows: bool  # annotated by `with_usable`

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.name

    @property
    def reads_month_first(self) -> bool:
        if self.month_first is None:
            return bool(self.mapping and self.mapping.month_first)
        return self.month_first

    @property
    def is_busy(self) -> bool:
        return self.state in {self.State.PREVIEWING, self.State.APPLYING}

    @property
    def has_nothing_to_apply(self) -> bool:
        """Whether the file was checked and all its rows are refused; for batches from `with_usable`."""
        return self.state == self.State.PREVIEWED and bool(self.total) and not self.has_usable_rows

    @property
    def state_label(self) -> str:
        """The state as lists and pages show it; for batches from `with_usable`."""
        return str(_("All rows refused")) if self.has_nothing_to_apply else self.get_state_display()


class FurtherSheet(models.Model):
    """A sheet of a workbook that is read in the same import, after its first sheet."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="further_sheets")
    position = models.PositiveSmallIntegerField(_("position"))
    sheet = models.CharField(_("sheet of the workbook"), max_length=120)
    mapping = models.ForeignKey(  # none until its columns are chosen
        SenderMapping,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="further_sheets",
        verbose_name=_("mapping"),
    )
    body = models.CharField(_("recommending body"), max_length=200, blank=True)  # of rows that name none
    cycle = models.CharField(_("UPR cycle"), max_length=20, blank=True)
    has_own_ids = models.BooleanField(default=False)  # numbered anew, so identified with the name of the sheet
    rows = models.IntegerField(_("number of rows"), default=0)  # counted by the preview

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet"], name="one_reading_of_a_sheet"),
            models.UniqueConstraint(fields=["batch", "position"], name="one_sheet_at_a_position"),
        ]
        verbose_name = _("further sheet")
        verbose_name_plural = _("further sheets")

    def __str__(self) -> str:
        return f"{self.batch}: {self.sheet}"


class StagedRow(models.Model):
    """What one row of a file would do, or did, and why not if it was refused."""

    class Verdict(models.TextChoices):
        NEW = "new", pgettext_lazy("row of a file", "New")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        JOINED = "joined", pgettext_lazy("row of a file", "Added to a recommendation")
        PROPOSED = "proposed", _("To be confirmed")
        REFUSED = "refused", _("Refused")

    class Decision(models.TextChoices):
        SAME = "same", _("The same recommendation")
        NEW = "new", _("A new recommendation")
        SKIP = "skip", _("Leave out")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    number = models.IntegerField(_("number"))
    where = PlaceField(_("where in the file"), max_length=120)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    code = models.CharField(_("reference"), max_length=80, blank=True)
    summary = models.CharField(_("text"), max_length=240, blank=True)
    reason = SentenceField(_("reason"), blank=True)
    difference = models.TextField(_("first difference"), blank=True)
    languages = models.CharField(_("languages"), max_length=80, blank=True)
    is_without_state = models.BooleanField(_("names no State"), default=False)
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, blank=True)
    # Of a further sheet, which adds to recommendations or lists other objects.
    is_supplement = models.BooleanField(_("row of a further sheet"), default=False)
    # Of the recommendation that the row may change, as it was when the row was judged.
    record_digest = models.CharField(_("digest of the record"), max_length=16, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_row_for_a_number")]
        indexes = [models.Index(fields=["batch", "verdict", "number"])]

    def __str__(self) -> str:
        return f"{self.where}: {self.get_verdict_display()}"


class StagedCell(models.Model):
    """What becomes of one cell besides the texts and labels of its row; every cell has an outcome."""

    class Outcome(models.TextChoices):
        IMPORTED = "imported", pgettext_lazy("cell of a file", "Imported")
        UNCHANGED = "unchanged", pgettext_lazy("cell of a file", "Already recorded")
        LEFT_OUT = "left-out", pgettext_lazy("cell of a file", "Not imported")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="cells")
    number = models.IntegerField(_("row"))
    column = models.CharField(_("column"), max_length=60)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    message = SentenceField(_("explanation"), blank=True)

    class Meta:
        ordering = ["number", "pk"]
        indexes = [models.Index(fields=["batch", "column", "outcome"])]

    def __str__(self) -> str:
        return f"{self.number} {self.column}: {self.get_outcome_display()}"


class CellComment(models.Model):
    """A comment on a cell of a workbook, which no column holds."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="cell_comments")
    sheet = models.CharField(_("sheet"), max_length=120, blank=True)
    row = models.PositiveIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=200)  # its title, or its letter
    author = models.CharField(_("author"), max_length=100, blank=True)
    text = models.TextField(_("comment"))
    obstacle = SentenceField(_("why it cannot be imported"), blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.column} {self.row}: {self.text[:60]}"


class Remark(models.Model):
    """Why rows of a file are refused, or what is left out of them: one line for all rows with the same reason."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="remarks")
    field = models.CharField(_("field"), max_length=60)
    message = SentenceField(_("reason"))
    name = models.TextField(blank=True)  # as printed, where a name of a State or body is not known
    is_fatal = models.BooleanField(_("refused"))
    rows = models.IntegerField(_("number of rows"))
    places = SentenceField(blank=True)  # of the first rows in the file, one a line

    class Meta:
        ordering = ["-is_fatal", "-rows", "pk"]

    def __str__(self) -> str:
        return self.message

    @property
    def shown_places(self) -> list[str]:
        return [shown_place(place) for place in self.places.splitlines()]

    @property
    def others(self) -> int:
        """How many more rows have this reason than those whose places are listed."""
        return self.rows - len(self.places.splitlines())


class BatchedQuerySet(models.QuerySet):
    """Rows that carry `added_by` and `ended_by`, the batches that brought them and took them away."""

    def current(self):
        hidden = hidden_batches()
        return self.exclude(added_by__in=hidden).filter(
            models.Q(ended_by=None) | models.Q(ended_by__in=hidden), ended_at=None
        )


class Batched(models.Model):
    """A row that an import adds, and that a later import or a person may end; ended rows are kept."""

    added_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    ended_by = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
