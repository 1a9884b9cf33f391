import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.people.requests.throttling import ALLOWANCE
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
ALWAYS = [Role.COORDINATOR, Role.AUTHORITY, Role.AUDITOR, Role.ADMINISTRATOR]
ACTIVATION = "/account/second-factor/totp/activate/"


def log_in(client, person):
    return client.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})


def give_code(client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def without_phone(role: str):
    person = make.user(role)
    Authenticator.objects.filter(user=person).delete()
    return person


def set_up(client) -> list[str]:
    """The whole way of a newcomer; the recovery codes that they are shown."""
    page = client.get(ACTIVATION).content.decode()
    secret = re.search(r'<code class="langtext" dir="ltr">(\w+)</code>', page).group(1)
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(ACTIVATION, {"code": make.code_on_phone(secret)})
    answer = client.get(reverse("mfa_view_recovery_codes"))
    return re.findall(r'<code dir="ltr">(\d{8})</code>', answer.content.decode())


@pytest.mark.parametrize("role", ALWAYS)
def test_whoever_writes_or_approves_goes_nowhere_without_a_second_factor(client, role):
    client.force_login(without_phone(role))
    for name in ("desk:home", "desk:register", "portal:home", "portal:register", "people:trail", "usersessions_list"):
        answer = client.get(reverse(name))
        assert (name, answer.status_code, answer.headers.get("Location")) == (name, 302, ACTIVATION)
    assert client.post(reverse("desk:receive_files")).headers["Location"] == ACTIVATION


@pytest.mark.parametrize("role", ALWAYS)
def test_with_it_they_reach_their_desk(client, role):
    client.force_login(make.user(role))
    assert client.get(reverse("desk:home")).status_code == 200


def test_without_it_one_can_still_log_out_change_language_and_set_it_up(client):
    client.force_login(without_phone(Role.COORDINATOR))
    assert client.get(ACTIVATION).status_code == 200
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get(reverse("account_change_password")).status_code == 200
    assert client.post(reverse("set_language"), {"language": "fr"}).headers["Location"] == "/"
    assert client.post(reverse("account_logout")).headers["Location"] == reverse("portal:home")


@pytest.mark.parametrize(
    ("role", "choice"),
    [
        (Role.FOCAL_POINT, "second_factor_for_focal_points"),
        (Role.CONTRIBUTOR, "second_factor_for_contributors"),
    ],
)
def test_for_focal_points_and_contributors_the_instance_decides(client, role, choice):
    instance = Instance.objects.create()
    client.force_login(make.user(role))
    assert client.get(reverse("desk:home")).status_code == 200
    setattr(instance, choice, True)
    instance.save()
    assert client.get(reverse("desk:home")).headers["Location"] == ACTIVATION


def test_a_reader_needs_none(client):
    Instance.objects.create(second_factor_for_focal_points=True, second_factor_for_contributors=True)
    client.force_login(make.user(Role.READER))
    assert client.get(reverse("desk:home")).status_code == 200


def test_the_demonstration_has_none_and_its_banner_says_so(client, settings):
    settings.MODE = "demo"
    Instance.objects.create(is_demonstration=True)
    client.force_login(without_phone(Role.COORDINATOR))
    answer = client.get(reverse("desk:home"))
    assert answer.status_code == 200
    assert "Two-step verification is turned off." in answer.content.decode()


def test_an_instance_that_only_calls_itself_a_demonstration_has_them(client):
    Instance.objects.create(is_demonstration=True)
    client.force_login(without_phone(Role.COORDINATOR))
    assert client.get(reverse("desk:home")).headers["Location"] == ACTIVATION


def test_a_newcomer_sets_it_up_with_the_key_and_is_given_ten_recovery_codes(client):
    person = without_phone(Role.COORDINATOR)
    assert log_in(client, person).headers["Location"] == reverse("desk:home")
    codes = set_up(client)
    assert len(codes) == 10
    assert client.get(reverse("desk:home")).status_code == 200
    assert Event.objects.filter(action="second-factor-activated", actor=person).exists()


def test_the_picture_for_the_phone_is_part_of_the_page(client):
    client.force_login(without_phone(Role.COORDINATOR))
    page = client.get(ACTIVATION).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert "<svg" not in page.split("<main")[1]


def test_the_password_alone_lets_nobody_in_who_has_a_second_factor(client):
    person = make.user(Role.COORDINATOR)
    assert log_in(client, person).headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("desk:home")).headers["Location"].startswith(reverse("account_login"))
    assert give_code(client, make.code_on_phone()).headers["Location"] == reverse("desk:home")
    assert client.get(reverse("desk:home")).status_code == 200


