"""One mail for each person and day with everything asked of them, at the steps before and after the day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.people.models import User
from servanda.planning.models import Indicator
from servanda.progress.models import InputItem, InputRequest, Reminder
from servanda.progress.rounds import reminders
from servanda.progress.rounds.reminders import remind_now, send_input_reminders
from servanda.recommendations.models import FollowUp
from servanda.trail.models import Event
from tests import indicator_make, make, questions_make
from tests.once import built_once
from tests.progress_make import update
from tests.rounds_make import TODAY, at, request, run_reminders, time_zone

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@built_once
def ministry():
    return make.institution("ministry")


@built_once
def focal_point(ministry):
    return make.user(Role.FOCAL_POINT, ministry)


def run(day: date) -> int:
    return send_input_reminders(now=at(day))


def days_of(person) -> list[int]:
    """On which days from the due one this person heard of it."""
    return sorted((reminder.on - TODAY).days for reminder in Reminder.objects.filter(person=person))


def test_each_step_reaches_whom_it_is_meant_for(ministry, focal_point):
    alternate, authority = make.user(Role.PUBLIC), make.user(Role.AUTHORITY, ministry)
    make.appointment(alternate, ministry, "alternate")
    coordinator = make.user(Role.COORDINATOR)
    request(ministry)
    for days in range(-10, 20):
        run(TODAY + days * DAY)
    assert days_of(focal_point) == [-7, -1, 0, 3, 7, 14]
    assert days_of(alternate) == [3, 7, 14]
    assert days_of(authority) == [7, 14]
    assert days_of(coordinator) == [14]


def test_the_alternate_is_asked_too_while_the_principal_is_away(ministry, focal_point):
    alternate = make.user(Role.PUBLIC)
    make.appointment(alternate, ministry, "alternate")
    User.objects.filter(pk=focal_point.pk).update(away_from=TODAY - DAY, away_until=TODAY)
    request(ministry)
    for days in range(-10, 10):
        run(TODAY + days * DAY)
    assert days_of(alternate) == [-1, 0, 3, 7]
    assert days_of(focal_point) == [-7, -1, 0, 3, 7]


def test_all_that_is_asked_of_a_person_is_in_one_mail(ministry, focal_point):
    other = make.institution("agency")
    make.appointment(focal_point, other)
    request(ministry, [make.recommendation(), make.recommendation()])
    request(other, due_on=TODAY + 60 * DAY)
    assert run(TODAY) == 1
    body = Mail.objects.get().body
    assert "MINISTRY" in body
    assert "AGENCY" in body
    assert "2 of 2 still to answer, due today" in body


def test_a_second_run_on_a_day_writes_nothing_new(ministry, focal_point):
    request(ministry)
    assert [run(TODAY), run(TODAY)] == [1, 0]
    assert Mail.objects.count() == 1


def test_a_missed_day_is_made_up_for_with_one_mail(ministry, focal_point):
    request(ministry)
    assert [run(TODAY + 5 * DAY), run(TODAY + 6 * DAY)] == [1, 0]
    assert "5 days overdue" in Mail.objects.get().body


def test_nobody_is_reminded_of_steps_before_the_question_was_asked(ministry, focal_point):
    request(ministry, asked_on=TODAY - 3 * DAY)
    assert [run(TODAY - 2 * DAY), run(TODAY - DAY)] == [0, 1]


def test_a_draft_silences_no_reminder_and_an_answer_does(ministry, focal_point):
    input_request = request(ministry)
    record = input_request.items.get().recommendation
    update(record, ministry, request=input_request)
    assert run(TODAY - DAY) == 1
    InputItem.objects.update(answered_at=timezone.now())
    assert run(TODAY) == 0


def test_nobody_is_reminded_of_a_round_that_is_closed_or_of_a_record_that_has_gone(ministry, focal_point):
    closed, gone = request(ministry), request(ministry)
    closed.round.closed_at = timezone.now()
    closed.round.save()
    record = gone.items.get().recommendation
    record.withdrawn_at, record.withdrawn_reason = timezone.now(), "Printed twice."
    record.save()
    assert run(TODAY) == 0


def test_whoever_cannot_be_reached_gets_no_mail(ministry):
    for fields in ({"is_active": False}, {"is_active": False, "erased_at": timezone.now()}):
        make.user(Role.FOCAL_POINT, ministry, **fields)
    make.appointment(make.user(Role.PUBLIC), ministry, end=TODAY - DAY)
    request(ministry)
    assert run(TODAY) == 0


def test_an_appointment_limited_to_bodies_is_asked_about_these_only(ministry, focal_point):
    focal_point.appointments.update(bodies="CRC")
    crc = make.body("CRC", "treaty-body")
    request(ministry, [make.recommendation(), make.recommendation(body=crc, review=None)])
    run(TODAY)
    assert "1 of 1 still to answer" in Mail.objects.get().body


def test_the_mail_is_in_the_language_of_its_reader(ministry, focal_point):
    focal_point.language = "ar"
    focal_point.save()
    request(ministry)
    run(TODAY)
    assert "نوفمبر" in Mail.objects.get().body


def test_the_people_of_whoever_took_the_place_of_a_closed_institution_are_reminded(ministry):
    closed = make.institution("old", active_to=TODAY - 5 * DAY)
    closed.successions.create(successor=ministry, on=TODAY - 4 * DAY)
    heir = make.user(Role.FOCAL_POINT, ministry)
    request(closed)
    run(TODAY)
    assert days_of(heir) == [0]


def test_the_day_is_that_of_the_mechanism_and_begins_at_seven(ministry, focal_point):
    time_zone("Pacific/Auckland")
    request(ministry)
    assert send_input_reminders(now=datetime(2026, 11, 18, 17, 30, tzinfo=UTC)) == 0  # 06:30 on the 19th there
    assert send_input_reminders(now=datetime(2026, 11, 18, 18, 30, tzinfo=UTC)) == 1
    assert Reminder.objects.get().on == date(2026, 11, 19)


def test_the_night_on_which_the_clocks_change_has_one_mail(ministry, focal_point):
    time_zone("Europe/Ljubljana")
    request(ministry, due_on=date(2026, 10, 25))
    start = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)  # midnight there; the day has 25 hours
    assert sum(send_input_reminders(now=start + timedelta(hours=hour)) for hour in range(25)) == 1
    assert Reminder.objects.get().on == date(2026, 10, 25)


def test_a_worker_that_is_killed_in_the_middle_is_followed_by_one_that_goes_on(ministry, monkeypatch):
    people = [make.user(Role.FOCAL_POINT, ministry) for _number in range(3)]
    request(ministry)
    monkeypatch.setattr(reminders, "AT_ONCE", 1)
    usual = reminders.write

    def dies_at_the_second(some, *, on):
        if Mail.objects.exists():
            raise KeyboardInterrupt
        usual(some, on=on)

    monkeypatch.setattr(reminders, "write", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        run(TODAY)
    monkeypatch.setattr(reminders, "write", usual)
    assert run(TODAY) == 2
    assert sorted(Mail.objects.values_list("to", flat=True)) == sorted(person.email for person in people)


def test_a_reminder_by_hand_keeps_to_one_mail_a_day(ministry, focal_point):
    input_request, coordinator = (
        request(ministry, due_on=timezone.localdate() + 20 * DAY),
        make.user(Role.COORDINATOR),
    )
    input_request.created_at = timezone.now()
    first, second = (remind_now(requests=[input_request], by=coordinator) for _time in range(2))
    assert (first.people, first.already) == ([focal_point], [])
    assert (second.people, second.already) == ([], [focal_point])
    assert Reminder.objects.get().step == Reminder.Step.BY_HAND


def test_a_reminder_by_hand_names_whom_nobody_reaches(ministry):
    done = remind_now(requests=[request(ministry)], by=make.user(Role.COORDINATOR))
    assert done.nobody == [ministry]


def test_the_run_asks_the_database_no_more_often_for_more_people(django_assert_max_num_queries):
    for number in range(30):
        place = make.institution(f"place{number}")
        make.user(Role.FOCAL_POINT, place)
        request(place)
    Event.record("instance-edited")  # the first line of the trail makes its head
    with django_assert_max_num_queries(25):  # one of them for sections of reports
        assert run(TODAY) == 30


def test_whoever_keeps_an_indicator_hears_in_the_same_mail_that_a_value_is_due(ministry, focal_point):
    counted = indicator_make.indicator("IND-SCHOOL", custodian=ministry, next_due_on=TODAY)
    Indicator.objects.update(created_at=at(TODAY - 60 * DAY))
    alternate = make.user(Role.PUBLIC)
    make.appointment(alternate, ministry, "alternate")
    request(ministry)
    for days in range(-10, 20):
        run(TODAY + days * DAY)
    told = Reminder.objects.filter(indicator=counted)
    assert [(reminder.on - TODAY).days for reminder in told.filter(person=focal_point).order_by("on")] == [
        -7,
        -1,
        0,
        3,
        7,
        14,
    ]
    assert [(reminder.on - TODAY).days for reminder in told.filter(person=alternate).order_by("on")] == [3, 7, 14]
    assert Mail.objects.filter(to=focal_point.email).count() == 6
    mail = Mail.objects.filter(to=focal_point.email).first()
    assert "MINISTRY, indicator IND-SCHOOL" in mail.body
    assert counted.name not in mail.body


def test_a_value_alone_is_written_about_and_no_longer_once_it_is_said(ministry, focal_point):
    indicator_make.indicator("IND-SCHOOL", custodian=ministry, next_due_on=TODAY)
    Indicator.objects.update(created_at=at(TODAY - 60 * DAY))
    assert run(TODAY) == 1
    assert Mail.objects.get().subject == "1 indicator value is due"
    Indicator.objects.update(next_due_on=None)
    assert run(TODAY + 3 * DAY) == 0


def test_who_coordinates_and_who_leads_hear_that_a_reply_to_a_body_is_due(ministry, focal_point):
    coordinator, led = make.user(Role.COORDINATOR), make.recommendation()
    make.assignment(led, ministry)
    closed = make.recommendation(document=led.document, confidentiality="restricted")
    make.assignment(closed, ministry)
    for record in (led, closed):
        make.follow_up(record, due_on=TODAY, said_by=coordinator)
        make.follow_up(record, "dissemination", said_by=coordinator)
    FollowUp.objects.update(created_at=at(TODAY - 200 * DAY))
    run_reminders(-100)
    days, open_one = [-90, -30, -7, 0, 7], led.follow_ups.get(kind="follow-up").obligation
    for person, subject in (
        (coordinator, "2 replies to bodies are due"),
        (focal_point, "1 reply to a body is due"),
    ):
        told = Reminder.objects.filter(obligation=open_one, person=person).order_by("on")
        assert [(reminder.on - TODAY).days for reminder in told] == days
        mail = Mail.objects.filter(to=person.email).first()
        assert mail.subject == subject
        assert f"– {led.document.symbol}, follow-up on 1 record: due on" in mail.body
        assert ("restricted obligation" in mail.body) == (person == coordinator)
    assert Mail.objects.count() == 2 * len(days)


def test_of_a_reply_that_is_no_longer_asked_for_or_was_sent_nobody_hears(ministry, focal_point):
    gone, withdrawn = make.recommendation(), make.recommendation(withdrawn_at=at(TODAY), withdrawn_reason="Twice.")
    make.follow_up(gone, due_on=TODAY, ended_at=at(TODAY))
    make.follow_up(withdrawn, due_on=TODAY)
    make.follow_up(make.recommendation(), due_on=TODAY, replied_on=TODAY - DAY)
    FollowUp.objects.update(created_at=at(TODAY - 200 * DAY))
    make.user(Role.COORDINATOR)
    assert run(TODAY) == 0


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        (
            "fr",
            "1 point de situation vous est demandé",
            ["Des points de situation vous sont demandés dans", "Rédigez les points de situation ici "],
        ),
        ("ar", "مطلوب منك تحديث واحد", ["مطلوب منك تقديم تحديثات في", "لكتابة التحديثات"]),
        ("en", "1 update is requested from you", ["Updates are requested from you in", "Write the updates here"]),
    ],
)
def test_subject_and_body_of_a_reminder_are_in_the_words_of_its_reader(
    ministry, focal_point, language, subject, words
):
    focal_point.language = language
    focal_point.save()
    request(ministry)
    with translation.override("es"):  # whatever the worker spoke before
        run(TODAY)
    mail = Mail.objects.get()
    assert mail.subject == subject
    assert [part for part in words if part not in mail.body] == []


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("en", "1 answer is requested from you", ["Answers to questions are", "Write the answers"]),
        (
            "es",
            "Se le solicita 1 respuesta",
            ["respuestas a preguntas", "Redacte las"],
        ),
        ("fr", "1 réponse vous est demandée", ["réponses à des questions", "Rédigez les réponses"]),
        ("pt", "É-lhe pedida 1 resposta", ["respostas a perguntas", "Redija as respostas"]),
        ("ar", "مطلوب منك إجابة واحدة", ["تقديم إجابات عن أسئلة", "لكتابة الإجابات"]),
    ],
)
def test_a_reminder_of_questions_asks_for_answers_and_not_for_updates(
    ministry, focal_point, language, subject, words
):
    User.objects.filter(pk=focal_point.pk).update(language=language)
    ask_question(request(ministry, records=[]))
    run(TODAY)
    mail = Mail.objects.get()
    assert mail.subject == subject
    assert [part for part in words if part not in mail.body] == []
    assert "update" not in mail.body


def ask_question(of: InputRequest) -> InputItem:
    return InputItem.objects.create(request=of, question=questions_make.question("Which budget?", of.institution))


def test_a_reminder_of_a_late_question_says_that_answers_are_missing(ministry, focal_point):
    authority = make.user(Role.AUTHORITY, ministry)
    ask_question(request(ministry, records=[]))
    run(TODAY + 7 * DAY)
    assert "answers are still missing" in Mail.objects.get(to=authority.email).body


def test_a_reminder_of_records_and_questions_names_both_and_of_what_is_still_open_only(ministry, focal_point):
    record = request(ministry)
    ask_question(request(ministry, records=[]))
    run(TODAY)
    mail = Mail.objects.get()
    assert mail.subject == "2 updates and answers are requested from you"
    assert "Updates, and answers to questions, are requested from you" in mail.body
    assert "Write the updates and answers here" in mail.body
    InputItem.objects.filter(request=record).update(answered_at=timezone.now())
    run(TODAY + 3 * DAY)
    assert Mail.objects.order_by("-pk").first().subject == "1 answer is requested from you"


def test_two_readers_of_one_request_read_it_in_two_languages(ministry, focal_point):
    other = make.user(Role.FOCAL_POINT, ministry, language="ar")
    User.objects.filter(pk=focal_point.pk).update(language="fr")
    request(ministry)
    run(TODAY)
    assert dict(Mail.objects.values_list("to", "subject")) == {
        focal_point.email: "1 point de situation vous est demandé",
        other.email: "مطلوب منك تحديث واحد",
    }
