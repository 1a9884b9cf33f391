"""What a second factor is checked against is encrypted in the database, and what happens when the key is another."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client, TestCase
from django.urls import reverse

from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.people.models import User
from servanda.people.second_factor.secrets import decrypt, encrypt, is_readable
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
ACTIVATION = "/account/second-factor/totp/activate/"
OLD, NEW = "the old key of this system " * 3, "quite another key, made later " * 3
REASON = "The key file was lost with the disk."


def rows() -> str:
    return json.dumps(list(Authenticator.objects.values_list("data", flat=True)))


def log_in(client, person):
    return client.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})


def set_up(client) -> tuple[str, list[str]]:
    """The whole way of a newcomer; the secret of the phone and the recovery codes."""
    page = client.get(ACTIVATION).content.decode()
    secret = re.search(r'<code class="langtext" dir="ltr">(\w+)</code>', page).group(1)
    assert secret not in json.dumps(dict(client.session))
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(ACTIVATION, {"code": make.code_on_phone(secret)})
    answer = client.get(reverse("mfa_view_recovery_codes"))
    return secret, re.findall(r'<code dir="ltr">(\d{8})</code>', answer.content.decode())


def newcomer() -> User:
    person = make.user(Role.COORDINATOR)
    Authenticator.objects.filter(user=person).delete()
    return person


def with_key_lost(settings) -> User:
    """A person whose second factor was set up under a key that this system has no more."""
    settings.SECRET_KEY = OLD
    person = make.user(Role.COORDINATOR, email="cora@example.org")
    call_command("encrypt_second_factors")
    settings.SECRET_KEY = NEW
    return person


def faults() -> list[str]:
    return [fault.id for fault in run_checks(tags=["secrets"], databases=["default"])]


def test_neither_the_secret_nor_a_seed_is_in_the_database_in_clear(client):
    client.force_login(newcomer())
    secret, codes = set_up(client)
    assert len(codes) == 10
    assert secret not in rows()
    assert [
        decrypt(data["secret"]) for data in Authenticator.objects.filter(type="totp").values_list("data", flat=True)
    ]
    assert rows().count("fernet:") == 2


def test_code_and_recovery_code_open_the_account_when_they_are_encrypted(client):
    person = newcomer()
    client.force_login(person)
    secret, codes = set_up(client)
    for code in (codes[0], make.code_on_phone(secret)):
        browser = Client()
        log_in(browser, person)
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert browser.get(reverse("desk:home")).status_code == 200
    assert Event.objects.filter(action="recovery-code-used", actor=person).count() == 1


def test_the_same_secret_is_never_encrypted_to_the_same_text():
    assert encrypt("one") != encrypt("one")
    assert decrypt(encrypt("one")) == "one"


def test_secrets_from_before_are_converted_once_and_go_on_working(client):
    person = make.user(Role.COORDINATOR)
    Authenticator.objects.create(user=person, type="recovery_codes", data={"seed": "abc", "used_mask": 5})
    Authenticator.objects.create(
        user=make.user(Role.READER), type="recovery_codes", data={"migrated_codes": ["11111111", "22222222"]}
    )
    assert make.SECRET in rows()
    call_command("encrypt_second_factors")
    encrypted = rows()
    assert make.SECRET not in encrypted
    assert "11111111" not in encrypted
    assert encrypted.count("fernet:") == 4
    assert Authenticator.objects.get(user=person, type="recovery_codes").data["used_mask"] == 5
    call_command("encrypt_second_factors")
    assert rows() == encrypted
    assert Event.objects.filter(action="second-factors-encrypted").count() == 1
    log_in(client, person)
    client.post(reverse("mfa_authenticate"), {"code": make.code_on_phone()})
    assert client.get(reverse("desk:home")).status_code == 200


def test_a_former_key_still_reads_and_the_command_encrypts_anew_with_the_present_one(client, settings):
    person = with_key_lost(settings)
    settings.SECRET_KEY_FALLBACKS = [OLD]
    assert faults() == []
    log_in(client, person)
    client.post(reverse("mfa_authenticate"), {"code": make.code_on_phone()})
    assert client.get(reverse("desk:home")).status_code == 200
    call_command("encrypt_second_factors")
    settings.SECRET_KEY_FALLBACKS = []
    assert faults() == []
    assert is_readable(Authenticator.objects.get(user=person))


def test_a_key_that_does_not_fit_is_told_at_the_start_with_both_ways_out(settings):
    with_key_lost(settings)
    fault = run_checks(tags=["secrets"], databases=["default"])[0]
    assert (fault.id, fault.is_serious()) == ("people.W021", False)
    assert "SERVANDA_OLD_SECRET_KEYS" in fault.hint
    assert "reset_second_factor --unreadable" in fault.hint


def test_the_command_leaves_what_it_cannot_read_as_it_is_and_says_so(settings, capsys):
    with_key_lost(settings)
    before = rows()
    call_command("encrypt_second_factors")
    assert rows() == before
    assert "reset_second_factor --unreadable" in capsys.readouterr().err


def test_whose_factor_cannot_be_read_gets_a_page_that_says_whom_to_ask(client, settings):
    person = with_key_lost(settings)
    log_in(client, person)
    for code in (make.code_on_phone(), "000000"):
        answer = client.post(reverse("mfa_authenticate"), {"code": code})
        assert answer.status_code == 200
        assert "administrator" in answer.content.decode()
        assert "secret key" in answer.content.decode()
    assert client.get(reverse("desk:home")).status_code == 302


@pytest.mark.parametrize("name", ["mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"])
def test_pages_of_recovery_codes_that_cannot_be_read_say_whom_to_ask(client, settings, name):
    settings.SECRET_KEY = OLD
    person = make.user(Role.COORDINATOR)
    Authenticator.objects.create(user=person, type="recovery_codes", data={"seed": encrypt("abc"), "used_mask": 0})
    settings.SECRET_KEY = NEW
    client.force_login(person)
    answer = client.get(reverse(name))
    assert answer.status_code == 409
    assert "administrator" in answer.content.decode()


def test_one_command_resets_all_factors_that_cannot_be_read_and_only_those(settings):
    person = with_key_lost(settings)
    other = make.user(Role.ADMINISTRATOR, email="ada@example.org")
    call_command("reset_second_factor", "--unreadable", "--reason", REASON)
    assert list(Authenticator.objects.values_list("user", flat=True)) == [other.pk]
    event = Event.objects.get(action="second-factor-reset")
    assert (event.object_id, json.loads(event.difference)) == (str(person.pk), {"reason": ["", REASON]})
    assert sorted(Mail.objects.values_list("to", flat=True)) == ["ada@example.org", "cora@example.org"]
    assert faults() == []


def test_where_all_can_be_read_nothing_is_reset(settings):
    person = make.user(Role.COORDINATOR)
    with pytest.raises(CommandError, match="can be read"):
        call_command("reset_second_factor", "--unreadable", "--reason", REASON)
    assert Authenticator.objects.filter(user=person).exists()


def test_the_command_wants_a_person_or_all_unreadable_ones():
    with pytest.raises(CommandError, match="email"):
        call_command("reset_second_factor", "--reason", REASON)
    with pytest.raises(CommandError, match="email"):
        call_command("reset_second_factor", "cora@example.org", "--unreadable", "--reason", REASON)
