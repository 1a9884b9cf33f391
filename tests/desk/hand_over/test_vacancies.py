from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from servanda.desk.hand_over.tiles import vacancy_tiles
from servanda.desk.hand_over.vacancies import alarms
from servanda.people.access import Role
from servanda.people.models import HandOver, Institution, Succession
from servanda.recommendations.models import Recommendation
from tests import make
from tests.desk.tiles import tiles_on_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def ministry():
    return make.institution("ministry")


def restricted_to(*institutions: Institution, **fields) -> Recommendation:
    record = make.recommendation(**({"confidentiality": "restricted", "is_published": False} | fields))
    record.restricted_to.add(*institutions)
    return record


def waiting(person) -> dict[str, int]:
    return {alarm.code: alarm.waiting for alarm in alarms(person, on=timezone.localdate())}


def page_of(client):
    return client.get(reverse("desk:vacancies")).context


@pytest.mark.database
def test_open_records_without_a_focal_point_are_an_alarm_until_there_is_one(client, coordinator, ministry):
    busier = make.institution("busier")
    restricted_to(ministry)
    restricted_to(busier, ministry)
    restricted_to(busier)
    restricted_to(busier)
    assert list(waiting(coordinator).items()) == [("busier", 3), ("ministry", 2)]
    answer = client.get(reverse("desk:vacancies"))
    text = answer.content.decode()
    assert "2 institutions have open records and no focal point" in text
    assert text.index("have open records") < text.index("Vacant functions")
    make.user(Role.FOCAL_POINT, busier)
    make.appointment(make.user(Role.PUBLIC), ministry, "alternate")
    assert waiting(coordinator) == {}
    assert "has a focal point" in client.get(reverse("desk:vacancies")).content.decode()


@pytest.mark.database
def test_records_of_all_whose_place_it_took_count_once(coordinator, ministry):
    first, second = make.institution("first"), make.institution("second")
    other = make.institution("other")
    day = date(2026, 1, 1)
    Institution.objects.filter(pk__in=[first.pk, second.pk]).update(active_to=day - timedelta(days=1))
    Succession.objects.create(predecessor=first, successor=second, on=day)
    Succession.objects.create(predecessor=second, successor=ministry, on=day)
    Succession.objects.create(predecessor=second, successor=other, on=day)
    restricted_to(first)
    restricted_to(first, second, ministry)
    assert waiting(coordinator) == {"ministry": 2, "other": 2}


def test_records_that_are_over_or_open_to_all_are_no_alarm(coordinator, ministry):
    restricted_to(ministry, withdrawn_at=timezone.now(), withdrawn_reason="Printed twice.")
    restricted_to(ministry, merged_into=make.recommendation())
    restricted_to(ministry, confidentiality="internal")
    assert waiting(coordinator) == {}


def test_nothing_is_counted_that_the_reader_may_not_see(ministry):
    restricted_to(ministry)
    assert waiting(make.user(Role.READER)) == {}
    assert waiting(make.user(Role.READER, ministry)) == {"ministry": 1}


def test_a_closed_account_and_an_ended_appointment_answer_for_nothing(coordinator, ministry, today):
    restricted_to(ministry)
    make.user(Role.FOCAL_POINT, ministry, is_active=False)
    make.appointment(make.user(Role.PUBLIC), ministry, "alternate", end=today - timedelta(days=1))
    make.appointment(make.user(Role.PUBLIC), ministry, "reader")
    assert waiting(coordinator) == {"ministry": 1}
    make.appointment(make.user(Role.PUBLIC, is_active=False, accepted_at=None), ministry, "alternate")
    assert waiting(coordinator) == {}


def test_what_is_missing_is_told_for_each_institution_of_today(client, coordinator, today):
    whole, headless, empty = (make.institution(code) for code in ("whole", "headless", "empty"))
    make.institution("closed", active_to=today - timedelta(days=1))
    make.user(Role.FOCAL_POINT, whole)
    make.user(Role.AUTHORITY, whole)
    make.user(Role.FOCAL_POINT, headless)
    make.appointment(make.user(Role.PUBLIC), empty, "alternate")
    missing = [(row.code, row.has_principal, row.has_authority) for row in page_of(client)["missing"]]
    assert missing == [("empty", False, False), ("headless", True, False)]


