"""A self-assessment from its start to its completion, its picture, and files."""

import pytest
from django.urls import reverse

from servanda.network.models import SelfAssessment
from servanda.network.self_assessments.questions import capacities
from tests import make, network_make
from tests.house.answers import body_of, source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, "coordinator")


@pytest.fixture
def profile():
    return network_make.profile(is_own=True)


def start(client, profile) -> SelfAssessment:
    sent = {"date": "2026-03-01", "participants": "Secretariat and five ministries"}
    client.post(reverse("desk:start_self_assessment", args=[profile.key]), sent)
    return SelfAssessment.objects.latest("pk")


def answer(client, assessment, level: int) -> None:
    for capacity in capacities().values():
        sent = {f"{question.code}.level": str(level) for question in capacity.questions}
        sent |= {f"initial-{name}": "" for name in sent}
        version = SelfAssessment.objects.get().version
        address = reverse("desk:answer_questions", args=[assessment.key, capacity.code])
        assert client.post(address, sent | {"seen": version}).status_code == 302


def test_a_coordinator_answers_completes_and_sees_the_gaps(client, coordinator, profile):
    empty = source_of(client.get(reverse("desk:self_assessments", args=[profile.key])))
    assert "No self-assessment yet" in empty
    assessment = start(client, profile)
    page = source_of(client.post(reverse("desk:complete_self_assessment", args=[assessment.key]), follow=True))
    assert "questions have no level yet" in page
    answer(client, assessment, 1)
    page = source_of(client.post(reverse("desk:complete_self_assessment", args=[assessment.key]), follow=True))
    assert "The self-assessment is completed." in page
    assert "In preparation" in page
    listed = source_of(client.get(reverse("desk:self_assessments", args=[profile.key])))
    assert "24 of 24" in listed
    assert "33%" in listed


def test_the_picture_is_drawn_in_the_language_of_the_page(client, coordinator, profile):
    assessment = start(client, profile)
    answer(client, assessment, 2)
    address = reverse("desk:self_assessment_chart", args=[assessment.key])
    drawn = body_of(client.get(address, {"language": "es"})).decode()
    assert "Coordinación: 67%" in drawn


def test_a_focal_point_reads_and_changes_nothing(client, coordinator, profile):
    assessment = start(client, profile)
    make.signed_in(client, "focal-point")
    assert client.get(assessment.get_absolute_url()).status_code == 200
    assert client.post(reverse("desk:complete_self_assessment", args=[assessment.key])).status_code == 403


def test_files_have_the_answers(client, coordinator, profile):
    assessment = start(client, profile)
    answer(client, assessment, 3)
    address = reverse("desk:self_assessments_export", args=[profile.key, "csv"])
    text = body_of(client.get(address)).decode("utf-8-sig")
    assert text.count("In place") == 24
    page = body_of(client.get(reverse("desk:self_assessments", args=[profile.key]))).decode()
    assert f'href="{address}"' in page


def test_the_page_asks_the_same_for_few_and_for_many_answers(client, coordinator, profile):
    assessment = start(client, profile)
    few = len(asked(client, assessment.get_absolute_url()))
    answer(client, assessment, 0)
    assert len(asked(client, assessment.get_absolute_url())) <= min(few, MOST)
