from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from servanda.people.requests.idle_sessions import OPENED, USED
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
HALF_AN_HOUR, WHOLE_DAY = 30 * 60, 8 * 60 * 60


@pytest.fixture
def person(client):
    return make.signed_in(client)


def go_by(client, seconds: int, *clocks: str) -> None:
    """As if this time had passed since the last request, or since the log-in."""
    session = client.session
    for clock in clocks:
        session[clock] -= seconds
    session.save()


def test_after_half_an_hour_without_a_request_one_logs_in_again_and_comes_back(client, person):
    go_by(client, HALF_AN_HOUR + 1, USED)
    answer = client.get("/desk/register/?kind=pledge")
    assert answer.headers["Location"] == "/account/login/?next=%2Fdesk%2Fregister%2F%3Fkind%3Dpledge"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "You were logged out" in page
    form = {"login": person.email, "password": make.PASSWORD, "next": "/desk/register/?kind=pledge"}
    assert client.post(reverse("account_login"), form).headers["Location"] == "/desk/register/?kind=pledge"


def test_the_session_is_gone_and_the_trail_says_why(client, person):
    key = client.session.session_key
    go_by(client, HALF_AN_HOUR + 1, USED)
    client.get(reverse("desk:home"))
    assert not Session.objects.filter(session_key=key).exists()
    event = Event.objects.first()
    assert (event.action, event.actor) == ("session-expired", person)


def test_whoever_works_stays_logged_in(client, person):
    for _ in range(4):
        go_by(client, HALF_AN_HOUR - 60, USED)
        assert client.get(reverse("desk:home")).status_code == 200


def test_after_eight_hours_even_whoever_works_logs_in_again(client, person):
    go_by(client, WHOLE_DAY + 1, OPENED)
    assert client.get(reverse("desk:home")).headers["Location"].startswith(reverse("account_login"))
    assert settings.SESSION_COOKIE_AGE == WHOLE_DAY


def test_a_form_that_is_sent_too_late_does_nothing_and_leads_back_to_its_page(client, person):
    go_by(client, HALF_AN_HOUR + 1, USED)
    answer = client.post(
        reverse("desk:save_view"),
        {"name": "Mine", "query": "?kind=pledge"},
        headers={"referer": "http://testserver/desk/register/?kind=pledge"},
    )
    assert answer.headers["Location"] == "/account/login/?next=%2Fdesk%2Fregister%2F%3Fkind%3Dpledge"
    assert not person.saved_views.exists()


def test_nobody_is_led_to_another_site(client, person):
    go_by(client, HALF_AN_HOUR + 1, USED)
    answer = client.post(reverse("desk:save_view"), headers={"referer": "https://evil.example/desk/"})
    assert answer.headers["Location"] == "/account/login/?next=%2Fdesk%2F"


def test_a_part_of_a_page_is_not_replaced_by_the_log_in_but_the_whole_page(client, person):
    go_by(client, HALF_AN_HOUR + 1, USED)
    data = {"hx-request": "true", "hx-current-url": "http://testserver/desk/register/"}
    answer = client.get(reverse("desk:register"), headers=data)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (
        204,
        "/account/login/?next=%2Fdesk%2Fregister%2F",
    )


def test_a_session_without_clocks_is_over(client, person):
    session = client.session
    del session[OPENED], session[USED]
    session.save()
    assert client.get(reverse("desk:home")).headers["Location"].startswith(reverse("account_login"))


def test_the_session_is_written_once_a_minute_at_most(client, person):
    before = client.session[USED]
    client.get(reverse("desk:home"))
    assert client.session[USED] == before
    go_by(client, timedelta(minutes=2).seconds, USED)
    client.get(reverse("desk:home"))
    assert client.session[USED] >= before


def test_a_visitor_without_a_session_is_given_none(client):
    client.get(reverse("portal:home"))
    client.get(reverse("portal:register"))
    assert not client.cookies
    assert not Session.objects.exists()
