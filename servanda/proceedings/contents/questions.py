"""The questions of a letter, and which institutions answer them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import Institution, User
from servanda.proceedings.models import Proceeding, Question
from servanda.proceedings.rules import lock, save_version
from servanda.sources.printed.texts import clean

Origin = Question.Origin
WRITTEN_REPLY = timedelta(hours=48)  # after a question was put in the room, unless the body sets another hour


class QuestionValues(NamedTuple):
    number: int
    text: str
    language: str = ""
    institutions: Sequence[Institution] = ()
    origin: str = Origin.LETTER
    due_at: datetime | None = None
    answer: str = ""


@transaction.atomic
def set_questions(*, proceeding: Proceeding, questions: Sequence[QuestionValues], seen: int, by: User) -> None:
    """Replace the questions; `seen` is the version that the person was shown.

    Raises `ChangedMeanwhile` if it was changed since, and `Refused` for a number used twice, a question without a
    text, or an institution that the proceeding does not name.
    """
    proceeding = lock(proceeding, by=by, seen=seen)
    questions = [question._replace(text=clean(question.text)) for question in questions]
    refuse_impossible(proceeding, questions)
    present = {row.number: row for row in proceeding.questions.all()}
    before = len(present)
    proceeding.questions.exclude(number__in=[question.number for question in questions]).delete()
    for question in questions:
        row, _is_new = Question.objects.update_or_create(
            proceeding=proceeding,
            number=question.number,
            defaults={
                "text": question.text,
                "language": question.language,
                "origin": question.origin,
                "due_at": due_at(question, present.get(question.number)),
                "answer": clean(question.answer),
            },
        )
        row.institutions.set(question.institutions)
    if proceeding.kind_facts.is_dialogue:
        set_deadline_of_room(proceeding)
    save_version(proceeding, "proceeding-questions-set", by=by, difference={"questions": [before, len(questions)]})


def due_at(question: QuestionValues, present: Question | None) -> datetime | None:
    if question.origin != Origin.ROOM:
        return None
    return question.due_at or (present and present.due_at) or timezone.now() + WRITTEN_REPLY


def set_deadline_of_room(proceeding: Proceeding) -> None:
    """The deadline of a dialogue is that of its written replies: the last hour of a question put in the room."""
    if last := proceeding.questions.aggregate(last=Max("due_at"))["last"]:
        proceeding.due_on, proceeding.due_from = timezone.localdate(last), Proceeding.DueFrom.MANUAL
    elif proceeding.due_from == Proceeding.DueFrom.MANUAL:
        proceeding.due_on, proceeding.due_from = None, ""


def refuse_impossible(proceeding: Proceeding, questions: Sequence[QuestionValues]) -> None:
    numbers = [question.number for question in questions]
    if twice := [number for number in numbers if numbers.count(number) > 1]:
        raise Refused(_("Use the number %(number)s for one question only.") % {"number": twice[0]})
    if odd := [question.number for question in questions if question.origin not in Origin.values]:
        raise Refused(_("Choose the origin of question %(number)s.") % {"number": odd[0]})
    if empty := [question.number for question in questions if not question.text]:
        raise Refused(_("Enter the text of question %(number)s.") % {"number": empty[0]})
    named = set(proceeding.named.values_list("institution_id", flat=True))
    for question in questions:
        if foreign := [place for place in question.institutions if place.pk not in named]:
            sentence = _("%(institution)s is not named here. Name it first.")
            raise Refused(sentence % {"institution": foreign[0]})
