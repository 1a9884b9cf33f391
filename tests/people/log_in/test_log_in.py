"""What a password may be, and which doors there are."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings
from django.urls import reverse

from servanda import account_settings
from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.people.models import User
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
PASSPHRASES = [
    "correct horse battery staple",
    "twelve-signs",
    "ما هي الحقوق التي نحميها اليوم",
    "кто живёт в маленьком доме",
    "我们每天早上在河边散步喝茶看书",
    "a phrase with  two spaces and one at its end ",
    " ".join(f"x{number * 37}" for number in range(40)),
    "🕊️ peace for every person 🕊️",
]


def log_in(client, person, password: str = make.PASSWORD):
    return client.post(reverse("account_login"), {"login": person.email, "password": password})


def change(client, old: str, new: str):
    return client.post(reverse("account_change_password"), {"oldpassword": old, "password1": new, "password2": new})


@pytest.mark.parametrize("phrase", PASSPHRASES)
def test_a_long_passphrase_in_any_script_is_taken_and_opens_the_account(client, phrase):
    person = make.user()
    client.force_login(person)
    change(client, make.PASSWORD, phrase)
    client.post(reverse("account_logout"))
    assert log_in(client, person, phrase).headers["Location"] == reverse("desk:home")


def test_a_passphrase_counts_to_its_last_sign(client):
    person = make.user()
    long = "word " * 40
    person.set_password(long + "a")
    person.save()
    assert log_in(client, person, long + "b").status_code == 200
    assert log_in(client, person, long + "a").status_code == 302


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("eleven-sign", "too short"),
        ("Q1W2E3R4T5Y6", "too common"),
        ("Anastasia Kovač", "too similar"),
        ("anastasia.kovac", "too similar"),
    ],
)
def test_a_password_that_is_soon_guessed_is_refused(password, reason):
    person = make.user(name="Anastasia Kovač", email="anastasia.kovac@example.org")
    with pytest.raises(ValidationError, match=reason):
        validate_password(password, person)


def test_passwords_can_be_pasted_and_filled_in_by_a_password_manager(client):
    client.force_login(make.user())
    page = client.get(reverse("account_change_password")).content.decode()
    inputs = re.findall(r'<input type="password"[^>]*>', page)
    assert len(inputs) == 3
    assert [re.search(r'autocomplete="([^"]+)"', field).group(1) for field in inputs] == [
        "current-password",
        "new-password",
        "new-password",
    ]
    assert not any("maxlength" in field or "onpaste" in field for field in inputs)


def test_production_hashes_with_argon2():
    with override_settings(PASSWORD_HASHERS=account_settings.PASSWORD_HASHERS):
        made = make_password(make.PASSWORD)
        assert made.startswith("argon2$argon2id$")
        assert check_password(make.PASSWORD, made)


@pytest.mark.parametrize(
    "address",
    [
        "/account/email/",
        "/account/confirm-email/",
        "/account/confirm-email/key/",
        "/account/login/code/",
        "/account/login/code/confirm/",
        "/account/3rdparty/",
        "/account/second-factor/webauthn/",
        "/account/",
    ],
)
def test_what_we_do_not_take_over_is_not_there(client, address):
    client.force_login(make.user())
    assert client.get(address).status_code == 404
    assert client.post(address, {"email": "other@example.org", "action_add": ""}).status_code == 404


def test_nobody_makes_an_account_by_sending_the_form(client):
    form = {"email": "new@example.org", "password1": make.PASSWORD, "password2": make.PASSWORD}
    page = client.post(reverse("account_signup"), form).content.decode()
    assert "Accounts are created by the mechanism" in page
    assert not User.objects.exists()


def test_a_log_in_or_a_link_copies_the_address_nowhere(client):
    """A copy would go on opening the account when the mechanism has changed the address."""
    person = make.user(email="old@example.org")
    client.post(reverse("account_reset_password"), {"email": person.email})
    log_in(client, person)
    assert not EmailAddress.objects.exists()
    User.objects.filter(pk=person.pk).update(email="new@example.org")
    client.post(reverse("account_logout"))
    assert log_in(client, person).status_code == 200


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_links_in_mails_lead_to_our_own_address_whatever_host_was_asked_for(client, settings, email):
    settings.ALLOWED_HOSTS, settings.ORIGIN = ["*"], "https://servanda.example.org"
    make.user(email="ada@example.org")
    client.post(reverse("account_reset_password"), {"email": email}, headers={"host": "evil.example"})
    mail = Mail.objects.get()
    assert "evil" not in mail.subject + mail.body
    links = re.findall(r"https?://[^/\s]+", mail.body)
    assert set(links) <= {"https://servanda.example.org"}
    assert bool(links) == (email == "ada@example.org")


def test_a_closed_account_tells_so_only_to_whoever_knows_the_password(client):
    person = make.user(is_active=False)
    assert log_in(client, person).headers["Location"] == reverse("account_inactive")
    assert log_in(client, person, "wrong").status_code == 200
    assert client.get(reverse("desk:home")).status_code == 302


def test_that_an_unknown_address_was_tried_is_recorded_and_nothing_of_it(client):
    client.post(reverse("account_login"), {"login": "my-password@example.org", "password": "my other password"})
    event = Event.objects.get()
    assert (event.action, event.actor, event.object_id) == ("log-in-unknown", None, "")
    assert "my" not in f"{event.object_label}{event.difference}"


def test_after_the_log_in_one_comes_to_the_page_that_one_asked_for_and_to_no_other_site(client):
    person = make.user()
    form = {"login": person.email, "password": make.PASSWORD}
    answer = client.post(reverse("account_login"), {**form, "next": "/desk/register/"})
    assert answer.headers["Location"] == "/desk/register/"
    client.post(reverse("account_logout"))
    answer = client.post(reverse("account_login"), {**form, "next": "https://evil.example/"})
    assert answer.headers["Location"] == reverse("desk:home")


def test_whoever_holds_no_role_comes_to_their_account_and_meets_no_dead_end(client):
    make.user(Role.PUBLIC, email="ana@example.org")
    given = {"login": "ana@example.org", "password": make.PASSWORD}
    assert client.post(reverse("account_login"), given).url == reverse("people:own_account")
    shut = client.get(reverse("desk:home"))
    assert shut.status_code == 403
    assert reverse("people:own_account") in shut.content.decode().split("<main")[1]
    assert f'href="{reverse("desk:home")}"' not in shut.content.decode()
