"""The term that a judgment or decision sets for the first submission of the State, and its deadline."""

from datetime import date
from typing import Any

from servanda.language.documents.terms import later
from servanda.proceedings.models import Proceeding
from servanda.sources.models import DocumentReading
from servanda.sources.units.obligations import Due, obligations_of
from servanda.vocab.models import Certainty, ObligationKind


def first_due(reading: DocumentReading) -> Due | None:
    """What the document makes due to its body first, by a day or within a time that it names."""
    worded = [due for due in obligations_of(reading) if due.unit.deadline or due.unit.deadline_day]
    owed = [due for due in worded if due.kind != ObligationKind.OTHER]
    return min(owed, key=lambda due: due.due_on or date.max, default=None)


def term_of(proceeding: Proceeding) -> Due | None:
    """The term of the document of a case that starts on a day which only the case has, such as its notification. It
    is about the first submission; of a later one, the next document sets the deadline."""
    if proceeding.reading is None or not proceeding.kind_facts.is_case or proceeding.is_later:
        return None
    due = first_due(proceeding.reading)
    return due if due is not None and due.certainty == Certainty.ESTIMATE else None


def day_of_term(proceeding: Proceeding, due: Due) -> tuple[date | None, str]:
    """Counted from the day on which its clock started; an estimate from the date of the document before."""
    if start := proceeding.starts().get(due.unit.deadline_clock):
        return later(start, due.unit.deadline_count, due.unit.deadline_unit), Certainty.FIXED
    return due.due_on, Certainty.ESTIMATE


def source_of_deadline(proceeding: Proceeding) -> dict[str, Any]:
    """What a computed deadline follows from: the term in the document, or the rule; or the date that is missing for
    it."""
    if proceeding.due_on is None:
        return {"missing_start": missing_start(proceeding)}
    if proceeding.due_from not in Proceeding.BY_RULE:
        return {}
    term = term_of(proceeding)
    return {"term": term} if term else {"rule": proceeding.rule()}


def missing_start(proceeding: Proceeding) -> str:
    """The name of the date that would start the clock of its rule, if that date is not entered."""
    rule = None if proceeding.is_closed else proceeding.rule()
    if rule is None or rule.trigger not in (starts := proceeding.starts()):
        return ""
    is_missing = not starts[rule.trigger] and not proceeding.is_later
    return str(rule.get_trigger_display()) if is_missing else ""
