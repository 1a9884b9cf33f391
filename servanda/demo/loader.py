"""Loads the parts of the demonstration in order; each builds on the earlier ones."""

from collections.abc import Callable

from servanda.demo import (
    actions,
    assessments,
    assignments,
    cases,
    consultations,
    declaration,
    documents,
    indicators,
    language,
    network,
    obligations,
    people,
    positions,
    proceedings,
    questions,
    reports,
    review,
    rounds,
    training,
    treaties,
    updates,
)

AFTER_DOCUMENTS = (
    language,
    treaties,
    review,
    obligations,
    assignments,
    actions,
    indicators,
    positions,
    updates,
    rounds,
    questions,
    assessments,
    proceedings,
    cases,
    reports,
    consultations,
    network,
    training,
    declaration,
)


def load_demonstration(*, report: Callable[[str], object]) -> None:
    """Load everything. Idempotent; where somebody has erased or renamed one of its people, it stays as it is.
    `report` is called with a line for each imported file.

    Raises:
        CommandError: when a document could not be imported.
    """
    people.load()
    if missing := people.missing():
        report(f"Not there any more: {', '.join(missing)}. The demonstration stays as it is.")
        return
    documents.load(report)
    for part in AFTER_DOCUMENTS:
        part.load()
