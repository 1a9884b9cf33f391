"""Times on pages are those of the State, and so is the day that is called today."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from servanda.people.access import Role
from servanda.people.instance.context import read_instance_once
from servanda.people.models import Instance
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def mexico():
    Instance.objects.update_or_create(pk=1, defaults={"time_zone": "America/Mexico_City"})


def test_today_is_that_of_the_state(mexico, rf, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 2, 1, tzinfo=UTC))
    days = []
    read_instance_once(lambda request: days.append(timezone.localdate()))(rf.get("/"))
    assert (str(days[0]), str(timezone.localdate())) == ("2026-03-01", "2026-03-02")


def test_a_time_on_a_page_is_that_of_the_state(mexico, client):
    coordinator = make.signed_in(client, Role.COORDINATOR)
    record = make.recommendation()
    Event.record("record-added", record, by=coordinator)
    Event.objects.update(at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC))
    page = client.get(f"/desk/register/{record.code}/history/", follow=True).content.decode()
    assert "1 March 2026" in page
