"""What a document makes due to its body: read from its units, added when the import is applied, undone with it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.language.documents.paragraph_kinds import Kind
from servanda.language.documents.term_words import Clock
from servanda.language.documents.terms import later
from servanda.language.documents.units import Unit, flag, mark_obligations
from servanda.people.models import User
from servanda.people.versioning import attribute
from servanda.sources.documents.families import BY_CODE
from servanda.sources.models import Document, DocumentReading, Obligation, ReadUnit, ReplacedDeadline
from servanda.sources.obligations.for_records import rule_of
from servanda.sources.obligations.replaced import restore_deadlines, why_not_restored
from servanda.sources.obligations.values import Confidentiality, facts, next_code
from servanda.sources.units.clock_starts import clock_start, is_to_be_confirmed, starts_later
from servanda.sources.units.letter_rules import rule_of_letter
from servanda.sources.units.reading import unit_row
from servanda.sources.units.replacing import present_deadline, replace_deadline
from servanda.sources.units.withheld import body_of, is_confidential, stays_restricted
from servanda.vocab.models import Body, Certainty, Force, ObligationKind, ObligationRule

BINDING = {ObligationKind.PERIODIC_REPORT, ObligationKind.INITIAL_REPORT, ObligationKind.COMPLIANCE}
COURTS = {"court"}


@dataclass(frozen=True, slots=True)
class Due:
    """One obligation as a unit states it: until when, from which day on, and how sure that is."""

    unit: ReadUnit
    kind: str
    clock_on: date | None
    due_on: date | None
    certainty: str
    replaces: Obligation | None = None  # with the deadline of a rule

    @property
    def certainty_label(self) -> str:
        return str(Certainty(self.certainty).label)

    @property
    def kind_label(self) -> str:
        """What is due: its kind or, where that says nothing, the heading above it."""
        return title_of(self.unit) or str(ObligationKind(self.kind).label)


def due_of(unit: ReadUnit, reading: DocumentReading) -> Due:
    """The deadline of an obligation: the day that a person or the document sets, or its length from its start."""
    kind = unit.due or ObligationKind.OTHER
    if unit.deadline_day:
        certainty = Certainty.ESTIMATE if is_to_be_confirmed(unit) else Certainty.FIXED
        return Due(unit, kind, None, unit.deadline_day, certainty)
    if unit.deadline_clock == Clock.LIST_OF_ISSUES or kind == ObligationKind.LOIPR:
        return Due(unit, kind, None, None, Certainty.TO_BE_COMMUNICATED)
    if not unit.deadline_count:
        if unit.deadline:  # a day that no calendar has
            return Due(unit, kind, None, None, Certainty.ESTIMATE)
        is_open = kind in (ObligationKind.PERIODIC_REPORT, ObligationKind.INITIAL_REPORT)
        return Due(unit, kind, None, None, Certainty.TO_BE_COMMUNICATED if is_open else Certainty.FIXED)
    if (start := clock_start(unit, reading)) is None:
        return Due(unit, kind, None, None, Certainty.ESTIMATE)
    due_on = later(start, unit.deadline_count, unit.deadline_unit)
    if starts_later(unit, reading):
        return Due(unit, kind, None, due_on, Certainty.ESTIMATE)
    return Due(unit, kind, start, due_on, Certainty.FIXED)


def is_judgment(reading: DocumentReading) -> bool:
    return reading.family in BY_CODE and BY_CODE[reading.family].is_case


def due_of_paragraph(number: str, text: str, reading: DocumentReading, *, headings: Sequence[str] = ()) -> Due:
    """What a single paragraph of the document makes due, as reading the document finds it."""
    unit = Unit(number, Kind.RECOMMENDATION, text, headings=tuple(headings))
    flag([unit])
    family = BY_CODE.get(reading.family)
    is_answered = family is not None and family.is_answered
    mark_obligations([unit], issued=reading.date, of_case=is_judgment(reading), is_answered=is_answered)
    return due_of(unit_row(reading, 1, unit), reading)


def obligations_of(reading: DocumentReading, turned: Collection[str] = ()) -> Iterator[Due]:
    """What the document makes due, one for each kind and day, except for the paragraphs that a person turned into a
    record, or into an obligation of their own."""
    seen: set[tuple[str, date | None]] = set()
    units = reading.units.kept().filter(kind=ReadUnit.Kind.OBLIGATION)
    for unit in units.exclude(number__in=turned) if turned else units:
        due = due_of(unit, reading)
        if (due.kind, due.due_on) not in seen:
            seen.add((due.kind, due.due_on))
            yield due


def new_obligations(reading: DocumentReading, turned: Collection[str] = ()) -> list[Due]:
    """Those that an import adds: not those that an applied import of the same document has added."""
    present = set(present_obligations(reading).values_list("kind", "due_on"))
    present |= set(replaced_since(reading).values_list("kind", "due_on"))
    return [due for due in obligations_of(reading, turned) if (due.kind, due.due_on) not in present]


def present_obligations(reading: DocumentReading) -> QuerySet[Obligation]:
    """Obligations from this document, except for those of this import itself."""
    if not reading.symbol:
        return Obligation.objects.none()
    rows = Obligation.objects.kept().filter(document__symbol=reading.symbol)
    return rows.exclude(added_by=reading.batch)


def replaced_since(reading: DocumentReading) -> QuerySet:
    """Obligations from this document whose deadline a later document has replaced, as they were before."""
    replaced = ReplacedDeadline.objects.order_by().values("obligation")
    rows = Obligation.history.filter(document__symbol=reading.symbol, id__in=replaced)
    return rows.exclude(document__symbol="").exclude(added_by=reading.batch)


def adds_obligations(batch: Batch) -> bool:
    reading = DocumentReading.objects.filter(batch=batch).first()
    return reading is not None and any(True for _due in obligations_of(reading))


def obligations_to_add(batch: Batch, turned: Collection[str] = ()) -> list[Due]:
    """What applying a previewed document would add, or set in place of the deadline of a rule."""
    reading = DocumentReading.objects.filter(batch=batch).select_related("batch").first()
    if reading is None or not reading.confirmed_at or (body := body_of(reading)) is None:
        return []
    return [replace(due, replaces=replaced_by(due, reading, body)) for due in new_obligations(reading, turned)]


def replaced_by(due: Due, reading: DocumentReading, body: Body) -> Obligation | None:
    """A confidential letter changes nothing that others may see."""
    return None if is_confidential(reading) else present_deadline(due, body)


def add_obligations(batch: Batch, turned: Collection[str] = ()) -> int:
    """Add what a document makes due; returns how many. A repeated call adds nothing twice. `turned`: the paragraphs
    that a person turned into a record, or into an obligation of their own."""
    reading = DocumentReading.objects.filter(batch=batch).select_related("batch__created_by").first()
    if reading is None or (body := body_of(reading)) is None:
        return 0
    restore_deadlines(batch)
    delete_obligations(Obligation.objects.filter(added_by=batch, is_made_for_records=False))
    added = new_obligations(reading, turned)
    if not added:
        return 0
    document = document_of(reading, body)
    rule = rule_of_letter(reading.family, reading.symbol, reading.first_words)
    for due in added:
        computed = replaced_by(due, reading, body)
        if computed is not None:
            replace_deadline(computed, due, document=document, batch=reading.batch, by=reading.batch.created_by)
        else:
            add_obligation(due, reading, body, document, rule=rule, by=batch.created_by)
    return len(added)


def document_of(reading: DocumentReading, body: Body) -> Document | None:
    if not reading.symbol:
        return None
    facts = {"body": body, "title": reading.title, "date": reading.date}
    return Document.objects.get_or_create(symbol=reading.symbol, defaults=facts)[0]


def add_obligation(
    due: Due,
    reading: DocumentReading,
    body: Body,
    document: Document | None,
    *,
    rule: ObligationRule | None,
    by: User | None,
) -> Obligation:
    is_closed = stays_restricted(reading)
    confidentiality = Confidentiality.RESTRICTED if is_closed else Confidentiality.PUBLIC
    obligation = new_obligation(due, body, document, confidentiality=confidentiality, rule=rule)
    obligation.is_published = reading.batch.publish and not is_closed
    obligation.added_by = reading.batch
    obligation.mark_past(on=timezone.localdate())
    attribute(obligation, by=by, reason="import-applied")
    obligation.save()
    return obligation


def new_obligation(
    due: Due, body: Body, document: Document | None, *, confidentiality: str, rule: ObligationRule | None = None
) -> Obligation:
    """An unsaved obligation with the deadline of a paragraph; force and word limit are those of the rule, which is
    that of the body unless another one is given."""
    unit, rule = due.unit, rule or rule_of(body.pk, due.kind)
    return Obligation(
        code=next_code(confidentiality),
        confidentiality=confidentiality,
        body=body,
        kind=due.kind,
        title=title_of(unit),
        combined=unit.combined,
        rule=rule,
        instrument=rule.instrument if rule else None,
        document=document,
        paragraph=unit.number,
        words=unit.deadline,
        clock_on=due.clock_on,
        due_on=due.due_on,
        certainty=due.certainty,
        every=unit.deadline_every or None,
        day_from=day_from(due),
        force=rule.force if rule else force_of(due.kind, body),
        word_limit=rule.word_limit if rule else None,
    )


def day_from(due: Due) -> str:
    """A rule sets a day only where the document has none of its own and does not leave it to the body."""
    is_by_rule = due.due_on is not None and not due.unit.deadline and not due.unit.deadline_day
    return Obligation.DayFrom.RULE if is_by_rule else Obligation.DayFrom.DOCUMENT


def force_of(kind: str, body: Body) -> str:
    if kind == ObligationKind.COMPLIANCE and body.kind not in COURTS:
        return Force.REQUESTED
    return Force.BINDING if kind in BINDING else Force.REQUESTED


def title_of(unit: ReadUnit) -> str:
    """The heading above a unit whose kind does not name it, in the words of the document."""
    is_named = unit.due and unit.due != ObligationKind.OTHER
    return "" if is_named or not unit.headings else unit.heading_path[-1][:300]


def remove_obligations(batch: Batch) -> None:
    """Delete what an undone or discarded import had added, and restore the deadlines that it had replaced."""
    restore_deadlines(batch)
    delete_obligations(Obligation.objects.filter(added_by=batch))


def delete_obligations(rows: QuerySet[Obligation]) -> None:
    pks = list(rows.values_list("pk", flat=True))
    Obligation.objects.filter(pk__in=pks).delete()
    Obligation.history.filter(id__in=pks).delete()


def is_edited(obligation: Obligation) -> bool:
    """Whether it differs from what the import wrote, or has something that would be lost with it."""
    if Obligation.objects.with_parts().filter(pk=obligation.pk).exists():
        return True
    written = obligation.history.order_by("history_id").first()
    if written is None:
        return True
    beside = ("state", "state_reason", "is_published", "withdrawn_at")
    is_same = all(getattr(written, name) == getattr(obligation, name) for name in beside)
    return not is_same or facts(written) != facts(obligation)


def why_not_undone(batch: Batch) -> str:
    """Why obligations prevent undoing the import, or ""."""
    own = Obligation.objects.filter(added_by=batch)
    changed = own.filter(version__gt=1) | own.with_parts()
    if row := next((row for row in changed.order_by("pk") if is_edited(row)), None):
        return _("%(code)s was edited after the import, so the import can no longer be undone.") % {"code": row.code}
    return why_not_restored(batch)
