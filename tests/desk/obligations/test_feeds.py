"""Calendar files, opened as a calendar program opens them: days, versions, who sees what, and the secret address."""

import logging
import time
from datetime import date, timedelta

import pytest
from allauth.account.signals import password_reset
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from i18nfield.strings import LazyI18nString
from icalendar import Calendar

from servanda.jobs.models import Mail
from servanda.kit.files.calendars import LONGEST, AllDayEvent, calendar_file, folded
from servanda.people.access import Role
from servanda.people.accounts.services import close_account, let_back_in
from servanda.people.models import User
from servanda.people.requests.idle_sessions import OPENED
from servanda.people.requests.log_filter import WithoutKeys
from servanda.people.requests.visitors import MOST_OF_AN_ADDRESS, address_key, count_post
from servanda.sources.models import CalendarFeed
from servanda.sources.obligations import feeds, services, submissions
from servanda.trail.models import Event
from tests import make, obligation_make

pytestmark = pytest.mark.django_db


def opened(client, url: str) -> dict[str, dict]:
    """The events of a calendar file by their summary."""
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(event["summary"]): event for event in Calendar.from_ical(answer.content).events}


def feed_url(person: User) -> str:
    return reverse("portal:calendar_feed", args=[feeds.renew_feed(by=person)])


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Ljubljana"])
@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31), date(2028, 2, 29), date(2027, 12, 31)])
def test_a_deadline_is_a_date_that_no_time_zone_or_summer_time_moves(client, zone, day):
    obligation_make.obligation("Report", due_on=day)
    with timezone.override(zone):
        event = opened(client, reverse("portal:calendar_file"))["CEDAW: Report"]
    assert event["dtstart"].dt == day
    assert event["dtend"].dt == day + timedelta(days=1)
    assert event["dtstart"].params["VALUE"] == "DATE"


def test_an_estimate_is_tentative_what_ended_is_cancelled_and_what_has_no_day_is_absent(client):
    obligation_make.obligation("Report")
    obligation_make.obligation("Cycle", certainty="estimate", combined="eighth; ninth, and so on")
    obligation_make.obligation("Review", state="postponed", state_reason="The session moved.")
    obligation_make.obligation("Awaited", certainty="to-be-communicated")
    events = opened(client, reverse("portal:calendar_file"))
    assert {summary: str(event["status"]) for summary, event in events.items()} == {
        "CEDAW: Report": "CONFIRMED",
        "CEDAW: Cycle (eighth; ninth, and so on) (Estimate)": "TENTATIVE",
        "CEDAW: Review": "CANCELLED",
    }


def test_each_day_names_its_source_and_documents_only_to_those_who_see_the_obligation(client):
    document = make.recommendation().document
    by_document = {"document": document, "paragraph": "47", "day_from": "document"}
    obligation_make.obligation("Follow-up", **by_document)
    obligation_make.obligation("Cycle", rule=make.rule(source="Article 18"), day_from="rule")
    obligation_make.obligation("Typed")
    person = make.user(Role.COORDINATOR)
    symbol = document.symbol
    for url, seen in ((feed_url(person), f" ({symbol}, paragraph 47)"), (reverse("portal:calendar_file"), "")):
        lines = {name: str(event["description"]).split("\n")[2] for name, event in opened(client, url).items()}
        assert lines == {
            "CEDAW: Follow-up": f"Deadline from: Document{seen}",
            "CEDAW: Cycle": "Deadline from: Rule (Article 18)",
            "CEDAW: Typed": "Deadline from: Entered manually",
        }


def test_a_change_keeps_the_event_and_raises_its_sequence(client):
    coordinator, due = make.user(Role.COORDINATOR), obligation_make.obligation("Report")
    url = feed_url(coordinator)
    before = opened(client, url)["CEDAW: Report"]
    services.set_obligation_state(obligation=due, state="open", reason="", seen=None, by=coordinator)
    after = opened(client, url)["CEDAW: Report"]
    public = opened(client, reverse("portal:calendar_file"))["CEDAW: Report"]
    assert before["uid"] == after["uid"] == public["uid"]
    assert int(after["sequence"]) == int(before["sequence"]) + 1
    assert reverse("desk:obligation", args=[due.code]) in str(after["url"])
    assert "url" not in public


def test_internal_work_changes_no_byte_of_the_file_for_those_outside(client):
    """The version of an obligation rises with each reminder, step and note."""
    due, outside = obligation_make.obligation("Report"), make.user(Role.READER)
    outside.appointments.update(bodies="CRC")
    urls = [reverse("portal:calendar_file"), feed_url(outside)]
    before = [client.get(url).content for url in urls]
    submissions.add_letter(
        obligation=due, on=date(2026, 1, 1), kind="reminder", reference="R1", note="", by=make.user(Role.COORDINATOR)
    )
    assert [client.get(url).content for url in urls] == before


