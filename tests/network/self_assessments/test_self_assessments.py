"""Self-assessments: answers, completion, results, and comparison with the one before."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from servanda.kit.charts import colour
from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import SelfAssessment
from servanda.network.self_assessments import services
from servanda.network.self_assessments.chart import layers, place
from servanda.network.self_assessments.queries import compared, export_rows, one_before, results_of
from servanda.network.self_assessments.questions import capacities, questions_by_code
from servanda.network.self_assessments.services import AnswerValues, SelfAssessmentValues
from servanda.people.versioning import ChangedMeanwhile
from servanda.trail.models import Event
from tests import make, network_make

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)


@pytest.fixture
def coordinator():
    return make.user("coordinator")


@pytest.fixture
def profile():
    return network_make.profile(is_own=True)


def started(profile, by, day=DAY) -> SelfAssessment:
    values = SelfAssessmentValues(date=day, participants="Secretariat")
    return services.start_self_assessment(profile=profile, values=values, by=by)


def completed(profile, by, *, level: int, day=DAY, **other: int) -> SelfAssessment:
    """With this level everywhere, except for the questions named with two underscores for the full stop."""
    assessment = started(profile, by, day)
    levels = dict.fromkeys(questions_by_code(), level) | {code.replace("__", "."): own for code, own in other.items()}
    answers = {code: AnswerValues(level=own) for code, own in levels.items()}
    services.answer_questions(assessment=assessment, answers=answers, seen=None, by=by)
    services.complete_self_assessment(assessment=assessment, by=by)
    assessment.refresh_from_db()
    return assessment


def test_every_capacity_of_the_guide_has_questions_in_five_languages_and_a_source():
    assert list(capacities()) == ["engage", "coordinate", "consult", "manage-information"]
    for capacity in capacities().values():
        assert capacity.source
        assert len(capacity.questions) >= 5
        for question in capacity.questions:
            assert set(question.label.data) == {"en", "es", "fr", "pt", "ar"}


def test_it_is_completed_once_every_question_has_a_level(profile, coordinator):
    assessment = started(profile, coordinator)
    some = {
        "engage.calendar": AnswerValues(level=0),
        "engage.drafting": AnswerValues(evidence="Two courses in 2025."),
    }
    services.answer_questions(assessment=assessment, answers=some, seen=None, by=coordinator)
    left = len(questions_by_code()) - 1
    with pytest.raises(Refused, match=f"{left} questions have no level yet"):
        services.complete_self_assessment(assessment=assessment, by=coordinator)
    assert not SelfAssessment.objects.completed().exists()


def test_a_completed_one_is_changed_only_after_it_was_reopened(profile, coordinator):
    assessment = completed(profile, coordinator, level=2)
    answers = {"engage.calendar": AnswerValues(level=0)}
    with pytest.raises(Refused, match="Reopen it first"):
        services.answer_questions(assessment=assessment, answers=answers, seen=None, by=coordinator)
    services.reopen_self_assessment(assessment=assessment, by=coordinator)
    services.answer_questions(assessment=assessment, answers=answers, seen=None, by=coordinator)
    assert assessment.answers.get(question="engage.calendar").level == 0


def test_results_are_shares_of_the_highest_level_and_gaps_are_what_is_hardly_begun(profile, coordinator):
    assessment = completed(profile, coordinator, level=3, engage__calendar=0, engage__dialogue=1, consult__nhri=2)
    engage, coordinate, consult, _information = results_of(assessment)
    assert (engage.percent, coordinate.percent, consult.percent) == (67, 100, 93)
    assert [row.question.code for row in engage.rows if row.is_gap] == ["engage.calendar", "engage.dialogue"]
    assert not any(row.is_gap for row in consult.rows)


def test_a_capacity_without_an_answer_has_no_share(profile, coordinator):
    assert [result.percent for result in results_of(started(profile, coordinator))] == [None] * 4


def picture(assessment, by, *rated: str) -> tuple[list[str], list[list[dict]], list[list[dict]]]:
    """The labels, lines and dots of a self-assessment in which only these capacities have levels."""
    answers = {code: AnswerValues(level=3) for code in questions_by_code() if code.split(".")[0] in rated}
    services.answer_questions(assessment=assessment, answers=answers, seen=None, by=by)
    drawn = list(layers([(assessment, results_of(assessment))]))
    labels = [" ".join(row["text"]) for layer in drawn for row in layer["data"]["values"] if "text" in row]
    ours = [layer for layer in drawn if colour("primary") in layer["mark"].values()]
    lines, dots = ([layer for layer in ours if layer["mark"]["type"] == kind] for kind in ("line", "point"))
    return labels, *([layer["data"]["values"] for layer in found] for found in (lines, dots))


def corners(values: list[dict]) -> list[tuple[float, float]]:
    return [(row["x"], row["y"]) for row in values]


def test_a_capacity_without_an_answer_is_no_point_of_the_picture(profile, coordinator):
    labels, lines, dots = picture(started(profile, coordinator), coordinator, "engage", "consult")
    assert sum("100%" in label for label in labels) == 2
    assert sum("Not rated" in label for label in labels) == 2
    assert [corners(values) for values in dots] == [[(0, 100), (0, -100)]]
    assert lines == []  # it would run through the centre


def test_rated_capacities_side_by_side_are_joined_in_the_picture(profile, coordinator):
    rated = ("engage", "coordinate", "manage-information")
    _labels, lines, _dots = picture(started(profile, coordinator), coordinator, *rated)
    assert [corners(values) for values in lines] == [[(0, 100), (100, 0)], [(-100, 0), (0, 100)]]
    _labels, (whole,), dots = picture(started(profile, coordinator), coordinator, *rated, "consult")
    assert len(whole) == 5
    assert dots == []


def test_it_is_compared_with_the_completed_one_before(profile, coordinator):
    completed(profile, coordinator, level=1, day=DAY - timedelta(days=800))
    last = completed(profile, coordinator, level=1, day=DAY - timedelta(days=400))
    started(profile, coordinator, DAY - timedelta(days=100))  # never completed
    now = completed(profile, coordinator, level=1, engage__calendar=3)
    assert one_before(coordinator, now) == last
    rows = results_of(now, last)[0].rows
    assert [(row.before, row.level) for row in rows if row.has_changed] == [(1, 3)]
    assert [found.date for found, _results in compared(coordinator, profile)] == [
        DAY - timedelta(days=800),
        DAY - timedelta(days=400),
        DAY,
    ]


def test_somebody_elses_answers_are_not_overwritten_unseen(profile, coordinator):
    assessment = started(profile, coordinator)
    theirs = {"engage.calendar": AnswerValues(level=3, evidence="Plan for 2026")}
    services.answer_questions(assessment=assessment, answers=theirs, seen=1, by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        services.answer_questions(
            assessment=assessment, answers={"engage.calendar": AnswerValues(level=0)}, seen=1, by=coordinator
        )
    assert assessment.answers.get().level == 3


def test_unknown_questions_are_left_out(profile, coordinator):
    assessment = started(profile, coordinator)
    services.answer_questions(
        assessment=assessment, answers={"engage.nothing": AnswerValues(level=1)}, seen=None, by=coordinator
    )
    assert not assessment.answers.exists()


@pytest.mark.parametrize(
    ("day", "participants", "field"),
    [(timezone.localdate() + timedelta(days=2), "Secretariat", "date"), (DAY, "  ", "participants")],
)
def test_what_it_is_needs_a_day_that_has_come_and_participants(profile, coordinator, day, participants, field):
    values = SelfAssessmentValues(date=day, participants=participants)
    with pytest.raises(FieldRefused) as refused:
        services.start_self_assessment(profile=profile, values=values, by=coordinator)
    assert refused.value.field == field


def test_a_mechanism_elsewhere_assesses_itself(coordinator):
    received = network_make.profile(origin="https://other.example.org/mechanism/1", received_on=DAY)
    with pytest.raises(Refused, match="Another system sent this profile"):
        started(received, coordinator)


def test_withdrawn_ones_are_on_no_list_and_are_restored(profile, coordinator):
    assessment = completed(profile, coordinator, level=1)
    services.withdraw_self_assessment(assessment=assessment, reason="Entered twice.", by=coordinator)
    assert not SelfAssessment.objects.visible_to(coordinator).exists()
    assert compared(coordinator, profile) == []
    services.restore_self_assessment(assessment=assessment, by=coordinator)
    assert SelfAssessment.objects.visible_to(coordinator).get() == assessment


def test_the_trail_has_each_answer_before_and_after(profile, coordinator):
    assessment = started(profile, coordinator)
    for level in (1, 2):
        answers = {"consult.nhri": AnswerValues(level=level, evidence="Minutes")}
        services.answer_questions(assessment=assessment, answers=answers, seen=None, by=coordinator)
    last = Event.objects.filter(action="self-assessment-answered").order_by("-pk").first()
    assert json.loads(last.difference) == {"consult.nhri": ["1 Minutes", "2 Minutes"]}


def test_a_file_has_a_row_for_each_question(profile, coordinator):
    rows = export_rows([completed(profile, coordinator, level=2, engage__calendar=0)])
    assert len(rows) == len(questions_by_code())
    assert rows[0][:4] == [
        "2026-03-01",
        "Engagement",
        "Reports and replies to all bodies are planned with their deadlines.",
        "Not in place",
    ]


def test_the_axes_of_the_picture_go_round_from_the_top():
    assert [place(corner, 4, 100) for corner in range(4)] == [
        (0.0, 100.0),
        (100.0, 0.0),
        (0.0, -100.0),
        (-100.0, 0.0),
    ]
