"""Where an instance asks for it, an assessment of the Government is published by another person than made it."""

from datetime import date

import pytest
from django.urls import reverse

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.progress.assessments import bulk_publishing
from servanda.progress.assessments import services as assessing
from servanda.progress.models import Assessment
from servanda.recommendations.bulk import services as bulk
from tests import assessing_make as made
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "desk:publish_assessments"


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def keep_apart() -> None:
    Instance(pk=1, assessor_may_publish=False).save()


def waiting(by) -> Assessment:
    return made.assessment(make.recommendation(), "started", is_published=False, is_latest=False, made_by=by)


def test_the_person_who_made_it_does_not_publish_it(coordinator):
    keep_apart()
    assessment = waiting(coordinator)
    with pytest.raises(Refused, match="You made this assessment"):
        assessing.publish_assessment(assessment=assessment, by=coordinator)
    assessing.publish_assessment(assessment=assessment, by=make.user(Role.COORDINATOR))
    assessment.refresh_from_db()
    assert assessment.is_published


def test_by_default_a_small_secretariat_does_both(coordinator):
    assessment = waiting(coordinator)
    assessing.publish_assessment(assessment=assessment, by=coordinator)
    assert Assessment.objects.get().is_published


def test_of_many_those_of_the_person_are_left_out_and_counted_with_the_reason(client, coordinator):
    keep_apart()
    own, other = waiting(coordinator), waiting(make.user(Role.COORDINATOR))
    page = client.get(reverse(PAGE))
    assert (page.context["count"], page.context["own"]) == (1, 1)
    assert "Another coordinator must publish it" in page.content.decode()
    client.post(reverse(PAGE), {"count": "1"})
    assert set(Assessment.objects.filter(is_published=True)) == {other}
    other, assessments = make.user("coordinator"), bulk_publishing.unpublished(own.made_by)
    bulk.apply_bulk(bulk.start_bulk(change=bulk_publishing.PublishAssessments(other), records=assessments, by=other))
    assert Assessment.objects.filter(is_published=True).count() == 2


def test_the_form_does_not_offer_to_publish_at_once(client, coordinator):
    record = make.recommendation()
    address = reverse("desk:assess", args=[record.code])
    assert 'name="is_published"' in client.get(address).content.decode()
    keep_apart()
    assert 'name="is_published"' not in client.get(address).content.decode()
    own = waiting(coordinator)
    complete = reverse("desk:complete_assessment", args=[own.recommendation.code, own.pk])
    assert 'name="is_published"' not in client.get(complete).content.decode()
    sent = {"date": date(2026, 1, 2)}
    assert client.post(complete, sent).status_code == 302
