"""The public home page: what was implemented, what is newest and next, themes, and how to take part."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.recommendations.counting.counts import invalidate_counts
from servanda.recommendations.editing.services import unpublish_recommendation
from servanda.recommendations.models import Tagging
from servanda.reporting.models import Consultation
from servanda.sources.models import Review
from tests import actions_make, assessing_make, consulting_make, make, obligation_make

pytestmark = pytest.mark.django_db
CANARY = "quetzalcoatlus"


def home(client):
    return client.get(reverse("portal:home"))


def test_published_records_are_counted_by_body_and_by_position(client):
    make.recommendation(stand="supported")
    make.recommendation(stand="noted")
    make.recommendation(body=make.body("CEDAW", "treaty-body"), review=None)
    page = home(client).context
    assert {row.key: row.count for row in page["bodies"]} == {"UPR": 2, "CEDAW": 1}
    assert {row.key: row.count for row in page["stands"]} == {"supported": 1, "noted": 1}
    assert page["total"] == 3


def test_what_is_not_public_is_counted_for_nobody_not_even_a_coordinator(client):
    make.recommendation(is_published=False)
    make.recommendation(confidentiality="internal")
    client.force_login(make.user(Role.COORDINATOR))
    page = home(client)
    assert page.context["total"] == 0
    assert "No recommendations published yet" in page.content.decode()
    assert "Take part" in page.content.decode()


def test_statuses_are_shares_of_what_was_assessed_and_the_rest_is_a_number_of_its_own(client):
    records = [make.recommendation() for _number in range(8)]
    for record, status in zip(records, ("full", "full", "full", "started"), strict=False):
        assessing_make.assessment(record, status)
    (line,) = home(client).context["voices"]
    assert [(status.key, status.count, status.percent) for status in line.statuses] == [
        ("started", 1, 25),
        ("full", 3, 75),
    ]
    assert (line.assessed, line.missing.count) == (4, 4)
    for number in (*line.statuses, line.missing):
        assert client.get(number.href).context["listing"].page.paginator.count == number.count


def test_the_newest_review_is_the_one_with_the_newest_document(client):
    crc = make.body("CRC", "treaty-body")
    review = Review.objects.create(body=crc, country=make.country(), year=2026)
    make.recommendation(date=date(2019, 11, 1))
    for _number in range(2):
        make.recommendation(body=crc, review=review, date=date(2026, 2, 1))
    make.recommendation(body=crc, review=review, date=date(2026, 3, 1), is_published=False)
    page = home(client)
    newest = page.context["review"]
    assert (newest.review, newest.day, newest.count) == (review, date(2026, 2, 1), 2)
    link = f"{reverse('portal:register')}?review=CRC-2026"
    assert f'href="{link}"' in page.content.decode()
    assert client.get(link).context["listing"].page.paginator.count == 2


def test_the_next_deadlines_are_those_of_published_requests_and_actions(client):
    today = timezone.localdate()
    record, hidden = make.recommendation(), make.recommendation(CANARY, is_published=False)
    for of, days in ((record, 30), (record, 90), (record, -3), (hidden, 3)):
        make.follow_up(of, due_on=today + timedelta(days=days))
    actions_make.action(records=[record], is_published=True, due_on=today - timedelta(days=1))
    planned = actions_make.action(records=[hidden, record], is_published=True, due_on=today + timedelta(days=8))
    actions_make.action(records=[hidden], is_published=True, due_on=today + timedelta(days=1))
    actions_make.action(records=[record], is_published=False, due_on=today)
    page = home(client)
    action, reply = page.context["deadlines"]
    assert (reply.kind, reply.day) == ("reply", today + timedelta(days=30))
    assert (action.kind, action.row, action.row.answers_code) == ("action", planned, record.code)
    assert hidden.code not in page.content.decode()


def test_the_next_published_obligation_is_a_deadline_and_an_internal_one_is_not(client):
    make.recommendation()
    soon = timezone.localdate() + timedelta(days=3)
    obligation_make.obligation(title="Ninth report", due_on=soon, is_published=True)
    obligation_make.obligation(title="Internal note", due_on=soon, is_published=False)
    page = client.get("/").content.decode()
    assert "Ninth report" in page
    assert "Internal note" not in page


def test_without_assessments_and_deadlines_the_page_says_so(client):
    make.recommendation(review=None)
    page = home(client).content.decode()
    for sentence in (
        "No assessments published yet.",
        "No record belongs to a review.",
        "No deadline has been published.",
    ):
        assert sentence in page


def test_themes_with_the_most_records_come_first_with_their_share(client):
    health, work = make.term("Health"), make.term("Work")
    for terms in ([health], [health, work], [], []):
        record = make.recommendation()
        for term in terms:
            Tagging.objects.create(recommendation=record, term=term, origin="source", scheme="uhri")
    themes = home(client).context["themes"]
    assert [(str(theme.label), theme.count, theme.percent) for theme in themes] == [
        ("Health", 2, 50),
        ("Work", 1, 25),
    ]


@pytest.mark.parametrize("takes", [True, False])
def test_visitors_are_led_to_contributing_only_where_that_is_possible(client, takes):
    Instance.objects.create(pk=1, takes_public_contributions=takes)
    page = home(client).content.decode()
    assert (f'<h3><a href="{reverse("portal:contribute")}"' in page) == takes
    for name in ("portal:open_data", "api:documentation", "portal:overview"):
        assert f'href="{reverse(name)}"' in page


def test_the_page_costs_the_same_for_one_and_for_many(client):
    counts = []
    for number in range(2):
        for _record in range(1 + 20 * number):
            record = make.recommendation(date=date(2026, 2, 1))
            assessing_make.assessment(record, "full")
            Tagging.objects.create(recommendation=record, term=make.term("Health"), origin="source", scheme="uhri")
        home(client)
        with CaptureQueriesContext(connection) as queries:
            home(client)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


@pytest.fixture
def kept(monkeypatch):
    """As of a register that is large enough."""
    monkeypatch.setattr("servanda.portal.home.WORTH_KEEPING", 0)


def words(client, **headers) -> str:
    return " ".join(client.get("/", headers=headers).content.decode().split())


@pytest.mark.usefixtures("kept")
def test_what_is_kept_is_counted_once_and_is_what_would_be_counted(client, monkeypatch):
    record = make.recommendation(stand="supported")
    assessing_make.assessment(record, "full")
    first = words(client)
    with CaptureQueriesContext(connection) as queries:
        again = words(client)
    assert len(queries) <= 5
    invalidate_counts()
    monkeypatch.setattr("servanda.portal.home.WORTH_KEEPING", 100)
    assert first == again == words(client)
    assert "1 published recommendation, by body" in first


@pytest.mark.usefixtures("kept")
def test_a_change_of_the_register_is_seen_at_once(client):
    coordinator = make.user(Role.COORDINATOR)
    record = make.recommendation(stand="supported")
    assert "?stand=supported" in words(client)
    unpublish_recommendation(recommendation=record, by=coordinator)
    assert "No recommendations published yet" in words(client)


@pytest.mark.usefixtures("kept")
def test_what_is_kept_is_of_one_day_one_language_and_the_settings(client, monkeypatch):
    tomorrow = timezone.now() + timedelta(days=1)
    instance = Instance.objects.create(pk=1, takes_public_contributions=False)
    record = make.recommendation()
    make.follow_up(record, due_on=timezone.localdate())
    page = words(client)
    assert "reply to" in page
    assert "Send information on how" not in page
    assert "What has been implemented" not in words(client, **{"accept-language": "es"})
    Instance.objects.filter(pk=instance.pk).update(takes_public_contributions=True)
    assert "Send information on how" in words(client)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert "No deadline has been published." in words(client)


@pytest.mark.usefixtures("kept")
def test_a_consultation_that_opens_by_itself_is_seen_when_it_opens(client, monkeypatch):
    make.recommendation()
    draft = consulting_make.opened(make.user(Role.COORDINATOR), audience="public")
    in_an_hour = timezone.now() + timedelta(hours=1)
    Consultation.objects.filter(pk=draft.pk).update(opened_at=in_an_hour)
    assert "Drafts for comments" not in words(client)
    monkeypatch.setattr(timezone, "now", lambda: in_an_hour)
    assert "Drafts for comments" in words(client)


def test_a_demonstration_says_so_on_every_page(client):
    assert "are fictitious" not in client.get(reverse("portal:about")).content.decode()
    Instance.objects.create(is_demonstration=True)
    assert "are fictitious" in client.get(reverse("portal:about")).content.decode()
