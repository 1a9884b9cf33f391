"""The other sheets of a workbook, offered beside the first: their columns, and what their names mean."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from servanda.intake.columns.lists import suggest_list
from servanda.intake.models import Batch
from servanda.sources.sheets import reader as sheet_reader
from servanda.vocab.lookup import Lookup

MOST_SHEETS = 30  # other sheets of a workbook that are offered


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """A sheet that is to be read too, with the body and cycle of rows that name none."""

    name: str
    body: str = ""
    cycle: str = ""


@dataclass(slots=True)
class OtherSheet:
    """A sheet of the workbook as it is offered beside the first."""

    name: str
    has_columns: bool
    has_same_columns: bool
    body: str = ""
    cycle: str = ""
    is_chosen: bool = False
    lists: str = ""  # what it lists, if its rows are no recommendations: institutions


def other_sheets(
    batch: Batch, lookup: Lookup, *, first: str, others: Sequence[str], mapped: set[str]
) -> list[OtherSheet]:
    """The other sheets: whether they have the mapped columns of the first, and what their names mean."""
    if not others:
        return []
    chosen = {further.sheet: further for further in batch.further_sheets.all()}
    titles = sheet_reader.titles_of_sheets(Path(batch.file.path), [first, *others[:MOST_SHEETS]])
    own = titles.pop(first)
    sheets = []
    for name, its in titles.items():
        body, cycle = body_and_cycle_in(name, lookup)
        other = OtherSheet(name, bool(its), has_same_columns(its, own, mapped & set(own)), body, cycle)
        if not other.has_same_columns:
            kind, _columns = suggest_list(name, dict.fromkeys(its, ()))
            other.lists = str(kind.label) if kind else ""
            other.is_chosen = bool(kind) and batch.mapping is None  # proposed once
        if further := chosen.get(name):
            other.is_chosen, other.body, other.cycle = True, further.body, further.cycle
        sheets.append(other)
    return sheets


def has_same_columns(titles: Sequence[str], first: Sequence[str], mapped: set[str]) -> bool:
    """Whether a sheet is read as the first one is: it has every column that is imported, and no other."""
    return bool(titles) and mapped <= set(titles) <= set(first)


def body_and_cycle_in(name: str, lookup: Lookup) -> tuple[str, str]:
    """The body and the UPR cycle that the name of a sheet tells, as "CERD" or "UPR 3" do, or ""."""
    words = re.sub(r"[\W\d_]+", " ", name).split()
    bodies = (lookup.body(part) for part in (name, " ".join(words), *words) if part)
    body = next((pk for pk in bodies if pk is not None), None)
    if body is None:
        return "", ""
    cycle = re.search(r"(?<!\d)[1-9](?!\d)", name) if body in lookup.bodies_with_positions else None
    return lookup.body_codes[body], cycle[0] if cycle else ""


def choice_of(name: str, lookup: Lookup) -> SheetChoice:
    """A choice of a further sheet from its name alone, for the command line."""
    return SheetChoice(name, *body_and_cycle_in(name, lookup))
