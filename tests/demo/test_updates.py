from collections import Counter

import pytest

from servanda.demo import people, updates
from servanda.demo.reading import read
from servanda.people.models import Institution
from servanda.progress.models import Evidence, Update
from tests import make

pytestmark = pytest.mark.django_db


def test_every_institution_reports_in_every_state_and_called_again_nothing_changes():
    people.load()
    codes = list(read("updates")["reports"])
    for code in codes:
        make.assignment(make.recommendation(), Institution.objects.get(code=code))
    updates.load()
    existing = list(Update.objects.order_by("pk").values())
    assert set(Counter(update["state"] for update in existing)) == set(Update.State.values)
    assert {update["institution_id"] for update in existing} == set(
        Institution.objects.filter(code__in=codes).values_list("pk", flat=True)
    )
    assert Evidence.objects.public().exists()
    updates.load()
    assert list(Update.objects.order_by("pk").values()) == existing
