"""A password is long, and not long only because it repeats itself or stands on the pages."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.demonstration import PASSWORD as OF_THE_DEMONSTRATION
from servanda.people.models import Instance
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    Instance(pk=1, name={"en": "Council for Human Dignity", "es": "Consejo de la dignidad"}).save()
    place = make.institution("fisheries", name="Ministry of Fisheries")
    return make.user(Role.FOCAL_POINT, place, name="Ana Primer", email="ana.lighthouse@example.org")


def faults(password: str, person) -> set[str]:
    try:
        validate_password(password, person)
    except ValidationError as fault:
        return {error.code for error in fault.error_list}
    return set()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_too_short"),
        ("x", "password_too_short"),
        ("tin-roof-47", "password_too_short"),
        ("aaaaaaaaaaaa", "password_repeated"),
        ("121212121212", "password_repeated"),
        ("abcabcabcabc", "password_repeated"),
        ("tinroof7tinroof7", "password_repeated"),
        ("tinroof7tinroof7tin", "password_repeated"),
        ("ABCDEFGHIJKLM", "password_repeated"),
        ("123456789012", "password_repeated"),
        ("qwertyuiopasdf", "password_repeated"),
        ("987654321098", "password_repeated"),
        ("Password2026!", "password_common_with_tail"),
        ("1234-sunshine-", "password_common_with_tail"),
        ("servanda-2026!", "password_from_here"),
        ("HumanDignity26", "password_from_here"),
        ("dignidad-consejo", "password_from_here"),
        ("fisheries/Ministry", "password_from_here"),
        ("lighthouse-primer", "password_from_here"),
    ],
)
def test_a_password_that_is_soon_guessed_is_refused(person, password, code):
    assert code in faults(password, person)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        OF_THE_DEMONSTRATION,
        "tin-roof-and-rain",
        "ana likes 3 green kites",
        "servanda tin roof 47",
        "kL9$wq2Rv!tB",
        "السفينة تبحر ليلا",
        "雨が降る前に帰ろうと思う",
    ],
)
def test_a_password_of_ones_own_is_taken(person, password):
    assert faults(password, person) == set()


def test_the_page_that_changes_a_password_refuses_and_tells_what_to_do(client, person):
    client.force_login(person)
    sent = {"oldpassword": make.PASSWORD, "password1": "121212121212", "password2": "121212121212"}
    page = client.post(reverse("account_change_password"), sent).content.decode()
    assert "not a sequence or a repetition" in page
    person.refresh_from_db()
    assert person.check_password(make.PASSWORD)


def test_a_password_from_before_these_rules_still_logs_in(client, person):
    person.set_password("121212121212")
    person.save()
    client.post(reverse("account_login"), {"login": person.email, "password": "121212121212"})
    assert client.session["_auth_user_id"] == str(person.pk)
