"""The day of a requested reply, asked for everywhere it is shown, through a document, an extension and a reply."""

from datetime import date, timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.desk.home.brief import brief_for
from servanda.desk.home.deadlines import deadlines_of
from servanda.desk.home.items import parts_of, read_lists
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.models import User
from servanda.progress.rounds.reminder_plan import plan_reminders
from servanda.recommendations.bulk.changes import Change
from servanda.recommendations.bulk.services import apply_bulk, clear_bulk, start_bulk, undo_bulk
from servanda.recommendations.editing.follow_ups import end_follow_up, mark_follow_up, record_reply, restore_follow_up
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.sources.models import Obligation
from servanda.sources.obligations.extensions import answer_extension, ask_extension
from servanda.sources.obligations.feeds import renew_feed
from servanda.sources.obligations.services import edit_obligation, withdraw_obligation
from servanda.sources.obligations.values import ObligationValues
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def marked(record: Recommendation, due_on: date | None, by: User, kind: str = "follow-up") -> FollowUp:
    version = Recommendation.objects.get(pk=record.pk).version
    return mark_follow_up(recommendation=record, kind=kind, due_on=due_on, version=version, by=by)


def same_day_everywhere(client, person: User, record: Recommendation, day: date) -> dict[str, bool]:
    """Whether each place shows this day for the record or its obligation."""
    today, code = timezone.localdate(), record.follow_ups.current().get().obligation.code
    iso = f'datetime="{day.isoformat()}"'
    calendar = icalendar.Calendar.from_ical(b"".join(feed_of(client, person)))
    events = {
        str(event["DESCRIPTION"]).splitlines()[0]: event.decoded("DTSTART") for event in calendar.walk("VEVENT")
    }
    items = [item for rows in read_lists(parts_of(deadlines_of(person, on=day))).values() for item in rows]
    month = reverse("desk:obligation_calendar") + f"?month={day:%Y-%m}"
    replies = [
        due.reply for reminder in plan_reminders(on=day) if reminder.person == person for due in reminder.replies
    ]
    answer = client.get(f"/api/v1/recommendations/{record.code}").json()
    return {
        "record": iso in client.get(reverse("desk:record", args=[record.code])).content.decode(),
        "requests": iso in client.get(reverse("desk:mark_follow_up", args=[record.code])).content.decode(),
        "list": iso in client.get(reverse("desk:obligations")).content.decode(),
        "calendar": code in client.get(month).content.decode(),
        "feed": events.get(code) == day,
        "minister": [due.day for due in brief_for(person, on=today).replies] == [day],
        "home": [(item.key, item.day) for item in items if item.key in (code, record.code)] == [(code, day)],
        "mails": [reply.due_on for reply in replies] == [day],
        "api": answer["follow_up_due_on"] == day.isoformat(),
        "public": iso in client.get(reverse("portal:recommendation", args=[record.code])).content.decode(),
    }


def feed_of(client, person: User) -> list[bytes]:
    answer = client.get(reverse("portal:calendar_feed", args=[renew_feed(by=person)]))
    assert answer.status_code == 200
    return list(answer)


@pytest.mark.database
def test_every_place_shows_the_day_of_the_obligation_before_and_after_an_extension(client):
    by, today = make.signed_in(client, Role.COORDINATOR), timezone.localdate()
    first, second = (make.recommendation(body=make.committee("CEDAW")) for _number in range(2))
    day, later = today + 20 * DAY, today + 50 * DAY
    asked = [marked(record, day, by) for record in (first, second)]
    assert asked[0].obligation == asked[1].obligation
    assert [place for place, shown in same_day_everywhere(client, by, first, day).items() if not shown] == []
    ask = {"obligation": asked[0].obligation, "asked_on": today, "asked_until": later, "ground": "Elections."}
    extension = ask_extension(**ask, by=by)
    answer_extension(extension=extension, answered_on=today, granted_until=later, by=by)
    for record in (first, second):
        assert [place for place, shown in same_day_everywhere(client, by, record, later).items() if not shown] == []


def test_a_reply_on_one_record_is_the_reply_on_all_that_share_its_obligation(client):
    by, today = make.signed_in(client, Role.COORDINATOR), timezone.localdate()
    first, second = make.recommendation(), make.recommendation()
    asked, _other = [marked(record, today + DAY, by) for record in (first, second)]
    page = client.get(reverse("desk:record_reply", args=[first.code, asked.pk])).content.decode()
    assert "2 records have this deadline. What you save here applies to all of them." in page
    record_reply(follow_up=asked, replied_on=today, reply="CCPR/C/SVN/FCO/3", by=by)
    assert [row.reply for row in FollowUp.objects.replied()] == ["CCPR/C/SVN/FCO/3"] * 2
    assert Obligation.objects.get().state == "submitted"
    third = marked(make.recommendation(), today + DAY, by)  # not covered by what was sent
    assert (third.replied_on, third.obligation == asked.obligation) == (None, False)


def test_another_day_on_one_record_moves_it_alone_and_the_last_one_ends_the_obligation(client):
    by, today = make.signed_in(client, Role.COORDINATOR), timezone.localdate()
    first, second = make.recommendation(), make.recommendation()
    shared = [marked(record, today + DAY, by) for record in (first, second)][0].obligation
    moved = marked(first, today + 9 * DAY, by)
    assert [row.due_on for row in second.follow_ups.current()] == [today + DAY]
    page = client.get(reverse("desk:obligation", args=[shared.code])).content.decode()
    assert (second.code in page, first.code in page) == (True, False)
    last = second.follow_ups.current().get()
    end_follow_up(follow_up=last, by=by)
    assert not Obligation.objects.kept().filter(pk=shared.pk).exists()
    restore_follow_up(follow_up=FollowUp.objects.get(pk=last.pk), by=by)
    assert Obligation.objects.kept().filter(pk=shared.pk).exists()
    assert set(Obligation.objects.kept()) == {shared, moved.obligation}


