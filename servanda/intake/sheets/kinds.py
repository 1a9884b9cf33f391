"""What a kind of spreadsheet is, and which kinds there are: each room registers its own when the process starts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, ClassVar, NamedTuple

from django import forms
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch, StagedRow
from servanda.intake.sheets.forms import ApplyForm, SheetForm
from servanda.intake.sheets.reading import CellRefused, Sheet, Table, read_tables
from servanda.intake.sheets.rows import restore_last_first
from servanda.kit.database.sentences import sentence_of
from servanda.kit.files.tables import xlsx_file
from servanda.kit.refusal import FieldRefused, Refused, Unreadable
from servanda.people.access import Can, can
from servanda.people.models import Notification, User

type Words = str | Promise


class Link(NamedTuple):
    label: Words
    url: str


class Download(NamedTuple):
    """Files with the same content; several such groups are shown under the names of their languages."""

    label: str
    links: Sequence[Link]
    language: str = ""


class Change(NamedTuple):
    """One cell of a row on its page: before and after, or only its value if `before` is None."""

    label: Words
    before: str | None
    after: str


@dataclass
class Run:
    """One sheet being previewed, applied or undone, by whom, and with what they chose on its page."""

    batch: Batch
    by: User
    options: Mapping[str, Any] = field(default_factory=dict)
    origin: str = ""  # the site, for links in letters; "" while it is only previewed
    figures: dict[str, list] = field(default_factory=dict)  # what the trail says beside the number of rows

    @property
    def reason(self) -> str:
        """The reason in the history of what the sheet changes."""
        return self.batch.name[:100]


class SheetKind:
    """The spreadsheets of one kind of thing: who sends them, how rows are read, written and restored, in which words.

    `services` runs it. A kind usually has `tables`, `write` and `restore`; the rest has a usual way.
    """

    code: ClassVar[str]  # in addresses
    shape: ClassVar[str]  # of its batches; stored
    trail: ClassVar[str]  # "people-sheet" begins the names of its four lines of the trail
    permission: ClassVar[Can]  # without it, no one opens a page of this kind
    senders: ClassVar[Sequence[Can]] = ()  # who may send large bodies, if not all who have the permission
    most_bytes: ClassVar[int] = 10_000_000
    most_rows: ClassVar[int] = 1_000  # written in one transaction, during which other writers wait
    applies_row_by_row: ClassVar[bool] = False  # each row in a transaction of its own, with `judge` and `write_row`
    has_template: ClassVar[bool] = True  # an empty workbook to start from
    must_change: ClassVar[bool] = False  # a file that would change nothing is not applied
    notices: ClassVar[Mapping[str, Notification.Kind]] = {}  # by state of the batch: what its sender is told then
    names_people: ClassVar[bool] = False  # its rows are forgotten after a while, and it cannot be undone then
    columns_of_fields: ClassVar[Mapping[str, str]] = {}  # where a field of a refusal has another name in the sheet

    title: ClassVar[Words]
    lead: ClassVar[Words] = gettext_lazy(
        "Send a file, check what it would change, then apply it. You can undo the import."
    )
    file_label: ClassVar[Words] = gettext_lazy("File")
    file_help: ClassVar[Words]
    nothing_found: ClassVar[Words]  # with %(file)s, and %(columns)s that are needed
    row_heading: ClassVar[Words]  # of the column that says what a row is about
    apply_label: ClassVar[Words] = gettext_lazy("Apply")
    downloads_note: ClassVar[Words] = gettext_lazy(
        "You can edit the downloaded file and send it back. Unchanged rows have no effect."
    )
    empty_text: ClassVar[Words] = gettext_lazy("Download the empty spreadsheet, fill it in, and send it above.")
    given_up: ClassVar[Words] = gettext_lazy(
        "The import failed after several attempts. No changes were made. Contact your system administrator."
    )
    tabs_template: ClassVar[str] = ""  # the views beside the page on which files are sent

    # Who sends and sees what

    def visible_to(self, user: User) -> QuerySet[Batch]:
        batches = Batch.objects.filter(shape=self.shape)
        return batches.select_related("created_by") if can(user, self.permission) else batches.none()

    def subjects(self, user: User) -> QuerySet | None:
        """What a sheet can be about; None where a kind has no such thing."""
        return None

    def subject_pk(self, batch: Batch) -> int | None:
        return None

    def sent_about(self, subject: Any, user: User) -> QuerySet[Batch]:
        return self.visible_to(user)

    def may_send(self, subject: Any, user: User) -> bool:
        return True

    def form(self, subject: Any, user: User, *data: Any) -> SheetForm:
        return SheetForm(*data, kind=self)

    def refuse_sending(self, subject: Any, values: Mapping[str, Any], *, by: User) -> None:
        """Raises `Refused` if this person may not send such a file, or with other values only."""

    def save_details(self, batch: Batch, subject: Any, values: Mapping[str, Any]) -> None:
        """Save what the form says beside the file, in the transaction in which the batch is made."""

    def apply_form(self, batch: Batch, data: Any = None) -> forms.Form:
        return ApplyForm(data, batch=batch)

    def trail_object(self, batch: Batch) -> Model:
        return batch

    # What becomes of a file

    def tables(self) -> Sequence[Table]:
        raise NotImplementedError

    def read(self, path: Path) -> Sheet:
        """Raises `Unreadable` if the file is damaged, or none of its tables is of this kind."""
        sheet = read_tables(path, self.tables(), most_rows=self.most_rows)
        if not sheet.rows:
            columns = ", ".join(self.tables()[0].needed)
            raise Unreadable(sentence_of(self.nothing_found) % {"file": path.name, "columns": columns})
        return sheet

    def write(self, sheet: Sheet, run: Run) -> list[StagedRow]:
        """Write the rows of a sheet in one transaction; what became of each, in the order in which they count."""
        raise NotImplementedError

    def judge(self, sheet: Sheet, run: Run) -> list[StagedRow]:
        """For a kind that applies row by row: what each row would do, without writing anything."""
        raise NotImplementedError

    def write_row(self, row: StagedRow, run: Run) -> None:
        """For a kind that applies row by row. Raises `Refused` if the row cannot be written any more."""
        raise NotImplementedError

    def refuse_start(self, batch: Batch, options: Mapping[str, Any]) -> None:
        """Raises `Refused` if a previewed sheet may not be applied in this way."""

    def is_as_previewed(self, before: Sequence[StagedRow], now: Sequence[StagedRow]) -> bool:
        """Whether what was just written equals the preview; otherwise it is rolled back and shown again."""
        return [self.shown(row) for row in before] == [self.shown(row) for row in now]

    def shown(self, row: StagedRow) -> Any:
        """What the preview promises of a row: its verdict, and each cell before and after."""
        return row.verdict, [(str(label), *values) for label, *values in self.changes(row)]

    def restore_all(self, rows: Sequence[StagedRow], run: Run) -> list[StagedRow]:
        """Restore what these rows changed, last row first. Returns the rows that stay, each with its reason.

        What other rows of the sheet still depend on is tried again after them.
        """
        return restore_last_first(self, rows, run)

    def undo_context(self, rows: Sequence[StagedRow], run: Run) -> Any:
        """What `restore` needs to know, read once for all rows that are still to be restored."""

    def restore(self, row: StagedRow, context: Any, run: Run) -> None:
        """Restore what one row changed. Raises `Refused` if it was changed since, or something depends on it."""
        raise NotImplementedError

    # Words for the pages

    def up(self, subject: Any, user: User) -> Link | None:
        """The page above the one on which files are sent."""

    def subtitle(self, subject: Any) -> str:
        return ""

    def facts(self, batch: Batch) -> Sequence[str]:
        """Facts about a file, shown below its name on its page."""
        return ()

    def downloads(self, subject: Any) -> Iterator[Download]:
        """Files with what is recorded, in the form in which they can be sent back."""
        yield from ()

    def explanations(self) -> Sequence[tuple[str, Words]]:
        """Columns, and what is to be written in them."""
        return ()

    def template(self) -> IO[bytes]:
        """A workbook to start from."""
        table = self.tables()[0]
        lines = [f"{column}: {words}" if column else str(words) for column, words in self.explanations()]
        return xlsx_file(self.code, table.columns, [], cover=lines)

    def note_before_applying(self, batch: Batch) -> str:
        return ""

    def changes(self, row: StagedRow) -> Sequence[Change]:
        return ()

    def result(self, batch: Batch) -> Link | None:
        """The page that shows what a file wrote."""

    # Built on these

    def sending_url(self, batch: Batch | None = None) -> str:
        pk = self.subject_pk(batch) if batch else None
        return reverse("desk:send_sheet", args=[self.code, *([pk] if pk else [])])

    def sentence_of(self, refusal: Refused) -> str:
        """A refusal, with the column that it is about."""
        if isinstance(refusal, FieldRefused):
            return str(CellRefused(self.column_of(refusal.field), refusal))
        return str(refusal)

    def column_of(self, field: str) -> str:
        return self.columns_of_fields.get(field, field)


_kinds: dict[str, SheetKind] = {}


def register(kind: SheetKind) -> None:
    _kinds[kind.shape] = kind


def kinds() -> list[SheetKind]:
    return list(_kinds.values())


def kind_of(batch: Batch) -> SheetKind:
    return _kinds[batch.shape]


def kind_named(code: str) -> SheetKind | None:
    return next((kind for kind in _kinds.values() if kind.code == code), None)
