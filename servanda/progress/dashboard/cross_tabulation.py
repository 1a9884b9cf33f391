"""How many records have which status in which voice: by body, theme, goal and leading institution."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import QuerySet, StringAgg, TextField, Value
from django.db.models.functions import Cast

from servanda.progress.models import Assessment, Voice
from servanda.recommendations.filters.facet_options import Names
from servanda.recommendations.filters.facets import WITHOUT, LabelFacet, assigned_labels, label_facets
from servanda.vocab.models import Body

LABELS = ("theme", "sdg")
ALL = "all"
SPEAKING = tuple(Voice.values)  # reading the enum for each record would take longer than the counting
type Statuses = dict[str, Counter[str]]  # voice -> status -> records; under ALL their number
type Kind = tuple[tuple[str, ...], ...]  # for each voice its statuses of one record
type Crossed = dict[str, dict[str, Statuses]]  # dimension -> id of the body, the term, the institution


def cross_tabulate(visible: QuerySet, led: QuerySet, labels: Sequence[LabelFacet]) -> Crossed:
    """Count the records by dimension, assessor and status. Records with the same statuses are counted together."""
    kinds, kind_of = kinds_of_records(visible)
    values_of: dict[str, Mapping[int, Iterable[int]]] = {
        "body": {pk: (body,) for pk, body in visible.order_by().values_list("pk", "body_id")},
        "lead": {pk: (place,) for pk, place in led.values_list("recommendation_id", "institution_id")},
    }
    body_of, assessing = values_of["body"], set(Body.objects.assessing().values_list("pk", flat=True))
    values_of |= tops_of(labels, visible)
    tables: Crossed = {}
    for dimension, values_by_record in values_of.items():
        alike = Counter(
            (value, kind_of.get(pk, 0), body in assessing)
            for pk, values in values_by_record.items()
            for body in body_of.get(pk, ())
            for value in values
        )
        tables[dimension] = spread(alike, kinds)
    return tables


def spread(alike: Counter[tuple[int, int, bool]], kinds: Sequence[Kind]) -> dict[str, Statuses]:
    """Add up the counts by value. In the voice of the mechanism, only records of bodies that assess are counted."""
    lines: dict[int, Statuses] = {}
    for (value, kind, may_assess), number in alike.items():
        if (line := lines.get(value)) is None:
            line = lines[value] = {ALL: Counter(), **{voice: Counter() for voice in SPEAKING}}
        line[ALL][ALL] += number
        for voice, statuses in zip(SPEAKING, kinds[kind], strict=True):
            nothing = () if voice == Voice.MECHANISM and not may_assess else (WITHOUT,)
            for status in statuses or nothing:
                line[voice][status] += number
    return {str(value): line for value, line in lines.items()}


def kinds_of_records(visible: QuerySet) -> tuple[list[Kind], dict[int, int]]:
    """All combinations of statuses that occur, and the index of the combination of each record.

    The first combination is that of records without any assessment.
    """
    latest = Assessment.objects.latest().filter(recommendation__in=visible.order_by().values("pk"))
    statuses: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for pk, voice, common in latest.order_by().values_list("recommendation_id", "voice", "common"):
        statuses[pk][voice].add(common)
    numbers: dict[Kind, int] = {((), (), ()): 0}
    kind_of = {
        pk: numbers.setdefault(tuple(tuple(sorted(by.get(voice, ()))) for voice in SPEAKING), len(numbers))
        for pk, by in statuses.items()
    }
    return list(numbers), kind_of


def dimension_facets(names: Names) -> list[LabelFacet]:
    return [facet for facet in label_facets(names) if facet.key in LABELS]


def tops_of(labels: Sequence[LabelFacet], visible: QuerySet) -> Mapping[str, Mapping[int, Iterable[int]]]:
    """By taxonomy and record: the top-level terms of its labels."""
    top = {str(pk): (facet.key, above[-1]) for facet in labels for pk, above in facet.above.items()}
    line = StringAgg(Cast("term_id", TextField()), delimiter=Value(","))
    rows = assigned_labels().filter(recommendation__in=visible.order_by().values("pk")).order_by()
    rows = rows.values("recommendation_id").annotate(line=line).values_list("recommendation_id", "line")
    terms_of: dict[str, dict[int, list[int]]] = {facet.key: {} for facet in labels}
    for pk, terms in rows:
        for key, term in {top[term] for term in terms.split(",") if term in top}:
            terms_of[key].setdefault(pk, []).append(term)
    return terms_of
