"""Requests that end because a question no longer names the institution: who has them, and who is notified."""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from servanda.people.models import Institution, Notification, User
from servanda.people.notifications.services import notify
from servanda.progress.models import InputItem
from servanda.progress.rounds.days import local_day
from servanda.progress.rounds.recipients import contacts_of, may_hear
from servanda.sources.models import Question
from servanda.sources.questions.requests import QuestionRequests


def open_items(question: Question, institutions: Collection[Institution]) -> QuerySet[InputItem]:
    """Also those that the question no longer names."""
    rows = InputItem.objects.filter(question=question, answered_at=None, request__round__closed_at=None)
    rows = rows.filter(request__institution__in=institutions).select_related("request__round", "request__institution")
    return rows.order_by("pk")


def institutions_to_answer(question: Question, institutions: Collection[Institution]) -> list[Institution]:
    return [item.request.institution for item in open_items(question, institutions)]


def notify_of_ended_requests(question: Question, institutions: Sequence[Institution], by: User) -> None:
    contacts = contacts_of(institutions, on=local_day(timezone.now()))
    for item in open_items(question, institutions):
        request = item.request
        appointed = [row for row in contacts[request.institution_id].first_asked if may_hear(row, question.body_code)]
        label = f"{request.round.title}: {question.label or question.place}"
        people = [row.person for row in appointed]
        notify(people=people, kind=Notification.Kind.INPUT_ENDED, thing=request, by=by, label=label)


QUESTIONS = QuestionRequests(institutions_to_answer, notify_of_ended_requests)
