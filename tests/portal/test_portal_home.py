import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.models import Instance
from tests import make

pytestmark = pytest.mark.django_db


def test_published_records_are_counted_by_body_and_by_position(client):
    make.recommendation(stand="supported")
    make.recommendation(stand="noted")
    make.recommendation(body=make.body("CEDAW", "treaty-body"), review=None)
    page = client.get(reverse("portal:home")).context
    assert {row["body"].code: row["count"] for row in page["bodies"]} == {"UPR": 2, "CEDAW": 1}
    assert {row["stand"].value: row["count"] for row in page["stands"]} == {"supported": 1, "noted": 1}
    assert page["total"] == 3


def test_what_is_not_public_is_counted_for_nobody_not_even_a_coordinator(client):
    make.recommendation(is_published=False)
    make.recommendation(confidentiality="internal")
    client.force_login(make.user(Role.COORDINATOR))
    page = client.get(reverse("portal:home"))
    assert page.context["total"] == 0
    assert "No recommendations published yet" in page.content.decode()


def test_the_page_costs_the_same_for_one_and_for_many(client, django_assert_num_queries):
    make.recommendation()
    for _round in range(2):
        with django_assert_num_queries(4):
            client.get(reverse("portal:home"))
        for _number in range(20):
            make.recommendation()


def test_a_demonstration_says_so_on_every_page(client):
    assert "are fictitious" not in client.get(reverse("portal:about")).content.decode()
    Instance.objects.create(is_demonstration=True)
    assert "are fictitious" in client.get(reverse("portal:about")).content.decode()
