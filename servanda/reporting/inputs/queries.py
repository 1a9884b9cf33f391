"""The questions of sections, who was asked, who answered, and what arrived after clearance."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.people.models import Institution, User
from servanda.proceedings.models import Clearance
from servanda.progress.models import InputItem, InputRequest, Update
from servanda.reporting.facts.updates import APPROVED, with_approval
from servanda.reporting.models import Report, ReportSection, UnansweredQuestion
from servanda.reporting.reports.answers import places_of, word_limits, written_questions
from servanda.reporting.reports.gaps import TextGap, gaps_in, questions_with_reasons
from servanda.sources.models import Question

NONE, PENDING, APPROVED_STATE = "none", "pending", "approved"
LABELS = {
    NONE: pgettext_lazy("of an answer", "not answered"),
    PENDING: _("awaiting approval"),
    APPROVED_STATE: pgettext_lazy("of an answer", "approved"),
}


@dataclass(slots=True)
class InstitutionRequest:
    """A request to one institution, with the state of its answer."""

    item: InputItem
    state: str

    @property
    def institution(self) -> Institution:
        return self.item.request.institution

    @property
    def is_approved(self) -> bool:
        return self.state == APPROVED_STATE

    @property
    def label(self) -> str:
        return str(LABELS[self.state])


@dataclass(slots=True)
class RequestedQuestion:
    """A question of a section with who was asked and the approved answers; those in `late` came after clearance."""

    question: Question
    requests: list[InstitutionRequest] = field(default_factory=list)
    answers: list[Update] = field(default_factory=list)
    late: set[int] = field(default_factory=set)

    @property
    def is_open(self) -> bool:
        """Whether an open request for it has no approved answer."""
        return any(not row.is_approved and row.item.request.round.is_open for row in self.requests)

    @property
    def is_without_anybody(self) -> bool:
        return not self.requests and not self.answers

    @property
    def is_answered(self) -> bool:
        """Whether all institutions that were asked have an approved answer."""
        return bool(self.answers) and all(row.is_approved for row in self.requests)


@dataclass(slots=True)
class SectionInput:
    """The questions of a section, and the reasons for those left unanswered, by question."""

    questions: list[RequestedQuestion] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)

    @property
    def requests(self) -> list[InstitutionRequest]:
        return [row for question in self.questions for row in question.requests]

    @property
    def answered(self) -> int:
        return sum(row.is_approved for row in self.requests)

    @property
    def late(self) -> int:
        return sum(len(question.late) for question in self.questions)

    @property
    def missing(self) -> dict[Institution, list[Question]]:
        """The institutions without an approved answer, with the questions that they were asked."""
        found: defaultdict[Institution, list[Question]] = defaultdict(list)
        for question in self.questions:
            for row in question.requests:
                if not row.is_approved and question.question not in found[row.institution]:
                    found[row.institution].append(question.question)
        return dict(found)

    def unsettled(self, text: str, gaps: Sequence[TextGap]) -> list[RequestedQuestion]:
        """The questions that block clearance. A question of a document blocks it until all institutions have
        answered, a text is below it, or a reason is entered (for the question or for each gap below it). A question
        in our own words blocks it while its request is open. `gaps` are the gaps of the text."""
        written = written_questions(text, [row.question for row in self.questions])
        settled = written | self.reasons.keys() | questions_with_reasons(gaps)
        rows = [row for row in self.questions if row.question.pk not in settled]
        return [row for row in rows if (not row.is_answered if row.question.document else row.is_open)]

    def not_in_text(self, text: str) -> "SectionInput":
        """A copy without the questions that are in the text already."""
        places = places_of(text.split("\n\n"), [row.question for row in self.questions])
        return replace(self, questions=[row for row in self.questions if row.question.pk not in places])

    @property
    def pending_requests(self) -> set[int]:
        """The open requests that have an unanswered question."""
        return {row.item.request_id for row in self.requests if row.state == NONE and row.item.request.round.is_open}


def input_of(report: Report, sections: Iterable[ReportSection], user: User) -> dict[int, SectionInput]:
    """The input of each section that has questions visible to this person. The number of queries is constant."""
    links = ReportSection.questions.through.objects.filter(reportsection__in=[section.pk for section in sections])
    pairs = list(links.values_list("reportsection_id", "question_id"))
    if not pairs:
        return {}
    visible = Question.objects.visible_to(user).listed().filter(pk__in={question for _section, question in pairs})
    questions = visible.select_related("document", "asked_by", "lead").prefetch_related("institutions")
    questions = questions.order_by("document__symbol", "document", "place", "pk")
    items = items_on({question.pk for question in questions}, user)
    answers = answers_on(items.keys() | {question.pk for question in questions}, user)
    cleared = cleared_at(report)
    found: defaultdict[int, SectionInput] = defaultdict(SectionInput)
    reasons = UnansweredQuestion.objects.filter(section__in={section for section, _question in pairs})
    for section, key, reason in reasons.values_list("section", "question", "reason"):
        found[section].reasons[key] = reason
    of_question: defaultdict[int, list[int]] = defaultdict(list)
    for section, key in pairs:
        of_question[key].append(section)
    for question in questions:
        row = requested_question(question, items[question.pk], answers[question.pk], cleared)
        for place in of_question[question.pk]:
            found[place].questions.append(row)
    return {place: given for place, given in found.items() if given.questions}


def items_on(questions: Collection[int], user: User) -> defaultdict[int, list[InputItem]]:
    requests = InputRequest.objects.visible_to(user).order_by().values("pk")
    rows = InputItem.objects.standing().filter(question__in=questions, request__in=requests)
    found: defaultdict[int, list[InputItem]] = defaultdict(list)
    for item in rows.select_related("request__institution", "request__round").order_by(
        "request__institution__code", "pk"
    ):
        found[item.question_id or 0].append(item)
    return found


def answers_on(questions: Collection[int], user: User) -> defaultdict[int, list[Update]]:
    """The approved ones, by question, each with `approved_at`."""
    rows = Update.objects.visible_to(user).filter(question__in=questions, state__in=APPROVED)
    found: defaultdict[int, list[Update]] = defaultdict(list)
    for answer in with_approval(rows).select_related("institution").order_by("institution__code", "pk"):
        found[answer.question_id or 0].append(answer)
    return found


def requested_question(
    question: Question, items: Sequence[InputItem], answers: list[Update], cleared: datetime | None
) -> RequestedQuestion:
    answered = {answer.institution_id for answer in answers}
    requests = [InstitutionRequest(item, state_of(item, answered)) for item in items]
    late = {answer.pk for answer in answers if cleared and vars(answer)["approved_at"] > cleared}
    return RequestedQuestion(question, requests, answers, late)


def state_of(item: InputItem, answered: Collection[int]) -> str:
    if item.request.institution_id in answered:
        return APPROVED_STATE
    return PENDING if item.answered_at else NONE


def cleared_at(report: Report) -> datetime | None:
    """When the last step of the clearance was decided; None if the report is not cleared."""
    clearance = report.clearance
    if clearance is None or clearance.state != Clearance.State.CLEARED:
        return None
    return clearance.verdicts.aggregate(at=Max("at"))["at"]


def pending_in(report: Report, user: User) -> dict[ReportSection, list[RequestedQuestion]]:
    """The sections with questions that block clearance, in their order."""
    sections = list(report.sections.all())
    found = input_of(report, sections, user)
    with_questions = [section for section in sections if section.pk in found]
    gaps = gaps_in(with_questions)
    rows = [(row, found[row.pk].unsettled(row.text, gaps.get(row.pk, []))) for row in with_questions]
    return {section: questions for section, questions in rows if questions}


def requests_to_remind(report: Report, user: User, section: ReportSection | None = None) -> list[InputRequest]:
    """The open requests with an unanswered question, for one section or for all."""
    found = input_of(report, [section] if section else report.sections.all(), user)
    keys = {key for given in found.values() for key in given.pending_requests}
    return list(InputRequest.objects.filter(pk__in=keys).select_related("institution", "round").order_by("pk"))


def limits_in_reply(section: ReportSection) -> dict[int, int]:
    """By question, how many words its answer may have. A share is one of the words of all sections of the report with
    questions together, so that it does not depend on how questions are divided among sections; empty without any
    limit."""
    sections = list(section.report.sections.filter(questions__isnull=False).distinct().defer("text"))
    for row in sections:
        row.report = section.report
    limit = sum(row.word_limit or 0 for row in sections)
    questions = Question.objects.listed().filter(report_sections__in=[row.pk for row in sections]).distinct()
    return word_limits(limit or None, list(questions.order_by("pk")))
