import pytest
from django.utils import timezone

from servanda.demo import people, proceedings
from servanda.people.models import Notification
from servanda.proceedings.models import PersonConcerned, Proceeding, PublicLetter
from servanda.vocab.services.loading import load_vocabulary

pytestmark = pytest.mark.django_db


def test_invented_letters_say_so_concern_nobody_and_called_again_nothing_changes():
    load_vocabulary()
    people.load()
    for _time in range(2):
        proceedings.load()
        assert Proceeding.objects.count() == 4
    assert all("(invented)" in letter.title and letter.bodies.exists() for letter in Proceeding.objects.all())
    assert Proceeding.objects.late(on=timezone.localdate()).count() == 1
    assert Proceeding.objects.get(kind="visit").meetings.count() == 3
    assert not PersonConcerned.objects.exists()
    assert not PublicLetter.objects.exists()
    assert not Notification.objects.filter(object_type="proceedings.proceeding").exists()
