"""Ask the institutions named by questions of a letter or dialogue in a round, and use their answers."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.proceedings.contents.drafts import label_of
from servanda.proceedings.models import Draft, Proceeding, ProceedingQuestion
from servanda.proceedings.obligations import follow_answers
from servanda.proceedings.rules import lock, lock_kept, refuse_closed, refuse_erased
from servanda.progress.evidence.scans import enter_letter
from servanda.progress.evidence.services import Examined
from servanda.progress.models import InputItem, InputRound, Update, UpdateStep
from servanda.progress.rounds.days import local_day
from servanda.progress.rounds.plans import QuestionRecipients
from servanda.progress.rounds.services import ask_questions
from servanda.progress.updates.services import publish_update
from servanda.sources.models import Question, QuestionQuerySet
from servanda.trail.models import Event

APPROVED = (Update.State.VALIDATED, Update.State.PUBLISHED)


def questions_to_ask(proceeding: Proceeding, user: User) -> QuestionQuerySet:
    """Its questions that name an institution, in their order."""
    rows = ProceedingQuestion.objects.visible_to(user).filter(proceeding=proceeding).order_by()
    named = Question.objects.visible_to(user).filter(pk__in=rows.values("question"), institutions__isnull=False)
    return named.distinct().order_by("place", "pk")


@transaction.atomic
def ask_on_questions(
    *, proceeding: Proceeding, title: str, question: str, due_on: date, questions: Collection[int], by: User
) -> InputRound:
    """Ask in one round for answers to these questions: each institution those that name it, and no one else.

    Raises `Refused` (or `FieldRefused`, for a form) if the proceeding is closed, if the day is after the deadline of
    the reply, or as `ask_questions` does.
    """
    proceeding = lock(proceeding, by=by)
    if not can(by, Can.RUN_ROUNDS):
        raise Refused(_("Only a coordinator can do this."))
    if proceeding.due_on and local_day(timezone.now()) <= proceeding.due_on < due_on:
        sentence = _("Choose the deadline of the reply, %(day)s, or an earlier date.")
        raise FieldRefused("due_on", sentence % {"day": date_format(proceeding.due_on)})
    rows = questions_to_ask(proceeding, by).filter(pk__in=questions)
    opened = ask_questions(
        title=title, question=question, due_on=due_on, questions=rows, whom=QuestionRecipients.NAMED, by=by
    )
    Event.record("proceeding-questions-asked", proceeding, by=by, difference={"questions": ["", rows.count()]})
    return opened


def complete_answers(proceeding: Proceeding) -> dict[Institution, list[Update]]:
    """The approved answers by institution, in the order of the questions. An institution is included once it has
    answered all its questions and its answer to the letter is still empty. Its questions are those of its rounds or,
    if it was asked in none, those that name it."""
    rows = ProceedingQuestion.objects.filter(proceeding=proceeding).order_by().values("question")
    asked = asked_of(rows)
    answers = Update.objects.kept().filter(question__in=rows, state__in=APPROVED)
    answers = answers.filter(institution__in=proceeding.named.order_by().values("institution"))
    written = proceeding.drafts.current().exclude(text="").order_by().values("institution")
    answers = answers.exclude(institution__in=written)
    found: defaultdict[Institution, dict[int | None, Update]] = defaultdict(dict)
    related = ("institution", "question", "written_by")
    for answer in answers.select_related(*related).order_by("institution__code", "question__place", "pk"):
        found[answer.institution][answer.question_id] = answer  # the latest one
    return {
        place: list(by_question.values())
        for place, by_question in found.items()
        if asked.get(place.pk) and asked[place.pk] <= by_question.keys()
    }


def asked_of(questions: QuerySet) -> dict[int, set[int | None]]:
    """By institution the questions that it has to answer: those of its rounds, or else those that name it."""
    asked: defaultdict[int, set[int | None]] = defaultdict(set)
    items = InputItem.objects.standing().filter(question__in=questions).order_by()
    for place, question in items.values_list("request__institution", "question"):
        asked[place].add(question)
    named = Question.institutions.through.objects.filter(question__in=questions)
    others: defaultdict[int, set[int | None]] = defaultdict(set)
    for place, question in named.exclude(institution__in=list(asked)).values_list("institution", "question"):
        others[place].add(question)
    return {**asked, **others}


@transaction.atomic
def enter_answer(*, question: Question, scan: Examined | None, by: User, **letter: Any) -> Update:
    """Enter the answer of an institution to one question of a letter or dialogue, which came by letter or mail.

    Raises `Refused` if the letter or dialogue is closed, withdrawn or erased, and as `enter_letter` does.
    """
    row = ProceedingQuestion.objects.select_related("proceeding").get(question=question)
    proceeding = lock_kept(row.proceeding)
    refuse_closed(proceeding)
    refuse_erased(proceeding)
    update = enter_letter(question=question, scan=scan, by=by, **letter)
    difference = {"question": ["", row.number], "institution": ["", update.institution.code]}
    Event.record("proceeding-answer-entered", proceeding, by=by, difference=difference)
    return update


@transaction.atomic
def use_answers(*, proceeding: Proceeding, by: User) -> int:
    """Make complete and approved answers to the questions the answers of their institutions to the letter; returns
    the number of institutions. An answer that an institution has written to the letter itself is never replaced.

    Raises `Refused` if there are none, or if this person may not accept one of them.
    """
    proceeding = lock(proceeding, by=by)
    if not (complete := complete_answers(proceeding)):
        raise Refused(_("No institution has approved answers to all questions that it was asked about."))
    for place, answers in complete.items():
        for answer in answers:
            if answer.state == Update.State.VALIDATED:
                publish_update(update=answer, by=by)
        draft = draft_from(proceeding, place, answers)
        Event.record("draft-taken", draft, by=by, label=label_of(draft))
    follow_answers(proceeding)
    return len(complete)


def draft_from(proceeding: Proceeding, place: Institution, answers: Sequence[Update]) -> Draft:
    """Store the answers as the approved draft of the institution. Its approver is the last person who approved one of
    them; the writers of all of them count as its writers."""
    drafts = Draft.objects.current().select_for_update(of=("self",))
    present = drafts.filter(proceeding=proceeding, institution=place).first()
    draft = present or Draft(proceeding=proceeding, institution=place, version=0)
    languages = {answer.language for answer in answers}
    draft.text = "\n\n".join(f"{answer.question.number}. {answer.text}" for answer in answers if answer.question)
    draft.language = languages.pop() if len(languages) == 1 else ""
    draft.state, draft.return_reason = Draft.State.VALIDATED, ""
    draft.written_by = answers[-1].written_by
    approvals = UpdateStep.objects.filter(update__in=answers, state=Update.State.VALIDATED)
    last = approvals.select_related("by").order_by("-pk").first()
    draft.validated_by = last.by if last else None
    draft.version += 1
    draft.save()
    draft.earlier_writers.add(*[answer.written_by for answer in answers if answer.written_by])
    return draft
