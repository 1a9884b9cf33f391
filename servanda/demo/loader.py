"""The order in which the parts of the demonstration are loaded: each finds what the earlier ones made."""

from collections.abc import Callable

from servanda.demo import (
    actions,
    assessments,
    assignments,
    documents,
    indicators,
    language,
    people,
    positions,
    review,
    rounds,
    updates,
)

AFTER_DOCUMENTS = (language, review, assignments, actions, indicators, positions, updates, rounds, assessments)


def load_demonstration(*, report: Callable[[str], object]) -> None:
    """Called again, it changes nothing. `report` is given a line for each file that the importer read.

    Raises:
        CommandError: when a document could not be imported.
    """
    people.load()
    documents.load(report)
    for part in AFTER_DOCUMENTS:
        part.load()
