"""How many records have which status in which voice: by body, theme, goal and leading institution."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import QuerySet, StringAgg, TextField, Value
from django.db.models.functions import Cast

from servanda.progress.models import Assessment, Voice
from servanda.recommendations.filters.facet_options import Names
from servanda.recommendations.filters.facets import WITHOUT, LabelFacet, label_facets, said_labels
from servanda.vocab.models import Body

LABELS = ("theme", "sdg")
ALL = "all"
SPEAKING = tuple(Voice.values)  # asked of the class for each record, that would take longer than all the counting
type Statuses = dict[str, Counter[str]]  # voice -> status -> records; under ALL their number
type Kind = tuple[tuple[str, ...], ...]  # for each voice its statuses of one record
type Crossed = dict[str, dict[str, Statuses]]  # dimension -> id of the body, the term, the institution


def crossed(visible: QuerySet, led: QuerySet, labels: Sequence[LabelFacet]) -> Crossed:
    """Records that are alike are counted together."""
    kinds, kind_of = kinds_of_records(visible)
    where: dict[str, Mapping[int, Iterable[int]]] = {
        "body": {pk: (body,) for pk, body in visible.order_by().values_list("pk", "body_id")},
        "lead": {pk: (place,) for pk, place in led.values_list("recommendation_id", "institution_id")},
    }
    seen, assessing = where["body"], set(Body.objects.assessing().values_list("pk", flat=True))
    where |= tops_of(labels, visible)
    found: Crossed = {}
    for dimension, places in where.items():
        alike = Counter(
            (value, kind_of.get(pk, 0), body in assessing)
            for pk, values in places.items()
            for body in seen.get(pk, ())
            for value in values
        )
        found[dimension] = spread(alike, kinds)
    return found


def spread(alike: Counter[tuple[int, int, bool]], kinds: Sequence[Kind]) -> dict[str, Statuses]:
    """What a body does not assess at all counts in the voice of the mechanism nowhere."""
    found: dict[int, Statuses] = {}
    for (value, kind, may_assess), number in alike.items():
        if (line := found.get(value)) is None:
            line = found[value] = {ALL: Counter(), **{voice: Counter() for voice in SPEAKING}}
        line[ALL][ALL] += number
        for voice, statuses in zip(SPEAKING, kinds[kind], strict=True):
            nothing = () if voice == Voice.MECHANISM and not may_assess else (WITHOUT,)
            for status in statuses or nothing:
                line[voice][status] += number
    return {str(value): line for value, line in found.items()}


def kinds_of_records(visible: QuerySet) -> tuple[list[Kind], dict[int, int]]:
    """What the voices say, each value once: all combinations that occur, and which of them each record has. The
    first is that of the records that nobody assessed."""
    latest = Assessment.objects.latest().filter(recommendation__in=visible.order_by().values("pk"))
    said: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for pk, voice, common in latest.order_by().values_list("recommendation_id", "voice", "common"):
        said[pk][voice].add(common)
    numbers: dict[Kind, int] = {((), (), ()): 0}
    kind_of = {
        pk: numbers.setdefault(tuple(tuple(sorted(by.get(voice, ()))) for voice in SPEAKING), len(numbers))
        for pk, by in said.items()
    }
    return list(numbers), kind_of


def dimension_facets(names: Names) -> list[LabelFacet]:
    return [facet for facet in label_facets(names) if facet.key in LABELS]


def tops_of(labels: Sequence[LabelFacet], visible: QuerySet) -> Mapping[str, Mapping[int, Iterable[int]]]:
    """Of each taxonomy and record the terms that are part of no other, under which its labels stand."""
    top = {str(pk): (facet.key, above[-1]) for facet in labels for pk, above in facet.above.items()}
    line = StringAgg(Cast("term_id", TextField()), delimiter=Value(","))
    rows = said_labels().filter(recommendation__in=visible.order_by().values("pk")).order_by()
    rows = rows.values("recommendation_id").annotate(line=line).values_list("recommendation_id", "line")
    found: dict[str, dict[int, list[int]]] = {facet.key: {} for facet in labels}
    for pk, terms in rows:
        for key, term in {top[one] for one in terms.split(",") if one in top}:
            found[key].setdefault(pk, []).append(term)
    return found