def test_a_restricted_record_shares_nothing_and_what_is_recorded_on_it_changes_no_other():
    by, today = make.user(Role.COORDINATOR), timezone.localdate()
    institution = make.institution("moj")
    reader = make.user(Role.FOCAL_POINT, institution)
    public = make.recommendation()
    closed, other = (make.recommendation(confidentiality="restricted") for _number in range(2))
    rows = [marked(record, today + DAY, by) for record in (public, closed, other)]
    assert len({row.obligation_id for row in rows}) == 3
    assert set(Obligation.objects.visible_to(reader)) == {rows[0].obligation}
    record_reply(follow_up=rows[1], replied_on=today, reply="", by=by)
    assert [row.replied_on for row in FollowUp.objects.with_obligation().order_by("pk")] == [None, today, None]


def test_a_record_that_becomes_restricted_takes_its_day_and_reply_along_and_brings_them_back(client):
    by, today = make.signed_in(client, Role.COORDINATOR), timezone.localdate()
    place = make.institution("moj")
    record, other = make.recommendation(), make.recommendation()
    asked = [marked(each, today + DAY, by) for each in (record, other)][0]
    shared = asked.obligation
    close(client, record, place)
    asked = FollowUp.objects.with_obligation().get(pk=asked.pk)
    assert (asked.obligation == shared, asked.due_on, asked.obligation.confidentiality) == (
        False,
        today + DAY,
        "restricted",
    )
    own = asked.obligation
    record_reply(follow_up=asked, replied_on=today, reply="X", by=by)
    assert other.follow_ups.get().replied_on is None
    close(client, record, None)
    asked = FollowUp.objects.with_obligation().get(pk=asked.pk)
    assert (asked.reply, asked.obligation.confidentiality) == ("X", "public")
    assert not Obligation.objects.kept().filter(pk=own.pk).exists()


def test_a_bulk_change_of_the_confidentiality_takes_the_day_along_and_its_undoing_brings_it_back():
    by, today = make.user(Role.COORDINATOR), timezone.localdate()
    records = [make.recommendation() for _number in range(3)]
    shared = [marked(record, today + DAY, by) for record in records][0].obligation
    chosen = Recommendation.objects.filter(pk__in=[record.pk for record in records[:2]])
    change = Change("set-confidentiality", confidentiality="internal")
    batch = start_bulk(change=change, records=chosen, by=by)
    apply_bulk(batch)
    rows = FollowUp.objects.with_obligation().order_by("pk")
    assert [row.obligation.confidentiality for row in rows] == ["internal", "internal", "public"]
    assert len({row.obligation_id for row in rows.all()}) == 2
    undo_bulk(batch=batch, by=by)
    clear_bulk(batch, by=by)
    assert {row.obligation for row in rows.all()} == {shared}
    assert list(Obligation.objects.kept()) == [shared]


def close(client, record: Recommendation, place) -> None:
    """Restrict the record on its page to the institution, or open it."""
    address = reverse("desk:edit_recommendation", args=[record.code])
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    values |= {"confidentiality": "restricted" if place else "public", "restricted_to": [place.pk] if place else []}
    assert client.post(address, values).status_code == 302


def test_an_obligation_with_records_is_as_confidential_as_they_are_and_is_not_withdrawn_alone():
    by, today = make.user(Role.COORDINATOR), timezone.localdate()
    obligation = marked(make.recommendation(), today + DAY, by).obligation
    values = {"body": obligation.body, "kind": "follow-up", "due_on": today + DAY, "confidentiality": "restricted"}
    with pytest.raises(FieldRefused, match="as confidential as its records"):
        edit_obligation(obligation=obligation, values=ObligationValues(**values), seen=obligation.version, by=by)
    with pytest.raises(Refused, match="Records have this deadline"):
        withdraw_obligation(obligation=obligation, reason="Twice.", by=by)


@pytest.mark.parametrize(("kind", "due_on", "made"), [("dissemination", None, 0), ("follow-up", None, 1)])
def test_without_a_day_follow_up_is_to_be_communicated_and_dissemination_is_due_to_nobody(kind, due_on, made):
    by = make.user(Role.COORDINATOR)
    asked = marked(make.recommendation(), due_on, by, kind)
    assert (asked.due_on, Obligation.objects.filter(certainty="to-be-communicated").count()) == (None, made)


def test_the_record_leads_to_the_obligation_with_its_deadline_for_coordinators(client):
    record = make.recommendation(is_published=True)
    code = marked(record, timezone.localdate() + DAY, make.user(Role.COORDINATOR)).obligation.code
    address, link = reverse("desk:record", args=[record.code]), reverse("desk:obligation", args=[code])
    seen = {}
    for role in (Role.COORDINATOR, Role.CONTRIBUTOR):
        make.signed_in(client, role)
        seen[role] = (link in client.get(address, follow=True).content.decode(), client.get(link).status_code)
    assert seen == {Role.COORDINATOR: (True, 200), Role.CONTRIBUTOR: (False, seen[Role.CONTRIBUTOR][1])}
    assert seen[Role.CONTRIBUTOR][1] != 200
