import pytest
from django.urls import reverse

from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db


def log_in(client, email: str, password: str = make.PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def actions() -> list[str]:
    return list(Event.objects.order_by("sequence").values_list("action", flat=True))


def test_a_log_in_leads_to_the_desk_and_into_the_trail(client):
    person = make.user(email="ana@example.org")
    answer = log_in(client, "ana@example.org")
    assert answer.url == reverse("desk:home")
    assert Event.objects.get().actor == person
    assert actions() == ["logged-in"]


def test_a_wrong_password_of_a_known_account_is_recorded_without_an_actor(client):
    make.user(email="ana@example.org")
    log_in(client, "ana@example.org", "not the password")
    event = Event.objects.get()
    assert (event.action, event.actor) == ("log-in-failed", None)
    assert event.object_type == "people.user"


def test_what_is_typed_for_an_unknown_account_is_kept_nowhere(client):
    log_in(client, "my-password-by-mistake@example.org")
    event = Event.objects.get()
    assert (event.action, event.object_label, event.difference) == ("log-in-unknown", "", "")


def test_logging_out_is_recorded(client):
    client.force_login(make.user())
    client.post(reverse("account_logout"))
    assert actions() == ["logged-in", "logged-out"]


def test_the_first_password_of_somebody_who_came_through_single_sign_on_is_recorded(client):
    person = make.user()
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    client.post(reverse("account_set_password"), {"password1": make.PASSWORD, "password2": make.PASSWORD})
    person.refresh_from_db()
    assert person.check_password(make.PASSWORD)
    assert Event.objects.first().action == "password-changed"


def test_changing_the_password_is_recorded_without_the_password(client):
    client.force_login(make.user())
    new = "another long pass phrase"
    client.post(
        reverse("account_change_password"), {"oldpassword": make.PASSWORD, "password1": new, "password2": new}
    )
    event = Event.objects.first()
    assert event.action == "password-changed"
    assert event.difference == ""
