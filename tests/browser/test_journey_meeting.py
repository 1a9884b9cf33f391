"""A meeting in a browser at 360 px, its pages in three languages: planned, with an agenda and participants, minutes
that are adopted, and a decision that becomes a commitment and is undone, or is followed up as a record is."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.network.models import Commitment, Meeting, MeetingDecision
from servanda.people.access import Role
from servanda.planning.models import Action
from servanda.progress.assessments.forms import grades_for
from servanda.progress.assessments.scales import load_scales
from servanda.progress.models import Assessment, Contribution, Update, Voice
from servanda.recommendations.models import Recommendation
from tests import make, network_make
from tests.browser.walk import Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
YESTERDAY = timezone.localdate() - timedelta(days=1)
DECISION, ACTION, UPDATE = "Share one training a year.", "A course on indicators", "Thirty people attended."
TITLE = "الندوة السنوية 2027"


def plan(walk: Walk, title: str) -> Meeting:
    page = walk.open(walk.coordinator, reverse("desk:add_meeting"))
    times = {"begins_at": "2026-05-10T09:00", "ends_at": "2026-05-11T17:00"}
    walk.fill(page, kind="seminar", title=title, languages="en, ar", most_participants="1", **times)
    return Meeting.objects.get()


def enter(walk: Walk, page_name: str, meeting: Meeting, /, **fields: str) -> None:
    walk.fill(walk.open(walk.coordinator, reverse(f"desk:{page_name}", args=[meeting.key])), **fields)


def test_a_meeting_is_walked_from_its_call_to_a_commitment(open_page, live_server, axe):
    network_make.own_state()
    walk = Walk(open_page, live_server, "ar")
    meeting = plan(walk, TITLE)
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
        assert walk.faults(page, axe, ("en", "es", "ar")) == []


def commitment_of_a_decision(walk: Walk) -> tuple[Meeting, Recommendation]:
    """A meeting of the network decided, and its decision is a record that others may see."""
    began = timezone.now() - timedelta(days=60)
    meeting = network_make.meeting(begins_at=began, ends_at=began)
    network_make.decision(meeting, text=DECISION)
    walk.press(walk.coordinator, meeting.get_absolute_url(), "make_commitment", MeetingDecision.objects.get().pk)
    record = Commitment.objects.get().recommendation
    Recommendation.every_kind.filter(pk=record.pk).update(is_published=True)
    return meeting, record


def carry_out(walk: Walk, record: Recommendation) -> None:
    """The lead institution plans an action and submits an update, which its authority approves."""
    walk.post(walk.coordinator, reverse("desk:assign_institutions", args=[record.code]), lead=str(walk.place.pk))
    walk.post(walk.writer, f"{reverse('desk:add_action')}?record={record.code}", title=ACTION)
    assert Action.objects.get().recommendations.get() == record
    walk.post(walk.writer, f"{reverse('desk:start_update')}?record={record.code}")
    update = Update.objects.get()
    page = reverse("desk:save_update", args=[update.pk])
    walk.post(walk.writer, page, text=UPDATE, button={"deed": "submit"})
    walk.push(walk.authority, update.get_absolute_url(), "validate_update", update.pk)
    walk.push(walk.coordinator, update.get_absolute_url(), "publish_update", update.pk)


def assess(walk: Walk, record: Recommendation) -> dict[Voice, str]:
    """The Government and the network assess it, and the national human rights institution in a contribution."""
    reasons = {Voice.GOVERNMENT: "Begun in May.", Voice.MECHANISM: "Seen at the seminar.", Voice.INDEPENDENT: "Late."}
    values = {voice: grades_for(voice, record.body.code).filter(common="started") for voice in Voice}
    started = {voice: str(grades.first().pk) for voice, grades in values.items()}
    given = {"grade": started[Voice.GOVERNMENT], "reason": reasons[Voice.GOVERNMENT], "is_published": True}
    walk.post(walk.coordinator, reverse("desk:assess", args=[record.code]), **given)
    given |= {"grade": started[Voice.MECHANISM], "reason": reasons[Voice.MECHANISM], "symbol": "Seminar 2027"}
    walk.send(walk.coordinator, reverse("desk:enter_grade", args=[record.code]), **given, date=YESTERDAY.isoformat())
    nhri = make.user(Role.CONTRIBUTOR, make.institution("nhri", name="Ombudsman"))
    page = f"{reverse('desk:contribute')}?about={record.code}"
    walk.post(nhri, page, text=reasons[Voice.INDEPENDENT], grade=started[Voice.INDEPENDENT])
    walk.post(walk.coordinator, reverse("desk:accept_contribution", args=[Contribution.objects.get().pk]))
    return reasons


def test_a_decision_is_followed_up_with_an_action_an_update_and_three_voices(open_page, live_server, axe):
    network_make.own_state()
    load_scales()
    walk = Walk(open_page, live_server, "en")
    meeting, record = commitment_of_a_decision(walk)
    carry_out(walk, record)
    reasons = assess(walk, record)
    page = walk.open(walk.coordinator, meeting.get_absolute_url())
    page.locator(f"main a[href='{Commitment.objects.get().get_absolute_url()}']").first.click()
    page.wait_for_load_state()
    main = page.locator("main")
    main.get_by_text(DECISION).first.wait_for()
    assert main.locator(f"a[href='{meeting.get_absolute_url()}']").count() == 1
    main.locator(f"a[href='{reverse('desk:record_follow_up', args=[record.code])}']").first.click()
    for words in (ACTION, UPDATE, *reasons.values()):
        main.get_by_text(words).first.wait_for(state="attached")
    assert set(Assessment.objects.values_list("voice", flat=True)) >= {Voice.GOVERNMENT, Voice.MECHANISM}
    assert walk.faults(page, axe) == []
