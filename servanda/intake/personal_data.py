"""Spreadsheets of people name them in their rows and in the file."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from servanda.intake.models import Batch, CellComment, StagedRow
from servanda.intake.people_sheets.kind import SHAPE as PEOPLE_SHEET
from servanda.people.accounts.personal_data import keeps_personal_data
from servanda.people.models import User

UNDECIDED = {Batch.State.UPLOADED, Batch.State.PREVIEWING, Batch.State.PREVIEWED}


def rows_naming(names: list[str]) -> QuerySet[StagedRow]:
    naming = Q(pk__in=[])
    for name in names:
        naming |= Q(summary__icontains=name) | Q(reason__icontains=name) | Q(difference__icontains=name)
        naming |= Q(code__icontains=name)
    return StagedRow.objects.filter(naming, batch__shape=PEOPLE_SHEET)


def rows_of(person: User) -> list[dict]:
    return list(rows_naming([person.email]).values("batch__name", "where", "summary", "difference"))


def forget_rows(_person: User, names: list[str]) -> None:
    """A sheet that is not applied yet would bring the person back: it is discarded, and its file deleted."""
    for name in names:
        CellComment.objects.filter(Q(author__icontains=name) | Q(text__icontains=name)).delete()
    rows = rows_naming(names)
    batches = list(Batch.objects.filter(pk__in=rows.values("batch")))
    rows.update(summary="", reason="", difference="", code="")
    for batch in batches:
        if batch.file:
            batch.file.delete(save=False)
        if batch.state in UNDECIDED:
            batch.state = Batch.State.DISCARDED
            batch.message = _(
                "The file named a person whose data were erased. Remove the person from the file and send it again."
            )
        batch.save(update_fields=["file", "state", "message"])


keeps_personal_data("rows_of_spreadsheets", export=rows_of, erase=forget_rows)