def test_appointments_near_their_end_and_over_without_a_hand_over_are_listed(client, coordinator, ministry, today):
    def until(days: int):
        return make.appointment(make.user(Role.PUBLIC), ministry, "alternate", end=today + timedelta(days=days))

    in_sixty, today_last, yesterday, ninety_ago = until(60), until(0), until(-1), until(-90)
    for days in (61, -91):
        until(days)
    HandOver.objects.create(appointment=until(-5), to=coordinator)
    goes_on = until(10)
    make.appointment(goes_on.person, ministry, "alternate", start=goes_on.end + timedelta(days=1))
    page = page_of(client)
    assert list(page["ending"]) == [today_last, in_sixty]
    assert list(page["ended"]) == [yesterday, ninety_ago]


@pytest.mark.parametrize("role", [Role.READER, Role.FOCAL_POINT, Role.AUTHORITY, Role.AUDITOR, Role.CONTRIBUTOR])
def test_only_those_who_manage_people_see_the_page_and_the_tile(client, role):
    person = make.user(role)
    client.force_login(person)
    assert client.get(reverse("desk:vacancies")).status_code == 403
    assert list(vacancy_tiles(person)) == []
    assert f'href="{reverse("desk:vacancies")}' not in client.get(reverse("desk:home")).content.decode()


def test_the_tile_on_the_desk_leads_to_the_page(client, coordinator, ministry):
    restricted_to(ministry)
    make.institution("quiet")
    tile = tiles_on_desk(client)["vacant"]
    shown = client.get(tile.leads).context
    assert tile.count == shown["page"].paginator.count == 2
    assert len(shown["alarms"]) == 1
    assert tile.said == "1 institution without a focal point is named on records or assigned to them"


def test_the_page_and_the_tile_cost_the_same_for_one_and_for_many(client, coordinator, ministry, today):
    def fill(number: int) -> None:
        old, new = make.institution(f"old-{number}"), make.institution(f"new-{number}")
        Succession.objects.create(predecessor=old, successor=new, on=date(2026, 1, 1))
        restricted_to(old)
        restricted_to(make.institution(f"own-{number}", parent=new))
        make.appointment(make.user(Role.PUBLIC), old, "reader", end=today + timedelta(days=1))
        make.appointment(make.user(Role.PUBLIC), old, "reader", end=today - timedelta(days=1))

    fill(0)
    before = [queries_of(client, name) for name in ("desk:vacancies", "desk:home")]
    for number in range(1, 15):
        fill(number)
    assert [queries_of(client, name) for name in ("desk:vacancies", "desk:home")] == before
    assert max(before) < 30


def queries_of(client, name: str) -> int:
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(name)).status_code == 200
    return len(queries)


def test_records_assigned_count_as_those_that_name_it_and_each_once(coordinator, ministry):
    both = restricted_to(ministry)
    make.assignment(both, ministry)
    make.assignment(make.recommendation(), ministry, part="supporting")
    make.assignment(make.recommendation(), ministry, ended_at=timezone.now(), ending="replaced")
    make.assignment(make.recommendation(), ministry, refused_at=timezone.now(), refusal_reason="No.")
    assert waiting(coordinator) == {"ministry": 2}
    reader = make.user(Role.READER, make.institution("elsewhere"))
    hidden = restricted_to(make.institution("other"))
    make.assignment(hidden, make.institution("other"))
    assert waiting(reader) == {"ministry": 1}


def test_a_successor_answers_for_what_was_assigned_to_the_one_before(coordinator, ministry):
    old = make.institution("old")
    make.assignment(make.recommendation(), old)
    Institution.objects.filter(pk=old.pk).update(active_to=date(2026, 1, 1))
    Succession.objects.create(predecessor=old, successor=ministry, on=date(2026, 1, 2))
    assert waiting(coordinator) == {"ministry": 1}
