import pytest
from django.utils import timezone

from servanda.demo import people, rounds
from servanda.jobs.models import Mail
from servanda.people.models import Institution
from servanda.progress.models import InputItem, InputRequest, InputRound
from tests import make

pytestmark = pytest.mark.django_db


def test_a_round_is_closed_one_runs_and_one_is_late_and_called_again_nothing_changes():
    people.load()
    for code in ("demo-social", "demo-rights"):
        for _number in range(3):
            make.assignment(make.recommendation(), Institution.objects.get(code=code))
    for _time in range(2):
        rounds.load()
        assert InputRound.objects.count() == 3
    closed = InputRound.objects.exclude(closed_at=None).get()
    assert InputItem.objects.filter(request__round=closed, answered_at=None).count() == rounds.UNANSWERED
    assert InputRequest.objects.late(on=timezone.localdate()).count() == 1
    assert InputItem.objects.owed().exists()
    assert not Mail.objects.exists()
