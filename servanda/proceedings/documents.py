"""A letter or a judgment that was read from a file, as the proceeding that a person makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.language.documents.terms import later
from servanda.people.models import User
from servanda.proceedings.cases.measures import MeasureValues, add_measures
from servanda.proceedings.cases.services import set_case
from servanda.proceedings.contents.questions import (
    QuestionValues,
    give_back_questions,
    set_questions,
    take_over_questions,
)
from servanda.proceedings.document_terms import first_due
from servanda.proceedings.kinds import ProceedingKind, kinds
from servanda.proceedings.life.services import ProceedingValues, add_proceeding, withdraw_proceeding
from servanda.proceedings.models import Proceeding
from servanda.proceedings.obligations import FOLLOWED, follow
from servanda.recommendations.editing.structure import withdraw_recommendation
from servanda.sources.documents.families import BY_CODE
from servanda.sources.documents.letters.units import asks_urgently
from servanda.sources.documents.symbols import REPORT, RESOLUTION
from servanda.sources.models import DocumentReading, Obligation, ReadUnit
from servanda.sources.units.clock_starts import STARTS_LATER
from servanda.sources.units.obligations import document_of, due_of, is_edited
from servanda.sources.units.withheld import body_of, is_confidential
from servanda.vocab.lookup import Lookup
from servanda.vocab.models import Body, Certainty, Country, ObligationKind

MOST_ROWS = 80
LONGEST_REFERENCE, LONGEST_TITLE = 60, 300
OF_COMMITTEES = {"urgent-action": ("urgent-action", "request"), "early-warning": ("early-warning", "letter")}
SORTS = {"AL": "allegation", "UA": "urgent", "JAL": "joint-allegation", "JUA": "joint-urgent"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The values read from a document. Nothing is saved before a person has checked them."""

    kind: str
    sort: str
    reference: str
    title: str
    bodies: list[Body]
    sent_on: date | None
    due_on: date | None = None
    decided_on: date | None = None
    measures: list[dict] = field(default_factory=list)
    questions: list[dict] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # mandates that no body of the vocabulary has
    more: int = 0  # points for which there is no row
    is_imported: bool = False  # its points are already in the register


def is_letter(reading: DocumentReading) -> bool:
    return is_confidential(reading)


def is_decision(reading: DocumentReading) -> bool:
    return reading.family in BY_CODE and (BY_CODE[reading.family].is_case or is_of_one_case(reading))


def is_of_one_case(reading: DocumentReading) -> bool:
    """Whether it is a report of the Inter-American Commission on one case, or a resolution on precautionary measures;
    its other reports are about a State or a theme."""
    is_numbered = REPORT.search(reading.symbol) or RESOLUTION.search(reading.symbol)
    return reading.family == "iachr" and is_numbered is not None


def propose(reading: DocumentReading) -> Proposal | None:
    """None for a document that begins no proceeding."""
    if is_letter(reading):
        return letter_of(reading)
    return case_of(reading) if is_decision(reading) else None


def sort_of_letter(reading: DocumentReading) -> str:
    """By its reference or, without one, its words; a letter of several mandates is a joint one."""
    sort = SORTS.get(reading.symbol.split(" ")[0].upper(), "other")
    if not reading.symbol and asks_urgently(reading.first_words):
        sort = "urgent"
    return f"joint-{sort}" if sort in ("allegation", "urgent") and len(reading.mandate_names) > 1 else sort


def is_precautionary(reading: DocumentReading) -> bool:
    return reading.family == "iachr" and RESOLUTION.search(reading.symbol) is not None


def letter_of(reading: DocumentReading) -> Proposal:
    lookup = Lookup()
    known = {name: lookup.body(name) for name in reading.mandate_names}
    units = list(reading.units.kept())
    kind, sort = OF_COMMITTEES.get(reading.family) or (
        "communication",
        sort_of_letter(reading),
    )
    return Proposal(
        kind=kind,
        sort=sort,
        reference=reading.symbol[:LONGEST_REFERENCE],
        title=reading.title[:LONGEST_TITLE],
        bodies=list(Body.objects.filter(pk__in=[pk for pk in known.values() if pk])) or senders(reading),
        sent_on=reading.date,
        due_on=asked_deadline(units, reading),
        questions=[
            {"number": number, "text": unit.whole, "language": reading.language}
            for number, unit in enumerate(of_kind(units, ReadUnit.Kind.QUESTION)[:MOST_ROWS], 1)
        ],
        unknown=[name for name, pk in known.items() if pk is None],
    )


def senders(reading: DocumentReading) -> list[Body]:
    """The committee whose letter it is; letters of special procedures name their mandates."""
    return list(Body.objects.filter(code=BY_CODE[reading.family].body)) if reading.family in OF_COMMITTEES else []


def asked_deadline(units: Sequence[ReadUnit], reading: DocumentReading) -> date | None:
    """The deadline that the letter sets in its own words; without one, the rule applies."""
    worded = [unit for unit in of_kind(units, ReadUnit.Kind.OBLIGATION) if unit.deadline or unit.deadline_day]
    return next((due.due_on for unit in worded if (due := due_of(unit, reading)).due_on), None)


def case_of(reading: DocumentReading) -> Proposal | None:
    if (body := body_of(reading) or body_of_family(reading)) is None:
        return None
    if (found := kind_for(body)) is None:
        return None
    kind, sort = (kinds()["precautionary"], "request") if is_precautionary(reading) else found
    is_imported = reading.batch.state == Batch.State.APPLIED
    points = [] if is_imported else of_kind(list(reading.units.kept()), ReadUnit.Kind.RECOMMENDATION)
    return Proposal(
        kind=kind.code,
        sort=sort,
        reference=reading.symbol[:LONGEST_REFERENCE],
        title=reading.title[:LONGEST_TITLE],
        bodies=[body],
        sent_on=None,
        due_on=named_deadline(reading),
        decided_on=reading.date,
        measures=[row_of(unit, reading) for unit in points[:MOST_ROWS]],
        more=max(0, len(points) - MOST_ROWS),
        is_imported=is_imported,
    )


