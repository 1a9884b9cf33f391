"""Further sheets of a workbook that are read in the same import: which they are, and how their columns are read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from django.db import transaction

from servanda.intake.columns.lists import list_of, suggest_list
from servanda.intake.models import Batch, FurtherSheet, SenderMapping
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.imports.checking import forget_check, refuse_fixed_columns
from servanda.recommendations.imports.judging import bare_words
from servanda.recommendations.imports.mapping import (
    ROWS_LOOKED_AT,
    ROWS_SHOWN,
    SheetView,
    mapping_of,
    save_mapping,
    suggest_mapping,
)
from servanda.recommendations.imports.reading import RowReader, further_sheets_of
from servanda.recommendations.imports.sheet_links import link_of, names_in
from servanda.recommendations.imports.sheet_names import SheetChoice, has_same_columns
from servanda.recommendations.imports.suggesting_columns import follow_up_columns
from servanda.sources.candidates import Unreadable
from servanda.sources.sheets import reader as sheet_reader
from servanda.trail.models import Event

MOST_SHARED = 0.5  # share of common ids with different texts, from which on a sheet numbers its rows anew


@transaction.atomic
def choose_further_sheets(*, batch: Batch, choices: Sequence[SheetChoice], by: User | None) -> None:
    """Read these sheets of the workbook in the same import, after its first sheet.

    A sheet with the columns of the first is read in the same way; another one as its columns were saved for the
    sender, or once they are chosen. Raises `Refused`.
    """
    refuse_fixed_columns(batch)
    before = list(batch.further_sheets.all())
    if not choices and not before:
        return
    if batch.mapping is None:
        raise Refused(_("Choose the columns of this file first."))
    first = opened(batch, batch.sheet)
    chosen = list({choice.name: choice for choice in choices if choice.name != first.name}.values())
    further = [
        FurtherSheet(
            batch=batch,
            position=position,
            sheet=choice.name,
            body=choice.body,
            cycle=choice.cycle,
            mapping=mapping_for(batch.mapping, opened(batch, choice.name), first),
        )
        for position, choice in enumerate(chosen, 1)
    ]
    if list(map(read_as, before)) != list(map(read_as, further)):
        batch.further_sheets.all().delete()
        FurtherSheet.objects.bulk_create(further)
        batch.sheet = first.name
        batch.save(update_fields=["sheet"])
        check_again(batch)
        names = [", ".join(sheet.sheet for sheet in some) for some in (before, further)]
        Event.record("import-sheets-chosen", batch, by=by, difference={"sheets": names})
    mark_own_ids(batch)


def read_as(further: FurtherSheet) -> tuple[str, str, str, int | None]:
    return further.sheet, further.body, further.cycle, further.mapping_id


def opened(batch: Batch, name: str) -> sheet_reader.Sheet:
    try:
        return sheet_reader.open_sheet(Path(batch.file.path), sheet=name or None)
    except Unreadable as problem:
        raise Refused(problem) from problem


def mapping_for(
    first: SenderMapping, sheet: sheet_reader.Sheet, first_sheet: sheet_reader.Sheet
) -> SenderMapping | None:
    """The mapping of a further sheet; None while its columns are still to be chosen."""
    if has_same_columns(sheet.headers, first_sheet.headers, headers_of(first)):
        return first
    own = mapping_of(first.sender, sheet.name)
    return own if own and headers_of(own) <= set(sheet.headers) else None


def headers_of(mapping: SenderMapping) -> set[str]:
    return {column.header for column in mapping.columns.all() if column.header}


def next_unmapped(batch: Batch) -> FurtherSheet | None:
    """The first sheet whose columns are still to be chosen."""
    return batch.further_sheets.filter(mapping=None).first()


def check_again(batch: Batch) -> None:
    """Discard the preview: it was made with other sheets or columns."""
    own = Batch.objects.filter(pk=batch.pk)
    forget_check(own)
    own.update(state=Batch.State.UPLOADED, message="")
    batch.refresh_from_db()


@transaction.atomic
def save_sheet_columns(
    *, further: FurtherSheet, columns: Mapping[str, str], constants: Mapping[str, str], by: User | None
) -> None:
    """Save the mapping of this sheet for the sender. Raises `Refused`."""
    batch = further.batch
    refuse_fixed_columns(batch)
    if batch.mapping is None:
        raise Refused(_("Choose the columns of this file first."))
    sender, separator = batch.mapping.sender, batch.mapping.separator
    further.mapping = save_mapping(
        sender=sender, sheet=further.sheet, columns=columns, constants=constants, separator=separator, by=by
    )
    further.save(update_fields=["mapping"])
    check_again(batch)
    mark_own_ids(batch)


def look_into_further(further: FurtherSheet) -> SheetView:
    """The headers and first rows of a further sheet, with its saved mapping or a suggestion. Raises `Refused`."""
    batch = further.batch
    refuse_fixed_columns(batch)
    sheet = opened(batch, further.sheet)
    rows = [cells for _number, cells in islice(sheet.rows, ROWS_LOOKED_AT)]
    view = SheetView(
        sheet.headers, [row[: len(sheet.headers)] for row in rows[:ROWS_SHOWN]], {}, name=sheet.name,
        beyond=sheet.width - len(sheet.headers),
    )  # fmt: skip
    mapping = further.mapping or (batch.mapping and mapping_of(batch.mapping.sender, further.sheet))
    if mapping:
        mapped = list(mapping.columns.all())
        view.suggestion = {column.field: column.header for column in mapped if column.header in sheet.headers}
        view.constants = {column.field: column.constant for column in mapped if column.constant}
        view.known_as = mapping.sender
    else:
        view.suggestion = suggest_columns(batch, sheet.name, sheet.headers, rows)
    own = {"body": further.body, "cycle": further.cycle}
    if not list_of(view.suggestion):
        view.constants |= {name: value for name, value in own.items() if value and name not in view.suggestion}
    return view


def suggest_columns(
    batch: Batch, sheet: str, headers: Sequence[str], rows: Sequence[Sequence[str]]
) -> dict[str, str]:
    """A sheet may list things of its own. Rows that name recommendations of the first sheet add to them; others are
    read as the first sheet, as far as their columns are called alike."""
    suggestion = suggest_mapping(headers, rows)
    texts = [header for name, header in suggestion.items() if name == "text" or name.startswith("text ")]
    values = {
        header: [cell for row in rows if place < len(row) and (cell := " ".join(row[place].split()))]
        for place, header in enumerate(headers)
    }
    _list, listed = suggest_list(sheet, values)
    if listed:
        return listed
    try:
        link = link_of(values, texts, names_in(batch))
    except Unreadable as problem:
        raise Refused(problem) from problem
    if link:
        return link | follow_up_columns([header for header in headers if header not in link.values()], values)
    columns = batch.mapping.columns.all() if batch.mapping else []
    as_first = {column.field: column.header for column in columns if column.header in headers}
    rest = {name: header for name, header in suggestion.items() if header not in as_first.values()}
    return rest | as_first


def mark_own_ids(batch: Batch) -> None:
    """Mark sheets that number their rows anew: their ids are the same as in other sheets, their texts are not."""
    further = further_sheets_of(batch)
    if any(sheet.mapping is None for sheet in further):
        return  # once all columns are chosen
    batch.further_sheets.update(has_own_ids=False)
    earlier: dict[str, dict[str, str]] = {}
    try:
        parts = RowReader(batch).resolved_parts()
        for sheet, part in zip([None, *further], parts, strict=True):
            texts = {
                row.external["sheet"]: {language: bare_words(text) for language, text in row.texts.items()}
                for row in part
                if row.texts and "sheet" in row.external
            }
            if sheet and has_own_ids(earlier, texts):
                FurtherSheet.objects.filter(pk=sheet.pk).update(has_own_ids=True)
            else:
                earlier = texts | earlier
    except Unreadable as problem:
        raise Refused(problem) from problem


def has_own_ids(earlier: Mapping[str, Mapping[str, str]], later: Mapping[str, Mapping[str, str]]) -> bool:
    shared = Counter(
        any(text != earlier[name].get(language, text) for language, text in texts.items())
        for name, texts in later.items()
        if name in earlier
    )
    return shared[True] > MOST_SHARED * shared.total()


def count_rows(batch: Batch, by_sheet: Sequence[int]) -> None:
    """Save the number of rows of each further sheet, counted by the preview."""
    for sheet, rows in zip(further_sheets_of(batch), by_sheet[1:], strict=False):
        FurtherSheet.objects.filter(pk=sheet.pk).update(rows=rows)


def rows_by_sheet(batch: Batch) -> list[tuple[str, int]]:
    """The number of rows of each sheet if several are read; the sum is the number of rows of the file."""
    further = list(batch.further_sheets.all())
    first = batch.total + batch.elsewhere - sum(sheet.rows for sheet in further)
    return [(batch.sheet, first), *((sheet.sheet, sheet.rows) for sheet in further)] if further else []
