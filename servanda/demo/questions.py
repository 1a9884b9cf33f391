"""An invented list of issues, with a round in which institutions are asked for answers."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from servanda.demo.reading import coordinator, day, moment, read
from servanda.demo.review import committee_of_demonstration
from servanda.demo.updates import Function, set_back
from servanda.people.models import Institution, User
from servanda.progress.models import InputItem, InputRequest, InputRound
from servanda.progress.rounds.plans import QuestionRecipients
from servanda.progress.rounds.services import ask_questions
from servanda.progress.updates.permissions import appointed_to
from servanda.progress.updates.services import (
    publish_update,
    save_update,
    start_update,
    submit_update,
    validate_update,
)
from servanda.recommendations.editing.question_links import set_question_links
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Document, Question
from servanda.sources.questions.services import name_institutions

MOST_LINKED = 2
OPENED_ON, ANSWERED_ON = -14, -6


@transaction.atomic
def load() -> None:
    """Idempotent."""
    by, data = coordinator(), read("questions")
    if Document.objects.filter(symbol=data["document"]["symbol"]).exists():
        return
    document = Document.objects.create(
        symbol=data["document"]["symbol"],
        title=data["document"]["title"],
        date=day(data["document"]["day"]),
        body=committee_of_demonstration(by),
    )
    for place, row in enumerate(data["questions"], 1):
        ask(document, place, row, by=by)
    opened = open_on(document, data["round"], by=by)
    for place, row in enumerate(data["questions"], 1):
        if "answer" in row:
            answer(InputItem.objects.filter(request__round=opened, question__place=place), row["answer"], by=by)


def ask(document: Document, place: int, row: dict[str, Any], *, by: User) -> None:
    """One question, with its institutions and the first public records that contain its word."""
    printed = {name: row[name] for name in ("number", "text", "articles", "heading")}
    public = {"language": "en", "confidentiality": Question.Confidentiality.PUBLIC}
    question = Question.objects.create(document=document, place=place, **printed, **public)
    found = Recommendation.objects.public().filter(texts__language="en", texts__text__icontains=row["about"])
    records = found.distinct().order_by("-year", "order_key")[:MOST_LINKED]
    set_question_links(question=question, recommendations=records, by=by)
    if named := Institution.objects.filter(code__in=row.get("institutions", ())):
        name_institutions(question=question, institutions=named, by=by)


def open_on(document: Document, row: dict[str, Any], *, by: User) -> InputRound:
    """Open a round, and then backdate it."""
    questions = Question.objects.filter(document=document)
    values = {"title": row["title"], "question": row["question"], "due_on": day(row["due"])}
    opened = ask_questions(**values, questions=questions, whom=QuestionRecipients.NAMED, by=by)
    opened_at = moment(day(OPENED_ON))
    InputRound.objects.filter(pk=opened.pk).update(opened_at=opened_at)
    InputRequest.objects.filter(round=opened).update(created_at=opened_at)
    return opened


def answer(items: QuerySet[InputItem], row: dict[str, Any], *, by: User) -> None:
    """Submitted, approved and published: the first `steps` of these."""
    if "institution" in row:
        items = items.filter(request__institution__code=row["institution"])
    item = items.get()
    place = item.request.institution
    writer = appointed_to(place, [Function.PRINCIPAL, Function.ALTERNATE])[0]
    draft = start_update(
        institution=place, recommendations=[], question=item.question, request=item.request, by=writer
    )
    words: dict[str, Any] = {"text": row["text"], "obstacles": "", "figures": "", "language": "en"}
    about: dict[str, Any] = {"start": None, "end": None, "recommendations": [], "actions": []}
    draft = save_update(update=draft, seen=draft.version, **words, **about, by=writer)
    answered_on = day(ANSWERED_ON - row["steps"])
    submit_update(update=draft, by=writer)
    InputItem.objects.filter(pk=item.pk).update(answered_at=moment(answered_on))
    if row["steps"] > 1:
        validate_update(update=draft, by=appointed_to(place, [Function.AUTHORITY])[0])
    if row["steps"] > 2:
        publish_update(update=draft, by=by)
    set_back(draft, answered_on - timedelta(days=1))
