"""The calendar of obligations: months, years and the timeline, in each language and for each reader."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from i18nfield.strings import LazyI18nString
from lxml import html

from servanda.people.access import Role
from servanda.sources.models import Document, Obligation, ObligationQuerySet
from servanda.sources.obligations.calendar import month_of, timeline_of, year_of
from tests import make, obligation_make, proceedings_make

pytestmark = pytest.mark.django_db

ON = date(2027, 2, 10)


def seen() -> ObligationQuerySet:
    return Obligation.objects.with_internal_side(AnonymousUser())


def page(client, name: str = "obligation_calendar", **values: str) -> str:
    answer = client.get(reverse(f"desk:{name}"), values)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_month_shows_each_deadline_on_its_day_and_how_sure_it_is(client):
    make.signed_in(client, Role.READER)
    obligation_make.obligation("Report", due_on=date(2027, 2, 28))
    obligation_make.obligation("Cycle", due_on=date(2027, 2, 28), certainty="estimate")
    obligation_make.obligation("Elsewhere", due_on=date(2027, 3, 1))
    obligation_make.obligation("Awaited", certainty="to-be-communicated")
    tree = html.fromstring(page(client, month="2027-02"))
    cell = tree.xpath("//td[.//time[@datetime='2027-02-28']]")[0].text_content()
    assert ("Report" in cell, "Cycle" in cell, "Estimate" in cell) == (True, True, True)
    text = tree.text_content()
    assert ("Elsewhere" in text, "Awaited" in text, "February 2027" in text) == (False, True, True)


@pytest.mark.parametrize("asked", [{"month": "2027-13"}, {"month": "0000-01"}, {"month": "x"}, {"year": "99999"}])
def test_an_impossible_month_shows_the_present_one(client, asked):
    make.signed_in(client, Role.READER)
    assert f'datetime="{timezone.localdate():%Y-%m-%d}"' in page(client, **asked)


def test_a_year_lists_its_twelve_months_and_leads_to_each(client):
    make.signed_in(client, Role.READER)
    obligation_make.obligation("Leap", due_on=date(2028, 2, 29))
    text = page(client, year="2028", body="CEDAW")
    assert ("?month=2028-02" in text, "29 February 2028" in text, "Leap" in text) == (True, True, True)
    assert ("year=2029&amp;body=CEDAW" in text, "2,028" in text) == (True, False)


def test_weeks_begin_on_the_first_day_of_the_language():
    obligation_make.obligation(due_on=date(2027, 2, 1))
    month = month_of(seen(), date(2027, 2, 1), on=ON)
    assert (month.number, len(month.weeks[0]), month.names[0]) == (1, 7, "Monday")
    assert [day.day for week in month.weeks for day in week if day.is_today] == [ON]


def test_every_day_of_a_year_is_in_its_month():
    for month in range(1, 13):
        obligation_make.obligation(due_on=date(2028, month, 1))
    assert [len(month.entries) for month in year_of(seen(), 2028, on=ON)] == [1] * 12


def test_the_timeline_has_a_row_for_each_body_with_its_deadlines_in_words(client):
    make.signed_in(client, Role.READER)
    today = timezone.localdate()
    obligation_make.obligation("First", due_on=today)
    obligation_make.obligation("Second", due_on=today, body=make.committee("CAT"), certainty="estimate")
    text = page(client, "obligation_timeline")
    assert (text.count('class="timeline-mark'), text.count("timeline-reached")) == (2, 1)
    assert ("First" in text, "Second" in text, "Filled dots" in text) == (True, True, True)
    rows = timeline_of(seen(), on=today).rows
    assert [row.body.code for row in rows] == ["CAT", "CEDAW"]
    assert "Awaited" not in text
    obligation_make.obligation("Awaited", certainty="to-be-communicated")
    assert "Awaited" in page(client, "obligation_timeline")


def test_the_timeline_goes_on_to_the_last_deadline(client):
    make.signed_in(client, Role.READER)
    today = timezone.localdate()
    obligation_make.obligation("Now", due_on=today)
    assert timeline_of(seen(), on=today).last == date(today.year + 3, 12, 31)
    obligation_make.obligation("Far", due_on=date(today.year + 6, 5, 24))
    assert timeline_of(seen(), on=today).last == date(today.year + 6, 12, 31)
    assert "Far" in page(client, "obligation_timeline")


def test_each_day_names_its_source_and_documents_only_to_those_who_see_the_obligation(client):
    document = Document.objects.create(body=make.committee(), symbol="CEDAW/C/SVN/CO/7")
    day, public = date(2028, 5, 4), {"is_published": True, "confidentiality": "public"}
    by_document = {"document": document, "paragraph": "47", "day_from": "document"}
    obligation_make.obligation("Reply", due_on=day, **by_document, **public)
    obligation_make.obligation("Cycle", due_on=day, rule=make.rule(source="Article 18"), day_from="rule", **public)
    outside = client.get(reverse("portal:calendar"), {"year": "2028"}).content.decode()
    assert ("CEDAW/C/SVN/CO/7" in outside, "Deadline from: Document" in outside) == (False, True)
    make.signed_in(client, Role.READER)
    today = timezone.localdate()
    Obligation.objects.update(due_on=today)
    for name, asked in (
        ("obligation_calendar", {}),
        ("obligation_calendar", {"year": f"{today.year}"}),
        ("obligation_timeline", {}),
    ):
        text = page(client, name, **asked)
        assert "Deadline from: Document (CEDAW/C/SVN/CO/7, paragraph 47)" in text
        assert "Deadline from: Rule (Article 18)" in text


def test_steps_are_on_the_calendar_marked_as_internal_and_on_no_public_one(client):
    report = obligation_make.obligation("Report", due_on=date(2027, 2, 28))
    ministry = make.institution("moj")
    obligation_make.step(report, "First draft", ministry, due_on=date(2027, 2, 3))
    obligation_make.step(report, "Translation", due_on=date(2027, 2, 4), done_on=date(2027, 2, 1))
    outside = client.get(reverse("portal:calendar"), {"year": "2027"}).content.decode()
    assert ("Report" in outside, "First draft" in outside) == (True, False)
    make.signed_in(client, Role.READER)
    for asked in ({"month": "2027-02"}, {"year": "2027"}):
        tree = html.fromstring(page(client, **asked))
        texts = [
            " ".join(row.text_content().split())
            for row in tree.xpath("//li[.//*[contains(@class, 'calendar-step')]]")
        ]
        assert [
            ("First draft (Report)" in text, f"Internal deadline · {ministry.name}" in text) for text in texts
        ] == [
            (True, True),
            (False, False),
        ]
        assert "Done" in texts[1]
    assert "First draft" not in page(client, month="2027-02", body="CAT")


def test_of_a_letter_an_institution_sees_its_own_internal_deadline_only(client):
    coordinator, first, second = make.user(Role.COORDINATOR), make.institution("moj"), make.institution("moh")
    letter = proceedings_make.proceeding(coordinator)
    proceedings_make.name(letter, coordinator, first, second, due_on=date(2026, 2, 20))
    client.force_login(coordinator)
    both = page(client, month="2026-02")
    assert (f"· {first.code}" in both, f"· {second.code}" in both) == (True, True)
    make.signed_in(client, Role.FOCAL_POINT, institution=first)
    own = page(client, month="2026-02")
    assert (f"· {first.code}" in own, f"· {second.code}" in own) == (True, False)


@pytest.mark.parametrize(
    ("name", "asked"), [("obligation_calendar", ""), ("obligation_calendar", "year"), ("obligation_timeline", "")]
)
def test_a_body_has_the_short_name_of_the_language_of_the_page(client, name, asked):
    make.signed_in(client, Role.COORDINATOR)
    review = make.body("demo-review")
    review.name, review.short_name = "Review", LazyI18nString({"en": "UPR", "es": "EPU"})
    review.save()
    due = obligation_make.obligation("Report", body=review, due_on=timezone.localdate())
    obligation_make.step(due, "Draft", due_on=timezone.localdate())
    client.cookies["django_language"] = "es"
    text = page(client, name, **({asked: str(timezone.localdate().year)} if asked else {}))
    table = text.partition("<table")[2].partition("</table>")[0]
    assert ("demo-review" in table, "EPU" in table) == (False, True)


@pytest.mark.parametrize("name", ["obligation_calendar", "obligation_timeline"])
def test_what_has_no_date_is_listed_below_by_the_reason(client, name):
    by = make.signed_in(client, Role.COORDINATOR)
    obligation_make.obligation("Awaited", certainty="to-be-communicated")
    obligation_make.obligation("Read without a date", due_on=None, certainty="estimate")
    obligation_make.obligation("Dissemination", kind="other", due_on=None, day_from="document")
    letter = proceedings_make.proceeding(by, sent_on=None)
    listed = {}
    for section in html.fromstring(page(client, name)).xpath("//section[starts-with(@aria-labelledby, 'undated-')]"):
        words = section.text_content()
        listed[section.findtext("h2")] = [
            word for word in ("Awaited", "Read", "Dissemination", letter.reference) if word in words
        ]
    assert listed == {
        "To be communicated": ["Awaited"],
        "Date needed": ["Read", letter.reference],
        "No date set by the body": ["Dissemination"],
    }


def test_what_is_restricted_is_on_no_calendar_of_another_institution(client):
    make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("moh"))
    secret = obligation_make.obligation("Urgent appeal", confidentiality="restricted", due_on=timezone.localdate())
    for name, asked in (
        ("obligation_calendar", {}),
        ("obligation_calendar", {"year": f"{secret.due_on.year}"}),
        ("obligation_timeline", {}),
    ):
        assert "Urgent appeal" not in page(client, name, **asked)


@pytest.mark.parametrize("name", ["obligation_calendar", "obligation_timeline"])
def test_a_calendar_costs_the_same_for_many(client, name):
    make.signed_in(client, Role.FOCAL_POINT)
    obligation_make.obligation(due_on=timezone.localdate())
    page(client, name)
    with CaptureQueriesContext(connection) as few:
        page(client, name)
    for number in range(20):
        due = obligation_make.obligation(due_on=timezone.localdate(), body=make.committee(f"C{number}"))
        obligation_make.step(due, due_on=timezone.localdate())
    with CaptureQueriesContext(connection) as many:
        page(client, name)
    assert len(many) <= min(len(few), 20)
