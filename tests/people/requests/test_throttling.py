"""A thousand guesses: few are looked at, and the owner gets in all the same."""

import re
import threading
from datetime import timedelta
from itertools import count

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection, connections
from django.template.backends.django import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.people.models import KnownBrowser, LogInAttempt
from servanda.people.requests import throttling
from servanda.people.requests.throttling import ALLOWANCE
from tests import make

pytestmark = pytest.mark.django_db
OWNER, NOBODY = "ana@example.org", "nobody@example.org"
NEW = "another long pass phrase"
places = count()


class CountingHasher(MD5PasswordHasher):
    """Quick as in every test, and it counts what it was asked to hash."""

    hashed = 0

    def encode(self, password, salt):
        CountingHasher.hashed += 1
        return super().encode(password, salt)


@pytest.fixture
def hashes(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    return CountingHasher


@pytest.fixture
def owner():
    return make.user(email=OWNER)


def elsewhere() -> str:
    """Each guess from another network address, as an attacker with many machines has them."""
    number = next(places)
    return f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"


def guess(browser: Client, email: str = OWNER, password: str = "a wrong guess"):
    return browser.post(reverse("account_login"), {"login": email, "password": password}, REMOTE_ADDR=elsewhere())


def is_in(browser: Client) -> bool:
    return browser.get(reverse("desk:home")).status_code == 200


def use_up_the_guesses(email: str = OWNER) -> None:
    LogInAttempt.objects.bulk_create(
        LogInAttempt(account=throttling.key_of("password", email), at=timezone.now()) for _ in range(ALLOWANCE)
    )


def open_link(browser: Client) -> None:
    """Ask for the link, follow it, set a password."""
    browser.post(reverse("account_reset_password"), {"email": OWNER}, REMOTE_ADDR=elsewhere())
    link = re.search(r"http://testserver(/\S+)", Mail.objects.latest("pk").body).group(1)
    form = browser.get(link, follow=True, REMOTE_ADDR=elsewhere())
    browser.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, REMOTE_ADDR=elsewhere())


def without_token(page: bytes) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.decode())


def test_of_a_thousand_guesses_twenty_are_looked_at_and_the_owner_gets_in_from_a_browser_of_theirs(
    owner, hashes, monkeypatch
):
    home = Client()
    guess(home, password=make.PASSWORD)
    home.post(reverse("account_logout"))
    before = CountingHasher.hashed
    with monkeypatch.context() as unread:
        unread.setattr(Template, "render", lambda *_drawn, **_with: "")
        for _ in range(1000):
            guess(Client())
    assert hashes.hashed - before == ALLOWANCE
    assert LogInAttempt.objects.count() == ALLOWANCE
    guess(home, password=make.PASSWORD)
    assert is_in(home)


def test_the_right_password_does_not_help_a_browser_that_nobody_knows(owner):
    use_up_the_guesses()
    browser = Client()
    guess(browser, password=make.PASSWORD)
    assert not is_in(browser)


def test_when_the_guesses_are_used_up_a_link_by_mail_lets_the_owner_in_and_makes_the_browser_known(owner):
    use_up_the_guesses()
    browser = Client()
    open_link(browser)
    assert is_in(browser)
    browser.post(reverse("account_logout"))
    guess(browser, password=NEW)
    assert is_in(browser)


def test_the_link_does_not_replace_the_second_factor():
    coordinator = make.user("coordinator", email=OWNER)
    browser = Client()
    open_link(browser)
    assert not is_in(browser)
    assert not KnownBrowser.objects.filter(person=coordinator).exists()
    answer = browser.post(reverse("mfa_authenticate"), {"code": make.code_on_phone()})
    assert answer.url == reverse("desk:home")
    assert is_in(browser)
    assert KnownBrowser.objects.filter(person=coordinator).exists()


def test_a_known_browser_has_twenty_guesses_as_well_and_no_more(owner, hashes):
    home = Client()
    guess(home, password=make.PASSWORD)
    home.post(reverse("account_logout"))
    before = CountingHasher.hashed
    for _ in range(ALLOWANCE + 5):
        guess(home)
    assert hashes.hashed - before == ALLOWANCE


def test_a_browser_is_known_to_those_only_who_logged_in_with_it(owner):
    stranger = make.user(email="stranger@example.org")
    browser = Client()
    guess(browser, stranger.email, make.PASSWORD)
    browser.post(reverse("account_logout"))
    use_up_the_guesses()
    guess(browser, password=make.PASSWORD)
    assert not is_in(browser)


def test_a_token_that_was_planted_in_the_browser_is_not_taken_over(owner):
    browser = Client()
    browser.cookies[settings.BROWSER_COOKIE_NAME] = "planted"
    guess(browser, password=make.PASSWORD)
    assert browser.cookies[settings.BROWSER_COOKIE_NAME].value != "planted"


def test_two_people_who_share_a_computer_are_both_known_there(owner):
    other = make.user(email="other@example.org")
    browser = Client()
    for person in (owner, other):
        guess(browser, person.email, make.PASSWORD)
        browser.post(reverse("account_logout"))
    assert {known.person for known in KnownBrowser.objects.all()} == {owner, other}
    assert len(set(KnownBrowser.objects.values_list("digest", flat=True))) == 1


