"""A key for a program outlives a session and a password, so making one is guarded and a change of password asks."""

import re
import time

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.people.access_keys import services as access_keys
from servanda.people.models import ApiToken, User
from servanda.people.requests.idle_sessions import OPENED
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
NEW = "a kite above the quarry"
MAKE = "people:make_token"


@pytest.fixture
def person(client):
    return make.signed_in(client, Role.COORDINATOR, email="cora@example.org")


def grow_old(client) -> None:
    """The session was opened an hour ago."""
    session = client.session
    session[OPENED] = int(time.time()) - 3600
    session.save()


def asked() -> dict:
    return {"name": "Statistics", "scope": "write", "last_day": str(timezone.localdate() + access_keys.USUAL)}


def change_password(client, **follow):
    sent = {"oldpassword": make.PASSWORD, "password1": NEW, "password2": NEW}
    return client.post(reverse("account_change_password"), sent, **follow)


def test_an_old_session_makes_a_key_only_with_the_password(client, person):
    grow_old(client)
    for answer in (client.get(reverse(MAKE)), client.post(reverse(MAKE), asked())):
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not ApiToken.objects.exists()
    again = f"{reverse('account_reauthenticate')}?next={reverse(MAKE)}"
    assert client.post(again, {"password": "wrong"}).status_code == 200
    assert not ApiToken.objects.exists()
    answer = client.post(again, {"password": make.PASSWORD})
    assert re.search(r"srv_[\w-]{43}", answer.content.decode())
    assert ApiToken.objects.get().person == person


def test_a_code_of_the_second_factor_does_as_well(client, person):
    grow_old(client)
    client.get(reverse(MAKE))
    again = f"{reverse('mfa_reauthenticate')}?next={reverse(MAKE)}"
    assert client.post(again, {"code": make.code_on_phone()})["Location"] == reverse(MAKE)
    assert client.get(reverse(MAKE)).status_code == 200


def test_the_owner_is_mailed_in_their_language_without_the_key(client, person):
    User.objects.filter(pk=person.pk).update(language="en")
    person.refresh_from_db()
    token, key = access_keys.make_token(name="Statistics", scope="read", last_day=timezone.localdate(), by=person)
    mail = Mail.objects.get()
    assert mail.to == "cora@example.org"
    assert "Statistics" in mail.body
    assert reverse("people:tokens") in mail.body
    assert key[4:] not in mail.body


def test_a_change_of_password_leads_to_the_keys_with_all_of_them_ticked(client, person):
    kept, gone = make.token(person), make.token(person)
    make.token(make.user(Role.READER), name="Of another person")
    make.token(person, name="Old", expires_at=timezone.now())
    page = change_password(client, follow=True)
    assert page.redirect_chain[-1][0] == reverse("people:revoke_tokens")
    content = page.content.decode()
    assert content.count(" checked") == 2
    assert "Of another person" not in content
    chosen = ApiToken.objects.get(name=gone)
    client.post(reverse("people:revoke_tokens"), {"tokens": [chosen.pk]})
    now = timezone.now()
    assert (access_keys.token_of(gone, on=now), access_keys.token_of(kept, on=now).name) == (None, kept)
    assert Event.objects.filter(action="token-revoked", actor=person).count() == 1


def test_the_keys_of_another_person_are_not_revoked_there(client, person):
    other = make.token(make.user(Role.READER))
    answer = client.post(reverse("people:revoke_tokens"), {"tokens": [ApiToken.objects.get().pk]})
    assert answer.status_code == 422
    assert access_keys.token_of(other, on=timezone.now()) is not None


def test_without_keys_a_change_of_password_leads_to_the_own_account(client, person):
    assert change_password(client)["Location"] == reverse("people:own_account")


def test_a_password_set_anew_by_mail_revokes_every_key(client):
    person = make.user(Role.READER, email="ana@example.org")
    key, another = make.token(person), make.token(make.user(Role.READER))
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"/account/password/reset/key/\S+", Mail.objects.get(to=person.email).body)[0]
    form = client.get(link)["Location"]
    assert "Setting a new password revokes your access keys for" in client.get(form).content.decode()
    page = client.post(form, {"password1": NEW, "password2": NEW}, follow=True).content.decode()
    assert "Your access key was revoked when the password changed." in page
    now = timezone.now()
    assert (access_keys.token_of(key, on=now), access_keys.token_of(another, on=now) is None) == (None, False)


def test_the_id_of_the_session_changes_when_the_password_is_proved_again(client, person):
    grow_old(client)
    client.get(reverse(MAKE))
    before = client.session.session_key
    client.post(f"{reverse('account_reauthenticate')}?next={reverse(MAKE)}", {"password": make.PASSWORD})
    assert client.session.session_key != before
    assert client.get(reverse("people:tokens")).status_code == 200
    assert not client.session.exists(before)


def test_the_id_of_the_session_changes_with_the_second_factor(client):
    person = make.user(Role.READER)
    client.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})
    before = client.session.session_key
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": make.code_on_phone(secret)})
    assert person.authenticator_set.exists()
    set_up = client.session.session_key
    assert set_up != before
    assert not client.session.exists(before)
    client.post(reverse("mfa_deactivate_totp"))
    assert not person.authenticator_set.filter(type="totp").exists()
    assert client.session.session_key != set_up
    listed = client.get(reverse("usersessions_list")).context["sessions"]
    assert [row.session_key for row in listed] == [client.session.session_key]
