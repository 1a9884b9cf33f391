"""The questions of a letter or a dialogue, and which institutions answer them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import Institution, User
from servanda.proceedings.contents.owners import notify_owner, refuse_foreign_owner
from servanda.proceedings.models import Proceeding, ProceedingQuestion
from servanda.proceedings.rules import facts_of_questions, lock, save_version
from servanda.progress.models import InputItem, Update
from servanda.recommendations.models import RecordQuestion
from servanda.sources.models import Document, DocumentReading, Question
from servanda.sources.printed.texts import clean
from servanda.sources.units.questions import name_of

Origin = ProceedingQuestion.Origin
MOST_OF_DIALOGUE = 200  # questions
WRITTEN_REPLY = timedelta(
    hours=48
)  # after a question was asked during the dialogue, unless the body sets another hour


class QuestionValues(NamedTuple):
    number: int
    text: str
    language: str = ""
    institutions: Sequence[Institution] = ()
    origin: str = Origin.LETTER
    due_at: datetime | None = None
    answer: str = ""
    owner: User | None = None


@transaction.atomic
def set_questions(*, proceeding: Proceeding, questions: Sequence[QuestionValues], seen: int, by: User) -> None:
    """Replace the questions; `seen` is the version that the person was shown.

    Raises `ChangedMeanwhile` if it was changed since, and `Refused` for a number used twice, a question without a
    text, an institution that the proceeding does not name, an owner who would not see the question, or a removed
    question that institutions were asked about.
    """
    proceeding = lock(proceeding, by=by, seen=seen)
    questions = [question._replace(text=clean(question.text)) for question in questions]
    refuse_impossible(proceeding, questions)
    present = {row.number: row for row in proceeding.questions.all()}
    before = len(present)
    kept = {question.number for question in questions}
    remove([row for row in present.values() if row.number not in kept])
    common = facts_of_questions(proceeding)
    for values in questions:
        row = present.get(values.number) or ProceedingQuestion(proceeding=proceeding)
        former = row.owner_id
        set_question(row, values, common)
        if row.owner is not None and row.owner_id != former:
            notify_owner(proceeding, row.owner, by=by)
    if proceeding.kind_facts.is_dialogue:
        set_deadline_of_room(proceeding)
    save_version(proceeding, "proceeding-questions-set", by=by, difference={"questions": [before, len(questions)]})


def set_question(row: ProceedingQuestion, values: QuestionValues, common: dict[str, object]) -> None:
    question = Question() if row.pk is None else row.question
    for name, value in common.items():
        setattr(question, name, value)
    question.place, question.number = values.number, str(values.number)
    question.version += row.pk is not None and question.text != values.text
    question.text, question.language = values.text, values.language
    question.save()
    question.institutions.set(values.institutions)
    row.question, row.origin, row.answer = question, values.origin, clean(values.answer)
    row.due_at = due_at(values, row.due_at)
    row.owner = values.owner if values.origin == Origin.ROOM else None
    row.save()


def give_back_questions(proceeding: Proceeding, reading: DocumentReading) -> None:
    """Return questions that were taken over to their document; they stay restricted."""
    document = Document.objects.filter(symbol=name_of(reading)).first()
    if document is None:
        return
    for row in ProceedingQuestion.objects.filter(proceeding=proceeding, question__added_by=reading.batch_id):
        question = row.question
        question.is_of_proceeding, question.document, question.body, question.heading = False, document, None, ""
        question.save()
        row.delete()


def due_at(question: QuestionValues, present: datetime | None) -> datetime | None:
    if question.origin != Origin.ROOM:
        return None
    return question.due_at or present or timezone.now() + WRITTEN_REPLY


def remove(rows: Sequence[ProceedingQuestion]) -> None:
    """Raises `Refused` for a question that institutions were asked about, or have answered."""
    question_ids = [row.question_id for row in rows]
    used = set(InputItem.objects.filter(question__in=question_ids).values_list("question", flat=True))
    used |= set(Update.objects.filter(question__in=question_ids).values_list("question", flat=True))
    for row in rows:
        if row.question_id in used:
            sentence = _("Institutions were asked about question %(number)s. Keep it, with its number.")
            raise Refused(sentence % {"number": row.number})
    ProceedingQuestion.objects.filter(pk__in=[row.pk for row in rows]).delete()
    RecordQuestion.objects.filter(question__in=question_ids).delete()
    Question.objects.filter(pk__in=question_ids).delete()


def take_over_questions(proceeding: Proceeding, reading: DocumentReading) -> None:
    """Make the questions that the import of a letter has added those of the letter: they leave the lists of questions
    of documents. They are moved, not copied, so references to them stay valid."""
    common = facts_of_questions(proceeding)
    for number, question in enumerate(Question.objects.live().filter(added_by=reading.batch_id), 1):
        for name, value in common.items():
            setattr(question, name, value)
        question.place, question.number = number, str(number)
        question.save()
        ProceedingQuestion.objects.create(proceeding=proceeding, question=question)


def set_deadline_of_room(proceeding: Proceeding) -> None:
    """Set the deadline of a dialogue: the latest time at which the reply to a question asked in it is due."""
    if last := proceeding.questions.filter(submission=None).aggregate(last=Max("due_at"))["last"]:
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
    for question in questions:
        places = [place.pk for place in question.institutions]
        refuse_foreign_owner(proceeding, question.number, question.owner, places)
    named = set(proceeding.named.values_list("institution_id", flat=True))
    for question in questions:
        if foreign := [place for place in question.institutions if place.pk not in named]:
            sentence = _("%(institution)s is not named here. Name it first.")
            raise Refused(sentence % {"institution": foreign[0]})
