"""A round of questions: who is asked what, and who is left out and why."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Notification
from servanda.progress.models import InputItem, InputRequest
from servanda.progress.rounds import services as rounds
from servanda.progress.rounds.services import (
    RecordRecipients,
    add_institutions,
    close_round,
    give_more_time,
    open_round,
    plan_round,
)
from servanda.progress.rounds.status import AnswerStatus, course_of, silent_institutions
from servanda.recommendations.models import Recommendation
from tests import make
from tests.once import built_once
from tests.progress_make import update
from tests.rounds_make import TODAY, at, request

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = timezone.localdate() + 30 * DAY


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def opened(by, **fields):
    data = {"title": "Spring", "question": "What was done?", "period_start": None, "period_end": None}
    data |= {"due_on": LATER, "records": Recommendation.objects.all(), "whom": RecordRecipients.LEAD, **fields}
    return open_round(**data, by=by)


def asked_of(place) -> set[int]:
    return set(InputItem.objects.filter(request__institution=place).values_list("recommendation_id", flat=True))


def test_whoever_leads_is_asked_and_whoever_supports_only_when_that_is_wanted(coordinator):
    lead, supporting, record = make.institution("lead"), make.institution("supporting"), make.recommendation()
    make.assignment(record, lead)
    make.assignment(record, supporting, part="supporting")
    opened(coordinator)
    assert (asked_of(lead), asked_of(supporting)) == ({record.pk}, set())
    opened(coordinator, whom=RecordRecipients.ANSWERING)
    assert asked_of(supporting) == {record.pk}


def test_a_restricted_record_is_asked_only_of_those_who_may_read_it_and_the_rest_is_told(coordinator):
    named, other = make.institution("named"), make.institution("other")
    part = make.institution("part", parent=named)
    record = make.recommendation(confidentiality="restricted")
    record.restricted_to.add(part)
    plan = plan_round(
        records=Recommendation.objects.all(),
        whom=RecordRecipients.CHOSEN,
        institutions=[named, other],
        on=timezone.localdate(),
    )
    assert (plan.by_institution, plan.unreadable) == ({named.pk: [record.pk]}, {other.pk: 1})


def test_a_closed_institution_is_asked_through_the_one_that_took_its_place(coordinator):
    heir, yesterday = make.institution("heir"), timezone.localdate() - DAY
    closed, gone = make.institution("closed", active_to=yesterday), make.institution("gone", active_to=yesterday)
    closed.successions.create(successor=heir, on=yesterday)
    make.assignment(make.recommendation(), closed)
    make.assignment(make.recommendation(), gone)
    plan = plan_round(
        records=Recommendation.objects.all(), whom=RecordRecipients.LEAD, institutions=[], on=timezone.localdate()
    )
    assert (list(plan.by_institution), plan.closed, plan.without) == ([heir.pk], 1, 1)


def test_the_principals_are_told_on_their_desk(coordinator):
    place = make.institution("ministry")
    focal_point = make.user(Role.FOCAL_POINT, place)
    make.user(Role.AUTHORITY, place)
    make.assignment(make.recommendation(), place)
    opened(coordinator)
    assert [note.person for note in Notification.objects.filter(kind="input-asked")] == [focal_point]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"due_on": date(2026, 1, 1)}, "Choose today’s date or a later one."),
        ({"records": Recommendation.objects.none()}, "No institution would receive a request. Assign these"),
        ({"title": " "}, "Enter a title."),
        ({"question": ""}, "Enter a question."),
        (
            {"period_start": date(2026, 2, 1), "period_end": date(2026, 1, 1)},
            "Enter an end date that is not before the start date.",
        ),
    ],
)
def test_a_round_that_makes_no_sense_is_refused(coordinator, fields, words):
    make.assignment(make.recommendation())
    with pytest.raises(Refused, match=words):
        opened(coordinator, **fields)


def test_a_closed_institution_that_is_chosen_and_a_round_that_is_too_large_are_refused(coordinator, monkeypatch):
    closed = make.institution("closed", active_to=timezone.localdate() - DAY)
    make.recommendation()
    with pytest.raises(Refused, match="no longer exists"):
        opened(coordinator, whom=RecordRecipients.CHOSEN, institutions=[closed])
    monkeypatch.setattr(rounds, "MOST_ITEMS", 0)
    with pytest.raises(Refused, match="Narrow the list"):
        opened(coordinator, whom=RecordRecipients.CHOSEN, institutions=[make.institution()])


def test_a_further_institution_is_put_the_same_question(coordinator):
    first = make.institution("first")
    record, other = make.recommendation(), make.recommendation()
    make.assignment(record, first)
    opened_round, second = opened(coordinator), make.institution("second")
    assert add_institutions(round=opened_round, institutions=[first, second], due_on=LATER, by=coordinator) == 1
    assert asked_of(second) == {record.pk}
    with pytest.raises(Refused, match="These institutions are already in the round. Choose"):
        add_institutions(round=opened_round, institutions=[first], due_on=LATER, by=coordinator)
    assert other.pk not in asked_of(second)


def test_more_time_is_a_later_day_in_a_round_that_is_open(coordinator):
    make.assignment(make.recommendation(), make.institution())
    opened_round = opened(coordinator)
    asked = opened_round.requests.get()
    with pytest.raises(Refused, match="Choose a date after the current deadline."):
        give_more_time(request=asked, due_on=LATER, by=coordinator)
    assert give_more_time(request=asked, due_on=LATER + DAY, by=coordinator).due_on == LATER + DAY
    close_round(round=opened_round, by=coordinator)
    with pytest.raises(Refused, match="is closed"):
        give_more_time(request=asked, due_on=LATER + 2 * DAY, by=coordinator)


@pytest.mark.database
def test_three_thousand_questions_are_put_at_once(coordinator, django_assert_max_num_queries):
    records = make.recommendation()
    copies = Recommendation.objects.bulk_create(
        Recommendation(
            country=records.country, body=records.body, code=f"SVN-{number}", code_stem=f"SVN-{number}",
            order_key=f"{number:05}", language="en",
        )
        for number in range(300)
    )  # fmt: skip
    places = [make.institution(f"place{number}") for number in range(10)]
    with django_assert_max_num_queries(90):
        opened(coordinator, whom=RecordRecipients.CHOSEN, institutions=places)
    assert InputItem.objects.count() == 10 * (len(copies) + 1)


def test_the_course_tells_who_answered_who_is_late_and_how_many_days_it_took():
    place = make.institution("ministry")
    input_request = request(place, [make.recommendation() for _number in range(3)], asked_on=TODAY - 30 * DAY)
    idle = request(make.institution("idle"), of=input_request.round)
    for item, days in zip(input_request.items.all(), (4, 8, 12), strict=True):
        item.answered_at = at(TODAY - 30 * DAY + days * DAY)
        item.save()
    course = course_of(input_request.round, on=TODAY + 2 * DAY)
    by_place = {line.request: line for line in course.lines}
    assert (by_place[input_request].standing, by_place[input_request].usual_days) == (AnswerStatus.ANSWERED, 8)
    assert (by_place[idle].standing, by_place[idle].days_late, by_place[idle].has_nobody) == (
        AnswerStatus.LATE,
        2,
        True,
    )
    assert (course.answered, course.total, course.usual_days) == (3, 4, 8)
    input_request.round.closed_at = at(TODAY + DAY)
    assert max(line.days_late for line in course_of(input_request.round, on=TODAY + 90 * DAY).lines) == 1


def test_a_request_is_late_only_while_something_is_still_to_be_answered():
    answered, owed = request(make.institution("first")), request(make.institution("second"))
    answered.items.update(answered_at=timezone.now())
    assert list(InputRequest.objects.late(on=TODAY + DAY)) == [owed]
    assert not InputRequest.objects.late(on=TODAY).exists()


def test_an_institution_is_silent_when_it_answers_for_something_and_has_handed_in_nothing():
    silent, spoke, new = make.institution("silent"), make.institution("spoke"), make.institution("new")
    long_ago, today = timezone.localdate() - 200 * DAY, timezone.localdate()
    for place, since in ((silent, long_ago), (spoke, long_ago), (new, today)):
        make.assignment(make.recommendation(), place, since=since)
    update(None, spoke, state="submitted")
    update(None, silent)
    assert list(silent_institutions(on=today)) == [silent]
