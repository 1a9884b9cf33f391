"""The consultations of the demonstration."""

import pytest

from servanda.demo import consultations, people, reports
from servanda.reporting.models import Consultation, ConsultationComment

pytestmark = pytest.mark.django_db


def test_two_consultations_are_loaded_once_with_comments_and_replies(vocabulary):
    people.load()
    reports.load()
    consultations.load()
    consultations.load()
    assert sorted(Consultation.objects.opened().values_list("audience", flat=True)) == ["invited", "public"]
    assert ConsultationComment.objects.waiting().count() == 2
    assert ConsultationComment.objects.public().count() == 1
    assert all("invented" in row.text for row in ConsultationComment.objects.all())