def test_the_token_is_kept_hashed_and_no_script_reads_it(owner):
    browser = Client()
    guess(browser, password=make.PASSWORD)
    cookie = browser.cookies[settings.BROWSER_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 3600)
    assert bool(cookie["secure"]) == settings.BEHIND_TLS
    known = KnownBrowser.objects.get()
    assert known.digest == throttling.digest_of(cookie.value) != cookie.value


def test_a_log_in_that_succeeds_uses_nothing_up(owner):
    for _ in range(ALLOWANCE + 1):
        browser = Client()
        guess(browser, password=make.PASSWORD)
    assert is_in(browser)
    assert not LogInAttempt.objects.exists()


def test_after_an_hour_guesses_are_looked_at_again(owner):
    use_up_the_guesses()
    LogInAttempt.objects.update(at=timezone.now() - timedelta(minutes=61))
    browser = Client()
    guess(browser, password=make.PASSWORD)
    assert is_in(browser)


def test_how_an_address_is_written_makes_no_second_account(owner):
    use_up_the_guesses()
    browser = Client()
    guess(browser, f"  {OWNER.upper()} ", make.PASSWORD)
    assert not is_in(browser)


def test_the_table_of_guesses_names_nobody(owner):
    guess(Client())
    row = LogInAttempt.objects.get()
    assert OWNER not in f"{row.account}{row.browser}"


@pytest.mark.parametrize("used_up", [False, True])
def test_a_known_and_an_unknown_address_get_the_same_answer_for_the_same_work(owner, hashes, used_up):
    """The page that comes back repeats the address that was typed; else not one byte differs."""
    guess(Client(), "the-first-line-of-the-trail@example.org")
    work = {}
    for email in (OWNER, NOBODY):
        if used_up:
            use_up_the_guesses(email)
        browser, before = Client(), CountingHasher.hashed
        with CaptureQueriesContext(connection) as queries:
            answer = guess(browser, email)
        page = without_token(answer.content).replace(email, "ADDRESS")
        work[email] = (answer.status_code, page, sorted(answer.headers), hashes.hashed - before, len(queries))
    assert work[OWNER] == work[NOBODY]
    assert work[OWNER][3] == (0 if used_up else 1)


def test_when_all_is_used_up_the_page_tells_of_the_link(owner):
    use_up_the_guesses()
    page = guess(Client()).content.decode()
    assert "Too many incorrect passwords for this address in the last" in page
    assert reverse("account_reset_password") in page


def test_a_letter_is_sent_to_a_known_and_to_an_unknown_address_and_the_page_is_the_same(owner):
    work = {}
    for email in (OWNER, NOBODY):
        with CaptureQueriesContext(connection) as queries:
            answer = Client().post(reverse("account_reset_password"), {"email": email})
        assert Mail.objects.latest("pk").to == email
        work[email] = (answer.status_code, answer.url, answer.content, len(queries))
    assert work[OWNER] == work[NOBODY]


def test_a_stranger_cannot_fill_the_mailbox_and_the_owner_still_gets_the_link(owner):
    home = Client()
    guess(home, password=make.PASSWORD)
    home.post(reverse("account_logout"))
    for _ in range(ALLOWANCE + 10):
        answer = Client().post(reverse("account_reset_password"), {"email": OWNER}, REMOTE_ADDR=elsewhere())
        assert answer.url == reverse("account_reset_password_done")
    assert Mail.objects.count() == ALLOWANCE
    open_link(home)
    assert Mail.objects.count() == ALLOWANCE + 1
    assert is_in(home)


def test_one_network_address_is_told_to_wait_on_a_page_of_ours(owner):
    answers = [
        Client().post(reverse("account_login"), {"login": f"{number}@example.org", "password": "x"})
        for number in range(31)
    ]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert "Too many requests have come from your connection in a" in answers[-1].content.decode()


def test_behind_a_proxy_the_browser_is_told_from_the_proxy(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    form = {"login": NOBODY, "password": "x"}
    for number in range(31):
        answer = Client().post(
            reverse("account_login"), form, headers={"x-forwarded-for": f"forged, 192.0.2.{number}"}
        )
    assert answer.status_code == 200


def test_old_guesses_and_browsers_are_forgotten(owner):
    now = timezone.now()
    LogInAttempt.objects.create(account="old", at=now - timedelta(hours=2))
    LogInAttempt.objects.create(account="new", at=now)
    KnownBrowser.objects.create(person=owner, digest="old", seen_at=now - timedelta(days=366))
    KnownBrowser.objects.create(person=owner, digest="new", seen_at=now)
    assert throttling.forget_old_guesses() == 2
    assert [row.account for row in LogInAttempt.objects.all()] == ["new"]
    assert [row.digest for row in KnownBrowser.objects.all()] == ["new"]


if connection.vendor == "postgresql":  # a database in memory, as SQLite has it in tests, is one for all threads

    @pytest.mark.database
    @pytest.mark.django_db(transaction=True)
    def test_many_processes_together_look_at_no_more_than_one_alone():
        """Each thread has a connection of its own, as each process has."""
        start, counted = threading.Barrier(8), []

        def guess_on():
            start.wait()
            key = throttling.key_of("password", OWNER)
            counted.extend(throttling.count_guess(key) is not None for _ in range(10))
            connections.close_all()

        threads = [threading.Thread(target=guess_on) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(counted), sum(counted)) == (80, ALLOWANCE)
