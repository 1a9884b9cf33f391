"""Answers of other States to recommendations that are similar to one of ours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from servanda.language.comparison.relations import Reading, Relation, relate
from servanda.network.models import PeerAction, PeerActionRecord, PeerAnswer, PeerAnswerQuerySet
from servanda.network.practices.encoding import compared
from servanda.planning.models import Action
from servanda.progress.models import Common, Voice
from servanda.recommendations.filters.facets import assigned_labels
from servanda.recommendations.filters.semantic import NEAR_TO_A_RECORD
from servanda.recommendations.models import Likeness, Recommendation, Stand, TextVersion
from servanda.recommendations.pages.similar import Piece, pieces
from servanda.recommendations.search import vector_index

MOST = 5
MOST_ACTIONS = 10  # of one answer
MOST_COMPARED = 50_000  # vectors, of 1 kB each


@dataclass(frozen=True, slots=True)
class ShownAction:
    action: PeerAction
    status: str


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """How another State answered a similar recommendation, and how the texts are related."""

    answer: PeerAnswer
    relation: object
    pieces: Sequence[Piece]
    position: str
    voices: Sequence[tuple[object, Sequence[str]]]  # each with what it says
    actions: Sequence[ShownAction]


def similar_answers(
    record: Recommendation, texts: Sequence[TextVersion], *, among: PeerAnswerQuerySet
) -> list[ShownAnswer]:
    """The nearest first; `texts` are those of the record, in the order of the reader. Takes at most six queries."""
    space = vector_index.now()
    _pks, rows = space.vectors_of([record.pk])
    if not len(rows) or not texts:
        return []
    others = among.filter(encoder=space.encoder)
    if record.country_id:
        others = others.exclude(country=record.country_id)
    likeness = compared(list(bounded(others, record).values_list("pk", "vector")), rows[0])
    near = sorted((pk for pk, how in likeness.items() if how >= NEAR_TO_A_RECORD), key=lambda pk: -likeness[pk])
    found = others.select_related("country").defer("vector").in_bulk(near[:MOST]) if near else {}
    actions = actions_of(found.values())
    return [shown(found[pk], texts[0], likeness[pk], actions.get(pk, [])) for pk in near[:MOST] if pk in found]


def bounded(answers: PeerAnswerQuerySet, record: Recommendation) -> PeerAnswerQuerySet:
    """All answers, or where there are too many to compare, those with a theme of the record."""
    if answers.order_by()[: MOST_COMPARED + 1].count() <= MOST_COMPARED:
        return answers
    terms = assigned_labels().filter(recommendation=record).values("term")
    with_theme = PeerAnswer.themes.through.objects.filter(term__in=terms).values("peeranswer")
    return answers.filter(pk__in=with_theme).order_by()[:MOST_COMPARED]


def shown(answer: PeerAnswer, own: TextVersion, cosine: float, actions: Sequence[ShownAction]) -> ShownAnswer:
    judged = relate(Reading(own.text, own.language), Reading(answer.text, answer.language), cosine=cosine)
    is_related = judged.relation != Relation.NONE
    relation = judged.relation.value if is_related else Likeness.Relation.RELATED
    return ShownAnswer(
        answer,
        Likeness.Relation(relation).label,
        list(pieces(answer.text, judged.other_spans if is_related else [])),
        str(Stand(answer.stand).label) if answer.stand in Stand.values else "",
        [(voice.label, labels) for voice in Voice if (labels := common_labels(getattr(answer, voice.value)))],
        actions,
    )


def common_labels(codes: str) -> list[str]:
    return [str(Common(code).label) for code in codes.split() if code in Common.values]


def actions_of(answers: Iterable[PeerAnswer]) -> dict[int, list[ShownAction]]:
    """The actions that answer these records in their own system."""
    by_place = {(answer.site, answer.code): answer.pk for answer in answers}
    if not by_place:
        return {}
    sites, codes = {site for site, _code in by_place}, {code for _site, code in by_place}
    rows = PeerActionRecord.objects.filter(action__site__in=sites, code__in=codes).select_related("action")
    found: dict[int, list[ShownAction]] = {}
    for row in rows.order_by("action"):
        pk = by_place.get((row.action.site, row.code))
        if pk is not None and len(found.setdefault(pk, [])) < MOST_ACTIONS:
            found[pk].append(ShownAction(row.action, status_of(row.action)))
    return found


def status_of(action: PeerAction) -> str:
    return str(Action.Status(action.status).label) if action.status in Action.Status.values else action.status


def visible_texts(record: Recommendation) -> QuerySet[TextVersion]:
    return record.texts.current().filter(form=TextVersion.Form.FULL)
