"""Visits, dialogues and hearings on calendars: for those who see the proceeding; publicly what a version names."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from icalendar import Calendar
from lxml import html

from servanda.kit.refusal import FieldRefused
from servanda.people.access import Role
from servanda.people.models import User
from servanda.proceedings.models import CaseEntry, Proceeding
from servanda.proceedings.replies.services import publish_letter, unpublish_letter
from servanda.sources.obligations.feeds import renew_feed
from tests import make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
FIRST = TODAY.replace(day=10) + timedelta(days=31)
LAST = FIRST + timedelta(days=2)
TEXTS = {"title": "Visit of the subcommittee", "summary": "It took place.", "reply": "", "source": "OHCHR"}


@built_once
def coordinator() -> User:
    return make.user(Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


@built_once
def visit(coordinator, place) -> Proceeding:
    row = made.visit(coordinator, place, reference="VISIT-1")
    facts = {"title": "Prison of Zymurgy", "starts_on": FIRST, "ends_on": LAST, "answer": "invited"}
    Proceeding.objects.filter(pk=row.pk).update(**facts)
    return made.fresh(row)


def page(client, name: str = "desk:obligation_calendar", **values: str) -> html.HtmlElement:
    return page_of(client, reverse(name), **values)


def page_of(client, url: str, **values: str) -> html.HtmlElement:
    return html.fromstring(client.get(url, values).content)


def links(tree: html.HtmlElement, row: Proceeding) -> list[html.HtmlElement]:
    return tree.xpath(f"//a[@href='{row.get_absolute_url()}']")


def events(client, url: str) -> dict[str, dict]:
    return {str(event["summary"]): event for event in Calendar.from_ical(client.get(url).content).events}


def own_feed(person: User) -> str:
    return reverse("portal:calendar_feed", args=[renew_feed(by=person)])


def test_a_visit_is_on_each_of_its_days_of_the_month_and_once_in_the_year(client, coordinator, visit):
    client.force_login(coordinator)
    month = page(client, month=f"{FIRST:%Y-%m}")
    days = [link.xpath("ancestor::td//time/@datetime")[0] for link in links(month, visit)]
    assert days == [(FIRST + timedelta(days=number)).isoformat() for number in range(3)]
    assert len(links(page(client, year=f"{FIRST.year}"), visit)) == 1
    text = month.text_content()
    assert ("VISIT-1" in text, "Zymurgy" in text) == (True, False)


def test_a_hearing_and_a_dialogue_are_on_it_too_and_what_does_not_take_place_is_not(client, coordinator, visit):
    case, dialogue = made.case(coordinator), made.dialogue(coordinator)
    CaseEntry.objects.create(proceeding=case, type="hearing", on=FIRST)
    CaseEntry.objects.create(proceeding=case, type="referral", on=LAST)
    Proceeding.objects.filter(pk=dialogue.pk).update(starts_on=LAST, ends_on=LAST)
    Proceeding.objects.filter(pk=visit.pk).update(answer="declined")
    client.force_login(coordinator)
    month = page(client, month=f"{FIRST:%Y-%m}")
    assert [len(links(month, row)) for row in (case, dialogue, visit)] == [1, 1, 0]
    assert "Hearing" in month.text_content()


@pytest.mark.database
def test_only_those_who_see_the_proceeding_have_it_on_their_calendar(client, visit, place):
    inside, outside = make.user(Role.FOCAL_POINT, place), make.user(Role.FOCAL_POINT, make.institution("moh"))
    for person, seen in ((inside, True), (outside, False)):
        client.force_login(person)
        assert bool(links(page(client, month=f"{FIRST:%Y-%m}"), visit)) == seen
        assert any("VISIT-1" in summary for summary in events(client, own_feed(person))) == seen
    client.logout()
    for url in (reverse("portal:calendar") + f"?year={FIRST.year}", reverse("portal:calendar_file")):
        assert "VISIT-1" not in client.get(url).content.decode()


def test_a_calendar_program_reads_all_days_of_it(client, coordinator, visit):
    [event] = [event for summary, event in events(client, own_feed(coordinator)).items() if "VISIT-1" in summary]
    assert (event["dtstart"].dt, event["dtend"].dt) == (FIRST, LAST + timedelta(days=1))
    assert visit.get_absolute_url() in str(event["url"])
    assert "Zymurgy" not in str(event["description"])


def test_a_visit_that_is_not_answered_yet_is_tentative(client, coordinator, visit):
    Proceeding.objects.filter(pk=visit.pk).update(answer="")
    [event] = [event for summary, event in events(client, own_feed(coordinator)).items() if "VISIT-1" in summary]
    assert event["status"] == "TENTATIVE"


def test_days_that_never_end_break_no_calendar(client, coordinator, visit):
    Proceeding.objects.filter(pk=visit.pk).update(ends_on=date.max, published_on=TODAY)
    days = {"starts_on": TODAY, "ends_on": date.max}
    publish_letter(proceeding=made.fresh(visit), **TEXTS, **days, is_checked=True, by=coordinator)
    [event] = events(client, reverse("portal:calendar_file")).values()
    assert event["dtstart"].dt == TODAY
    assert event["dtend"].dt <= date.max
    assert client.get(own_feed(coordinator)).status_code == 200


def test_a_version_with_one_day_names_it_once(client, coordinator, visit):
    Proceeding.objects.filter(pk=visit.pk).update(published_on=TODAY)
    letter = publish_letter(proceeding=visit, **TEXTS, starts_on=FIRST, is_checked=True, by=coordinator)
    facts = page_of(client, reverse("portal:letter", args=[letter.key])).xpath("//dl[@class='facts']/dd")
    assert facts[0].text_content().strip() == date_format(FIRST, "DATE_FORMAT")


def test_the_filter_for_a_body_applies_and_that_for_a_kind_leaves_none(client, coordinator, visit):
    client.force_login(coordinator)
    [body] = visit.bodies.all()
    data = {"month": f"{FIRST:%Y-%m}"}
    assert links(page(client, **data, body=body.code), visit)
    assert not links(page(client, **data, body="CAT-X"), visit)
    assert not links(page(client, **data, kind="periodic-report"), visit)


@pytest.mark.database
def test_the_public_calendar_has_the_days_that_a_published_version_names(client, coordinator, visit):
    Proceeding.objects.filter(pk=visit.pk).update(published_on=TODAY)
    year = reverse("portal:calendar") + f"?year={FIRST.year}"
    publish_letter(proceeding=visit, **TEXTS, is_checked=True, by=coordinator)
    assert "Visit of the subcommittee" not in client.get(year).content.decode()
    days = {"starts_on": FIRST, "ends_on": LAST}
    letter = publish_letter(proceeding=visit, **TEXTS, **days, is_checked=True, by=coordinator)
    text = client.get(year).content.decode()
    assert (reverse("portal:letter", args=[letter.key]) in text, "VISIT-1" in text) == (True, False)
    event = events(client, reverse("portal:calendar_file"))["Visit of the subcommittee"]
    assert (event["dtstart"].dt, event["dtend"].dt) == (FIRST, LAST + timedelta(days=1))
    before = client.get(year).content
    Proceeding.objects.filter(pk=visit.pk).update(starts_on=FIRST - timedelta(days=3))  # confidential
    assert client.get(year).content == before
    unpublish_letter(proceeding=visit, by=coordinator)
    assert "Visit of the subcommittee" not in client.get(year).content.decode()


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"ends_on": date(2026, 3, 2)}, "starts_on"),
        ({"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 1)}, "ends_on"),
    ],
)
def test_impossible_days_are_refused_beside_their_field(coordinator, visit, days, field):
    Proceeding.objects.filter(pk=visit.pk).update(published_on=TODAY)
    with pytest.raises(FieldRefused) as refused:
        publish_letter(proceeding=visit, **TEXTS, **days, is_checked=True, by=coordinator)
    assert refused.value.field == field


def test_a_month_costs_the_same_for_many(client, coordinator, visit):
    client.force_login(coordinator)
    page(client, month=f"{FIRST:%Y-%m}")
    with CaptureQueriesContext(connection) as few:
        page(client, month=f"{FIRST:%Y-%m}")
    for _number in range(5):
        row = made.dialogue(coordinator)
        Proceeding.objects.filter(pk=row.pk).update(starts_on=FIRST, ends_on=FIRST)
    with CaptureQueriesContext(connection) as many:
        page(client, month=f"{FIRST:%Y-%m}")
    assert (len(many) <= len(few) + 1, len(many) <= 20) == (True, True)
