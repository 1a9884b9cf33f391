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
type Crossed = dict[str, dict[str, Statuses]]  # dimension -> id of the body, the term, the institution


def crossed(visible: QuerySet, led: QuerySet) -> Crossed:
    """How many records have which status, by each dimension. Records that are alike are counted together."""
    profiles = profiles_of(visible)
    where: dict[str, dict[int, Sequence[int]]] = {
        "body": {pk: (body,) for pk, body in visible.order_by().values_list("pk", "body_id")},
        "lead": {pk: (place,) for pk, place in led.values_list("recommendation_id", "institution_id")},
    }
    every = where["body"]
    for facet in dimension_facets():
        where[facet.key] = tops_of(facet, visible)
    found: Crossed = {}
    for dimension, places in where.items():
        alike = Counter((value, profiles.get(pk)) for pk, values in places.items() if pk in every for value in values)
        found[dimension] = spread(alike)
    return found


def spread(alike: Counter) -> dict[str, Statuses]:
    found: dict[str, Statuses] = {}
    for (value, profile), number in alike.items():
        line = found.setdefault(str(value), {ALL: Counter(), **{voice: Counter() for voice in Voice.values}})
        line[ALL][ALL] += number
        for voice, statuses in zip(Voice.values, profile or ((), (), ()), strict=True):
            for status in statuses or (WITHOUT,):
                line[voice][status] += number
    return found


def profiles_of(visible: QuerySet) -> dict[int, tuple]:
    """Of each assessed record what the three voices say, each value once."""
    latest = Assessment.objects.latest().filter(recommendation__in=visible.order_by().values("pk"))
    said: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for pk, voice, common in latest.order_by().values_list("recommendation_id", "voice", "common"):
        said[pk][voice].add(common)
    return {pk: tuple(tuple(sorted(by.get(voice, ()))) for voice in Voice.values) for pk, by in said.items()}


def dimension_facets() -> list[LabelFacet]:
    return [facet for facet in label_facets() if facet.key in LABELS]


def tops_of(facet: LabelFacet, visible: QuerySet) -> dict[int, Sequence[int]]:
    """Of each record the terms that are part of no other, under which its labels stand."""
    line = StringAgg(Cast("term_id", TextField()), delimiter=Value(","))
    rows = said_labels().filter(term__in=list(facet.above), recommendation__in=visible.order_by().values("pk"))
    rows = rows.order_by().values("recommendation_id").annotate(line=line).values_list("recommendation_id", "line")
    top = {str(pk): above[-1] for pk, above in facet.above.items()}
    return {pk: tuple({top[term] for term in terms.split(",") if term in top}) for pk, terms in rows}