def test_a_code_is_good_once(client):
    person, code = make.user(Role.COORDINATOR), make.code_on_phone()
    log_in(client, person)
    give_code(client, code)
    client.post(reverse("account_logout"))
    log_in(client, person)
    give_code(client, f"{code[:3]} {code[3:]}")
    assert client.get(reverse("desk:home")).status_code == 302


def test_a_wrong_code_is_told_to_the_trail(client):
    person = make.user(Role.COORDINATOR)
    log_in(client, person)
    assert give_code(client, "000000").status_code == 200
    event = Event.objects.first()
    assert (event.action, event.object_id, event.actor) == ("second-factor-failed", str(person.pk), None)


def test_after_twenty_wrong_codes_even_the_right_one_does_not_help(client):
    log_in(client, make.user(Role.COORDINATOR))
    for number in range(ALLOWANCE):
        give_code(client, f"{number:06}")
    page = give_code(client, make.code_on_phone()).content.decode()
    assert "Too many codes were tried in the last hour. Try again" in page
    assert client.get(reverse("desk:home")).status_code == 302


def test_a_stranger_who_knows_the_password_does_not_lock_a_known_browser_out(client):
    person = make.user(Role.COORDINATOR)
    log_in(client, person)
    give_code(client, make.code_on_phone())
    client.post(reverse("account_logout"))
    stranger = Client()
    log_in(stranger, person)
    for number in range(ALLOWANCE + 1):
        give_code(stranger, f"{number:06}")
    cache.clear()  # as if time had gone by, and the phone showed another code
    give_code(stranger, make.code_on_phone())
    assert stranger.get(reverse("desk:home")).status_code == 302
    log_in(client, person)
    give_code(client, make.code_on_phone())
    assert client.get(reverse("desk:home")).status_code == 200


def test_a_recovery_code_opens_the_account_once(client):
    person = without_phone(Role.COORDINATOR)
    log_in(client, person)
    code = set_up(client)[0]
    client.post(reverse("account_logout"))
    for lets_in in (True, False):
        log_in(client, person)
        give_code(client, code)
        assert (client.get(reverse("desk:home")).status_code == 200) is lets_in
        client.post(reverse("account_logout"))
    assert Event.objects.filter(action="recovery-code-used", actor=person).count() == 1


def test_whoever_needs_it_cannot_take_it_away(client):
    person = make.user(Role.COORDINATOR)
    client.force_login(person)
    page = client.post(reverse("mfa_deactivate_totp")).content.decode()
    assert "Your role requires two-step verification, so it cannot be" in page
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert reverse("mfa_deactivate_totp") not in client.get(reverse("mfa_index")).content.decode()


def test_whoever_has_it_by_choice_takes_it_away_and_the_trail_says_so(client):
    person = make.user(Role.READER)
    make.phone(person)
    client.force_login(person)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=person).exists()
    assert Event.objects.first().action == "second-factor-removed"


def test_new_recovery_codes_make_the_old_ones_void(client):
    client.force_login(without_phone(Role.COORDINATOR))
    old = set_up(client)
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("mfa_generate_recovery_codes"))
    answer = client.get(reverse("mfa_view_recovery_codes"))
    new = re.findall(r'<code dir="ltr">(\d{8})</code>', answer.content.decode())
    assert len(new) == 10
    assert not set(old) & set(new)
    assert Event.objects.first().action == "recovery-codes-made"


def test_recovery_codes_are_shown_again_only_to_whoever_proves_who_they_are(client):
    client.force_login(without_phone(Role.COORDINATOR))
    set_up(client)
    session = client.session
    session["opened_at"] -= 301
    session.save()
    answer = client.get(reverse("mfa_view_recovery_codes"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    page = client.get(answer.headers["Location"]).content.decode()
    assert "For the security of your account, enter your password" in page
    answer = client.post(answer.headers["Location"], {"password": make.PASSWORD})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")


def test_the_check_costs_one_query(client):
    client.force_login(make.user(Role.COORDINATOR))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("desk:home"))
    assert sum("mfa_authenticator" in query["sql"] for query in queries) == 1
