"""What institutions answered to questions, as far as one reader may see it, and who has not answered."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution, User
from servanda.progress.models import InputItem, InputRequest, Update
from servanda.progress.updates.queries import answers_to
from servanda.sources.models import Question


@dataclass(slots=True)
class QuestionRow:
    """One question on the page of its document."""

    question: Question
    records: Sequence[str]  # references
    suggested: Sequence  # institutions that lead the records
    answers: list[Update] = field(default_factory=list)
    waiting: list[InputItem] = field(default_factory=list)  # requested, and not answered yet
    writer: Institution | None = None  # for which the reader may write an answer now
    request: InputRequest | None = None  # that the answer would be for


def add_answers(rows: Sequence[QuestionRow], user: User, *, on: date) -> None:
    """Two queries more, or three for people who write."""
    shown = [row.question for row in rows]
    answers = answers_to(shown, user)
    items = InputItem.objects.owed().filter(question__in=shown)
    requests = InputRequest.objects.visible_to(user).order_by().values("pk")
    open_items: defaultdict[int, list[InputItem]] = defaultdict(list)
    related = ("request__institution", "request__round")
    for item in items.filter(request__in=requests).select_related(*related).order_by("request__institution__code"):
        open_items[item.question_id].append(item)
    own = frozenset().union(*(scope.institutions for scope in scopes(user, Can.WRITE_UPDATE)))
    for row in rows:
        row.answers, row.waiting = answers.get(row.question.pk, []), open_items[row.question.pk]
        add_writer(row, own, on=on)
        if not can(user, Can.READ_EVERYTHING):
            row.waiting = [item for item in row.waiting if item.request.institution_id in own]


def add_writer(row: QuestionRow, own: frozenset[int], *, on: date) -> None:
    """Set the first of the reader's institutions that has not answered: of those requested, then of those named."""
    answered = {answer.institution_id for answer in row.answers}
    for item in row.waiting:
        institution = item.request.institution
        if institution.pk in own - {answer.institution_id for answer in row.answers if answer.is_editable}:
            row.writer, row.request = institution, item.request
            return
    for institution in row.question.institutions.all():
        if institution.pk in own - answered and institution.is_active(on=on):
            row.writer = institution
            return
