"""One's own account: for everyone who is logged in, whatever they may do besides."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.jobs.services import send_due_mails
from servanda.people.access import Role
from servanda.people.models import User
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
COOKIE = settings.LANGUAGE_COOKIE_NAME


def log_in(client, email: str, password: str = make.PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.CONTRIBUTOR, Role.READER])
def test_everybody_who_is_logged_in_has_the_page(client, role):
    client.force_login(make.user(role, name="Ana Horvat"))
    page = client.get(reverse("people:own_account"))
    assert "Ana Horvat" in page.content.decode()
    assert reverse("people:own_account") in client.get(reverse("portal:home")).content.decode()


@pytest.mark.parametrize("name", ["own_account", "edit_own_account", "own_personal_data"])
def test_a_stranger_is_sent_to_log_in_and_comes_back(client, name):
    address = reverse(f"people:{name}")
    assert client.get(address).url == f"{reverse('account_login')}?next={address}"


def test_a_contributor_is_not_shown_the_page_of_an_institution(client):
    person = make.user(Role.CONTRIBUTOR, institution=make.institution("nhri"))
    client.force_login(person)
    page = client.get(reverse("people:own_account")).content.decode()
    assert "NHRI" in page
    assert "/nhri/" not in page


def test_name_telephone_and_language_are_ones_own_to_change_and_nothing_else_is(client):
    person = make.user(Role.READER, email="ana@example.org")
    client.force_login(person)
    given = {"name": "Ana", "phone": "+386 1", "language": "fr", "digest": "never"}
    wanted = {"email": "eve@example.org", "role": "administrator", "is_active": "", "emergency_until": "2030-01-01"}
    answer = client.post(reverse("people:edit_own_account"), given | wanted, follow=True)
    changed = User.objects.get(pk=person.pk)
    assert (changed.name, changed.phone, changed.language, changed.digest) == ("Ana", "+386 1", "fr", "never")
    assert (changed.email, changed.role, changed.emergency_until) == ("ana@example.org", "", None)
    assert 'lang="fr"' in answer.content.decode()


def test_no_one_takes_a_name_that_looks_like_that_of_another(client):
    person = make.user(Role.READER, email="ana@example.org")
    client.force_login(person)
    given = {"language": "en", "digest": "never"}
    page = reverse("people:edit_own_account")
    client.post(page, given | {"name": " Eva\u200b\U000e0100 \u2060 Novak\u3164\U000e0041"})
    assert User.objects.get(pk=person.pk).name == "Eva Novak"
    answer = client.post(page, given | {"name": "\u200b\U000e0100"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])


def test_an_absence_needs_both_days_in_their_order_and_can_be_taken_back(client):
    person = make.user(name="Ana", email="ana@example.org")
    client.force_login(person)
    given, today = {"name": "Ana", "language": "en", "digest": "never"}, timezone.localdate()
    page = reverse("people:edit_own_account")
    for days, wrong in (
        ({"away_from": "2027-05-10"}, "away_until"),
        ({"away_until": "2027-05-10"}, "away_from"),
        ({"away_from": "2027-05-10", "away_until": "2027-05-09"}, "away_until"),
    ):
        answer = client.post(page, given | days)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [wrong])
    client.post(page, given | {"away_from": today.isoformat(), "away_until": today.isoformat()})
    changed = User.objects.get(pk=person.pk)
    assert (changed.is_away(on=today), changed.is_away(on=today + timedelta(days=1))) == (True, False)
    client.force_login(make.user(Role.COORDINATOR))
    assert "Away until" in client.get(reverse("people:person", args=[person.pk])).content.decode()
    client.force_login(person)
    client.post(page, given)
    assert User.objects.get(pk=person.pk).away_until is None


def test_the_trail_tells_which_fields_were_changed_and_not_what_they_said(client):
    client.force_login(make.user(name="Ana", language="en"))
    client.post(
        reverse("people:edit_own_account"), {"name": "Ana", "phone": "+386 1", "language": "en", "digest": "weekly"}
    )
    assert Event.objects.get(action="account-edited").difference == '{"fields": ["", "phone"]}'


def test_whoever_never_chose_a_language_keeps_that_of_the_page_when_they_change_something_else(client):
    client.force_login(make.user())
    page = client.get(reverse("people:edit_own_account"), headers={"accept-language": "ar"})
    assert page.context["form"]["language"].value() == "ar"


@pytest.mark.parametrize("wrong", [{"name": ""}, {"language": "xx"}, {"name": "x" * 151}])
def test_what_is_wrong_is_said_and_nothing_is_changed(client, wrong):
    person = make.user(name="Ana")
    client.force_login(person)
    answer = client.post(
        reverse("people:edit_own_account"), {"name": "Bo", "language": "fr", "digest": "daily"} | wrong
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(wrong))
    assert User.objects.get(pk=person.pk).name == "Ana"


def test_logging_in_speaks_the_language_of_the_person(client):
    make.user(email="ana@example.org", language="ar")
    log_in(client, "ana@example.org")
    assert client.cookies[COOKIE].value == "ar"
    assert 'dir="rtl"' in client.get(reverse("people:own_account")).content.decode()


@pytest.mark.parametrize("language", ["", "xx"])
def test_without_a_language_of_their_own_the_browser_keeps_its_own(client, language):
    make.user(email="ana@example.org", language=language)
    log_in(client, "ana@example.org")
    assert COOKIE not in client.cookies


def test_a_mail_about_the_account_waits_in_the_outbox_in_the_language_of_the_person(client):
    make.user(email="ana@example.org", language="fr")
    for address in ("ana@example.org", "nobody@example.org"):
        client.post(reverse("account_reset_password"), {"email": address})
    assert mail.outbox == []
    subjects = dict(Mail.objects.values_list("to", "subject"))
    assert subjects["nobody@example.org"].endswith("Set a new password")
    assert subjects["ana@example.org"] != subjects["nobody@example.org"]
    assert send_due_mails(on=timezone.now()) == 2
    assert "http://testserver/account/password/reset/key/" in mail.outbox[0].body
