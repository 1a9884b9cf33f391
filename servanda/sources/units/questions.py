"""What a document asks: its questions are added when the import is applied, and undone with it."""

from collections.abc import Sequence
from itertools import batched

from django.db import router
from django.db.models import ProtectedError, QuerySet
from django.db.models.deletion import Collector
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.sources.models import Document, DocumentReading, Question, ReadUnit
from servanda.sources.units.withheld import body_of, stays_restricted
from servanda.vocab.models import Country

AT_ONCE = 500
LONGEST_NAME = 120
LONGEST_HEADING = 300
PUBLIC = {"advance-questions", "list-of-issues", "loipr"}  # families that the body publishes


def units_that_ask(reading: DocumentReading) -> QuerySet[ReadUnit]:
    return reading.units.kept().filter(kind=ReadUnit.Kind.QUESTION)


def name_of(reading: DocumentReading) -> str:
    """The symbol, or else the title with the date: lists of questions often have no symbol."""
    if reading.symbol:
        return reading.symbol
    day = f", {date_format(reading.date, 'Y-m-d')}" if reading.date else ""
    return f"{reading.title[: LONGEST_NAME - len(day)]}{day}" if reading.title else ""


def new_questions(reading: DocumentReading) -> list[ReadUnit]:
    """Those that an import adds: not those that an applied import of the same document has added, and none of a
    letter that was entered with its questions."""
    if Question.objects.live().filter(is_of_proceeding=True, heading=name_of(reading)).exists():
        return []
    present = set(present_questions(reading).values_list("number", "asked_by__code"))
    units = units_that_ask(reading)
    return [unit for unit in units if not unit.number or (unit.number, unit.asked_by or None) not in present]


def present_questions(reading: DocumentReading) -> QuerySet[Question]:
    rows = Question.objects.live().filter(document__symbol=name_of(reading))
    return rows.exclude(added_by=reading.batch)


def adds_questions(batch: Batch) -> bool:
    reading = DocumentReading.objects.filter(batch=batch).first()
    return reading is not None and units_that_ask(reading).exists()


def questions_to_add(batch: Batch) -> int:
    """How many questions applying a previewed document would add."""
    reading = DocumentReading.objects.filter(batch=batch).select_related("batch").first()
    return len(new_questions(reading)) if reading and reading.confirmed_at else 0


def add_questions(batch: Batch) -> int:
    """Add the questions of a document; returns how many. A repeated call adds nothing twice."""
    reading = DocumentReading.objects.filter(batch=batch).select_related("batch").first()
    if reading is None or not (units := new_questions(reading)):
        return 0
    remove_questions(batch)
    document = document_of(reading)
    rows = questions_from(units, reading, document)
    for some in batched(rows, AT_ONCE):
        Question.objects.bulk_create(some)
    return len(rows)


def document_of(reading: DocumentReading) -> Document:
    facts = {"body": body_of(reading), "title": reading.title, "date": reading.date}
    return Document.objects.get_or_create(symbol=name_of(reading), defaults=facts)[0]


def questions_from(units: Sequence[ReadUnit], reading: DocumentReading, document: Document) -> list[Question]:
    states = {state.code: state for state in Country.objects.filter(code__in={unit.asked_by for unit in units})}
    confidentiality = confidentiality_of(reading)
    return [
        Question(
            document=document,
            place=place,
            number=unit.number,
            text=unit.whole,
            language=reading.language,
            articles=unit.articles,
            heading=" › ".join(unit.heading_path)[:LONGEST_HEADING],
            asked_by=states.get(unit.asked_by),
            confidentiality=confidentiality,
            added_by=reading.batch,
        )
        for place, unit in enumerate(units, 1)
    ]


def confidentiality_of(reading: DocumentReading) -> str:
    """What stays confidential is restricted; lists of issues and the like are public documents."""
    if stays_restricted(reading):
        return Question.Confidentiality.RESTRICTED
    return Question.Confidentiality.PUBLIC if reading.family in PUBLIC else Question.Confidentiality.INTERNAL


def remove_questions(batch: Batch) -> None:
    """Delete what an undone or discarded import had added."""
    Question.objects.filter(added_by=batch).delete()


def why_not_undone(batch: Batch) -> str:
    """Why questions prevent undoing the import, or ""."""
    own = Question.objects.filter(added_by=batch)
    if row := own.filter(version__gt=1).select_related("document", "asked_by").first():
        return _("%(code)s was edited after the import, so the import can no longer be undone.") % {"code": row}
    return _("Questions of this import are in use, so it can no longer be undone.") if are_used(own) else ""


def are_used(questions: QuerySet[Question]) -> bool:
    """Whether other objects need them, or refer to them as the question that they were copied from."""
    collector = Collector(using=router.db_for_write(Question), origin=questions)
    try:
        collector.collect(questions)
    except ProtectedError:
        return True
    return any(bool(referring) for found in collector.field_updates.values() for referring in found)