def test_the_public_file_has_what_is_published_and_may_be_cached(client):
    obligation_make.obligation("Report")
    for hidden in ({"is_published": False}, {"confidentiality": "internal"}, {"confidentiality": "restricted"}):
        obligation_make.obligation("Secret", **hidden)
    url = reverse("portal:calendar_file")
    assert set(opened(client, url)) == {"CEDAW: Report"}
    answer = client.get(url)
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert client.get(url, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert "Secret" not in client.get(reverse("portal:calendar")).content.decode()


def test_the_feed_of_a_person_has_what_they_see_and_the_steps_of_their_institution(client):
    ministry = make.institution("moj")
    person = make.user(Role.FOCAL_POINT, ministry)
    obligation_make.obligation("Draft", is_published=False)
    obligation_make.obligation("Ours", confidentiality="restricted", owner=ministry)
    helped = obligation_make.obligation("Theirs", confidentiality="restricted", owner=make.institution("moh"))
    report = obligation_make.obligation("Report")
    obligation_make.step(report, "Translation", ministry, due_on=timezone.localdate())
    obligation_make.step(report, "Printing", make.institution("moh"), due_on=timezone.localdate())
    events = opened(client, feed_url(person))
    step = "CEDAW: Translation (internal deadline)"
    assert set(events) == {"CEDAW: Draft", "CEDAW: Ours", "CEDAW: Report", step}
    assert helped.code not in str(events)


def test_coordinators_and_the_owner_have_all_steps_each_marked_as_internal_and_the_public_has_none(client):
    owner, beside = make.institution("moj"), make.institution("moh")
    report = obligation_make.obligation("Report", owner=owner)
    other = obligation_make.obligation("Reply", body=make.committee("CAT"), owner=beside)
    ended = obligation_make.obligation("Ended", owner=owner, state="closed")
    day = timezone.localdate()
    obligation_make.step(report, "Printing", beside, due_on=day)
    obligation_make.step(other, "First draft", due_on=day)
    obligation_make.step(report, "Translation", owner, due_on=day, done_on=day)
    obligation_make.step(ended, "Clearance", owner, due_on=day)
    obligation_make.step(report, "Next cycle", owner, due_on=day + timedelta(days=400))
    reports = {"CEDAW: Report", "CAT: Reply", "CEDAW: Ended"}
    printing, drafting = "CEDAW: Printing (internal deadline)", "CAT: First draft (internal deadline)"
    for person, steps in (
        (make.user(Role.COORDINATOR), {printing, drafting}),
        (make.user(Role.FOCAL_POINT, owner), {printing}),
        (make.user(Role.FOCAL_POINT, beside), {printing, drafting}),
        (make.user(Role.READER), set()),
    ):
        assert set(opened(client, feed_url(person))) == reports | steps
    assert set(opened(client, reverse("portal:calendar_file"))) == reports


def test_the_address_is_shown_once_replaced_by_a_new_one_and_revoked(client):
    person = make.signed_in(client, Role.READER)
    page = client.post(reverse("desk:renew_feed")).content.decode()
    first = page.partition("/calendar/")[2].partition("/obligations.ics")[0]
    assert len(first) > 40
    assert first not in client.get(reverse("desk:own_calendar")).content.decode()
    assert first not in CalendarFeed.objects.get(person=person).digest
    second = feed_url(person)
    assert client.get(reverse("portal:calendar_feed", args=[first])).status_code == 404
    assert client.get(second).status_code == 200
    client.post(reverse("desk:revoke_feed"))
    assert client.get(second).status_code == 404


def test_an_old_session_creates_an_address_only_with_the_password(client):
    make.signed_in(client, Role.COORDINATOR)
    session = client.session
    session[OPENED] = int(time.time()) - 3600
    session.save()
    new = reverse("desk:renew_feed")
    again = client.post(new)["Location"]
    assert again.startswith(reverse("account_reauthenticate"))
    assert not CalendarFeed.objects.exists()
    assert "/obligations.ics" in client.post(again, {"password": make.PASSWORD}).content.decode()
    assert CalendarFeed.objects.exists()


def test_the_owner_is_mailed_about_a_new_address_in_their_language_without_the_key(client):
    person = make.signed_in(client, Role.COORDINATOR, email="cora@example.org")
    person.language = "es"
    person.save()
    page = client.post(reverse("desk:renew_feed")).content.decode()
    key = page.partition("/calendar/")[2].partition("/obligations.ics")[0]
    mail = Mail.objects.get()
    assert (mail.to, mail.subject) == ("cora@example.org", "Se creó una dirección de calendario")
    assert reverse("desk:own_calendar") in mail.body
    assert key not in mail.body
    assert Event.objects.filter(action="calendar-feed-made", actor=person).count() == 1


def test_a_feed_is_not_sent_again_until_it_changes(client):
    coordinator, due = make.user(Role.COORDINATOR), obligation_make.obligation("Report")
    url = feed_url(coordinator)
    seen = {"if-none-match": client.get(url)["ETag"]}
    assert client.get(url, headers=seen).status_code == 304
    services.set_obligation_state(obligation=due, state="open", reason="", seen=None, by=coordinator)
    assert client.get(url, headers=seen).status_code == 200


def test_a_reset_of_the_password_revokes_the_address(client, rf):
    person = make.user(Role.COORDINATOR)
    url = feed_url(person)
    password_reset.send(sender=User, request=rf.get("/"), user=person)
    assert client.get(url).status_code == 404


def test_the_address_of_a_closed_account_stays_revoked_when_it_is_reopened(client):
    person, administrator = make.user(Role.COORDINATOR), make.user(Role.ADMINISTRATOR)
    url = feed_url(person)
    let_back_in(person=close_account(person=person, by=administrator), by=administrator)
    assert client.get(url).status_code == 404
    assert client.get(feed_url(person)).status_code == 200


@pytest.mark.parametrize("loss", ["inactive", "role", "second factor"])
def test_who_loses_the_account_the_role_or_the_second_factor_loses_the_feed(client, loss):
    person = make.user(Role.COORDINATOR)
    url = feed_url(person)
    if loss == "second factor":
        person.authenticator_set.all().delete()
    else:
        fields = {"is_active": False} if loss == "inactive" else {"role": ""}
        User.objects.filter(pk=person.pk).update(**fields)
    assert client.get(url).status_code == 404


def test_wrong_addresses_do_not_close_the_public_forms_to_the_same_network(client, rf):
    """A calendar program asks for a revoked address again and again."""
    request = rf.get("/")
    for _read in range(MOST_OF_AN_ADDRESS + 1):
        answer = client.get(reverse("portal:calendar_feed", args=["x" * 43]))
    assert answer.status_code == 429
    assert count_post(address_key(request), on=timezone.now())


def test_guesses_at_addresses_are_limited_and_so_are_reads_of_one(client, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_READS", 3)
    url = feed_url(make.user(Role.READER))
    guess = reverse("portal:calendar_feed", args=["x" * 43])
    answers = [client.get(guess).status_code for _guess in range(MOST_OF_AN_ADDRESS + 1)]
    assert answers == [404] * MOST_OF_AN_ADDRESS + [429]
    reads = [client.get(url) for _read in range(feeds.MOST_READS + 1)]
    assert [answer.status_code for answer in reads] == [200] * feeds.MOST_READS + [429]
    assert (reads[0]["Cache-Control"], reads[-1]["Retry-After"]) == ("private, no-store", "3600")
    CalendarFeed.objects.update(hour_from=timezone.now() - feeds.HOUR)
    assert client.get(url).status_code == 200


def test_the_key_is_not_in_the_log():
    url = reverse("portal:calendar_feed", args=["secret-key"])
    record = logging.LogRecord("access", logging.INFO, "", 1, f'"GET {url} HTTP/1.1" 200', (), None)
    WithoutKeys().filter(record)
    assert record.getMessage() == '"GET /calendar/…/obligations.ics HTTP/1.1" 200'


@given(st.text(min_size=0, max_size=400))
def test_every_text_survives_the_way_into_a_calendar(text):
    text = "".join(character for character in text if character.isprintable())
    event = AllDayEvent("uid", date(2027, 1, 1), text, timezone.now(), 1, description=f"a\n{text}")
    content = calendar_file("Name", [event], language="en")
    read = Calendar.from_ical(content).events[0]
    assert (str(read["summary"]), str(read["description"])) == (text, f"a\n{text}")
    assert all(len(line) <= LONGEST for line in content.split(b"\r\n"))


@pytest.mark.parametrize("word", ["توصية ", "recommendation ", "建议", "\N{WHITE FLAG}"])
def test_a_long_line_is_divided_between_characters(word):
    line = f"SUMMARY:{word * 40}"
    text = folded(line)
    assert text.replace("\r\n ", "").removesuffix("\r\n") == line
    assert [len(part.encode()) for part in text.split("\r\n") if len(part.encode()) > LONGEST] == []


def test_a_body_has_the_short_name_of_the_language_of_the_calendar(client):
    review = make.body("UPR")
    review.short_name = LazyI18nString({"en": "UPR", "es": "EPU"})
    review.save()
    obligation_make.obligation("Report", body=review)
    events = opened(client, reverse("portal:calendar_file") + "?language=es")
    assert set(events) == {"EPU: Report"}
    assert [str(name) for name in events["EPU: Report"]["categories"].cats] == ["EPU"]
