"""What a row of the list says beside its record: the beginning of its text, its States, its labels.

The same as `listing.parts_of` reads as objects, of which the labels of a page need hundreds.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left, Length

from servanda.recommendations.filters.facet_options import UnreadName
from servanda.recommendations.models import Recommendation, RecommendingState, Tagging, TextVersion
from servanda.recommendations.records.id_sets import ids
from servanda.recommendations.records.sql_text import RowsBeside

BEGINNING = 300  # characters of a text in a list


class TextBeginning(NamedTuple):
    language: str
    is_original: bool
    is_machine: bool
    start: str
    length: int


class StateName(NamedTuple):
    country: str


class TermName(NamedTuple):
    code: str
    label: UnreadName


class TermLabel(NamedTuple):
    origin: str
    term_id: int
    term: TermName


def texts_of_records() -> QuerySet:
    return TextVersion.objects.current().filter(form=TextVersion.Form.FULL)


def text_beginnings() -> QuerySet:
    return texts_of_records().defer("text").annotate(start=Left("text", BEGINNING), length=Length("text"))


def labels_of_records(*, machine: bool) -> QuerySet:
    labels = Tagging.objects.current().filter(term__is_artefact=False)
    if not machine:
        labels = labels.exclude(origin=Tagging.Origin.MACHINE)
    return labels.order_by("term__taxonomy__order", "term__order", "pk")


def _rows(rows: Callable[[], QuerySet], *columns: str) -> RowsBeside:
    def make(records: RawSQL) -> QuerySet:
        return rows().filter(recommendation__in=records).values_list("recommendation_id", *columns)

    return RowsBeside(make)


TEXTS = _rows(text_beginnings, *TextBeginning._fields)
STATES = _rows(lambda: RecommendingState.objects.current(), "country__name")
LABELS = {
    machine: _rows(partial(labels_of_records, machine=machine), "origin", "term_id", "term__code", "term__label")
    for machine in (False, True)
}


def read_parts(records: Sequence[Recommendation], *, machine: bool) -> None:
    """Put them on the records, as prefetching does; `machine` also reads the labels that the machine suggests."""
    if not records:
        return
    pks = ids([record.pk for record in records])
    texts = _by_record(TEXTS.of(pks))
    states = _by_record(STATES.of(pks))
    labels = _by_record(LABELS[machine].of(pks))
    for record in records:
        vars(record).update(
            current_texts=[TextBeginning(*values) for _pk, *values in texts.get(record.pk, ())],
            asking=[StateName(str(UnreadName(name))) for _pk, name in states.get(record.pk, ())],
            current_labels=[
                TermLabel(origin, term, TermName(code, UnreadName(name)))
                for _pk, origin, term, code, name in labels.get(record.pk, ())
            ],
        )


def _by_record(query: RawSQL) -> dict[int, list[tuple]]:
    with connection.cursor() as cursor:
        cursor.execute(query.sql, query.params)
        by_record: dict[int, list[tuple]] = {}
        for row in cursor.fetchall():
            by_record.setdefault(row[0], []).append(row)
        return by_record
