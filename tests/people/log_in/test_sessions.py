"""No session outlives what it rests on: the log-out, the account, the role, the password."""

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from servanda.people.accounts import personal_data
from servanda.people.accounts import services as accounts
from servanda.people.log_in.services import end_sessions
from servanda.people.models import User
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
NEW = "another long pass phrase"


def logged_in(person: User) -> Client:
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})
    if answer.url == reverse("mfa_authenticate"):
        browser.post(answer.url, {"code": make.code_on_phone()})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get(reverse("desk:home")).status_code == 200


def stolen(browser: Client) -> Client:
    """Another person with the same cookies."""
    thief = Client()
    for name, cookie in browser.cookies.items():
        thief.cookies[name] = cookie.value
    return thief


def set_new_password(browser: Client) -> None:
    form = {"oldpassword": make.PASSWORD, "password1": NEW, "password2": NEW}
    browser.post(reverse("account_change_password"), form)


@pytest.fixture
def person():
    return make.user()


@pytest.fixture
def administrator():
    return make.user("administrator")


def survivors(deed, browser: Client) -> list[str]:
    """Which of the cookies open something after the deed: the browser's own, or a copy made before."""
    thief = stolen(browser)
    assert is_in(browser)
    assert is_in(thief)
    deed()
    return [name for name, who in (("browser", browser), ("copy", thief)) if is_in(who)]


def test_the_key_of_a_session_changes_at_the_log_in(person):
    browser = Client()
    session = browser.session
    session["anything"] = "of a stranger"
    session.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = planted = session.session_key
    browser.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})
    assert is_in(browser)
    assert browser.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_it_changes_at_the_second_factor_too():
    person = make.user("coordinator")
    browser = Client()
    browser.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})
    half = browser.session.session_key
    browser.post(reverse("mfa_authenticate"), {"code": make.code_on_phone()})
    assert is_in(browser)
    assert browser.session.session_key != half
    assert not Session.objects.filter(session_key=half).exists()


def test_nothing_survives_the_log_out(person):
    browser = logged_in(person)
    assert survivors(lambda: browser.post(reverse("account_logout")), browser) == []


def test_nothing_survives_the_closing_of_the_account(person, administrator):
    assert survivors(lambda: accounts.close_account(person=person, by=administrator), logged_in(person)) == []


def test_nothing_survives_a_change_of_the_role(person, administrator):
    deed = lambda: accounts.change_role(person=person, role="auditor", by=administrator)  # noqa: E731 -- said once
    assert survivors(deed, logged_in(person)) == []


def test_nothing_survives_a_change_of_the_password_in_another_browser(person):
    other = logged_in(person)
    assert survivors(lambda: set_new_password(other), logged_in(person)) == []
    assert is_in(other)


def test_the_key_changes_where_the_password_is_changed_and_a_copy_dies(person):
    browser = logged_in(person)
    assert survivors(lambda: set_new_password(browser), browser) == ["browser"]


def test_nothing_survives_a_password_set_through_a_link(person):
    def set_through_link():
        person.set_password(NEW)
        person.save()

    assert survivors(set_through_link, logged_in(person)) == []


def test_nothing_survives_the_erasing_of_a_person(person, administrator):
    assert survivors(lambda: personal_data.erase_person(person=person, by=administrator), logged_in(person)) == []


def test_nothing_survives_the_reset_of_a_second_factor():
    person = make.user("coordinator")
    browser = logged_in(person)
    deed = lambda: accounts.reset_second_factor(person=person, reason="Lost.")  # noqa: E731 -- said once
    assert survivors(deed, browser) == []


def test_a_session_that_does_survive_is_seen(person, monkeypatch):
    """The flaw: a password that sessions do not depend on."""
    monkeypatch.setattr(User, "_get_session_auth_hash", lambda self, secret=None: "the same for ever")
    other = logged_in(person)
    assert survivors(lambda: set_new_password(other), logged_in(person)) == ["browser", "copy"]


def test_logging_out_everywhere_else_leaves_this_browser_alone(person):
    here, there, unlisted = logged_in(person), logged_in(person), Client()
    unlisted.force_login(person)
    here.post(reverse("usersessions_list"))
    assert (is_in(here), is_in(there), is_in(unlisted)) == (True, False, False)
    assert [session.session_key for session in UserSession.objects.all()] == [here.session.session_key]
    assert Event.objects.filter(action="other-sessions-ended", actor=person).exists()


def test_logging_out_everywhere_ends_this_browser_too(person):
    here, there = logged_in(person), logged_in(person)
    answer = here.post(reverse("people:end_sessions"), follow=True)
    assert "You have been logged out of all sessions." in answer.content.decode()
    assert (is_in(here), is_in(there)) == (False, False)
    assert Event.objects.first().action == "sessions-ended"


def test_the_list_names_each_browser_and_ends_one(person):
    here, client = logged_in(person), Client(headers={"user-agent": "An old browser"})
    client.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "An old browser" in page
    assert "This browser" in page
    session = UserSession.objects.get(user_agent="An old browser")
    here.post(reverse("people:end_session", args=[session.pk]))
    assert (is_in(here), is_in(client)) == (True, False)
    assert Event.objects.first().action == "session-ended"


def test_nobody_ends_the_session_of_somebody_else(person):
    logged_in(person)
    session = UserSession.objects.get()
    stranger = logged_in(make.user())
    foreign = stranger.post(reverse("people:end_session", args=[session.pk]))
    missing = stranger.post(reverse("people:end_session", args=[987654]))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert UserSession.objects.filter(pk=session.pk).exists()


def test_one_ends_this_browser_by_logging_out_and_not_from_the_list(person):
    here = logged_in(person)
    session = UserSession.objects.get()
    assert here.post(reverse("people:end_session", args=[session.pk])).status_code == 404
    assert is_in(here)


def test_ending_all_sessions_of_one_person_leaves_those_of_others(person):
    other = logged_in(make.user())
    end_sessions(by=person)
    assert is_in(other)


def test_cookies_of_the_log_in_are_for_this_site_and_no_script(person):
    browser = logged_in(person)
    for name in (settings.SESSION_COOKIE_NAME, settings.BROWSER_COOKIE_NAME):
        cookie = browser.cookies[name]
        assert (name, bool(cookie["httponly"]), cookie["samesite"]) == (name, True, "Lax")
        assert bool(cookie["secure"]) == settings.BEHIND_TLS
    assert browser.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""
