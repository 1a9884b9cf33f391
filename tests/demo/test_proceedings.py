import pytest
from django.utils import timezone

from servanda.demo import cases, people, proceedings, review
from servanda.people.models import Notification
from servanda.planning.models import Action
from servanda.proceedings.models import PersonConcerned, Proceeding, PublicLetter
from servanda.progress.models import Assessment, Update
from servanda.recommendations.models import OrderedMeasure, Recommendation

pytestmark = pytest.mark.django_db


def test_invented_letters_say_so_concern_nobody_and_called_again_nothing_changes(vocabulary):
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


def test_an_invented_case_has_a_payment_made_and_a_measure_that_is_open(vocabulary):
    people.load()
    review.load()
    for _time in range(2):
        cases.load()
    case = Proceeding.objects.get()
    assert "(invented)" in case.title
    assert "(invented)" in case.case.applicants
    assert case.bodies.get().code == review.COMMITTEE, "no judgment is attributed to a real body"
    assert case.step == "shared"
    paid, open_one = case.measures.order_by("pk").values_list("recommendation", flat=True)
    assert OrderedMeasure.objects.get(pk=paid).paid_on is not None
    status = {row.recommendation_id: row.grade.common for row in Assessment.objects.select_related("grade")}
    assert status == {paid: "full", open_one: "partial"}
    assert "(invented)" in Action.objects.get(recommendations=open_one).title
    update = Update.objects.get(recommendations=open_one)
    assert (update.state, "(invented)" in update.text) == ("published", True)
    hearings = case.entries.filter(type="hearing").values_list("on", flat=True)
    assert [on > timezone.localdate() for on in hearings] == [False, True]
    assert not Recommendation.every_kind.public().filter(pk__in=[paid, open_one]).exists()
    assert not PersonConcerned.objects.exists()
