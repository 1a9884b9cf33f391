"""The list and the pages of people, and what those who manage them can do there."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.access_keys.services import token_of
from servanda.people.accounts import services as accounts
from servanda.people.accounts.views import PEOPLE_ON_A_PAGE
from servanda.people.invitations.services import invite_person
from servanda.people.models import AccountState, ApiToken, User
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    return make.signed_in(client, Role.ADMINISTRATOR, name="Adem")


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR, name="Cora")


def shown(client, **values) -> list[str]:
    page = client.get(reverse("people:people"), values)
    return [person.name for person in page.context["page"]]


def do(client, deed: str, person: User, **values):
    return client.post(reverse(f"people:{deed}", args=[person.pk]), values, follow=True)


# The list


def test_people_are_found_by_words_in_any_letters(client, administrator):
    make.user(name="Špela Novak", email="spela@example.org")
    make.user(name="Bo Novak", email="bo@example.org")
    assert shown(client, words="novak ŠPELA") == ["Špela Novak"]
    assert shown(client, words="bo@") == ["Bo Novak"]
    assert shown(client, words="100%") == []


def test_people_are_found_by_the_role_they_hold_today(client, administrator):
    focal = make.user(Role.FOCAL_POINT, name="Fran")
    gone = make.user(Role.FOCAL_POINT, name="Gone")
    gone.appointments.update(end=date(2026, 1, 2))
    focal.refresh_from_db()
    assert shown(client, role="focal-point") == ["Fran"]
    assert shown(client, role="administrator") == ["Adem"]
    User.objects.filter(pk=focal.pk).update(emergency_until=timezone.now() + timedelta(hours=1))
    assert shown(client, role="administrator") == ["Adem", "Fran"]


def test_people_are_found_by_institution(client, administrator):
    make.user(Role.READER, make.institution("moj"), name="Jo")
    make.user(Role.READER, make.institution("mfa"), name="Fe")
    assert shown(client, institution=make.institution("moj").pk) == ["Jo"]


def test_people_are_found_by_the_state_of_their_account(client, administrator):
    invite_person(email="ivo@example.org", name="Ivo", by=administrator)
    make.user(name="Zed", is_active=False)
    erased = make.user(name="Was", is_active=False, erased_at=timezone.now())
    assert shown(client, state="invited") == ["Ivo"]
    assert shown(client, state="closed") == ["Zed"]
    assert shown(client, state="active") == ["Adem"]
    assert shown(client, state="erased") == [erased.name]
    assert shown(client) == ["Adem", "Ivo", "Zed"]


@pytest.mark.parametrize("moment", [None, "accepted"])
@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("is_erased", [True, False])
def test_the_state_of_a_person_is_that_under_which_the_list_finds_them(moment, is_active, is_erased):
    now = timezone.now()
    person = make.user(is_active=is_active, accepted_at=moment and now, erased_at=now if is_erased else None)
    found = [state for state in AccountState if User.objects.in_state(state).filter(pk=person.pk).exists()]
    assert found == [person.state]


def test_a_condition_that_makes_no_sense_is_left_aside(client, administrator):
    assert shown(client, role="king", institution="x", state="dead", page="-1") == ["Adem"]


def test_the_list_costs_the_same_for_two_and_for_a_hundred(client, administrator, django_assert_max_num_queries):
    client.get(reverse("people:people"))
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("people:people"))
    for number in range(2 * PEOPLE_ON_A_PAGE):
        make.user(institution=make.institution(f"m{number}"))
    with django_assert_max_num_queries(12) as many:
        page = client.get(reverse("people:people"))
    assert len(many) == len(few)
    assert len(page.context["page"].object_list) == PEOPLE_ON_A_PAGE


def test_an_empty_list_says_what_to_do(client, administrator):
    page = client.get(reverse("people:people"), {"words": "nobody"}).content.decode()
    assert "Remove a filter, or invite the person." in page


# The page of a person


def test_the_page_shows_appointments_and_invitations(client, coordinator):
    invited = invite_person(email="ivo@example.org", name="Ivo", by=coordinator)
    make.appointment(invited.invitation.person, make.institution("moj"), act="Decree 7")
    page = client.get(reverse("people:person", args=[invited.invitation.person_id])).content.decode()
    for words in ("ivo@example.org", "Decree 7", "MOJ", "Resend invitation", "Cora"):
        assert words in page
    assert "Erase personal data" not in page


def test_nobody_is_offered_deeds_on_themselves(client, administrator):
    page = client.get(reverse("people:person", args=[administrator.pk])).content.decode()
    assert "Close account" not in page
    assert "Change role" not in page


def test_a_person_who_does_not_exist_is_not_found(client, administrator):
    assert client.get(reverse("people:person", args=[10**18])).status_code == 404


# Roles


def test_an_administrator_gives_and_takes_a_role(client, administrator):
    person = make.user(Role.READER)
    do(client, "change_role", person, role="coordinator")
    assert User.objects.get(pk=person.pk).roles == {"coordinator", "reader"}
    do(client, "change_role", person, role="")
    assert User.objects.get(pk=person.pk).roles == {"reader"}
    event = Event.objects.filter(action="role-changed").first()
    assert (event.actor, event.difference) == (administrator, '{"role": ["coordinator", ""]}')


def test_a_role_that_does_not_exist_or_is_held_by_appointment_is_refused(client, administrator):
    person = make.user(Role.READER)
    for role in ("king", "focal-point"):
        assert do(client, "change_role", person, role=role).status_code == 422
    with pytest.raises(Refused, match="This role requires an appointment. Choose an institution"):
        accounts.change_role(person=person, role="focal-point", by=administrator)


def test_nobody_changes_their_own_role_or_account(administrator):
    make.user(Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="your own account"):
        accounts.change_role(person=administrator, role="", by=administrator)
    with pytest.raises(Refused, match="your own account"):
        accounts.close_account(person=administrator, by=administrator)


def test_the_last_administrator_stays_one(administrator):
    helper = make.user(Role.COORDINATOR, emergency_until=timezone.now() + timedelta(hours=1))
    make.user(Role.ADMINISTRATOR, is_active=False)
    with pytest.raises(Refused, match="last administrator"):
        accounts.change_role(person=administrator, role="auditor", by=helper)
    with pytest.raises(Refused, match="last administrator"):
        accounts.close_account(person=administrator, by=helper)
    make.user(Role.ADMINISTRATOR)
    accounts.change_role(person=administrator, role="auditor", by=helper)
    assert User.objects.get(pk=administrator.pk).role == "auditor"


def test_a_service_called_for_a_coordinator_gives_no_role(coordinator):
    person, administrator = make.user(), make.user(Role.ADMINISTRATOR)
    make.user(Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="You do not have permission to assign this role. Ask an"):
        accounts.change_role(person=person, role="administrator", by=coordinator)
    with pytest.raises(Refused, match="You do not have permission to assign this role. Ask an"):
        accounts.change_role(person=administrator, role="", by=coordinator)


# Sessions and keys


def session_of(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    assert browser.get(reverse("people:own_account")).status_code == 200
    return browser


def is_in(browser: Client) -> bool:
    return browser.get(reverse("people:own_account")).status_code == 200


@pytest.mark.parametrize("deed", ["change_role", "close_account"])
def test_a_changed_role_or_a_closed_account_ends_every_session(client, administrator, deed):
    person = make.user(Role.READER)
    browsers = [session_of(person), session_of(person)]
    other = session_of(make.user(Role.READER))
    do(client, deed, person, role="auditor")
    assert [is_in(browser) for browser in browsers] == [False, False]
    assert is_in(other)


def test_a_session_from_before_does_not_come_back_to_life(client, administrator):
    person = make.user(Role.READER)
    browser = session_of(person)
    do(client, "close_account", person)
    do(client, "let_back_in", person)
    assert not is_in(browser)


def test_the_keys_of_a_closed_person_open_nothing(client, administrator):
    person = make.user(Role.READER)
    key, now = make.token(person), timezone.now()
    assert token_of(key, on=now) is not None
    do(client, "close_account", person)
    assert token_of(key, on=now) is None
    assert not ApiToken.objects.usable(on=now).filter(person=person).exists()


def test_a_key_from_before_does_not_come_back_to_life(client, administrator):
    person = make.user(Role.READER)
    key = make.token(person)
    do(client, "close_account", person)
    do(client, "let_back_in", person)
    assert token_of(key, on=timezone.now()) is None


def test_a_closed_account_is_opened_again_with_its_password(client, administrator):
    person = make.user(Role.READER)
    do(client, "close_account", person)
    assert User.objects.get(pk=person.pk).state == AccountState.CLOSED
    do(client, "let_back_in", person)
    reopened = User.objects.get(pk=person.pk)
    assert (reopened.state, reopened.check_password(make.PASSWORD)) == (AccountState.ACTIVE, True)
    actions = list(Event.objects.filter(actor=administrator).values_list("action", flat=True)[:2])
    assert actions == ["account-opened-again", "account-closed"]


@pytest.mark.parametrize("deed", ["close_account", "let_back_in"])
def test_what_cannot_be_done_is_said_and_stays_in_the_trail(client, administrator, deed):
    person = make.user(is_active=deed == "let_back_in")
    page = do(client, deed, person).content.decode()
    assert "Not done." in page
    assert Event.objects.first().object_label == deed


@pytest.mark.parametrize("deed", ["change_role", "close_account", "let_back_in", "erase_person"])
def test_a_coordinator_does_none_of_this(client, coordinator, deed):
    person = make.user()
    answer = client.post(reverse(f"people:{deed}", args=[person.pk]), {"role": "auditor", "email": person.email})
    assert answer.status_code == 403
    assert User.objects.get(pk=person.pk).session_stamp == person.session_stamp
