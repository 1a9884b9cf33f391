"""Builds the row of the preview for a row of a file."""

from collections.abc import Callable

from servanda.intake.columns.lists import kind_of_list
from servanda.intake.models import Batch, StagedRow
from servanda.kit.database.sentences import joined, shortened
from servanda.recommendations.imports.diffing import first_difference
from servanda.recommendations.imports.matching import Match
from servanda.sources.resolve import NO_STATE, Resolved
from servanda.vocab.models import Country, Term


def staged_row(batch: Batch, number: int, match: Match, labels: Callable[[], dict[int, str]]) -> StagedRow:
    difference = ""
    if match.known and match.differences:
        difference = first_difference(match.known, match.differences, labels())
    remarks = [problem.message for problem in match.row.problems if not problem.fatal]
    return StagedRow(
        batch=batch,
        number=number,
        where=shortened(match.row.where, 120),
        verdict=match.verdict,
        code=match.known.code if match.known else "",
        summary=summary_of(match.row)[:240],
        reason=joined([match.reason, *remarks]),
        difference=difference,
        languages=" ".join(sorted(match.row.texts)),
        is_without_state=any(problem.field == NO_STATE for problem in match.row.problems),
        is_supplement=bool(match.row.supplement),
        record_digest=match.known.digest() if match.known else "",
    )


def summary_of(row: Resolved) -> str:
    """The text, or what a row without one adds; of a row of a list only its name, because it may name people."""
    if row.list_of:
        return row.cells.get(kind_of_list(row.list_of).needed, "")
    added = "; ".join(" ".join(cell.split()) for cell in row.cells.values()) if row.supplement else row.paragraph
    return next(iter(row.texts.values()), added)


def printed_labels() -> dict[int, str]:
    """Names of States and terms by id for the preview; where an id occurs in both, the State's name is used."""
    return {term.pk: str(term.label) for term in Term.objects.all()} | {
        country.pk: str(country.name) for country in Country.objects.all()
    }
