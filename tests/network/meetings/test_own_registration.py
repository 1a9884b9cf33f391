"""Registration by the person: with an account, and by the signed link of an invitation."""

from datetime import timedelta

import pytest
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.meetings import inviting, own_registration, registration
from servanda.network.meetings.letters import key_in, link_of, token_of
from servanda.network.meetings.queries import MeetingFilter, find_meetings, meeting_rows, numbers_by_language
from servanda.network.meetings.registration import ParticipantValues
from servanda.network.meetings.reminders import remind_of_meetings
from servanda.network.models import MeetingInvitation
from servanda.people.accounts.personal_data import export_personal_data
from servanda.trail.models import Event
from tests import make, network_make

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def coordinator():
    return make.user("coordinator")


def planned(**fields):
    begins = timezone.now() + 3 * DAY
    return network_make.meeting(**{"begins_at": begins, "ends_at": begins + DAY, **fields})


def values(email: str, name: str = "Ada Example", **fields) -> ParticipantValues:
    facts = {"role": "member", "institution": "Ministry", "language": "fr", **fields}
    return ParticipantValues(name=name, email=email, **facts)


def join(meeting, person, **fields):
    return own_registration.register_for_meeting(meeting=meeting, values=values(person.email, **fields), by=person)


def invited(meeting, email, by) -> MeetingInvitation:
    inviting.invite_to_meeting(meeting=meeting, emails=[email], language="fr", by=by)
    return meeting.invitations.get(email=email)


def accept(invitation, **fields):
    return own_registration.accept_meeting_invitation(
        invitation=invitation, values=values(invitation.email, **fields)
    )


def states(meeting) -> list[str]:
    return list(meeting.participants.order_by("pk").values_list("state", flat=True))


def test_the_last_place_goes_to_the_first_and_moves_to_who_waits(coordinator):
    meeting, first, second = planned(most_participants=1), make.user(), make.user()
    join(meeting, first)
    join(meeting, second)
    assert states(meeting) == ["registered", "waiting"]
    own_registration.withdraw_from_meeting(meeting=meeting, by=first)
    assert states(meeting) == ["withdrawn", "registered"]
    letter = Mail.objects.get()
    assert (letter.to, letter.subject) == (second.email, "You have a place: Annual seminar 2027")
    own_registration.restore_own_registration(meeting=meeting, by=first)
    assert states(meeting) == ["waiting", "registered"]


def test_who_is_registered_changes_the_entry_and_keeps_the_place(coordinator):
    meeting, person = planned(most_participants=1), make.user()
    former = join(meeting, person)
    later = join(meeting, person, language="en")
    assert (later.pk, later.state, later.language) == (former.pk, "registered", "en")
    assert later.queued_at == former.queued_at
    assert numbers_by_language(meeting) == [("en", 1)]


def test_nobody_registers_for_what_has_begun_or_is_cancelled(coordinator):
    person = make.user()
    begun = network_make.meeting(begins_at=timezone.now() - DAY, ends_at=timezone.now() + DAY)
    with pytest.raises(Refused, match="has begun"):
        join(begun, person)
    cancelled = planned(cancelled_at=timezone.now(), cancelled_reason="Strike.")
    with pytest.raises(Refused, match="cancelled"):
        join(cancelled, person)
    with pytest.raises(FieldRefused, match="Choose a mechanism"):
        join(planned(), person, institution="")
    with pytest.raises(Refused, match="not registered"):
        own_registration.withdraw_from_meeting(meeting=planned(), by=person)


def test_an_address_is_invited_once_and_the_link_cannot_be_guessed(coordinator):
    meeting = planned()
    invitation = invited(meeting, "eva@example.org", coordinator)
    letter = Mail.objects.get()
    assert letter.to == "eva@example.org"
    assert link_of(invitation) in letter.body
    assert letter.subject.startswith("Invitation à une réunion")
    token = token_of(invitation)
    assert key_in(token) == invitation.key
    for forged in (invitation.key.hex, token[:-1], f"{invitation.key.hex}.x", "", "é" * 40):
        assert key_in(forged) is None
    with pytest.raises(FieldRefused, match="invited already"):
        inviting.invite_to_meeting(meeting=meeting, emails=["EVA@example.org"], language="en", by=coordinator)
    assert (
        inviting.invite_to_meeting(
            meeting=meeting, emails=["eva@example.org", "ben@example.org"], language="en", by=coordinator
        )
        == 1
    )


