"""How many records have which status in which voice: by body, theme, goal and leading institution."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db.models import QuerySet, StringAgg, TextField, Value
from django.db.models.functions import Cast

from servanda.progress.models import Assessment, Voice
from servanda.recommendations.facets import WITHOUT, LabelFacet, label_facets, said_labels

LABELS = ("theme", "sdg")
ALL = "all"
type Statuses = dict[str, Counter[str]]  # voice -> status -> records; under ALL their number
type Kind = tuple[tuple[str, ...], ...]  # for each voice its statuses of one record
type Crossed = dict[str, dict[str, Statuses]]  # dimension -> id of the body, the term, the institution


def crossed(visible: QuerySet, led: QuerySet) -> Crossed:
    """Records that are alike are counted together."""
    kinds, kind_of = kinds_of_records(visible)
    where: dict[str, dict[int, Sequence[int]]] = {
        "body": {pk: (body,) for pk, body in visible.order_by().values_list("pk", "body_id")},
        "lead": {pk: (place,) for pk, place in led.values_list("recommendation_id", "institution_id")},
    }
    seen = where["body"]
    for facet in dimension_facets():
        where[facet.key] = tops_of(facet, visible)
    found: Crossed = {}
    for dimension, places in where.items():
        alike = Counter(
            (value, kind_of.get(pk, 0)) for pk, values in places.items() if pk in seen for value in values
        )
        found[dimension] = spread(alike, kinds)
    return found


def spread(alike: Counter[tuple[int, int]], kinds: Sequence[Kind]) -> dict[str, Statuses]:
    found: dict[str, Statuses] = {}
    for (value, kind), number in alike.items():
        line = found.setdefault(str(value), {ALL: Counter(), **{voice: Counter() for voice in Voice.values}})
        line[ALL][ALL] += number
        for voice, statuses in zip(Voice.values, kinds[kind], strict=True):
            for status in statuses or (WITHOUT,):
                line[voice][status] += number
    return found


def kinds_of_records(visible: QuerySet) -> tuple[list[Kind], dict[int, int]]:
    """What the three voices say, each value once: all combinations that occur, and which of them each record has. The
    first is that of the records that nobody assessed."""
    latest = Assessment.objects.latest().filter(recommendation__in=visible.order_by().values("pk"))
    said: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for pk, voice, common in latest.order_by().values_list("recommendation_id", "voice", "common"):
        said[pk][voice].add(common)
    numbers: dict[Kind, int] = {((), (), ()): 0}
    kind_of = {
        pk: numbers.setdefault(tuple(tuple(sorted(by.get(voice, ()))) for voice in Voice.values), len(numbers))
        for pk, by in said.items()
    }
    return list(numbers), kind_of


def dimension_facets() -> list[LabelFacet]:
    return [facet for facet in label_facets() if facet.key in LABELS]


def tops_of(facet: LabelFacet, visible: QuerySet) -> dict[int, Sequence[int]]:
    """Of each record the terms that are part of no other, under which its labels stand."""
    line = StringAgg(Cast("term_id", TextField()), delimiter=Value(","))
    rows = said_labels().filter(term__in=list(facet.above), recommendation__in=visible.order_by().values("pk"))
    rows = rows.order_by().values("recommendation_id").annotate(line=line).values_list("recommendation_id", "line")
    top = {str(pk): above[-1] for pk, above in facet.above.items()}
    return {pk: tuple({top[term] for term in terms.split(",") if term in top}) for pk, terms in rows}
