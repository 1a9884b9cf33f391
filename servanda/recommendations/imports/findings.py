"""What a preview found in a file: its verdicts, languages, sheets, and cells that other rooms read."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from servanda.intake.models import Batch
from servanda.people.models import Instance
from servanda.recommendations.imports.further_sheets import rows_by_sheet
from servanda.recommendations.imports.matching import Verdict
from servanda.recommendations.imports.sheet_cells import CellsAlike, cells_explained


def verdict_counts(batch: Batch) -> dict[str, int]:
    counts = dict(batch.rows.values_list("verdict").annotate(Count("pk")).order_by())
    return {verdict: counts.get(verdict, 0) for verdict in Verdict.values}


@dataclass(slots=True)
class Incoming:
    """Facts about a previewed file besides the verdicts of its rows."""

    rows: int  # of the whole file
    elsewhere: int  # of them, about other States
    without_state: int
    languages: list[tuple[str, int]]  # with the number of rows with a text in it, the most frequent first
    new_languages: list[str]  # which are not among those of this system
    cells: list[CellsAlike]  # that other rooms read
    sheets: list[tuple[str, int]]  # with their number of rows, where several sheets are read


def incoming(batch: Batch) -> Incoming:
    counted: Counter[str] = Counter()
    for languages, number in batch.rows.values_list("languages").annotate(Count("pk")).order_by():
        counted.update(dict.fromkeys(languages.split(), number))
    our_languages = Instance.current().language_codes()
    return Incoming(
        rows=batch.total + batch.elsewhere,
        elsewhere=batch.elsewhere,
        without_state=batch.rows.filter(is_without_state=True).count(),
        languages=counted.most_common(),
        new_languages=[language for language, _number in counted.most_common() if language not in our_languages],
        cells=cells_explained(batch),
        sheets=rows_by_sheet(batch),
    )
