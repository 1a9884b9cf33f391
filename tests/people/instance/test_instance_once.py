import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.models import Instance, instance_read_once
from tests import make

pytestmark = pytest.mark.django_db


def test_a_request_reads_the_instance_once(django_assert_num_queries):
    Instance.objects.create(pk=1, contact="old@example.org")
    with instance_read_once(), django_assert_num_queries(1):
        assert [Instance.current().contact for _ in range(3)] == ["old@example.org"] * 3
    with django_assert_num_queries(2):
        assert Instance.current() == Instance.current()


def test_what_is_saved_is_read_anew_and_what_is_refused_changes_nobody_elses():
    Instance.objects.create(pk=1, contact="old@example.org")
    with instance_read_once():
        Instance.current().contact = "refused@example.org"
        assert Instance.current().contact == "old@example.org"
        mine = Instance.current()
        mine.contact = "new@example.org"
        mine.save()
        assert Instance.current().contact == "new@example.org"


def test_a_page_about_the_instance_asks_for_it_once(client, django_assert_max_num_queries):
    client.force_login(make.user(Role.ADMINISTRATOR))
    with django_assert_max_num_queries(50) as asked:
        assert client.get(reverse("people:edit_instance")).status_code == 200
    assert len([query for query in asked.captured_queries if 'FROM "people_instance"' in query["sql"]]) == 1
