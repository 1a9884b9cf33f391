"""Access keys: made, shown once, kept as a fingerprint, revoked."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.access_keys import services as access_keys
from servanda.people.models import ApiToken, User
from servanda.trail.models import Event
from tests import make
from tests.house.answers import tight_source_of

pytestmark = pytest.mark.django_db

KEY = re.compile(r"srv_[\w-]{43}")


def made(by: User, **changed) -> tuple[ApiToken, str]:
    data = {"name": "Statistics", "scope": "read", "last_day": timezone.localdate() + access_keys.USUAL}
    return access_keys.make_token(**{**data, **changed}, by=by)


def post(client, person: User, **changed):
    client.force_login(person)
    data = {"name": "Statistics", "scope": "read", "last_day": str(timezone.localdate() + access_keys.USUAL)}
    return client.post(reverse("people:make_token"), {**data, **changed})


def test_a_key_is_shown_once_and_kept_nowhere(client):
    person = make.user(Role.READER)
    answer = post(client, person)
    (key,) = set(KEY.findall(answer.content.decode()))
    assert "no-store" in answer["Cache-Control"]
    assert key not in client.get(reverse("people:tokens")).content.decode()
    token = ApiToken.objects.get()
    assert token.digest == sha256(key.encode()).hexdigest()
    assert token.start_of_key == key[:12]
    kept = [str(value) for row in ApiToken.objects.values() for value in row.values()]
    assert [value for value in kept if key in value] == []
    assert key not in str(client.session.items())


def test_the_trail_tells_of_a_key_and_not_what_it_is():
    person = make.user(Role.READER)
    token, key = made(person)
    access_keys.revoke_token(token=token, by=person)
    told = list(Event.objects.order_by("sequence").values_list("action", "object_label"))
    assert told == [("token-made", "Statistics"), ("token-revoked", "Statistics")]
    assert [event for event in Event.objects.values() if key[4:12] in str(event)] == []


def test_a_key_opens_until_its_last_day_is_over():
    person, day = make.user(Role.READER), timezone.localdate()
    token, key = made(person, last_day=day)
    assert token.expires_at.date() == day + timedelta(days=1)
    assert access_keys.token_of(key, on=token.expires_at - timedelta(seconds=1)) == token
    assert access_keys.token_of(key, on=token.expires_at) is None


@pytest.mark.parametrize("days", [-1, 366])
def test_a_key_for_longer_than_a_year_or_for_the_past_is_refused(client, days):
    answer = post(client, make.user(Role.READER), last_day=str(timezone.localdate() + timedelta(days=days)))
    assert answer.status_code == 422
    assert "Enter a date within one year from today." in answer.content.decode()
    assert not ApiToken.objects.exists()
    assert Event.objects.filter(action="refused", object_label="make_token").count() == 1


def test_the_form_offers_ninety_days(client):
    client.force_login(make.user(Role.READER))
    shown = client.get(reverse("people:make_token")).content.decode()
    assert f'value="{timezone.localdate() + timedelta(days=90)}"' in shown


def test_a_page_that_is_sent_again_makes_no_second_key(client):
    person = make.user(Role.READER)
    post(client, person)
    assert post(client, person).status_code == 422
    assert ApiToken.objects.count() == 1


def test_the_name_of_a_key_that_is_gone_is_free_again():
    person = make.user(Role.READER)
    token, _key = made(person)
    access_keys.revoke_token(token=token, by=person)
    assert made(person)[0].pk != token.pk


@pytest.mark.parametrize("role", [Role.READER, Role.CONTRIBUTOR, Role.FOCAL_POINT, Role.AUTHORITY, Role.AUDITOR])
def test_a_key_that_writes_is_not_for_who_changes_no_record(client, role):
    person = make.user(role)
    client.force_login(person)
    assert 'value="write"' not in client.get(reverse("people:make_token")).content.decode()
    assert post(client, person, scope="write").status_code == 422
    with pytest.raises(Refused, match="read-only"):
        made(person, scope="write")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_a_key_that_writes_is_for_who_edits_the_register(client, role):
    assert KEY.search(post(client, make.user(role), scope="write").content.decode())
    assert ApiToken.objects.get().scope == "write"


def test_a_revoked_key_opens_nothing_and_says_when(client):
    person = make.user(Role.READER)
    token, key = made(person)
    client.force_login(person)
    answer = client.post(reverse("people:revoke_token", args=[token.pk]))
    assert answer["Location"] == reverse("people:tokens")
    assert access_keys.token_of(key, on=timezone.now()) is None
    shown = client.get(reverse("people:tokens")).content.decode()
    assert "revoked" in shown
    assert reverse("people:revoke_token", args=[token.pk]) not in shown


def test_a_key_is_revoked_once():
    person = make.user(Role.READER)
    token, _key = made(person)
    access_keys.revoke_token(token=token, by=person)
    with pytest.raises(Refused, match="This key has already been revoked."):
        access_keys.revoke_token(token=token, by=person)
    assert Event.objects.filter(action="token-revoked").count() == 1


@pytest.mark.parametrize("role", [Role.READER, Role.COORDINATOR, Role.AUDITOR])
def test_the_key_of_somebody_else_is_not_there(client, role):
    token, key = made(make.user(Role.READER, name="Owner", email="owner@example.org"))
    client.force_login(make.user(role))
    assert client.post(reverse("people:revoke_token", args=[token.pk])).status_code == 404
    assert client.post(reverse("people:revoke_token", args=[token.pk + 1])).status_code == 404
    assert token.start_of_key not in client.get(reverse("people:tokens")).content.decode()
    assert access_keys.token_of(key, on=timezone.now()) == token


def test_who_gives_roles_revokes_the_keys_of_others(client):
    token, key = made(make.user(Role.READER))
    administrator = make.user(Role.ADMINISTRATOR)
    client.force_login(administrator)
    answer = client.post(reverse("people:revoke_token", args=[token.pk]))
    assert answer["Location"] == reverse("people:person", args=[token.person_id])
    assert access_keys.token_of(key, on=timezone.now()) is None
    assert Event.objects.get(action="token-revoked").actor == administrator


def test_the_last_use_is_noted_once_an_hour():
    token, key = made(make.user(Role.READER))
    first = timezone.now()
    for minutes, noted in ((0, 0), (59, 0), (60, 60), (100, 60), (121, 121)):
        access_keys.token_of(key, on=first + timedelta(minutes=minutes))
        token.refresh_from_db()
        assert token.last_used_at == first + timedelta(minutes=noted)


def test_the_first_writing_within_the_hour_is_noted_too():
    token, key = made(make.user(Role.COORDINATOR), scope="write")
    now = timezone.now()
    for use, noted in (("read", "read"), ("write", "write"), ("read", "write")):
        access_keys.token_of(key, on=now, use=use)
        token.refresh_from_db()
        assert token.last_use == noted
    with CaptureQueriesContext(connection) as queries:
        access_keys.token_of(key, on=now + timedelta(minutes=30), use="write")
    assert [query for query in queries.captured_queries if query["sql"].startswith("UPDATE")] == []


def test_the_list_of_keys_tells_when_each_was_used(client):
    person = make.user(Role.READER)
    _token, key = made(person)
    client.force_login(person)
    assert ">never</td>" in tight_source_of(client.get(reverse("people:tokens")))
    access_keys.token_of(key, on=timezone.now())
    assert ">never</td>" not in client.get(reverse("people:tokens")).content.decode()


def test_the_key_of_a_closed_account_opens_nothing():
    person = make.user(Role.READER)
    _token, key = made(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert access_keys.token_of(key, on=timezone.now()) is None
