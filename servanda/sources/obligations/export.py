"""The list of obligations as a table for other programs, with the columns in which it can be read in again."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from servanda.sources.models import Obligation, ObligationQuerySet
from servanda.vocab.models import Certainty, Force, ObligationKind

COLUMNS = (
    "code", "body", "instrument", "kind", "title", "combined", "due", "certainty", "deadline from", "document",
    "paragraph", "words", "clock start", "force", "word limit", "language", "institution", "person", "status",
    "reason", "note", "confidentiality",
)  # fmt: skip
# What is entered on the page of the obligation only.
FURTHER = ("rule", "overdue", "published", "submitted", "note verbale")
# What the calendar of the public shows; all that readers without a part in an obligation see of it.
PUBLIC = {"code", "body", "kind", "title", "combined", "due", "certainty", "deadline from", "status"}
PUBLIC |= {"overdue", "published", "confidentiality"}
AT_ONCE = 500


def export_rows(found: ObligationQuerySet, *, on: date) -> Iterator[dict[str, str]]:
    linked = ("body", "instrument", "rule", "document", "owner", "responsible", "submission")
    for obligation in found.select_related(*linked).iterator(chunk_size=AT_ONCE):
        cells = cells_of(obligation) | further_cells(obligation, on=on)
        yield cells if obligation.is_internal else {name: cells[name] if name in PUBLIC else "" for name in cells}


def cells_of(obligation: Obligation) -> dict[str, str]:
    """The value of each column."""
    return {
        "code": obligation.code,
        "body": obligation.body.code,
        "instrument": obligation.instrument.code if obligation.instrument else "",
        "kind": obligation.kind,
        "title": obligation.title,
        "combined": obligation.combined,
        "due": as_text(obligation.due_on),
        "certainty": str(obligation.certainty),
        "deadline from": str(obligation.day_from),
        "document": str(obligation.document or ""),
        "paragraph": obligation.paragraph,
        "words": obligation.words,
        "clock start": as_text(obligation.clock_on),
        "force": str(obligation.force),
        "word limit": as_text(obligation.word_limit),
        "language": obligation.language,
        "institution": obligation.owner.code if obligation.owner else "",
        "person": obligation.responsible.email if obligation.responsible else "",
        "status": str(obligation.state),
        "reason": obligation.state_reason,
        "note": obligation.note,
        "confidentiality": str(obligation.confidentiality),
    }


def further_cells(obligation: Obligation, *, on: date) -> dict[str, str]:
    submission = getattr(obligation, "submission", None)
    return {
        "rule": obligation.rule.code if obligation.rule else "",
        "overdue": "yes" if obligation.is_late(on=on) else "",
        "published": "yes" if obligation.is_published else "",
        "submitted": as_text(submission.submitted_on) if submission else "",
        "note verbale": submission.note_verbale if submission else "",
    }


def as_text(value: date | int | None) -> str:
    return "" if value is None else str(value)


def explanations() -> list[tuple[str, str]]:
    """What is to be written in the columns."""
    by_column = {
        "code": _("Reference that identifies the row. Required."),
        "body": _("Code of the body, for example CEDAW. Required for a new row."),
        "instrument": _("Code of the treaty."),
        "kind": ", ".join(ObligationKind.values),
        "due": _("Dates as YYYY-MM-DD, for example 2026-01-31; also in the column “clock start”."),
        "certainty": ", ".join(Certainty.values),
        "deadline from": ", ".join(Obligation.DayFrom.values),
        "document": _("Symbol of a document in the register."),
        "force": ", ".join(Force.values),
        "institution": _("Abbreviation of one institution."),
        "person": _("E-mail address of the responsible person, instead of an institution."),
        "status": ", ".join(state for state in Obligation.State.values if state != Obligation.State.SUBMITTED),
        "reason": _("Required if it ended without a report."),
        "confidentiality": ", ".join(Obligation.Confidentiality.values),
    }
    return [
        ("", _("Leave a cell empty to keep the current value. Enter a dash (-) to clear it.")),
        *by_column.items(),
    ]
