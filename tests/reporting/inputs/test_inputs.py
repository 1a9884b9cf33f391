"""Sections ask institutions: by questions of a document or in their own words; answers become facts once approved."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.models import Institution, User
from servanda.people.versioning import ChangedMeanwhile
from servanda.progress.models import InputItem, Update
from servanda.progress.rounds.services import close_round
from servanda.progress.updates import services as updating
from servanda.reporting.documents.contents import document_of
from servanda.reporting.inputs import services
from servanda.reporting.inputs.drafts import draft_answers
from servanda.reporting.inputs.queries import input_of, requests_to_remind
from servanda.reporting.models import Report, ReportSection
from servanda.reporting.reports import services as writing
from servanda.reporting.reports.queries import changed_facts, fact_of, offered_facts, sources_of
from servanda.reporting.submissions import clearance
from servanda.sources.models import Question
from servanda.trail.models import Event
from tests import make, obligation_make, questions_make, reports_make
from tests.once import built_once
from tests.progress_make import SAID

pytestmark = pytest.mark.django_db
DUE = timedelta(days=30)


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def justice():
    return make.institution("moj")


@built_once
def focal_point(justice):
    return make.user(Role.FOCAL_POINT, justice)


@built_once
def section(coordinator) -> ReportSection:
    return reports_make.report(coordinator).sections.get(key="method")


def requested(section: ReportSection, by: User, *places: Institution, words: str = "What was done for children?"):
    values = {"title": "Input", "question": "Answer briefly.", "due_on": timezone.localdate() + DUE}
    return services.request_input(section=section, words=words, **values, institutions=places, by=by)


def answered(place: Institution, text: str = "A law was passed.", *, by: User, question: Question | None = None):
    """Written, submitted and approved."""
    item = InputItem.objects.filter(request__institution=place)
    item = item.get(question=question) if question else item.get()
    about = {"recommendations": [], "request": item.request}
    draft = updating.start_update(institution=place, question=item.question, **about, by=by)
    given = SAID | {"text": text, "recommendations": [], "actions": []}
    updating.save_update(update=draft, seen=draft.version, **given, by=by)
    return updating.submit_update(update=draft, by=by)


def approved(answer: Update) -> Update:
    return updating.validate_update(update=answer, by=make.user(Role.AUTHORITY, answer.institution))


def facts_of(section: ReportSection, user: User) -> list[str]:
    return [fact.text for fact in offered_facts(section, "answers", user).facts]


def test_a_request_in_words_becomes_a_question_that_only_those_asked_see(section, coordinator, justice, focal_point):
    made = requested(section, coordinator, justice)
    question = section.questions.get()
    assert (question.document, question.reference) == (None, "Our report: Method")
    assert [request.institution for request in made.requests.all()] == [justice]
    assert question in Question.objects.visible_to(focal_point)
    assert question not in Question.objects.visible_to(make.user(Role.FOCAL_POINT, make.institution("moi")))
    assert Event.objects.filter(action="report-input-requested").count() == 1


def test_a_request_without_words_or_by_others_is_refused(section, coordinator, justice, focal_point):
    with pytest.raises(FieldRefused):
        requested(section, coordinator, justice, words="  ")
    with pytest.raises(Refused):
        requested(section, focal_point, justice)
    assert not Question.objects.exists()


def test_an_appointment_limited_to_other_bodies_does_not_see_the_request(coordinator, justice):
    due = obligation_make.obligation(body=make.committee("CEDAW"))
    section = reports_make.report(coordinator, obligation=due).sections.get(key="method")
    requested(section, coordinator, justice)
    limited = [make.user(Role.PUBLIC) for _body in range(2)]
    for person, body in zip(limited, ("CAT", "CEDAW"), strict=True):
        make.appointment(person, justice, bodies=body)
    assert [Question.objects.visible_to(person).count() for person in limited] == [0, 1]


def test_answers_become_facts_once_the_authority_approved_them(section, coordinator, justice, focal_point):
    requested(section, coordinator, justice)
    answer = answered(justice, by=focal_point)
    assert facts_of(section, coordinator) == []
    approved(answer)
    assert facts_of(section, coordinator) == ["A law was passed."]
    other = section.report.sections.get(key="chapters")
    assert "answers" not in [source.code for source in sources_of(other)]


def test_who_answered_and_who_did_not(section, coordinator, justice, focal_point):
    interior = make.institution("moi")
    requested(section, coordinator, justice, interior)
    approved(answered(justice, by=focal_point))
    given = input_of(section.report, [section], coordinator)[section.pk]
    assert (given.answered, len(given.requests)) == (1, 2)
    assert list(given.missing) == [interior]
    assert [request.institution for request in requests_to_remind(section.report, coordinator)] == [interior]


@pytest.mark.database
def test_an_answer_that_is_not_approved_yet_is_pending_and_nobody_is_reminded(
    section, coordinator, justice, focal_point
):
    requested(section, coordinator, justice)
    answered(justice, by=focal_point)
    given = input_of(section.report, [section], coordinator)[section.pk]
    assert [row.state for row in given.requests] == ["pending"]
    assert requests_to_remind(section.report, coordinator) == []


@pytest.mark.database
def test_an_institution_sees_nothing_of_what_others_were_asked(section, coordinator, justice, focal_point):
    reports_make.assigned(section.report, "method", justice, coordinator)
    requested(section, coordinator, make.institution("moi"), words="Asked of another ministry.")
    assert input_of(section.report, [section], focal_point) == {}
    requested(section, coordinator, justice)
    given = input_of(section.report, [section], focal_point)[section.pk]
    assert [row.institution for row in given.requests] == [justice]


def test_a_draft_names_who_has_not_answered_and_the_file_that_goes_out_does_not(section, coordinator, justice):
    requested(section, coordinator, justice)
    on = timezone.localdate()
    with translation.override("en"):
        draft = document_of(section.report, coordinator, on=on)
        final = document_of(section.report, coordinator, on=on, is_draft=False)
    wanted = f"[No information received from {justice} on: Our report: Method.]"
    assert wanted in [span.text for block in draft.blocks for span in block.spans]
    assert wanted not in [span.text for block in final.blocks for span in block.spans]


def written(report: Report, by: User) -> None:
    for section in report.sections.all():
        writing.write_section(section=section, text="A text.", seen=section.version, by=by)


def test_open_requests_block_clearance_until_the_round_is_closed(section, coordinator, justice):
    made = requested(section, coordinator, justice)
    written(section.report, coordinator)
    with pytest.raises(Refused, match="Answers are pending in these sections: “Method”"):
        clearance.start_report_clearance(report=section.report, steps=["Minister"], by=coordinator)
    close_round(round=made, by=coordinator)
    clearance.start_report_clearance(report=section.report, steps=["Minister"], by=coordinator)


def test_an_answer_after_clearance_is_shown_as_such_and_not_merged(section, coordinator, justice, focal_point):
    made = requested(section, coordinator, justice)
    written(section.report, coordinator)
    close_round(round=made, by=coordinator)
    clearance.start_report_clearance(report=section.report, steps=["Minister"], by=coordinator)
    answer = answered(justice, by=focal_point)
    clearance.clear_report(report=section.report, by=make.user(Role.COORDINATOR))
    approved(answer)
    report = Report.objects.get(pk=section.report_id)
    given = input_of(report, [section], coordinator)[section.pk]
    assert given.late == 1
    section.refresh_from_db()
    assert section.text == "A text."
    assert report.clearance.state == "cleared"


def test_an_answer_approved_before_clearance_is_not_late(section, coordinator, justice, focal_point):
    requested(section, coordinator, justice)
    approved(answered(justice, by=focal_point))
    written(section.report, coordinator)
    clearance.start_report_clearance(report=section.report, steps=["Minister"], by=coordinator)
    clearance.clear_report(report=section.report, by=make.user(Role.COORDINATOR))
    report = Report.objects.get(pk=section.report_id)
    assert input_of(report, [section], coordinator)[section.pk].late == 0


def test_a_quoted_answer_that_changes_or_goes_is_named(section, coordinator, justice, focal_point):
    requested(section, coordinator, justice)
    answer = approved(answered(justice, by=focal_point))
    source, fact = fact_of(section, "answers", str(answer.pk), coordinator)
    quoted = writing.quote_fact(section=section, source=source, fact=fact, text="", seen=1, by=coordinator)
    assert changed_facts(quoted, quoted.quotations.all(), coordinator) == {}
    Update.objects.filter(pk=answer.pk).update(text="Two laws were passed.")
    changed = changed_facts(quoted, quoted.quotations.all(), coordinator)
    assert {number: now.text for number, now in changed.items()} == {1: "Two laws were passed."}
    updating.return_update(update=answer, reason="Wrong figure.", by=coordinator)
    assert changed_facts(quoted, quoted.quotations.all(), coordinator) == {1: None}


def test_the_draft_has_each_question_to_the_letter_with_its_answers_and_their_sources(
    section, coordinator, justice, focal_point
):
    issues = questions_make.document("CEDAW/C/SVN/Q/7")
    first = questions_make.question("What is done *against* stereotypes?", justice, document=issues, number="1")
    questions_make.question("Which budget is there?", justice, document=issues, number="2")
    everything = issues.questions.all()
    services.choose_questions(section=section, questions=everything, among=everything, by=coordinator)
    values = {"title": "List", "question": "Answer.", "due_on": timezone.localdate() + DUE, "whom": "named"}
    services.ask_questions(**values, questions=everything, by=coordinator)
    approved(answered(justice, "A *plan* exists.", by=focal_point, question=first))
    with pytest.raises(ChangedMeanwhile, match="Open the page again"):
        draft_answers(section=section, seen=section.version - 1, by=coordinator)
    drafted = draft_answers(section=section, seen=section.version, by=coordinator)
    asked, given, *_second = drafted.text.split("\n\n")
    assert asked == r"**1\. What is done \*against\* stereotypes?**"
    assert given == r"A \*plan\* exists. [^1]"
    with pytest.raises(Refused):
        draft_answers(section=section, seen=drafted.version, by=coordinator)


def test_questions_of_other_documents_and_own_words_stay_when_a_document_is_chosen(section, coordinator, justice):
    requested(section, coordinator, justice)
    first, second = questions_make.question(), questions_make.question()
    for question in (first, second):
        among = question.document.questions.all()
        services.choose_questions(section=section, questions=[question], among=among, by=coordinator)
    assert section.questions.count() == 3
    services.choose_questions(section=section, questions=[], among=[first], by=coordinator)
    assert set(section.questions.exclude(document=None)) == {second}
    assert Event.objects.filter(action="report-section-questions-chosen").count() == 3


@pytest.mark.parametrize("number", [1, 30])
def test_the_state_of_a_report_costs_the_same_number_of_queries(
    section, coordinator, justice, number, django_assert_max_num_queries
):
    issues = questions_make.document()
    for place in range(number):
        questions_make.question(f"Question {place}", justice, document=issues)
    everything = issues.questions.all()
    services.choose_questions(section=section, questions=everything, among=everything, by=coordinator)
    report = Report.objects.select_related("clearance").get(pk=section.report_id)
    with django_assert_max_num_queries(8):
        input_of(report, [section], coordinator)
