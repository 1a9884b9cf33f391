"""A published obligation at the desk: whoever has no part in it sees what the public sees."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from servanda.people.access import Role
from servanda.people.models import User
from servanda.sources.models import Obligation, ObligationLetter, ObligationStep, Suspension
from servanda.sources.obligations.feeds import renew_feed
from servanda.trail.models import Event
from tests import make, obligation_make
from tests.house.answers import body_of

pytestmark = pytest.mark.django_db
WORD = "zymurgy"


@pytest.fixture
def due() -> Obligation:
    """Published by its title, with the word in everything internal."""
    owner = make.institution("moj", name=f"Ministry of {WORD}")
    record = make.recommendation(body=make.committee("CEDAW"))
    record.document.symbol = f"CEDAW/{WORD}/1"
    record.document.save()
    by_document = {"document": record.document, "paragraph": WORD, "words": WORD, "day_from": "document"}
    due = obligation_make.obligation("Follow-up report", owner=owner, note=WORD, state_reason=WORD, **by_document)
    obligation_make.step(due, WORD, owner, due_on=due.due_on - timedelta(days=9))
    obligation_make.submission(due, note_verbale=WORD, channel=WORD, mission=WORD, reply=WORD, annexes=WORD)
    obligation_make.extension(due)
    due.extensions.update(ground=WORD)
    Suspension.objects.create(
        obligation=due, starts_on=timezone.localdate(), ground=WORD, day_from_before="hand", certainty_before="fixed"
    )
    ObligationLetter.objects.create(obligation=due, kind="reminder", on=timezone.localdate(), note=WORD)
    obligation_make.file(due, make.user(Role.COORDINATOR), f"{WORD}.csv")
    Event.record("obligation-edited", due, by=make.user(Role.COORDINATOR), difference={"note": ["", WORD]})
    return due


def reader_for(bodies: str) -> User:
    person = make.user(Role.PUBLIC)
    make.appointment(person, make.institution("elsewhere"), "reader", bodies=bodies)
    return person


def addresses(due: Obligation, person: User) -> list[str]:
    year, pages = f"{due.due_on.year}", ["obligations", "obligation_calendar", "obligation_timeline"]
    return [
        reverse("desk:obligation", args=[due.code]),
        *(reverse(f"desk:{page}") + f"?state=all&year={year}" for page in pages),
        reverse("desk:obligations_export", args=["csv"]) + "?state=all",
        reverse("portal:calendar_feed", args=[renew_feed(by=person)]),
    ]


@pytest.mark.database
def test_a_reader_for_another_body_sees_what_the_public_sees_everywhere(client, due):
    person = reader_for("SPT")
    client.force_login(person)
    for address in addresses(due, person):
        page = body_of(client.get(address)).decode()
        assert ("Follow-up report" in page, WORD in page, "MOJ" in page) == (True, False, False), address


def test_a_reader_for_the_body_sees_the_internal_side(client, due):
    person = reader_for("CEDAW")
    client.force_login(person)
    page, listed, calendar, _timeline, export, feed = [
        body_of(client.get(address)).decode() for address in addresses(due, person)
    ]
    for words in ("Steps", "History", "note", f"Ministry of {WORD}", f"CEDAW/{WORD}/1"):
        assert words in page
    listed = listed.partition("<tbody>")[2]  # not the filters
    assert ("Binding" in listed, f"Ministry of {WORD}" in listed) == (True, True)
    assert all(WORD in other for other in (listed, calendar, export, feed))


@pytest.mark.database
def test_the_filters_find_by_the_internal_side_only_what_the_reader_sees_of_it(client, due):
    other = obligation_make.obligation("Dialogue", body=make.committee("SPT"), owner=due.owner)
    client.force_login(reader_for("SPT"))
    page = client.get(reverse("desk:obligations"), {"owner": due.owner.code, "state": "all"}).content.decode()
    assert (due.code in page, other.code in page) == (False, True)
    Obligation.objects.filter(pk=other.pk).update(owner=None)
    page = client.get(reverse("desk:obligations")).content.decode()
    assert due.owner.code not in page


def test_steps_and_files_of_a_published_obligation_follow_the_same_rule(due):
    outside, inside = reader_for("SPT"), reader_for("CEDAW")
    for rows in (ObligationStep.objects.all(), due.files.all()):
        assert (rows.visible_to(outside).count(), rows.visible_to(inside).count()) == (0, 1)


def test_the_person_of_a_step_sees_the_internal_side_of_what_is_restricted(due):
    Obligation.objects.update(confidentiality="restricted", is_published=False)
    ministry, other = make.user(Role.FOCAL_POINT, due.owner), make.user(Role.FOCAL_POINT, make.institution("moh"))
    found = [Obligation.objects.internal_to(person).count() for person in (ministry, other)]
    assert found == [1, 0]


def test_the_file_of_a_calendar_program_is_read_as_before(client, due):
    person = reader_for("SPT")
    answer = client.get(reverse("portal:calendar_feed", args=[renew_feed(by=person)]))
    [event] = Calendar.from_ical(answer.content).events
    assert str(event["description"]).split("\n")[2] == "Deadline from: Document"


@pytest.mark.database
def test_whether_it_was_answered_is_internal(client):
    past = {"is_past_at_entry": True, "due_on": timezone.localdate() - timedelta(days=9)}
    due, lists = obligation_make.obligation(**past), reverse("desk:obligations")
    for bodies, seen in (("SPT", False), ("CEDAW", True)):
        client.force_login(reader_for(bodies))
        for address in (due.get_absolute_url(), lists):
            page = client.get(address).content.decode()
            assert (due.code in page, "Not known whether answered" in page) == (True, seen), (bodies, address)
        assert (due.code in client.get(lists, {"when": "unknown"}).content.decode()) is seen
