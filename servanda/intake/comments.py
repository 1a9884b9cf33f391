"""Comments on cells of a file that is imported: stored when it is checked, so that none is lost without a word."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from servanda.intake.models import Batch, CellComment
from servanda.kit.database.sentences import gettext as _
from servanda.kit.files import workbook
from servanda.kit.files.cell_comments import cell_comments
from servanda.kit.refusal import Unreadable

HEADER_WITHIN = 20  # rows in which the titles of the columns are looked for


def save_comments(batch: Batch) -> None:
    """Replace what was stored of the file by the comments of all its sheets."""
    batch.cell_comments.all().delete()
    CellComment.objects.bulk_create(comments_of(batch), batch_size=500)


def comments_of(batch: Batch) -> Iterator[CellComment]:
    path = Path(batch.file.path)
    for sheet in sheets_of(path):
        found = cell_comments(path, sheet)
        titles = titles_of(path, sheet) if found else []
        for row, column, author, text in found:
            title = titles[column] if column < len(titles) else ""
            named = {"sheet": sheet[:120], "column": (title or letters_of(column))[:200]}
            yield CellComment(batch=batch, row=row, author=author, text=text, **named)


def sheets_of(path: Path) -> list[str]:
    with path.open("rb") as file:
        is_workbook = file.read(2) == b"PK"
    try:
        return list(workbook.load(path).sheet_names) if is_workbook else []
    except Unreadable:
        return []


def first_sheet(path: Path) -> str:
    """The sheet that is read where none is named: the first visible one; empty for a text file."""
    if not sheets_of(path):
        return ""
    return next(iter(workbook.visible_sheets(workbook.load(path))), "")


def titles_of(path: Path, sheet: str) -> Sequence[str]:
    """The first row with at least two entries."""
    for number, cells in workbook.sheet_rows(workbook.load(path), sheet, path.name):
        texts = [" ".join(workbook.cell_text(cell).split()) for cell in cells]
        if sum(map(bool, texts)) > 1:
            return texts
        if number > HEADER_WITHIN:
            break
    return []


def letters_of(column: int) -> str:
    """As spreadsheet programs name a column: A, B, …, AA."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def notes_by_row(batch: Batch, sheet: str) -> dict[int, str]:
    """The comments of a sheet as texts of notes, where they are to be taken; those of one row make one."""
    notes: dict[int, list[str]] = {}
    rows = batch.cell_comments.all() if batch.takes_comments else CellComment.objects.none()
    for comment in rows.filter(sheet=sheet) if sheet else rows:
        notes.setdefault(comment.row, []).append(note_of(comment))
    return {row: "\n".join(texts) for row, texts in notes.items()}


def note_of(comment: CellComment) -> str:
    values = {"column": comment.column, "author": comment.author, "text": comment.text}
    if comment.author:
        return _("Comment of %(author)s in the column “%(column)s”: %(text)s") % values
    return _("Comment in the column “%(column)s”: %(text)s") % values
