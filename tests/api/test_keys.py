"""With a key the API shows what its person may see; without one, or with a bad one, nothing more than before."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.people.models import ApiToken, Appointment, Instance, User
from servanda.recommendations.models import Link, Position, Recommendation
from tests import make
from tests.house.answers import said

pytestmark = pytest.mark.django_db

LIST = "/api/v1/recommendations"
MORE = {"confidentiality", "restricted_to", "is_published", "version"}


def get(client, key: str, address: str = LIST, **headers):
    return client.get(address, headers={"authorization": f"Bearer {key}", **headers})


def codes(answer) -> list[str]:
    return [record["code"] for record in answer.json()["recommendations"]]


def one(code: str) -> str:
    return reverse("api:recommendation", args=[code])


@pytest.fixture
def register() -> dict[str, Recommendation]:
    records = {
        "public": make.recommendation(paragraph="1"),
        "draft": make.recommendation(paragraph="2", is_published=False),
        "internal": make.recommendation(paragraph="3", confidentiality="internal"),
        "restricted": make.recommendation(paragraph="4", confidentiality="restricted"),
    }
    records["restricted"].restricted_to.add(make.institution("moj"))
    return records


@pytest.mark.database
@pytest.mark.parametrize(
    ("role", "institution", "seen"),
    [
        (Role.PUBLIC, None, ["public"]),
        (Role.CONTRIBUTOR, "moj", ["public"]),
        (Role.READER, "mfa", ["public", "draft", "internal"]),
        (Role.FOCAL_POINT, "moj", ["public", "draft", "internal", "restricted"]),
        (Role.AUDITOR, None, ["public", "draft", "internal", "restricted"]),
        (Role.COORDINATOR, None, ["public", "draft", "internal", "restricted"]),
    ],
)
def test_a_key_shows_what_its_person_sees(client, register, role, institution, seen):
    person = make.user(role, institution=make.institution(institution) if institution else None)
    key = make.token(person)
    assert codes(get(client, key)) == [register[name].code for name in seen]
    for name, record in register.items():
        assert get(client, key, one(record.code)).status_code == (200 if name in seen else 404)


def test_those_inside_are_told_how_open_a_record_is_and_its_version(client, register):
    key = make.token(make.user(Role.FOCAL_POINT, institution=make.institution("moj")))
    shown = get(client, key, one(register["restricted"].code)).json()
    assert {name: shown[name] for name in MORE} == {
        "confidentiality": "restricted",
        "restricted_to": ["moj"],
        "is_published": True,
        "version": 1,
    }
    assert all(set(record) == set(shown) for record in get(client, key).json()["recommendations"])


def test_of_a_record_of_another_body_a_key_tells_what_everybody_sees(client, register):
    """A person appointed for one body reads the published records of the others, and not their internal side."""
    inside, person = register["public"], make.user(Role.PUBLIC)
    make.appointment(person, make.institution("moj"), bodies="CRC")
    Recommendation.objects.filter(pk=inside.pk).update(decide_by="2031-05-06")
    inside.restricted_to.add(make.institution("mfa"))
    shown = get(client, make.token(person), one(inside.code)).json()
    assert shown == client.get(one(inside.code)).json()
    assert get(client, make.token(person)).json()["recommendations"][0] == shown
    make.appointment(person, make.institution("moj"), function="reader")
    shown = get(client, make.token(person), one(inside.code)).json()
    assert (shown["decide_by"], shown["restricted_to"]) == ("2031-05-06", ["mfa"])


def test_who_sees_no_more_than_the_public_gets_the_same_words(client, register):
    code = register["public"].code
    for role in (Role.CONTRIBUTOR, Role.PUBLIC):
        key = make.token(make.user(role))
        assert get(client, key).content == client.get(LIST).content
        assert get(client, key, one(code)).content == client.get(one(code)).content


@pytest.mark.parametrize(
    ("role", "shown"), [(Role.READER, [False]), (Role.AUTHORITY, [False]), (Role.AUDITOR, [False, True])]
)
def test_drafts_of_positions_are_for_those_who_may_see_them(client, register, role, shown):
    record = register["public"]
    Position.objects.create(recommendation=record, stand="supported")
    Position.objects.create(recommendation=record, stand="noted", is_draft=True)
    positions = get(client, make.token(make.user(role)), one(record.code)).json()["positions"]
    assert [position["is_draft"] for position in positions] == shown


def test_a_link_to_what_one_may_see_is_shown(client, register):
    Link.objects.create(
        from_recommendation=register["public"], to_recommendation=register["restricted"], relation="repeats"
    )
    address = one(register["public"].code)
    assert get(client, make.token(make.user(Role.READER)), address).json()["links"] == []
    (link,) = get(client, make.token(make.user(Role.AUDITOR)), address).json()["links"]
    assert link["code"] == register["restricted"].code


@pytest.mark.database
def test_the_filters_of_the_desk_are_there_for_those_inside(client, register):
    inside, outside = make.token(make.user(Role.READER)), make.token(make.user(Role.CONTRIBUTOR))
    assert codes(get(client, inside, f"{LIST}?published=no")) == [register["draft"].code]
    assert codes(get(client, inside, f"{LIST}?confidentiality=internal")) == [register["internal"].code]
    answer = get(client, outside, f"{LIST}?confidentiality=internal")
    assert answer.status_code == 400
    assert answer.json() == client.get(f"{LIST}?confidentiality=internal").json()


@pytest.mark.parametrize("address", [LIST, "/api/v1/bodies", "/api/v1/openapi.json", f"{LIST}/SVN-1", f"{LIST}?x=1"])
def test_what_a_key_opens_is_kept_by_nobody_and_told_to_no_other_site(client, address):
    make.recommendation(code="SVN-1")
    answer = get(client, make.token(make.user(Role.READER)), address)
    assert {part.strip() for part in answer["Cache-Control"].split(",")} == {"private", "no-store"}
    assert "Authorization" in answer["Vary"]
    assert "Access-Control-Allow-Origin" not in answer


def test_a_cache_gives_the_answer_of_the_public_to_no_key(client):
    make.recommendation()
    answer = client.get(LIST)
    assert answer["Cache-Control"] == "public, max-age=300"
    assert "Authorization" in answer["Vary"]


def test_another_site_may_not_send_a_key(client):
    allowed = client.options(LIST, headers={"access-control-request-headers": "authorization"})
    assert "authorization" not in allowed["Access-Control-Allow-Headers"].lower()


def expired(person: User) -> str:
    return make.token(person, expires_at=timezone.now())


def revoked(person: User) -> str:
    return make.token(person, revoked_at=timezone.now())


def of_a_closed_account(person: User) -> str:
    User.objects.filter(pk=person.pk).update(is_active=False)
    return make.token(person)


def without_the_second_factor(person: User) -> str:
    person.authenticator_set.all().delete()
    return make.token(person)


BAD = [lambda _person: "srv_nothing", lambda _person: "", expired, revoked, of_a_closed_account]


@pytest.mark.parametrize("bad", [*BAD, without_the_second_factor])
def test_every_key_that_opens_nothing_is_answered_alike(client, register, bad):
    person = make.user(Role.COORDINATOR)
    wanted = said(get(client, "srv_unknown"))
    key = bad(person)
    answer = get(client, key)
    assert said(answer) == wanted
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["errors"][0]["parameter"] == "Authorization"
    assert "Access-Control-Allow-Origin" not in answer
    assert said(get(client, key, one(register["restricted"].code))) == said(get(client, key, one("SVN-MISSING")))
    assert not ApiToken.objects.exclude(last_used_at=None).exists()


@pytest.mark.parametrize("sent", ["{key}", "Basic {key}", "Token {key}", "Bearer", "Bearer{key}", "Bearer x {key}"])
def test_a_key_sent_in_another_way_opens_nothing(client, sent):
    key = make.token(make.user(Role.READER))
    assert client.get(LIST, headers={"authorization": sent.format(key=key)}).status_code == 401


def test_a_focal_point_of_whom_the_instance_asks_a_second_factor_needs_it_here_too(client):
    key = make.token(make.user(Role.FOCAL_POINT))
    assert get(client, key).status_code == 200
    Instance.objects.create(pk=1, second_factor_for_focal_points=True)
    assert get(client, key).status_code == 401


def test_a_key_follows_the_role_of_its_person_at_once(client, register):
    person = make.user(Role.READER)
    key = make.token(person)
    assert register["internal"].code in codes(get(client, key))
    Appointment.objects.update(end=timezone.localdate() - timedelta(days=1))
    assert codes(get(client, key)) == [register["public"].code]


def test_a_session_opens_nothing_here(client, register):
    client.force_login(make.user(Role.ADMINISTRATOR))
    answer = client.get(LIST)
    assert codes(answer) == [register["public"].code]
    assert answer.json() == Client().get(LIST).json()
    assert client.get(one(register["draft"].code)).status_code == 404


def test_the_key_counts_and_not_the_cookie_beside_it(client, register):
    client.force_login(make.user(Role.ADMINISTRATOR))
    assert codes(get(client, make.token(make.user(Role.CONTRIBUTOR)))) == [register["public"].code]
    assert get(client, "srv_nothing").status_code == 401


def test_a_key_in_the_address_is_no_key(client, register):
    key = make.token(make.user(Role.AUDITOR))
    assert client.get(f"{LIST}?access_token={key}").status_code == 400


def test_the_last_use_is_seen(client):
    key = make.token(make.user(Role.READER))
    get(client, key)
    assert ApiToken.objects.get().last_used_at is not None


def test_a_key_asks_the_database_no_more_often_for_many_records(client, django_assert_max_num_queries):
    key = make.token(make.user(Role.COORDINATOR))
    for _number in range(3):
        make.recommendation().restricted_to.add(make.institution("moj"))
    with django_assert_max_num_queries(60) as few:
        get(client, key)
    for _number in range(9):
        make.recommendation().restricted_to.add(make.institution("moj"))
    with django_assert_max_num_queries(len(few) - 1):  # the use is noted once a minute
        get(client, key)
