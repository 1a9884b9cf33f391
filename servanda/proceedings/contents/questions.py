"""The questions of a letter, and which institutions answer them."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import Institution, User
from servanda.proceedings.models import Proceeding, Question
from servanda.proceedings.rules import lock, save_version
from servanda.sources.printed.texts import clean


class QuestionValues(NamedTuple):
    number: int
    text: str
    language: str = ""
    institutions: Sequence[Institution] = ()


@transaction.atomic
def set_questions(*, proceeding: Proceeding, questions: Sequence[QuestionValues], seen: int, by: User) -> None:
    """Replace the questions; `seen` is the version that the person was shown.

    Raises `ChangedMeanwhile` if it was changed since, and `Refused` for a number used twice, a question without a
    text, or an institution that the proceeding does not name.
    """
    proceeding = lock(proceeding, by=by, seen=seen)
    questions = [question._replace(text=clean(question.text)) for question in questions]
    refuse_impossible(proceeding, questions)
    before = proceeding.questions.count()
    proceeding.questions.exclude(number__in=[question.number for question in questions]).delete()
    for question in questions:
        row, _is_new = Question.objects.update_or_create(
            proceeding=proceeding,
            number=question.number,
            defaults={"text": question.text, "language": question.language},
        )
        row.institutions.set(question.institutions)
    save_version(proceeding, "proceeding-questions-set", by=by, difference={"questions": [before, len(questions)]})


def refuse_impossible(proceeding: Proceeding, questions: Sequence[QuestionValues]) -> None:
    numbers = [question.number for question in questions]
    if twice := [number for number in numbers if numbers.count(number) > 1]:
        raise Refused(_("Use the number %(number)s for one question only.") % {"number": twice[0]})
    if empty := [question.number for question in questions if not question.text]:
        raise Refused(_("Enter the text of question %(number)s.") % {"number": empty[0]})
    named = set(proceeding.named.values_list("institution_id", flat=True))
    for question in questions:
        if foreign := [place for place in question.institutions if place.pk not in named]:
            sentence = _("%(institution)s is not named on this communication. Name it first.")
            raise Refused(sentence % {"institution": foreign[0]})