def named_deadline(reading: DocumentReading) -> date | None:
    """The day of the first submission, as its imported obligation has it or the document names it. An estimate is no
    such day: it follows the term of the document."""
    first = imported_obligation(reading) or first_due(reading)
    return first.due_on if first is not None and first.certainty == Certainty.FIXED else None


def body_of_family(reading: DocumentReading) -> Body | None:
    return Body.objects.filter(code=BY_CODE[reading.family].body).first()


def kind_for(body: Body) -> tuple[ProceedingKind, str] | None:
    """The kind of case of this body, and the sort that is the usual one."""
    for kind in kinds().values():
        sorts = [sort for sort in kind.sorts if kind.is_case and kind.takes(body.code, body.kind, sort)]
        if sorts:  # a sort that is for this body alone comes first
            return kind, min(sorts, key=lambda sort: not kind.sorts[sort].only)
    return None


def row_of(unit: ReadUnit, reading: DocumentReading) -> dict:
    """One point with its term. A term that starts at a date which the document cannot state has no day yet."""
    due_on = unit.deadline_day
    starts_here = unit.deadline_count and unit.deadline_clock and unit.deadline_clock not in STARTS_LATER
    if due_on is None and starts_here and reading.date:
        due_on = later(reading.date, unit.deadline_count, unit.deadline_unit)
    return {"paragraph": unit.number[:20], "text": unit.whole, "due_on": due_on, "term": unit.deadline}


def of_kind(units: Sequence[ReadUnit], kind: str) -> list[ReadUnit]:
    return [unit for unit in units if unit.kind == kind]


@transaction.atomic
def create_from_document(
    *,
    reading: DocumentReading,
    values: ProceedingValues,
    decided_on: date | None,
    language: str,
    country: Country | None,
    measures: Sequence[MeasureValues],
    questions: Sequence[QuestionValues],
    by: User,
) -> Proceeding:
    """Create a communication or a case from what a person has checked: all of it or nothing.

    Raises `Refused` (or `FieldRefused`) as `add_proceeding`, `set_case` and `add_measures` do, for instance for a
    reference used twice.
    """
    proceeding = add_proceeding(values=values, obligation=imported_obligation(reading), reading=reading, by=by)
    if not proceeding.kind_facts.is_case:
        take_over_questions(proceeding, reading)
        if questions or proceeding.questions.exists():
            set_questions(proceeding=proceeding, questions=questions, seen=proceeding.version, by=by)
        return proceeding
    set_case(proceeding=proceeding, decided_on=decided_on, seen=proceeding.version, by=by)
    if values.bodies:
        document = document_of(reading, values.bodies[0])
        Proceeding.objects.filter(pk=proceeding.pk).update(document=document)
    if measures and country:
        add_measures(proceeding=proceeding, country=country, language=language, measures=measures, seen=None, by=by)
    return proceeding


def imported_obligation(reading: DocumentReading) -> Obligation | None:
    """What an applied import of the letter, or of the judgment, made due first: it follows the proceeding, and there
    is no second one. One on which a person has worked stays as it is: its steps and its report would be lost."""
    rows = Obligation.objects.kept().filter(added_by=reading.batch, is_derived=False)
    if is_letter(reading):
        first = rows.filter(kind=ObligationKind.REPLY).order_by("pk").first()
    else:
        owed = rows.unfinished().filter(has_records=False).exclude(kind=ObligationKind.OTHER)
        first = owed.order_by(F("due_on").asc(nulls_last=True), "pk").first()
    return None if first is None or is_edited(first) else first


def refuse_begun(batch: Batch) -> None:
    """Raises `Refused` if a communication or case was created from the document of an import that is not applied
    yet."""
    is_waiting = batch.state != Batch.State.APPLIED
    if is_waiting and Proceeding.objects.kept().filter(reading__batch=batch).exists():
        raise Refused(
            _(
                "A communication or case was created from this document. Applying the import would add its deadline "
                "and points a second time. Discard the import."
            )
        )


@transaction.atomic
def undo_from_document(*, proceeding: Proceeding, by: User) -> None:
    """Withdraw what was created from a document, with its measures. Nothing is deleted."""
    reason = _("Created from a document, and undone.")
    for link in proceeding.measures.filter(recommendation__withdrawn_at=None).select_related("recommendation"):
        withdraw_recommendation(recommendation=link.recommendation, reason=reason, by=by)
    if proceeding.reading is not None:
        give_back_questions(proceeding, proceeding.reading)
    withdraw_proceeding(proceeding=proceeding, reason=reason, by=by)
    give_back_deadline(Proceeding.objects.get(pk=proceeding.pk), by=by)


def give_back_deadline(proceeding: Proceeding, *, by: User) -> None:
    """Return a deadline that was taken over to its import, as it was before. Its steps are of the proceeding."""
    obligation, reading = proceeding.obligation, proceeding.reading
    if obligation is None or reading is None or obligation.added_by_id != reading.batch_id:
        return
    before = obligation.history.filter(is_derived=False).order_by("-history_id").first()
    if before is None:
        return
    Proceeding.objects.filter(pk=proceeding.pk).update(obligation=None)
    obligation.steps.all().delete()
    follow(obligation, {name: getattr(before, name) for name in FOLLOWED}, by=by)
