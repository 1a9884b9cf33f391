"""Spreadsheets of people name them in their rows and in the file."""

import re
from collections.abc import Sequence

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from servanda.intake.models import Batch, CellComment, StagedRow
from servanda.intake.people_sheets.kind import SHAPE as PEOPLE_SHEET
from servanda.kit.database.word_filters import has_word
from servanda.people.accounts.personal_data import keeps_personal_data, own_names_of, whole_words
from servanda.people.models import User

UNDECIDED = {Batch.State.UPLOADED, Batch.State.PREVIEWING, Batch.State.PREVIEWED}


TEXTS = ("summary", "reason", "difference", "code")


def rows_naming(names: list[str]) -> QuerySet[StagedRow]:
    return with_names(StagedRow.objects.filter(batch__shape=PEOPLE_SHEET), names, TEXTS)


def with_names[Row: Model](rows: QuerySet[Row], names: list[str], fields: Sequence[str]) -> QuerySet[Row]:
    """Those in which one of these fields has one of the names, not as a part of another word."""
    near, pattern = Q(pk__in=[]), whole_words(names)
    for name in names:
        for field in fields:
            near |= has_word(field, name)
    found = rows.filter(near).values_list("pk", *fields)
    return rows.filter(pk__in=[pk for pk, *texts in found if any(pattern.search(in_lines(text)) for text in texts)])


def in_lines(text: str) -> str:
    """Without the line ends of JSON, whose letters would join the next word."""
    return re.sub(r"\\[nrt]", "\n", str(text))


def rows_of(person: User) -> list[dict]:
    rows = rows_naming([person.email]).values("batch__name", "where", "summary", "difference")
    return [dict(row) for row in rows]


def forget_rows(person: User, names: list[str]) -> None:
    """A sheet that is not applied yet would bring the person back: it is discarded, and its file deleted."""
    with_names(CellComment.objects.all(), names, ("author", "text")).delete()
    for name in own_names_of(person):
        CellComment.objects.filter(author__iexact=name).delete()
    rows = rows_naming(names)
    batches = list(Batch.objects.filter(pk__in=rows.values("batch")))
    rows.update(summary="", reason="", difference="", code="")
    for batch in batches:
        forget_file(batch)


def forget_file(batch: Batch) -> None:
    """Delete the file of a sheet that named a person; one that is not applied yet is discarded."""
    if batch.file:
        batch.file.delete(save=False)
    if batch.state in UNDECIDED:
        batch.state = Batch.State.DISCARDED
        batch.message = _(
            "The file named a person whose data were erased. Remove the person from the file and send it again."
        )
    batch.save(update_fields=["file", "state", "message"])


keeps_personal_data("rows_of_spreadsheets", export=rows_of, erase=forget_rows)
