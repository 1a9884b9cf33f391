"""Questions: edit one, and name the institutions that are to answer it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed, save_version
from servanda.sources.models import Document, Question
from servanda.sources.questions.requests import notify_of_end, notify_of_return, requests_ended_by
from servanda.vocab.models import Country

LONGEST_TEXT = 50_000
WHOLE = 100  # per cent


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionValues:
    number: str
    text: str
    articles: str
    heading: str
    asked_by: Country | None
    confidentiality: str
    lead: Institution | None = None
    share: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerPlan:
    """Who leads the answer to a question, its share of the words of the reply in per cent, and all who answer."""

    lead: Institution | None
    share: int | None
    institutions: Sequence[Institution]

    @property
    def everyone(self) -> set[Institution]:
        """The lead institution answers too, and sees the question for that reason."""
        return {*self.institutions, *filter(None, [self.lead])}


@transaction.atomic
def edit_question(
    *, question: Question, values: QuestionValues, institutions: Iterable[Institution], seen: int, by: User
) -> Question:
    """Correct a question and name its institutions; `seen` is the version that the person was shown.

    Raises `ChangedMeanwhile` if it was changed since, and `Refused` (or `FieldRefused`) if this person may not or
    if the text is missing.
    """
    question = lock(question, by=by)
    refuse_if_changed(question.version, seen, overwriting_conflict(str(question)))
    if not values.text.strip():
        raise FieldRefused("text", _("Enter a question."))
    before = facts(question)
    for name in ("number", "text", "articles", "heading"):
        setattr(question, name, getattr(values, name).strip())
    question.asked_by, question.confidentiality = values.asked_by, values.confidentiality
    set_plan(question, AnswerPlan(values.lead, values.share, list(institutions)), by=by)
    if difference := difference_of(before, facts(question)):
        save_version(question, "question-edited", by=by, difference=difference)
    return question


@transaction.atomic
def plan_answer(
    *, question: Question, plan: AnswerPlan, seen: int | None = None, is_restored: bool = False, by: User
) -> Question:
    """Set who answers a question, who leads, and its share of the words. `is_restored` marks an undo in the trail.

    Raises `Refused` if this person may not, `FieldRefused` for a share that is none or with which those of the
    document are more than the whole, and `ChangedMeanwhile` if it was changed since version `seen`.
    """
    question = lock(question, by=by)
    if seen is not None:
        refuse_if_changed(question.version, seen, overwriting_conflict(str(question)))
    before = facts(question)
    set_plan(question, plan, by=by, is_restored=is_restored)
    if difference := difference_of(before, facts(question)):
        save_version(question, "question-edited", by=by, difference=difference)
    return question


def set_plan(question: Question, plan: AnswerPlan, *, by: User, is_restored: bool = False) -> None:
    """Institutions that are no longer named, or named again, are notified if an answer was still due. Raises
    `FieldRefused` for a share that is not from 1 to 100, or above what the other questions of the document leave."""
    if plan.share is not None and not 1 <= plan.share <= WHOLE:
        raise FieldRefused("share", _("Enter a whole number between 1 and 100."))
    if (plan.share or 0) > (question.share or 0) and not is_restored:
        refuse_above_whole(question, plan.share or 0)
    ended = requests_ended_by(question, plan.everyone)
    new = plan.everyone - set(question.institutions.all())
    question.lead, question.share = plan.lead, plan.share
    question.institutions.set(plan.everyone)
    notify_of_end(question, ended, by=by)
    notify_of_return(question, list(new), by=by)


def refuse_above_whole(question: Question, share: int) -> None:
    """A lower share is never refused."""
    if question.document is None:
        return
    whole = shares_of([question.document], without=[question]).get(question.document.pk, 0) + share
    if whole > WHOLE:
        raise FieldRefused("share", above_whole(question.document, whole))


def shares_of(documents: Collection[Document], *, without: Collection[Question]) -> dict[int, int]:
    """By document, the sum of the shares of its other questions."""
    rows = Question.objects.listed().filter(document__in=documents, share__isnull=False)
    rows = rows.exclude(pk__in=[question.pk for question in without]).order_by()
    return dict(rows.values_list("document").annotate(Sum("share")))


def above_whole(document: Document, whole: int) -> str:
    sentence = _(
        "The shares of all questions of %(document)s add up to %(sum)d%%. Enter no more than 100%% in total."
    )
    return sentence % {"document": document.symbol, "sum": whole}


@transaction.atomic
def name_institutions(*, question: Question, institutions: Iterable[Institution], by: User) -> None:
    """Add institutions that are to answer the question; they see it from then on."""
    question = lock(question, by=by)
    before = facts(question)
    new = set(institutions) - set(question.institutions.all())
    question.institutions.add(*new)
    notify_of_return(question, list(new), by=by)
    if difference := difference_of(before, facts(question)):
        save_version(question, "question-edited", by=by, difference=difference)


def lock(question: Question, *, by: User) -> Question:
    if not can(by, Can.EDIT_REGISTER):
        raise Refused(_("You do not have permission to change questions. Contact the coordinator."))
    # The document first, so that the shares of its questions are added up one change after the other.
    list(Document.objects.filter(questions=question).select_for_update(of=("self",), no_key=True))
    return Question.objects.visible_to(by).select_for_update(of=("self",)).get(pk=question.pk)


def facts(question: Question) -> dict[str, str]:
    codes = question.institutions.order_by("code").values_list("code", flat=True)
    return {
        "number": question.number,
        "text": question.text,
        "articles": question.articles,
        "heading": question.heading,
        "asked_by": question.asked_by.code if question.asked_by else "",
        "confidentiality": str(question.confidentiality),
        "institutions": ", ".join(codes),
        "lead": question.lead.code if question.lead else "",
        "share": str(question.share or ""),
    }
