"""Meetings: agenda, papers, registration with a waiting list, minutes, decisions and reminders."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar

from servanda.jobs.models import Mail
from servanda.kit.files.calendars import calendar_file
from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.meetings import decisions, minutes, papers, registration, services
from servanda.network.meetings.calendars import event_of
from servanda.network.meetings.decisions import DecisionValues
from servanda.network.meetings.queries import (
    MeetingFilter,
    agenda_of,
    decision_behind,
    decisions_of,
    find_meetings,
    participant_rows,
)
from servanda.network.meetings.registration import ParticipantValues
from servanda.network.meetings.reminders import remind_of_meetings
from servanda.network.meetings.services import MeetingValues
from servanda.network.models import Commitment, Meeting, MeetingDecision, MeetingMinutes
from servanda.people.accounts.personal_data import export_personal_data
from servanda.people.models import Instance
from servanda.people.versioning import ChangedMeanwhile
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from tests import make, network_make

pytestmark = pytest.mark.django_db

BEGINS = datetime(2027, 5, 10, 7, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def coordinator():
    return make.user("coordinator")


@pytest.fixture
def planned():
    return network_make.meeting()


def values(**fields) -> MeetingValues:
    usual = {"kind": "plenary", "title": "Plenary", "begins_at": BEGINS, "ends_at": BEGINS + DAY, "languages": ["en"]}
    return MeetingValues(**(usual | fields))


def register(meeting, name, by, **fields):
    facts = {"role": "member", "institution": "Ministry", **fields}
    return registration.register_participant(meeting=meeting, values=ParticipantValues(name=name, **facts), by=by)


def states(meeting) -> dict[str, str]:
    return dict(meeting.participants.values_list("name", "state"))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"title": " "}, "title"), ({"languages": []}, "languages"), ({"ends_at": BEGINS - DAY}, "ends_at")],
)
def test_what_is_missing_is_named(coordinator, fields, wrong):
    with pytest.raises(FieldRefused) as refused:
        services.add_meeting(values=values(**fields), by=coordinator)
    assert refused.value.field == wrong
    assert not Meeting.objects.exists()


def test_what_another_user_saved_is_not_overwritten_unseen(coordinator):
    meeting = services.add_meeting(values=values(), by=coordinator)
    services.edit_meeting(meeting=meeting, values=values(place="Geneva"), seen=1, by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        services.edit_meeting(meeting=meeting, values=values(place="Lisbon"), seen=1, by=coordinator)


def test_an_agenda_keeps_papers_of_points_whose_words_stay(coordinator, planned):
    services.set_agenda(meeting=planned, titles=["Opening", " ", "Training", "Opening"], by=coordinator)
    training = planned.agenda.get(title="Training")
    network_make.paper(planned, point=training)
    services.set_agenda(meeting=planned, titles=["Training", "Closing"], by=coordinator)
    points, rest = agenda_of(planned, coordinator)
    assert [(str(point), [paper.title for paper in documents]) for point, documents in points] == [
        ("1. Training", ["Concept note"]),
        ("2. Closing", []),
    ]
    services.set_agenda(meeting=planned, titles=["Closing"], by=coordinator)
    points, rest = agenda_of(planned, coordinator)
    assert [paper.title for paper in rest] == ["Concept note"]


@pytest.mark.parametrize("titles", [["x" * 301], [str(number) for number in range(101)]])
def test_an_agenda_has_bounds(coordinator, planned, titles):
    with pytest.raises(FieldRefused):
        services.set_agenda(meeting=planned, titles=titles, by=coordinator)
    assert not planned.agenda.exists()


def test_a_cancelled_meeting_changes_only_when_it_is_restored(coordinator, planned):
    with pytest.raises(Refused, match="Enter a reason"):
        services.cancel_meeting(meeting=planned, reason=" ", by=coordinator)
    services.cancel_meeting(meeting=planned, reason="Too few answers.", by=coordinator)
    for deed in (
        lambda: services.set_agenda(meeting=planned, titles=["Opening"], by=coordinator),
        lambda: register(planned, "Ada", coordinator),
        lambda: minutes.write_minutes(meeting=planned, text="Text", language="en", seen=0, by=coordinator),
    ):
        with pytest.raises(Refused, match="Restore it first"):
            deed()
    services.restore_meeting(meeting=planned, by=coordinator)
    with pytest.raises(Refused, match="not cancelled"):
        services.restore_meeting(meeting=planned, by=coordinator)
    reasons = Event.objects.filter(action="meeting-cancelled").values_list("difference", flat=True)
    assert "Too few answers." in reasons[0]


def test_a_full_meeting_has_a_waiting_list_in_order(coordinator):
    meeting = network_make.meeting(most_participants=2)
    for name in ("Ada", "Ben", "Cleo", "Dan"):
        register(meeting, name, coordinator)
    assert states(meeting) == {"Ada": "registered", "Ben": "registered", "Cleo": "waiting", "Dan": "waiting"}
    first = meeting.participants.get(name="Ada")
    registration.withdraw_participant(participant=first, by=coordinator)
    assert states(meeting) == {"Ada": "withdrawn", "Ben": "registered", "Cleo": "registered", "Dan": "waiting"}
    registration.restore_participant(participant=first, by=coordinator)
    registration.withdraw_participant(participant=meeting.participants.get(name="Ben"), by=coordinator)
    assert states(meeting) == {"Ada": "waiting", "Ben": "withdrawn", "Cleo": "registered", "Dan": "registered"}


def test_more_places_register_those_who_wait_and_fewer_take_none_away(coordinator):
    meeting = services.add_meeting(values=values(most_participants=1), by=coordinator)
    for name in ("Ada", "Ben", "Cleo"):
        register(meeting, name, coordinator)
    services.edit_meeting(meeting=meeting, values=values(most_participants=2), seen=None, by=coordinator)
    assert states(meeting) == {"Ada": "registered", "Ben": "registered", "Cleo": "waiting"}
    services.edit_meeting(meeting=meeting, values=values(most_participants=1), seen=None, by=coordinator)
    assert states(meeting) == {"Ada": "registered", "Ben": "registered", "Cleo": "waiting"}
    services.edit_meeting(meeting=meeting, values=values(), seen=None, by=coordinator)
    assert set(states(meeting).values()) == {"registered"}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"name": ""}, "name"), ({"institution": ""}, "institution"), ({"email": "ADA@example.org"}, "email")],
)
def test_a_registration_names_what_it_lacks(coordinator, planned, fields, wrong):
    register(planned, "Ada", coordinator, email="ada@example.org")
    with pytest.raises(FieldRefused) as refused:
        register(planned, fields.pop("name", "Ben"), coordinator, **fields)
    assert refused.value.field == wrong


def test_a_participant_is_edited_unless_somebody_else_was_first(coordinator, planned):
    person = register(planned, "Ada", coordinator)
    changed = ParticipantValues(name="Ada", role="speaker", mechanism=network_make.profile("Commission"))
    registration.edit_participant(participant=person, values=changed, seen=1, by=coordinator)
    assert [row[:4] for row in participant_rows(planned.participants.all())] == [
        ["Ada", "Speaker", "Commission", "SVN"]
    ]
    with pytest.raises(ChangedMeanwhile):
        registration.edit_participant(participant=person, values=changed, seen=1, by=coordinator)


def test_the_trail_has_no_names_of_participants(coordinator, planned):
    person = register(planned, "Ada Lovelace", coordinator, email="ada@example.org")
    registration.withdraw_participant(participant=person, by=coordinator)
    lines = Event.objects.filter(action__startswith="meeting-").values_list("object_label", "difference")
    assert not any("Ada" in str(line) or "ada@" in str(line) for line in lines)


def test_registrations_belong_to_the_personal_data_of_an_account(coordinator, planned):
    guest = make.user("reader", email="guest@example.org")
    register(planned, "Guest", coordinator, email="Guest@example.org")
    assert [row["name"] for row in export_personal_data(guest)["registrations for meetings"]] == ["Guest"]


def test_papers_are_examined_grouped_by_title_withdrawn_and_restored(coordinator, planned):
    def send(language: str, content: bytes = b"Year,Meetings\n2027,1\n", name: str = "note.csv"):
        file = SimpleUploadedFile(name, content)
        facts = {"title": "Concept note", "language": language, "point": None}
        return papers.add_paper(meeting=planned, file=file, name=name, **facts, by=coordinator)

    english, _french = send("en"), send("fr")
    with pytest.raises(Refused):
        send("en", b"MZ\x90\x00", "note.exe")
    [paper] = agenda_of(planned, coordinator)[1]
    assert [file.language for file in paper.files] == ["en", "fr"]
    assert english.file.name.startswith("meetings/")
    papers.withdraw_paper(paper=english, reason="Old.", by=coordinator)
    assert [file.language for file in agenda_of(planned, coordinator)[1][0].files] == ["fr"]
    papers.restore_paper(paper=english, by=coordinator)
    assert len(agenda_of(planned, coordinator)[1][0].files) == 2


def test_adopted_minutes_are_frozen_and_a_new_draft_begins_with_their_text(coordinator, planned):
    def write(text: str, seen: int | None = None):
        minutes.write_minutes(meeting=planned, text=text, language="en", seen=seen, by=coordinator)

    network_make.begun(planned)
    today = timezone.localdate()
    with pytest.raises(Refused, match="no minutes"):
        minutes.adopt_minutes(meeting=planned, on=today, by=coordinator)
    write("Opened.", 0)
    with pytest.raises(ChangedMeanwhile):
        write("Opened by another.", 0)
    write("Opened and closed.", 1)
    with pytest.raises(FieldRefused, match="today or in the past"):
        minutes.adopt_minutes(meeting=planned, on=today + DAY, by=coordinator)
    minutes.adopt_minutes(meeting=planned, on=today, by=coordinator)
    with pytest.raises(Refused, match="Reopen them"):
        write("Changed.")
    minutes.reopen_minutes(meeting=planned, reason="A name was wrong.", by=coordinator)
    write("Opened, closed and corrected.")
    rows = MeetingMinutes.objects.order_by("number").values_list("number", "text", "adopted_on", "reason")
    assert list(rows) == [
        (1, "Opened.", None, ""),
        (2, "Opened and closed.", today, ""),
        (3, "Opened and closed.", None, "A name was wrong."),
        (4, "Opened, closed and corrected.", None, ""),
    ]


def test_minutes_are_not_adopted_before_the_meeting(coordinator, planned):
    minutes.write_minutes(meeting=planned, text="Opened.", language="en", seen=0, by=coordinator)
    with pytest.raises(Refused, match="has not begun. Adopt its minutes after it, or correct its dates first"):
        minutes.adopt_minutes(meeting=planned, on=timezone.localdate(), by=coordinator)
    held_on = timezone.localdate(network_make.begun(planned).begins_at)
    with pytest.raises(FieldRefused, match="Enter the date of the meeting, 10 May 2026, or a later date"):
        minutes.adopt_minutes(meeting=planned, on=held_on - DAY, by=coordinator)
    minutes.adopt_minutes(meeting=planned, on=held_on, by=coordinator)
    assert MeetingMinutes.objects.get().adopted_on == held_on


def test_a_decision_becomes_a_commitment_and_back(coordinator, planned):
    network_make.own_state()
    owner = network_make.profile("Commission", is_own=True)
    text = DecisionValues(text="Share one training.", language="en", owner=owner, due_on=date(2028, 1, 1))
    decision = decisions.add_decision(meeting=planned, values=text, by=coordinator)
    with pytest.raises(Refused, match="The meeting has not begun"):
        decisions.make_commitment(decision=decision, by=coordinator)
    network_make.begun(planned)
    made = decisions.make_commitment(decision=decision, by=coordinator)
    record = made.recommendation
    assert (made.owner, made.due_on, made.source) == (owner, date(2028, 1, 1), "Annual seminar 2027, 12 May 2026")
    assert (record.kind, record.date, record.is_published) == ("commitment", date(2026, 5, 12), False)
    assert decision_behind(record, coordinator) == decision
    assert decision_behind(record, make.user("contributor")) is None
    for deed in (
        lambda: decisions.make_commitment(decision=decision, by=coordinator),
        lambda: decisions.withdraw_decision(decision=decision, by=coordinator),
        lambda: decisions.edit_decision(decision=decision, values=text, seen=None, by=coordinator),
    ):
        with pytest.raises(Refused, match="followed up as a commitment"):
            deed()
    decisions.undo_commitment(decision=decision, by=coordinator)
    assert not Recommendation.every_kind.get(pk=record.pk).is_public
    assert Recommendation.every_kind.filter(pk=record.pk, withdrawn_at=None).count() == 0
    with pytest.raises(Refused, match="not followed up"):
        decisions.undo_commitment(decision=decision, by=coordinator)
    assert decisions.make_commitment(decision=decision, by=coordinator) == made
    assert Commitment.objects.count() == 1


def test_a_restricted_commitment_is_not_named_to_those_who_cannot_open_it(coordinator, planned):
    made = network_make.commitment()
    network_make.decision(planned, commitment=made)
    reader = make.user("focal-point", make.institution("other"))
    assert [row.is_open for row in decisions_of(planned, reader)] == [True]
    Recommendation.every_kind.filter(pk=made.recommendation_id).update(confidentiality="restricted")
    assert [row.is_open for row in decisions_of(planned, reader)] == [False]
    assert decision_behind(made.recommendation, reader) is not None  # the meeting is open to them


def test_a_decision_needs_the_state_before_it_can_be_followed_up(coordinator, planned):
    decision = network_make.decision(network_make.begun(planned))
    with pytest.raises(Refused, match="Enter the State"):
        decisions.make_commitment(decision=decision, by=coordinator)


def test_decisions_are_numbered_withdrawn_and_restored(coordinator, planned):
    first, second = (
        decisions.add_decision(meeting=planned, values=DecisionValues(text=text, language="en"), by=coordinator)
        for text in ("One.", "Two.")
    )
    decisions.withdraw_decision(decision=second, by=coordinator)
    third = decisions.add_decision(meeting=planned, values=DecisionValues(text="3.", language="en"), by=coordinator)
    assert (first.number, third.number) == (1, 3)
    with pytest.raises(Refused, match="Restore it first"):
        decisions.make_commitment(decision=second, by=coordinator)
    decisions.restore_decision(decision=second, by=coordinator)
    assert MeetingDecision.objects.visible_to(coordinator).count() == 3
    with pytest.raises(FieldRefused, match="text of the decision"):
        decisions.add_decision(meeting=planned, values=DecisionValues(text=" ", language="en"), by=coordinator)


def test_meetings_are_found_by_kind_state_and_words(coordinator):
    now = datetime(2027, 6, 1, tzinfo=UTC)
    past = network_make.meeting("Seminar in Lisbon")
    future = network_make.meeting("Plenary", kind="plenary", begins_at=now + DAY, ends_at=now + 2 * DAY)
    cancelled = network_make.meeting("Moved", cancelled_at=now, cancelled_reason="Too few.")
    network_make.participant(past)
    network_make.participant(past, "Ben", state="waiting")

    def found(**fields) -> list[Meeting]:
        return list(find_meetings(coordinator, MeetingFilter(**fields), on=now))

    assert found(state="past") == [past]
    assert found(state="upcoming") == [future]
    assert found(state="cancelled") == [cancelled]
    assert found(kind="plenary") == [future]
    assert found(words="lisbon") == [past]
    assert found(words="lisbon")[0].registered == 1
    assert not find_meetings(make.user("contributor"), MeetingFilter(), on=now).exists()


def test_calendars_show_the_meeting_and_that_it_is_cancelled(planned):
    planned.place, planned.call = "Ljubljana; room 2", "Come.\nAll of you"
    content = calendar_file(
        "Meeting",
        [event_of(planned, page="https://example.org/m", link=planned.link, is_internal=True)],
        language="en",
    )
    [event] = Calendar.from_ical(content).walk("VEVENT")
    assert (event["SUMMARY"], event["LOCATION"]) == ("Annual seminar 2027", "Ljubljana; room 2")
    assert event.decoded("DTSTART") == planned.begins_at
    assert event.decoded("DTEND") == planned.ends_at
    planned.cancelled_at = timezone.now()
    cancelled_event = event_of(planned, page="", link=planned.link, is_internal=True)
    cancelled = calendar_file("Meeting", [cancelled_event], language="en")
    assert Calendar.from_ical(cancelled).walk("VEVENT")[0]["STATUS"] == "CANCELLED"


def test_a_calendar_of_an_invitation_does_not_show_that_internal_notes_changed(planned):
    before = event_of(planned, page="", link="", is_internal=False)
    planned.version += 1
    planned.changed_at = timezone.now()
    assert event_of(planned, page="", link="", is_internal=False) == before


def test_participants_with_an_account_are_reminded_once_a_week_before(coordinator):
    Instance.objects.update_or_create(pk=Instance.current().pk, defaults={"time_zone": "Europe/Ljubljana"})
    now = datetime(2027, 5, 4, 8, tzinfo=UTC)
    meeting = network_make.meeting(begins_at=BEGINS, ends_at=BEGINS + DAY)
    make.user("reader", email="ada@example.org")
    make.user("reader", email="ben@example.org")
    register(meeting, "Ada", coordinator, email="Ada@example.org")
    register(meeting, "No account", coordinator, email="nobody@example.org")
    waiting = register(meeting, "Ben", coordinator, email="ben@example.org")
    registration.withdraw_participant(participant=waiting, by=coordinator)
    assert remind_of_meetings(now=now - 2 * DAY) == 0
    assert remind_of_meetings(now=now) == 1
    assert remind_of_meetings(now=now + DAY) == 0
    mail = Mail.objects.get(subject__startswith="Reminder of a meeting")
    assert mail.to == "ada@example.org"
    assert "10 May 2027, 09:00 (Europe/Ljubljana)" in mail.body


@pytest.mark.database
def test_the_tables_keep_their_rules(planned):
    network_make.participant(planned, email="ada@example.org")
    network_make.decision(planned)
    for deed in (
        lambda: network_make.participant(planned, "Other", email="ada@example.org"),
        lambda: network_make.decision(planned),
        lambda: network_make.meeting(ends_at=BEGINS - DAY),
        lambda: network_make.meeting(cancelled_at=timezone.now()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
