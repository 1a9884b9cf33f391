import pytest
from django.urls import reverse

from servanda.people.access import PERMISSIONS, ROLES, Can, Role
from tests import make

pytestmark = pytest.mark.django_db


def test_every_permission_is_said_in_words():
    assert set(PERMISSIONS) == set(Can)


def test_the_page_shows_the_table_that_the_code_asks(client):
    client.force_login(make.user(Role.ADMINISTRATOR))
    page = client.get(reverse("people:roles"))
    shown = {row["label"]: row["held"] for row in page.context["rows"]}
    assert shown == {
        PERMISSIONS[permission]: [(role.label, permission in ROLES[role]) for role in Role] for permission in Can
    }
