from datetime import timedelta

import pytest
from django.utils import timezone

from servanda.demo import loader, people
from servanda.demo.reading import read
from servanda.people.access import Role
from servanda.people.accounts.personal_data import erase_person
from servanda.people.demonstration import PASSWORD
from servanda.people.models import AccountState, Appointment, HandOver, Institution, User
from servanda.people.templatetags.accounts import demonstration_accounts
from servanda.trail.models import Event
from tests.once import built_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@built_once
def demonstration():
    people.load()


def test_called_again_it_changes_nothing():
    kept = [User, Institution, Appointment, HandOver, Event]
    before = [model.objects.count() for model in kept]
    people.load()
    assert [model.objects.count() for model in kept] == before


def test_where_a_visitor_erased_one_of_its_people_it_starts_again_as_it_is(monkeypatch):
    loaded, lines = [], []
    monkeypatch.setattr(loader.documents, "load", loaded.append)
    monkeypatch.setattr(loader, "AFTER_DOCUMENTS", ())
    erased, by = User.objects.get(email="contributor@example.org"), User.objects.get(email="admin@example.org")
    erase_person(person=erased, by=by)
    loader.load_demonstration(report=lines.append)
    assert loaded == []
    assert lines == ["Not there any more: contributor@example.org. The demonstration stays as it is."]


def test_every_role_has_somebody_who_logs_in_and_only_they_are_named_on_the_log_in_page():
    named = list(demonstration_accounts()["people"])
    assert {person.email for person in named} == {account["email"] for account in read("people")["accounts"]}
    assert all(person.check_password(PASSWORD) for person in named)
    assert {role for person in named for role in person.roles} == set(Role.values) - {Role.PUBLIC}


def test_everything_in_it_says_that_it_is_invented():
    words = {"en": "(invented)", "es": "inventad", "fr": "inventé", "pt": "inventad", "ar": "متخيَّل"}
    names = [
        (word, institution.name.data[language])
        for institution in Institution.objects.all()
        for language, word in words.items()
    ]
    assert [name for word, name in names if word not in name] == []


def test_its_days_are_those_of_today():
    today = timezone.localdate()
    current = Appointment.objects.current(on=today)
    focal_points = current.focal_points().values_list("institution__code", flat=True)
    nobody = Institution.objects.active(on=today).exclude(code__in=list(focal_points))
    assert [institution.code for institution in nobody] == ["demo-nhri", "demo-schools"]
    assert [appointment.person.name for appointment in current.ending(on=today, within=timedelta(days=30))] == [
        "Rok Namišljen"
    ]
    assert Institution.objects.get(code="demo-equality").successions.get().successor.code == "demo-rights"


def test_one_left_and_another_took_over():
    hand_over = HandOver.objects.get(appointment__institution__code="demo-social")
    assert hand_over.to.email == "focal@example.org"
    assert hand_over.appointment.person.state == AccountState.CLOSED
