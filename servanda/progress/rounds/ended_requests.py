"""Requests that end because a question no longer names the institution, or are open again: who has them, and who is
notified."""

from collections.abc import Collection, Iterator, Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from servanda.people.models import Institution, Notification, User
from servanda.people.notifications.services import notify
from servanda.progress.models import InputItem, InputRequest
from servanda.progress.rounds.days import local_day
from servanda.progress.rounds.recipients import contacts_of, may_hear
from servanda.sources.models import Question
from servanda.sources.questions.requests import QuestionRequests

Kind = Notification.Kind


def open_items(question: Question, institutions: Collection[Institution]) -> QuerySet[InputItem]:
    """Also those that the question no longer names."""
    rows = InputItem.objects.filter(question=question, answered_at=None, request__round__closed_at=None)
    rows = rows.filter(request__institution__in=institutions).select_related("request__round", "request__institution")
    return rows.order_by("pk")


def institutions_to_answer(question: Question, institutions: Collection[Institution]) -> list[Institution]:
    return [item.request.institution for item in open_items(question, institutions)]


def people_asked(
    question: Question, institutions: Collection[Institution]
) -> Iterator[tuple[InputRequest, list[User]]]:
    """The open requests, each with those who are notified."""
    contacts = contacts_of(institutions, on=local_day(timezone.now()))
    for item in open_items(question, institutions):
        appointed = contacts[item.request.institution_id].first_asked
        yield item.request, [row.person for row in appointed if may_hear(row, question.body_code)]


def notify_of_ended_requests(question: Question, institutions: Sequence[Institution], by: User) -> None:
    """Without the title of the round, which they may not see any more."""
    for request, people in people_asked(question, institutions):
        notify(people=people, kind=Kind.INPUT_ENDED, thing=request, by=by, label=label_of(question))


def notify_of_open_requests(question: Question, institutions: Sequence[Institution], by: User) -> None:
    """Delete what was not read of the end, and notify those again who read of it or were mailed."""
    for request, people in people_asked(question, institutions):
        of_end = Notification.objects.filter(kind=Kind.INPUT_ENDED, object_type=request._meta.label_lower)
        of_end = of_end.filter(object_id=str(request.pk), label=label_of(question))
        known = Q(read_at__isnull=False) | Q(mailed_at__isnull=False)
        aware = set(of_end.filter(known).values_list("person", flat=True))
        of_end.filter(read_at=None).delete()
        again = [person for person in people if person.pk in aware]
        notify(people=again, kind=Kind.INPUT_ASKED, thing=request, by=by, label=request.round.title)


def label_of(question: Question) -> str:
    """Document and number, without the heading of an own question."""
    return ", ".join(filter(None, [question.symbol, question.label or str(question.place)]))


QUESTIONS = QuestionRequests(institutions_to_answer, notify_of_ended_requests, notify_of_open_requests)
