"""Link questions put to the State with the records that they are about."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from servanda.people.models import User
from servanda.recommendations.filters.semantic import NEAR_TO_A_SENTENCE
from servanda.recommendations.models import Recommendation, RecordQuestion
from servanda.recommendations.search import vector_index
from servanda.sources.models import Question
from servanda.trail.models import Event

MOST_SUGGESTED = 5


@transaction.atomic
def set_question_links(*, question: Question, recommendations: Iterable[Recommendation], by: User) -> None:
    """Link the question with these records; links with others that this person sees end."""
    question = Question.objects.visible_to(by).select_for_update(of=("self",)).get(pk=question.pk)
    wanted = {record.pk: record for record in recommendations}
    links = {link.recommendation_id: link for link in links_of(question, by)}
    before = sorted(link.recommendation.code for link in links.values())
    ended = [link.pk for pk, link in links.items() if pk not in wanted]
    RecordQuestion.objects.filter(pk__in=ended).update(ended_at=timezone.now())
    for pk, record in wanted.items():
        if pk not in links:
            RecordQuestion.objects.create(question=question, recommendation=record, linked_by=by)
    after = sorted(record.code for record in wanted.values())
    if before != after:
        difference = {"records": [", ".join(before), ", ".join(after)]}
        Event.record("question-linked", question, by=by, difference=difference)


def links_of(question: Question, user: User) -> list[RecordQuestion]:
    links = RecordQuestion.objects.visible_to(user).filter(question=question)
    return list(links.select_related("recommendation"))


def records_near(question: Question, user: User) -> Sequence[int]:
    """Keys of records, not linked yet, whose text is like that of the question; none without an encoder."""
    linked = RecordQuestion.objects.current().filter(question=question).values("recommendation")
    others = Recommendation.objects.opened_to(user).exclude(pk__in=linked)
    vector = vector_index.vector_of(question.text)
    if vector is None:
        return []
    near = vector_index.nearest(vector, among=others, top=MOST_SUGGESTED, at_least=NEAR_TO_A_SENTENCE)
    return [pk for pk, _likeness in near]
