"""No one comes in without a letter, and each letter lets one person in once."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.accounts.services import close_account
from servanda.people.invitations import services
from servanda.people.models import AccountState, Invitation, User
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
NEW = "a long pass phrase of mine"
ANSWER = {"name": "Ana Horvat", "language": "es", "password": NEW}


@pytest.fixture
def coordinator():
    return make.user(Role.COORDINATOR)


@pytest.fixture
def invited(coordinator):
    return services.invite_person(email="Ana@Example.org ", name="Ana", language="fr", by=coordinator)


def path_of(invited: services.Invited) -> str:
    return invited.link.removeprefix("http://localhost").removeprefix("http://testserver")


def page_for(client, person):
    client.force_login(person)
    return client


def form(**changes) -> dict:
    return {"name": "Ana", "email": "ana@example.org", "language": "en", **changes}


# The letter


def test_an_invited_person_has_an_account_that_opens_nothing(client, invited):
    person = User.objects.get(email="ana@example.org")
    assert (person.state, person.is_active, person.has_usable_password()) == (AccountState.INVITED, False, False)
    assert not client.login(email="ana@example.org", password="")


def test_the_letter_is_in_the_language_of_the_person_and_holds_the_link(invited):
    with_link = Mail.objects.get()
    assert with_link.to == "ana@example.org"
    assert invited.link in with_link.body


def test_only_the_digest_of_the_link_is_kept(invited):
    key = path_of(invited).split("/")[-2]
    assert len(key) >= 43
    assert key not in str(Invitation.objects.values())
    assert key not in str(Event.objects.values())


@pytest.mark.parametrize("checks", [False, True])
def test_a_form_with_mistakes_leaves_no_link_that_works_in_the_log(invited, caplog, checks):
    """Django writes the address of every refused request there: of one with mistakes, of one without a cookie."""
    with caplog.at_level(logging.DEBUG):
        answer = Client(enforce_csrf_checks=checks).post(path_of(invited), {**ANSWER, "password": "short"})
    assert answer.status_code == (403 if checks else 422)
    assert "/people/join/…/" in caplog.text
    assert path_of(invited).split("/")[-2] not in caplog.text


def test_a_link_for_a_new_password_is_not_in_the_log_either(caplog):
    with caplog.at_level(logging.DEBUG):
        Client(enforce_csrf_checks=True).post("/account/password/reset/key/3-d9l2ty-0123456789abcdef/")
    assert "/account/password/reset/key/…/" in caplog.text
    assert "d9l2ty" not in caplog.text


def test_the_link_leads_to_the_address_that_the_operator_set(coordinator, settings):
    settings.ORIGIN = "https://servanda.example.org"
    invited = services.invite_person(
        email="bo@example.org", name="Bo", by=coordinator, origin="http://elsewhere.example.org"
    )
    assert invited.link.startswith("https://servanda.example.org/people/join/")


def test_an_address_that_has_an_account_is_not_invited_twice(coordinator, invited):
    with pytest.raises(Refused, match="This person has already been invited. To resend the"):
        services.invite_person(email="ANA@example.org", name="Ana", by=coordinator)
    make.user(email="bo@example.org")
    with pytest.raises(Refused, match="This person already has an account. Search for the"):
        services.invite_person(email="bo@example.org", name="Bo", by=coordinator)


def test_a_refused_invitation_leaves_nothing_behind(coordinator):
    with pytest.raises(Refused):
        services.invite_person(email="ana@example.org", name="Ana", role=Role.AUDITOR, by=coordinator)
    assert not User.objects.filter(email="ana@example.org").exists()
    assert not Mail.objects.exists()


# The page of the link


def test_the_link_asks_for_a_password_in_the_language_of_the_person(client, invited):
    page = client.get(path_of(invited))
    assert page.status_code == 200
    assert 'lang="fr"' in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_whoever_follows_the_link_chooses_a_password_and_is_in(client, invited):
    answer = client.post(path_of(invited), ANSWER)
    person = User.objects.get(email="ana@example.org")
    assert answer.status_code == 302
    assert (person.state, person.name, person.language) == (AccountState.ACTIVE, "Ana Horvat", "es")
    assert person.check_password(NEW)
    assert person.accepted_at == Invitation.objects.get().accepted_at
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "es"
    actions = list(Event.objects.filter(actor=person).order_by("sequence").values_list("action", flat=True))
    assert actions == ["invitation-accepted", "logged-in"]


def test_the_session_is_a_new_one(client, invited):
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before = session.session_key
    client.post(path_of(invited), ANSWER)
    assert client.session.session_key != before


def test_the_link_takes_the_place_of_whoever_was_logged_in(client, coordinator, invited):
    client.force_login(coordinator)
    client.post(path_of(invited), ANSWER)
    assert client.session["_auth_user_id"] == str(invited.invitation.person_id)


@pytest.mark.parametrize("password", ["short", "1qaz2wsx3edc", "Ana Horvat Ana", "ana@example.org", ""])
def test_a_password_that_the_house_refuses_is_refused_here_too(client, invited, password):
    answer = client.post(path_of(invited), ANSWER | {"password": password})
    assert answer.status_code == 422
    assert "password" in answer.context["form"].errors
    assert User.objects.get(email="ana@example.org").state == AccountState.INVITED


def test_the_address_stays_what_it_was_invited_with(client, invited):
    client.post(path_of(invited), ANSWER | {"email": "eve@example.org", "role": "administrator", "is_active": "on"})
    person = User.objects.get(pk=invited.invitation.person_id)
    assert (person.email, person.role) == ("ana@example.org", "")


def spoil(how: str, invited: services.Invited) -> str:
    invitation = invited.invitation
    if how == "used":
        Client().post(path_of(invited), ANSWER)
    elif how == "revoked":
        services.revoke_invitation(person=invitation.person, by=None)
    elif how == "expired":
        Invitation.objects.update(expires_at=timezone.now())
    elif how == "replaced":
        services.resend_invitation(person=invitation.person, by=None)
    elif how == "closed":
        User.objects.filter(pk=invitation.person_id).update(accepted_at=timezone.now())
    return reverse("people:accept_invitation", args=["x" * 43]) if how == "invented" else path_of(invited)


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_link_that_does_not_work_gets_the_same_answer(coordinator, method):
    answers = {}
    for number, how in enumerate(["used", "revoked", "expired", "replaced", "closed", "invented"]):
        Invitation.objects.all().delete()
        invited = services.invite_person(email=f"p{number}@example.org", name="Ana", by=coordinator)
        path = spoil(how, invited)
        answer = getattr(Client(), method)(path, ANSWER if method == "post" else None)
        answers[how] = (answer.status_code, answer.content.replace(path.split("/")[-2].encode(), b""))
    assert {status for status, _page in answers.values()} == {410}
    assert len({page for _status, page in answers.values()}) == 1


def test_each_link_that_does_not_work_costs_one_look_up(client, invited, django_assert_num_queries):
    used = path_of(invited)
    client.post(used, ANSWER)
    for path in (used, reverse("people:accept_invitation", args=["x" * 43])):
        with django_assert_num_queries(1):
            assert services.open_invitation(path.split("/")[-2]) is None


if connection.vendor == "postgresql":  # a database in memory, as SQLite has it in tests, is one for all threads

    @pytest.mark.database
    @pytest.mark.django_db(transaction=True)
    def test_of_many_who_use_the_link_at_the_same_moment_one_comes_in(invited):
        def use(number: int) -> int:
            try:
                return Client().post(path_of(invited), ANSWER | {"name": f"Number {number}"}).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            assert sorted(pool.map(use, range(6))) == [302, *[410] * 5]
        assert Event.objects.filter(action="invitation-accepted").count() == 1


# Sending again, revoking


def test_sending_again_makes_the_old_link_worthless(client, coordinator, invited):
    again = services.resend_invitation(person=invited.invitation.person, by=coordinator)
    assert client.get(path_of(invited)).status_code == 410
    assert client.get(path_of(again)).status_code == 200


def test_who_came_in_is_sent_nothing(coordinator, invited, client):
    client.post(path_of(invited), ANSWER)
    with pytest.raises(Refused, match="This person has already accepted the invitation."):
        services.resend_invitation(person=invited.invitation.person, by=coordinator)


def test_a_letter_lasts_seven_days(invited):
    assert invited.invitation.expires_at - invited.invitation.created_at == timedelta(days=7)


def test_a_closed_account_is_not_opened_by_an_old_letter(client, coordinator, invited):
    client.post(path_of(invited), ANSWER)
    close_account(person=invited.invitation.person, by=make.user(Role.ADMINISTRATOR))
    assert Client().post(path_of(invited), ANSWER).status_code == 410
    with pytest.raises(Refused, match="This person has already accepted the invitation."):
        services.resend_invitation(person=invited.invitation.person, by=coordinator)


def test_revoking_twice_is_refused_and_in_the_trail(client, coordinator, invited):
    page_for(client, coordinator)
    url = reverse("people:revoke_invitation", args=[invited.invitation.person_id])
    client.post(url)
    client.post(url)
    actions = list(Event.objects.order_by("-sequence").values_list("action", flat=True)[:2])
    assert actions == ["refused", "invitation-revoked"]


# Who may invite whom


def test_a_coordinator_invites_a_focal_point_with_the_appointment(client, coordinator):
    place = make.institution("moj")
    given = form(institution=place.pk, function="principal", act="Decree 7", start="2026-01-01", bodies="CRC")
    page_for(client, coordinator).post(reverse("people:invite_person"), given)
    person = User.objects.get(email="ana@example.org").appointments.get()
    assert (person.institution, person.function, person.act) == (place, "principal", "Decree 7")
    assert (person.start, person.end, person.bodies) == (date(2026, 1, 1), None, "CRC")


def test_a_coordinator_gives_no_role_in_the_mechanism(client, coordinator):
    place = make.institution("moj")
    given = form(institution=place.pk, function="reader", start="2026-01-01", role="administrator")
    page_for(client, coordinator).post(reverse("people:invite_person"), given)
    assert User.objects.get(email="ana@example.org").role == ""
    with pytest.raises(Refused, match="You do not have permission to assign this role. Ask an"):
        services.invite_person(email="bo@example.org", name="Bo", role=Role.COORDINATOR, by=coordinator)


def test_an_administrator_gives_a_role(client):
    page_for(client, make.user(Role.ADMINISTRATOR)).post(reverse("people:invite_person"), form(role="auditor"))
    person = User.objects.get(email="ana@example.org")
    assert (person.role, person.roles) == ("auditor", {"auditor"})


def test_a_role_of_institutions_is_not_given_as_one_of_the_mechanism():
    with pytest.raises(Refused, match="This role requires an appointment. Choose an institution"):
        services.invite_person(email="a@example.org", name="A", role=Role.READER, by=make.user(Role.ADMINISTRATOR))


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"institution": "", "function": "reader"}, "institution"),
        ({"function": ""}, "function"),
        ({"start": ""}, "start"),
        ({"institution": "", "function": ""}, "__all__"),
        ({"email": "no address"}, "email"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(client, coordinator, missing, field):
    given = form(institution=make.institution("moj").pk, function="reader", start="2026-01-01") | missing
    answer = page_for(client, coordinator).post(reverse("people:invite_person"), given)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Mail.objects.exists()


def test_a_refusal_of_the_appointment_is_said_beside_the_field_and_undoes_the_invitation(client, coordinator):
    place = make.institution("moj")
    make.appointment(make.user(), place, "principal")
    given = form(institution=place.pk, function="principal", start="2026-02-01")
    answer = page_for(client, coordinator).post(reverse("people:invite_person"), given)
    assert "function" in answer.context["form"].errors
    assert not User.objects.filter(email="ana@example.org").exists()
    assert Event.objects.first().action == "refused"


@pytest.mark.parametrize("role", [Role.READER, Role.FOCAL_POINT, Role.AUTHORITY, Role.CONTRIBUTOR, Role.AUDITOR])
def test_nobody_else_invites(client, role):
    answer = page_for(client, make.user(role)).post(reverse("people:invite_person"), form())
    assert answer.status_code == 403


# The first administrator


def test_the_first_administrator_is_invited_on_the_command_line(client, capsys):
    call_command("invite", "root@example.org", "--name", "Root", "--role", "administrator")
    link = capsys.readouterr().out.split()[-1]
    client.post(link.removeprefix("http://testserver"), ANSWER)
    person = User.objects.get(email="root@example.org")
    assert person.roles == {Role.ADMINISTRATOR}
    assert Event.objects.get(action="person-invited").actor is None


def test_with_a_mail_server_the_link_is_in_the_mail_only(capsys, settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    call_command("invite", "root@example.org", "--name", "Root")
    assert "/join/" not in capsys.readouterr().out
    assert "/join/" in Mail.objects.get().body


@pytest.mark.parametrize("email", ["root@example.org", "no address"])
def test_the_command_says_why_it_does_not_invite(email):
    make.user(email="root@example.org")
    with pytest.raises(CommandError, match="already has an account|valid email"):
        call_command("invite", email, "--name", "Root")


def test_a_new_house_has_no_account(client):
    assert not User.objects.exists()


def test_an_invitation_that_was_accepted_is_open_no_longer(invited):
    assert Invitation.objects.open(on=timezone.now()).count() == 1
    Invitation.objects.update(accepted_at=timezone.now())
    assert not Invitation.objects.open(on=timezone.now()).exists()
