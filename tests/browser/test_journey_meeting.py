"""A meeting in a browser at 360 px, in three languages: planned, with an agenda and participants, minutes that are
adopted, and a decision that becomes a commitment and is undone."""

import pytest
from django.urls import reverse

from servanda.network.models import Commitment, Meeting, MeetingDecision
from tests import network_make
from tests.browser.walk import Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
TITLES = {"en": "Annual seminar 2027", "es": "Seminario anual 2027", "ar": "الندوة السنوية 2027"}


def plan(walk: Walk, title: str) -> Meeting:
    page = walk.open(walk.coordinator, reverse("desk:add_meeting"))
    times = {"begins_at": "2027-05-10T09:00", "ends_at": "2027-05-11T17:00"}
    walk.fill(page, kind="seminar", title=title, languages="en, ar", most_participants="1", **times)
    return Meeting.objects.get()


def enter(walk: Walk, page_name: str, meeting: Meeting, /, **fields: str) -> None:
    walk.fill(walk.open(walk.coordinator, reverse(f"desk:{page_name}", args=[meeting.key])), **fields)


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_a_meeting_is_walked_from_its_call_to_a_commitment(open_page, live_server, axe, language):
    network_make.own_state()
    walk = Walk(open_page, live_server, language)
    meeting = plan(walk, TITLES[language])
    enter(walk, "set_agenda", meeting, agenda="Opening\nTraining")
    for name in ("Ada", "Ben"):
        enter(walk, "register_participant", meeting, name=name, institution="Ministry")
    assert sorted(meeting.participants.values_list("state", flat=True)) == ["registered", "waiting"]
    enter(walk, "write_minutes", meeting, text="The meeting was opened.")
    enter(walk, "adopt_minutes", meeting, on="2026-06-01")
    enter(walk, "add_decision", meeting, text="Share one training.", due_on="2028-01-01")
    address, decision = meeting.get_absolute_url(), MeetingDecision.objects.get()
    walk.press(walk.coordinator, address, "make_commitment", decision.pk)
    record = Commitment.objects.get().get_absolute_url()
    assert walk.open(walk.coordinator, record).locator(f"main a[href='{address}']").count() == 1
    walk.press(walk.coordinator, address, "undo_commitment", decision.pk)
    page = walk.open(walk.coordinator, address)
    with page.expect_download() as download:
        page.locator("a[href$='meeting.ics']").click()
    assert download.value.suggested_filename == "meeting.ics"
    people, sheet = (
        reverse(f"desk:{name}", args=[meeting.key]) for name in ("meeting_participants", "meeting_sheet")
    )
    for path in (address, people, sheet, reverse("desk:meetings")):
        page = walk.open(walk.coordinator, path)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