def test_the_invited_register_wait_and_withdraw_without_an_account(coordinator):
    meeting = planned(most_participants=1)
    one, two = (invited(meeting, f"{name}@example.org", coordinator) for name in ("eva", "ben"))
    accept(one)
    accept(two, name="Ben Example")
    assert states(meeting) == ["registered", "waiting"]
    own_registration.decline_meeting_invitation(invitation=one)
    assert states(meeting) == ["withdrawn", "registered"]
    letter = Mail.objects.order_by("-pk").first()
    assert letter.to == "ben@example.org"
    assert link_of(two) in letter.body
    actors = Event.objects.filter(action__startswith="meeting-invitation-").values_list("actor", flat=True)
    assert set(actors) == {None}
    assert "example.org" not in "".join(Event.objects.values_list("difference", flat=True))


def test_a_revoked_link_registers_nobody_until_it_is_restored(coordinator):
    invitation = invited(planned(), "eva@example.org", coordinator)
    inviting.revoke_meeting_invitation(invitation=invitation, by=coordinator)
    with pytest.raises(Refused, match="no longer works"):
        accept(invitation)
    with pytest.raises(Refused, match="Restore it first"):
        inviting.resend_meeting_invitation(invitation=invitation, by=coordinator)
    inviting.restore_meeting_invitation(invitation=invitation, by=coordinator)
    assert accept(invitation).state == "registered"


def test_who_was_registered_by_the_organiser_sees_it_under_the_link(coordinator):
    meeting = planned()
    made = registration.register_participant(
        meeting=meeting, values=values("Eva@example.org", role="speaker"), by=coordinator
    )
    invitation = invited(meeting, "eva@example.org", coordinator)
    assert invitation.participant == made


def test_the_invited_are_reminded_under_their_link_and_accounts_once(coordinator):
    meeting, person = planned(), make.user()
    invitation = invited(meeting, "eva@example.org", coordinator)
    accept(invitation)
    both = invited(meeting, person.email, coordinator)
    accept(both)
    Mail.objects.all().delete()
    noon = timezone.now().replace(hour=12)
    meeting.begins_at = noon + DAY
    meeting.ends_at = noon + 2 * DAY
    meeting.save()
    assert remind_of_meetings(now=noon) == 1
    letters = {letter.to: letter.body for letter in Mail.objects.all()}
    assert set(letters) == {"eva@example.org", person.email}
    assert link_of(invitation) in letters["eva@example.org"]


def test_invitations_belong_to_the_personal_data_of_an_account(coordinator):
    meeting, person = planned(), make.user()
    invited(meeting, person.email, coordinator)
    assert person.email in str(export_personal_data(person))


def test_the_list_of_meetings_is_a_table_with_its_counts(coordinator):
    meeting = planned(most_participants=1)
    join(meeting, make.user())
    join(meeting, make.user())
    now = timezone.now()
    (row,) = meeting_rows(find_meetings(coordinator, MeetingFilter(), on=now), on=now)
    assert row[0] == "Annual seminar 2027"
    assert row[7:12] == ["1", "1", "1", "0", "Upcoming"]


def test_after_the_closing_date_only_a_coordinator_registers_people(coordinator):
    person, other, today = make.user(), make.user(), timezone.localdate()
    meeting = planned(closes_on=today)
    join(meeting, person)
    invitation = invited(meeting, "guest@example.org", coordinator)
    meeting.closes_on = today - DAY
    meeting.save()
    join(meeting, person, institution="Another ministry")
    with pytest.raises(Refused, match="Registration closed on"):
        join(meeting, other)
    with pytest.raises(Refused, match="Registration closed on"):
        accept(invitation)
    own_registration.withdraw_from_meeting(meeting=meeting, by=person)
    with pytest.raises(Refused, match="Registration closed on"):
        own_registration.restore_own_registration(meeting=meeting, by=person)
    registration.register_participant(meeting=meeting, values=values(other.email), by=coordinator)
    assert states(meeting) == ["withdrawn", "registered"]
