"""Input for sections: choose the questions of a section, ask institutions in its own words."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.people.versioning import difference_of
from servanda.progress.models import InputRound
from servanda.progress.rounds.plans import QuestionRecipients
from servanda.progress.rounds.services import ask_questions
from servanda.reporting.models import ReportSection, UnansweredQuestion
from servanda.reporting.reports.services import lock_section, refuse_others
from servanda.reporting.reports.text_gaps import LONGEST_REASON
from servanda.sources.models import Document, Question
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import typed
from servanda.sources.questions.services import AnswerPlan, plan_answer
from servanda.trail.models import Event
from servanda.vocab.models import Body

MOST_QUESTIONS = 500


@transaction.atomic
def choose_questions(
    *,
    section: ReportSection,
    questions: Iterable[Question],
    among: Iterable[Question],
    is_of_other_body: bool = False,
    by: User,
) -> None:
    """Set which of the questions `among` belong to the section; others of the section stay.

    Raises `Refused` if the section would have too many, and `FieldRefused` for questions of another body than that of
    the report unless `is_of_other_body` confirms that.
    """
    refuse_others(by)
    locked = lock_section(section, by=by)
    before = references(locked)
    wanted = list(questions)
    refuse_other_body(locked, wanted, is_confirmed=is_of_other_body)
    chosen = {question.pk for question in wanted}
    locked.questions.remove(*[question for question in among if question.pk not in chosen])
    locked.questions.add(*chosen)
    if locked.questions.count() > MOST_QUESTIONS:
        raise Refused(_("A section has at most %(most)d questions.") % {"most": MOST_QUESTIONS})
    if difference := difference_of(before, references(locked)):
        Event.record("report-section-questions-chosen", locked, by=by, difference=difference)


def refuse_other_body(section: ReportSection, questions: Iterable[Question], *, is_confirmed: bool) -> None:
    """Only questions that are new to the section need the confirmation."""
    own = set(section.questions.values_list("pk", flat=True))
    new = [question for question in questions if question.pk not in own and question.document]
    others = [body for question in new if (body := other_body(section, question.document))]
    if others and not is_confirmed:
        raise FieldRefused("other_body", other_body_in_words(section, others[0]))


def other_body(section: ReportSection, document: Document | None) -> Body | None:
    """The body of the document if the report is for another one."""
    own, asking = body_of(section), document.body if document else None
    return asking if own and asking and own != asking else None


def other_body_in_words(section: ReportSection, asking: Body) -> str:
    sentence = _("The report is for: %(own)s. The questions are from: %(other)s.")
    own = body_of(section)
    return sentence % {"own": own.name if own else "", "other": asking.name}


@transaction.atomic
def request_input(
    *, section: ReportSection, words: str, title: str, question: str, due_on: date,
    institutions: Sequence[Institution], by: User,
) -> InputRound:  # fmt: skip
    """Ask institutions for the section in its own words, by a round; the words become a question of the section.

    Raises `Refused` (or `FieldRefused`, for a form) if the words are missing, or as `ask_questions`.
    """
    refuse_others(by)
    if not can(by, Can.RUN_ROUNDS):
        raise Refused(_("You do not have permission to request information. Contact the coordinator."))
    locked = lock_section(section, by=by)
    if not (text := typed(words)):
        raise FieldRefused("words", _("Enter a question."))
    created = Question.objects.create(
        body=body_of(locked),
        place=locked.questions.filter(document=None).count() + 1,
        heading=f"{locked.report.title}: {locked.heading}"[:300],
        text=text,
        language=locked.report.language,
    )
    locked.questions.add(created)
    rows = Question.objects.filter(pk=created.pk)
    made = ask_questions(
        title=title,
        question=question,
        due_on=due_on,
        questions=rows,
        whom=QuestionRecipients.CHOSEN,
        institutions=institutions,
        by=by,
    )
    Event.record("report-input-requested", locked, by=by, difference={"round": ["", made.title]})
    return made


@transaction.atomic
def share_words(*, section: ReportSection, plans: Iterable[tuple[Question, AnswerPlan, int]], by: User) -> int:
    """Set who leads the answers to these questions of the section, and their shares of its words, each with the
    version that the person was shown. Returns how many questions were set.

    Raises `ChangedMeanwhile` if another user changed one of them since, and `Refused` if this person may not.
    """
    refuse_others(by)
    lock_section(section, by=by)
    lowered_first = sorted(plans, key=lambda given: (given[1].share or 0) - (given[0].share or 0))
    return sum(bool(plan_answer(question=row, plan=plan, seen=seen, by=by)) for row, plan, seen in lowered_first)


@transaction.atomic
def leave_unanswered(*, section: ReportSection, question: Question, reason: str, by: User) -> None:
    """Let the question stay unanswered for this reason; it no longer blocks clearance.

    Raises `FieldRefused` without a reason or for a long one, and `Refused` for a question of another section.
    """
    refuse_others(by)
    locked = lock_section(section, by=by)
    if not locked.questions.filter(pk=question.pk).exists():
        raise Refused(_("This is not a question of this section. Reload the page."))
    reason = required_reason(reason, most=LONGEST_REASON)
    UnansweredQuestion.objects.update_or_create(
        section=locked, question=question, defaults={"reason": reason, "by": by}
    )
    named = {"question": ["", question.reference], "reason": ["", reason]}
    Event.record("report-question-left", locked, by=by, difference=named)


@transaction.atomic
def expect_answer(*, section: ReportSection, question: Question, by: User) -> None:
    """The question blocks the clearance of the section again. Raises `Refused` if it does already."""
    refuse_others(by)
    locked = lock_section(section, by=by)
    deleted, _rows = UnansweredQuestion.objects.filter(section=locked, question=question).delete()
    if not deleted:
        raise Refused(_("Another user has just done this."))
    Event.record("report-question-expected", locked, by=by, difference={"question": [question.reference, ""]})


def body_of(section: ReportSection) -> Body | None:
    """The body for which the report is written."""
    report = section.report
    if report.obligation:
        return report.obligation.body
    if report.review:
        return report.review.body
    return (report.case.bodies.first() if report.case else None) or report.template.body


def references(section: ReportSection) -> dict[str, str]:
    rows = section.questions.select_related("document", "asked_by").order_by("document", "place", "pk")
    return {"questions": ", ".join(question.reference for question in rows)}
