"""A meeting, page by page: from its call to a commitment in the register."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from servanda.network.meetings import minutes
from servanda.network.meetings.letters import token_of
from servanda.network.models import Commitment, Meeting, MeetingDecision, MeetingParticipant
from servanda.network.releases.services import share_entry
from servanda.people.access import Role
from servanda.people.models import Instance
from tests import make, network_make
from tests.house.answers import body_of, source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db

SENT = {
    "kind": "seminar",
    "title": "Annual seminar 2027",
    "begins_at": "2027-05-10T09:00",
    "ends_at": "2027-05-11T17:00",
    "languages": "en, fr",
    "link": "https://example.org/room",
    "most_participants": "1",
}


@pytest.fixture
def coordinator(client):
    network_make.own_state()
    Instance.objects.update(time_zone="Europe/Ljubljana")
    return make.signed_in(client, "coordinator")


def page(name: str, *arguments: object) -> str:
    return reverse(f"desk:{name}", args=arguments)


def send(client, page_name: str, /, *arguments: object, **fields: object):
    return client.post(page(page_name, *arguments), fields, follow=True)


def test_a_meeting_from_its_call_to_a_commitment(client, coordinator):
    assert "Meeting saved." in source_of(send(client, "add_meeting", **SENT))
    meeting = Meeting.objects.get()
    assert meeting.begins_at == datetime(2027, 5, 10, 7, tzinfo=UTC)
    send(client, "set_agenda", meeting.key, agenda="Opening\nTraining")
    file = SimpleUploadedFile("note.csv", b"Year,Meetings\n2027,1\n")
    point = meeting.agenda.get(title="Training").pk
    send(client, "add_paper", meeting.key, title="Concept note", language="fr", point=point, file=file)
    for name in ("Ada", "Ben"):
        send(client, "register_participant", meeting.key, name=name, role="member", institution="Ministry")
    send(client, "write_minutes", meeting.key, text="Opened.", language="en", seen="0")
    assert "The meeting has not begun" in source_of(send(client, "adopt_minutes", meeting.key, on="2026-06-01"))
    send(client, "add_decision", meeting.key, text="Share one training.", language="en", due_on="2028-01-01")
    shown = source_of(client.get(meeting.get_absolute_url()))
    for text in (
        "10 May 2027, 09:00",
        "Europe/Ljubljana",
        "Concept note",
        "On the waiting list",
        "Opened.",
    ):
        assert text in shown, text
    decision = MeetingDecision.objects.get()
    assert "The meeting has not begun" in source_of(send(client, "make_commitment", decision.pk))
    network_make.begun(meeting)
    assert "Adopted" in source_of(send(client, "adopt_minutes", meeting.key, on="2026-06-01"))
    done = source_of(send(client, "make_commitment", decision.pk))
    assert "now a commitment in the register" in done
    record = source_of(client.get(Commitment.objects.get().get_absolute_url()))
    assert f'href="{meeting.get_absolute_url()}"' in record
    assert "withdrawn from the register" in source_of(send(client, "undo_commitment", decision.pk))
    printed = source_of(client.get(page("meeting_sheet", meeting.key)))
    assert "Ada" in printed
    assert "Ben" not in printed  # on the waiting list
    assert page("make_commitment", decision.pk) not in printed


def test_the_time_is_that_of_the_instance_in_the_form_too(client, coordinator):
    send(client, "add_meeting", **SENT)
    form = source_of(client.get(page("edit_meeting", Meeting.objects.get().key)))
    assert 'value="2027-05-10T09:00"' in form


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"link": "javascript:alert(1)"}, "Enter a web address"),
        ({"languages": "English"}, "is not the code of a language"),
        ({"ends_at": "2027-05-09T09:00"}, "Enter an end that is not before the beginning."),
        ({"begins_at": "soon"}, "Enter a date and time"),
        ({"most_participants": "0"}, "between 1 and 5,000"),
        ({"most_participants": "999999"}, "between 1 and 5,000"),
    ],
)
def test_an_impossible_value_is_refused_beside_its_field(client, coordinator, fields, sentence):
    answer = send(client, "add_meeting", **(SENT | fields))
    assert answer.status_code == 422
    assert sentence in source_of(answer)
    assert not Meeting.objects.exists()


def test_a_point_of_another_meeting_is_no_choice(client, coordinator):
    meeting, other = network_make.meeting(), network_make.meeting("Other")
    point = other.agenda.create(place=1, title="Opening")
    file = SimpleUploadedFile("note.csv", b"Year,Meetings\n2027,1\n")
    answer = send(client, "add_paper", meeting.key, title="Note", language="en", point=point.pk, file=file)
    assert answer.status_code == 422
    assert not meeting.papers.exists()


def test_participants_are_withdrawn_restored_and_sent_as_a_file(client, coordinator):
    meeting = network_make.meeting()
    person = network_make.participant(meeting, "=Ada", role="speaker", language="fr")
    network_make.participant(meeting, "Ben")
    assert "was withdrawn" in source_of(send(client, "withdraw_participant", person.pk))
    assert "Registered again." in source_of(send(client, "restore_participant", person.pk))
    narrowed = page("meeting_participants_export", meeting.key, "csv") + "?role=speaker"
    lines = body_of(client.get(narrowed)).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Speaker" in lines[1]
    assert not lines[1].startswith("=")
    assert client.get(page("meeting_participants_export", meeting.key, "xlsx")).status_code == 200


def test_a_paper_is_a_download_until_it_is_withdrawn(client, coordinator):
    paper = network_make.paper(network_make.meeting())
    answer = client.get(page("meeting_paper", paper.key))
    assert answer["Content-Disposition"] == 'attachment; filename="note.csv"'
    send(client, "withdraw_paper", paper.key, reason="Old.")
    assert client.get(page("meeting_paper", paper.key)).status_code == 404
    send(client, "restore_paper", paper.key)
    assert client.get(page("meeting_paper", paper.key)).status_code == 200


def test_a_calendar_has_no_participants(client, coordinator):
    meeting = network_make.meeting()
    network_make.participant(meeting, "Ada")
    content = body_of(client.get(page("meeting_calendar", meeting.key)))
    assert b"Ada" not in content
    assert Calendar.from_ical(content).walk("VEVENT")[0]["SUMMARY"] == "Annual seminar 2027"


def test_readers_see_a_meeting_and_change_nothing(client):
    meeting = network_make.meeting()
    network_make.decision(meeting)
    make.signed_in(client, "reader")
    shown = source_of(client.get(meeting.get_absolute_url()))
    deeds = ("cancel_meeting", "register_participant", "write_minutes", "add_decision", "set_agenda", "add_paper")
    addresses = [page(name, meeting.key) for name in deeds]
    assert [address for address in addresses if address in shown] == []
    assert page("make_commitment", meeting.decisions.get().pk) not in shown


def test_the_list_and_the_pages_cost_the_same_for_many(client, coordinator):
    def fill(number: int) -> Meeting:
        begins = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=number)
        made = network_make.meeting(f"Meeting {number}", begins_at=begins, ends_at=begins)
        network_make.participant(made)
        return made

    first = fill(0)
    point = first.agenda.create(place=1, title="Opening")
    network_make.paper(first, point=point)
    network_make.decision(first, commitment=network_make.commitment())
    addresses = [page("meetings"), *(page(name, first.key) for name in ("meeting", "meeting_sheet"))]
    addresses.append(page("meeting_participants", first.key))
    few = [len(asked(client, address)) for address in addresses]
    for number in range(1, 30):
        fill(number)
    owner = network_make.profile("Neighbours", "HRV")
    for number in range(2, 8):
        made = network_make.commitment(f"Text {number}")
        network_make.decision(first, f"Decision {number}.", number, commitment=made, owner=owner)
        network_make.participant(first, f"Person {number}", mechanism=owner)
        network_make.paper(first, f"Paper {number}", point=first.agenda.create(place=number, title=f"Point {number}"))
    many = [len(asked(client, address)) for address in addresses]
    assert many == few
    assert max(many) <= MOST
    assert MeetingParticipant.objects.filter(meeting=first).count() == 7


def upcoming(**fields):
    begins = timezone.now() + timedelta(days=3)
    return network_make.meeting(**{"begins_at": begins, "ends_at": begins + timedelta(days=1), **fields})


def test_a_reader_registers_changes_withdraws_and_comes_back(client):
    person = make.signed_in(client, "administrator")
    meeting = upcoming()
    register = reverse("desk:register_for_meeting", args=[meeting.key])
    assert register in source_of(client.get(meeting.get_absolute_url()))
    page = source_of(client.post(register, {"institution": "Ministry", "language": "fr"}, follow=True))
    assert "Edit your registration" in page
    assert meeting.participants.get().email == person.email
    refused = client.post(register, {"institution": "Ministry", "language": "ar"})
    assert refused.status_code == 422
    withdraw = reverse("desk:withdraw_from_meeting", args=[meeting.key])
    page = source_of(client.post(withdraw, follow=True))
    restore = reverse("desk:restore_own_registration", args=[meeting.key])
    assert restore in page
    client.post(restore)
    assert meeting.participants.get().state == "registered"


def test_a_person_without_an_account_registers_by_the_link(client, coordinator):
    meeting = upcoming(link="https://example.org/secret-room")
    invite = reverse("desk:invite_to_meeting", args=[meeting.key])
    refused = client.post(invite, {"emails": "eva@example.org\nnobody", "language": "en"})
    assert "“nobody” is not an e-mail address." in source_of(refused)
    page = source_of(
        client.post(invite, {"emails": "eva@example.org\nben@example.org", "language": "en"}, follow=True)
    )
    assert "2 invitations are being sent." in page
    client.logout()
    token = token_of(meeting.invitations.get(email="eva@example.org"))
    address = reverse("portal:meeting_invitation", args=[token])
    shown, calendar = client.get(address), reverse("portal:invited_meeting_calendar", args=[token])
    assert "secret-room" not in source_of(shown)
    assert b"secret-room" not in client.get(calendar).content
    assert shown["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    register = reverse("portal:accept_meeting_invitation", args=[token])
    page = source_of(client.post(register, {"name": "Eva", "institution": "Office", "language": "en"}, follow=True))
    assert "secret-room" in page
    assert b"secret-room" in client.get(calendar).content
    decline = reverse("portal:decline_meeting_invitation", args=[token])
    assert "Withdraw from this meeting?" in source_of(client.get(decline))
    client.post(decline)
    assert meeting.participants.get().state == "withdrawn"
    assert client.get(reverse("portal:meeting_invitation", args=["0" * 32 + ".x"])).status_code == 404


def test_the_list_of_meetings_is_sent_as_a_file(client, coordinator):
    upcoming()
    listed = body_of(client.get(reverse("desk:meetings_export", args=["csv"]))).decode("utf-8-sig")
    assert "Annual seminar 2027" in listed


def test_the_list_of_invitations_costs_the_same_for_many(client, coordinator):
    meeting = upcoming()
    address = reverse("desk:meeting_invitations", args=[meeting.key])
    network_make.invitation(meeting, participant=network_make.participant(meeting))
    few = len(asked(client, address))
    for number in range(8):
        guest = network_make.participant(meeting, email=f"guest{number}@example.org")
        network_make.invitation(meeting, guest.email, participant=guest)
    assert len(asked(client, address)) == few


def test_pages_say_with_whom_an_entry_is_shared_and_when_registration_closes(client):
    by = make.signed_in(client, "coordinator")
    meeting = network_make.meeting(closes_on=date(2027, 4, 1))
    course = network_make.course()
    network_make.session(course, closes_on=date(2027, 4, 2))
    for entry, words in ((meeting, "1 April 2027"), (course, "2 April 2027")):
        page = source_of(client.get(entry.get_absolute_url()))
        assert words in page
        assert "No one" in page
        share_entry(entry=entry, audience="members", by=by)
        assert "Peers that are members" in source_of(client.get(entry.get_absolute_url()))
    shown = network_make.practice(state="published")
    assert "Everyone" in source_of(client.get(shown.get_absolute_url()))


def test_registration_does_not_close_after_the_beginning(client):
    make.signed_in(client, "coordinator")
    meeting = network_make.meeting()
    form = {"kind": "seminar", "title": "T", "languages": "en", "seen": meeting.version, "closes_on": "2027-06-01"}
    times = {"begins_at": "2027-05-10T09:00", "ends_at": "2027-05-11T09:00"}
    answer = client.post(reverse("desk:edit_meeting", args=[meeting.key]), form | times)
    assert "Enter the start date or an earlier date." in source_of(answer)


def test_minutes_are_saved_by_the_next_press_after_a_conflict(client):
    make.signed_in(client, Role.COORDINATOR)
    meeting = network_make.meeting()
    other = make.user(Role.COORDINATOR)
    minutes.write_minutes(meeting=meeting, text="Theirs", language="en", seen=0, by=other)
    url = reverse("desk:write_minutes", args=[meeting.key])
    conflict = client.post(url, {"text": "Mine", "language": "en", "seen": "0"})
    assert conflict.status_code == 422
    shown = conflict.context["form"]
    assert client.post(url, {name: shown[name].value() for name in shown.fields}).status_code == 302
    assert minutes.current_minutes(meeting).text == "Mine"
