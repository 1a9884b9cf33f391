"""Questions of a list of issues: drafted verbatim with gaps, cleared only with an answer, a text or a reason."""

import pytest
from django.utils import timezone, translation

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.proceedings.models import Clearance
from servanda.progress.models import InputRound
from servanda.progress.rounds.services import ask_questions, close_round
from servanda.recommendations.models import RecordQuestion
from servanda.reporting.documents.contents import document_of
from servanda.reporting.inputs import services
from servanda.reporting.inputs.drafts import draft_answers
from servanda.reporting.models import Report, UnansweredQuestion
from servanda.reporting.reports import services as writing
from servanda.reporting.submissions.clearance import start_report_clearance
from servanda.trail.models import Event
from tests import make, questions_make, reports_make
from tests.once import built_once
from tests.reporting.inputs.test_inputs import DUE, answered, approved

pytestmark = pytest.mark.django_db
NOBODY = r"**\[No institution was asked.\]**"


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def justice():
    return make.institution("moj", name="Justice")


@built_once
def focal_point(justice):
    return make.user(Role.FOCAL_POINT, justice)


@built_once
def issues():
    return questions_make.document("CEDAW/C/SVN/Q/7")


@built_once
def section(coordinator, issues):
    template = reports_make.template("Reply", "Replies")
    return reports_make.report(coordinator, template=template).sections.get()


def chosen(section, issues, by, *places, **fields):
    question = questions_make.question("Which law exists?", *places, document=issues, **fields)
    everything = issues.questions.all()
    services.choose_questions(section=section, questions=everything, among=everything, by=by)
    return question


def asked(issues, by) -> InputRound:
    values = {"title": "List", "question": "Answer.", "due_on": timezone.localdate() + DUE, "whom": "named"}
    return ask_questions(**values, questions=issues.questions.all(), by=by)


def drafted(section, by):
    section.refresh_from_db()
    return draft_answers(section=section, seen=section.version, by=by)


def clear(section, by):
    start_report_clearance(report=section.report, steps=["Minister"], by=by)


def written(section, text: str, by):
    section.refresh_from_db()
    return writing.write_section(section=section, text=text, seen=section.version, by=by)


def test_each_question_is_drafted_with_articles_records_and_its_gap(section, issues, coordinator, justice):
    first = chosen(section, issues, coordinator, justice, number="1", articles="2, 3")
    asked(issues, coordinator)
    chosen(section, issues, coordinator, number="2")
    RecordQuestion.objects.create(question=first, recommendation=make.recommendation(paragraph="140.9"))
    parts = drafted(section, coordinator).text.split("\n\n")
    assert parts == [
        "**1\\. Which law exists?**\n*Articles: 2, 3. Recommendations: 140.9 (A/HRC/59/15).*",
        r"**\[No information received from Justice.\]**",
        "**2\\. Which law exists?**",
        NOBODY,
    ]


def test_a_second_draft_puts_answers_in_their_place_and_repeats_nothing(
    section, issues, coordinator, justice, focal_point
):
    question = chosen(section, issues, coordinator, justice, number="1")
    chosen(section, issues, coordinator, number="2")
    asked(issues, coordinator)
    drafted(section, coordinator)
    with pytest.raises(Refused, match="no draft"):
        drafted(section, coordinator)
    approved(answered(justice, "A plan exists.", by=focal_point, question=question))
    assert drafted(section, coordinator).text.split("\n\n") == [
        "**1\\. Which law exists?**",
        "A plan exists. [^1]",
        "**2\\. Which law exists?**",
        NOBODY,
    ]


def test_what_a_person_wrote_below_a_question_stays(section, issues, coordinator, justice):
    chosen(section, issues, coordinator, justice, number="1")
    text = drafted(section, coordinator).text.replace(NOBODY, "The law of 2024.")
    written(section, text, coordinator)
    chosen(section, issues, coordinator, number="2")
    assert drafted(section, coordinator).text == f"{text}\n\n**2\\. Which law exists?**\n\n{NOBODY}"


def test_a_question_of_which_nobody_was_asked_is_named_in_drafts_and_blocks_clearance(section, issues, coordinator):
    chosen(section, issues, coordinator, number="1")
    written(section, "Something else.", coordinator)
    with translation.override("en"):
        draft = document_of(section.report, coordinator, on=timezone.localdate())
    wanted = "[No institution was asked: CEDAW/C/SVN/Q/7, 1.]"
    assert wanted in [span.text for block in draft.blocks for span in block.spans]
    with pytest.raises(Refused, match="CEDAW/C/SVN/Q/7, 1"):
        clear(section, coordinator)


def test_neither_a_closed_round_nor_half_of_the_answers_opens_clearance(
    section, issues, coordinator, justice, focal_point
):
    question = chosen(section, issues, coordinator, justice, make.institution("moi", name="Interior"), number="1")
    made = asked(issues, coordinator)
    answer = answered(justice, by=focal_point, question=question)
    written(section, "Something else.", coordinator)
    for deed in (lambda: approved(answer), lambda: close_round(round=made, by=coordinator)):
        with pytest.raises(Refused, match="CEDAW/C/SVN/Q/7, 1"):
            clear(section, coordinator)
        deed()
    with pytest.raises(Refused, match="CEDAW/C/SVN/Q/7, 1"):
        clear(section, coordinator)


@pytest.mark.database
def test_approved_answers_of_all_open_clearance(section, issues, coordinator, justice, focal_point):
    question = chosen(section, issues, coordinator, justice, number="1")
    asked(issues, coordinator)
    approved(answered(justice, by=focal_point, question=question))
    written(section, "Something else.", coordinator)
    clear(section, coordinator)
    assert Report.objects.get(pk=section.report_id).clearance.state == Clearance.State.OPEN


@pytest.mark.database
def test_a_text_in_the_place_of_the_gap_opens_clearance(section, issues, coordinator):
    chosen(section, issues, coordinator, number="1")
    text = drafted(section, coordinator).text
    with pytest.raises(Refused, match="CEDAW/C/SVN/Q/7, 1"):
        clear(section, coordinator)
    written(section, text.replace(NOBODY, "The law of 2024."), coordinator)
    clear(section, coordinator)


def test_a_reason_opens_clearance_is_printed_in_drafts_and_can_be_withdrawn(
    section, issues, coordinator, focal_point
):
    question = chosen(section, issues, coordinator, number="1")
    written(section, "Something else.", coordinator)
    given = {"section": section, "question": question}
    with pytest.raises(FieldRefused, match="Enter a reason"):
        services.leave_unanswered(**given, reason=" ", by=coordinator)
    with pytest.raises(Refused, match="permission"):
        services.leave_unanswered(**given, reason="No data.", by=focal_point)
    services.leave_unanswered(**given, reason="No data exist.", by=coordinator)
    assert UnansweredQuestion.objects.get().by == coordinator
    with translation.override("en"):
        draft = document_of(section.report, coordinator, on=timezone.localdate())
    wanted = "[Without an answer: CEDAW/C/SVN/Q/7, 1. No data exist.]"
    assert wanted in [span.text for block in draft.blocks for span in block.spans]
    clear(section, coordinator)
    services.expect_answer(**given, by=coordinator)
    assert not UnansweredQuestion.objects.exists()
    assert Event.objects.filter(action__startswith="report-question-").count() == 2


def test_a_question_of_another_section_has_no_reason(section, issues, coordinator):
    other = questions_make.question()
    with pytest.raises(Refused, match="not a question of this section"):
        services.leave_unanswered(section=section, question=other, reason="No.", by=coordinator)
