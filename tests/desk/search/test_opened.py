"""The way back: what a person opened lately, for them alone, and only while they may see it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from servanda.desk.search.opened import opened_by
from servanda.people.access import Role
from servanda.people.accounts.personal_data import erase_person, export_personal_data
from servanda.people.models import Opened, User
from servanda.people.notifications.recently_opened import MOST_KEPT, forget_long_ago_opened
from servanda.recommendations.models import SavedView
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client) -> User:
    return make.signed_in(client, Role.READER, institution=make.institution("health", name="Ministry of Health"))


def opened(person: User) -> list[str]:
    return [str(hit.label) for hit in opened_by(User.objects.get(pk=person.pk))]


def open_record(client, record, **how):
    return client.get(reverse("desk:record", args=[record.code]), **how)


@pytest.mark.database
def test_records_institutions_and_saved_lists_are_found_again_the_newest_first(client, reader):
    first, second = make.recommendation(), make.recommendation()
    view = SavedView.objects.create(owner=reader, name="Pledges", query="?kind=pledge")
    open_record(client, first)
    client.get(reverse("people:institution", args=[make.institution("health").pk]))
    client.get(reverse("desk:register") + view.query)
    open_record(client, second)
    open_record(client, first)
    assert opened(reader) == [first.code, second.code, "Pledges", "Ministry of Health"]
    page = client.get(reverse("desk:home")).content.decode().partition('<ul class="opened">')[2]
    assert page.index(first.code) < page.index(second.code) < page.index("Pledges")


def test_they_are_in_the_palette_too(client, reader):
    record = make.recommendation()
    open_record(client, record)
    assert record.code in client.get(reverse("desk:palette")).content.decode()


def test_a_head_request_and_a_panel_open_nothing(client, reader):
    record = make.recommendation()
    client.head(reverse("desk:record", args=[record.code]))
    open_record(client, record, headers={"hx-request": "true"})
    client.get(reverse("desk:record_panel", args=[record.code]), headers={"hx-request": "true"})
    assert opened(reader) == []


def test_what_a_person_may_not_see_any_more_is_left_out(client, reader):
    record, shown = make.recommendation(), make.recommendation()
    for each in (record, shown):
        open_record(client, each)
    record.confidentiality = "restricted"
    record.save()
    assert opened(reader) == [shown.code]


def test_nobody_sees_what_another_opened(client, reader):
    open_record(client, make.recommendation())
    assert opened(make.user(Role.COORDINATOR)) == []


def test_a_view_writes_once(client, reader):
    record = make.recommendation()
    for _again in range(2):
        with CaptureQueriesContext(connection) as queries:
            open_record(client, record)
        written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert len([sql for sql in written if "people_opened" in sql]) == len(written) == 1
    assert Opened.objects.count() == 1


def test_the_list_shows_twelve(reader):
    for number in range(20):
        record, at = make.recommendation(), timezone.now() + timedelta(seconds=number)
        Opened.objects.create(person=reader, kind="record", number=record.pk, at=at)
    assert len(opened(reader)) == 12


@pytest.mark.database
def test_what_was_opened_long_ago_is_forgotten(reader):
    for number in range(MOST_KEPT + 5):
        Opened.objects.create(
            person=reader, kind="record", number=number, at=timezone.now() + timedelta(seconds=number)
        )
    assert (forget_long_ago_opened(), forget_long_ago_opened()) == (5, 0)
    assert min(Opened.objects.values_list("number", flat=True)) == 5


def test_the_list_costs_the_same_for_one_and_for_many(client, reader, django_assert_max_num_queries):
    things = [make.recommendation() for _number in range(12)]
    open_record(client, things[0])
    with django_assert_max_num_queries(12) as few:
        opened(reader)
    number = len(few)
    for thing in things[1:]:
        Opened.objects.create(person=reader, kind="record", number=thing.pk, at=timezone.now())
    with django_assert_max_num_queries(number):
        assert len(opened(reader)) == 12


def test_personal_data_hold_what_was_opened_and_it_goes_with_the_person(client, reader):
    record = make.recommendation()
    open_record(client, record)
    assert [row["number"] for row in export_personal_data(reader)["opened"]] == [record.pk]
    erase_person(person=reader, by=make.user(Role.ADMINISTRATOR))
    assert not Opened.objects.exists()
