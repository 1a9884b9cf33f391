"""Many assessments of the government published at once."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.progress.assessments import bulk_publishing
from servanda.progress.assessments import services as assessing
from servanda.progress.models import Assessment, Voice
from servanda.recommendations.bulk import services as bulk
from servanda.trail.models import Event
from tests import assessing_make as made
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "desk:publish_assessments"


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def waiting(common: str = "started", record=None, **fields) -> Assessment:
    return made.assessment(record or make.recommendation(), common, is_published=False, is_latest=False, **fields)


def start(assessments, *, by) -> Batch:
    return bulk.start_bulk(change=bulk_publishing.PublishAssessments(by), records=assessments, by=by)


def published() -> set[int]:
    return set(Assessment.objects.latest().values_list("pk", flat=True))


@pytest.mark.database
def test_what_can_be_published_is_counted_and_what_lacks_evidence_is_listed(client, coordinator):
    ready = waiting()
    lacking = waiting("full")
    shown = waiting("full")
    shown.evidence.add(made.evidence(shown.recommendation, shows="outcome"))
    waiting("partial", voice=Voice.INDEPENDENT)
    page = client.get(reverse(ADDRESS))
    assert (page.context["count"], list(page.context["lacking"])) == (2, [lacking])
    link = reverse("desk:complete_assessment", args=[lacking.recommendation.code, lacking.pk])
    assert link in page.content.decode()
    answer = client.post(reverse(ADDRESS), {"count": "2"})
    assert published() == {ready.pk, shown.pk}
    batch = Batch.objects.get()
    assert answer.url == reverse("desk:bulk_result", args=[batch.key])
    assert [event.action for event in Event.objects.all()] == ["records-changed-in-bulk", "logged-in"]
    client.post(reverse("desk:undo_bulk", args=[batch.key]))
    assert (published(), Assessment.objects.unpublished().count()) == (set(), 4)


def test_what_lacks_evidence_is_listed_on_pages(client, coordinator):
    for number in range(26):
        waiting("full", make.recommendation(paragraph=str(number)))
    first = client.get(reverse(ADDRESS))
    last = client.get(reverse(ADDRESS) + first.context["next_url"])
    shown = [*first.context["lacking"], *last.context["lacking"]]
    assert (len(first.context["lacking"]), len(set(shown))) == (25, 26)


def test_only_what_was_previewed_is_published(client, coordinator):
    waiting()
    answer = client.post(reverse(ADDRESS), {"count": "5"})
    assert "The list has changed since you opened this page. Check" in answer.content.decode()
    assert published() == set()


def test_the_list_is_narrowed_to_an_import_or_a_body(client, coordinator):
    batch = Batch.objects.create(name="list.csv", shape="sheet", state="applied")
    mine = waiting(brought_by=batch)
    waiting(record=make.recommendation(body=make.body("CRC", "treaty-body")))
    assert client.get(reverse(ADDRESS), {"body": "CRC"}).context["count"] == 1
    assert client.get(reverse(ADDRESS), {"batch": "nonsense"}).context["count"] == 0
    client.post(reverse(ADDRESS), {"count": "1", "batch": str(batch.key)})
    assert published() == {mine.pk}


def test_the_page_of_an_import_leads_to_its_unpublished_assessments(client, coordinator):
    batch = Batch.objects.create(name="list.csv", shape="sheet", state="applied")
    waiting(brought_by=batch)
    page = client.get(reverse("desk:show_import", args=[batch.key])).content.decode()
    assert f"{reverse(ADDRESS)}?batch={batch.key}" in page


@pytest.mark.database
def test_the_newest_is_the_latest_and_undoing_brings_the_former_back(coordinator):
    record = make.recommendation()
    before = made.assessment(record, "started", date=date(2025, 1, 1))
    newer, older = waiting(record=record, date=date(2026, 1, 1)), waiting(record=record, date=date(2024, 1, 1))
    batch = start(bulk_publishing.unpublished(coordinator), by=coordinator)
    bulk.apply_bulk(batch)
    assert published() == {newer.pk}
    bulk.undo_bulk(batch=batch, by=coordinator)
    assert bulk.clear_bulk(batch, by=coordinator) == 0
    assert published() == {before.pk}
    older.refresh_from_db()
    assert not older.is_published


def test_what_was_published_or_taken_back_by_hand_meanwhile_stays_so(coordinator):
    by_hand, mine = waiting(), waiting()
    batch = start(bulk_publishing.unpublished(coordinator), by=coordinator)
    assessing.publish_assessment(assessment=by_hand, by=coordinator)
    bulk.apply_bulk(batch)
    assessing.retract_assessment(assessment=mine, reason="Wrong.", by=coordinator)
    bulk.undo_bulk(batch=batch, by=coordinator)
    assert bulk.clear_bulk(batch, by=coordinator) == 1
    assert published() == {by_hand.pk}


def test_nothing_to_publish_is_refused_and_so_is_a_stranger(coordinator):
    with pytest.raises(Refused, match="would not change"):
        start(bulk_publishing.unpublished(coordinator), by=coordinator)
    waiting()
    focal = make.user(Role.FOCAL_POINT)
    with pytest.raises(Refused, match="You do not have permission to publish or withdraw"):
        start(Assessment.objects.all(), by=focal)


@pytest.mark.parametrize("act_is_outcome", [True, False])
@pytest.mark.parametrize(
    "fields",
    [
        {"shows": "outcome"},
        {"shows": "process"},
        {"kind": "law"},
        {"shows": "outcome", "stance": "contradicts"},
        {"shows": "outcome", "is_submitted": False},
    ],
)
def test_many_and_one_agree_on_what_lacks_evidence(coordinator, fields, act_is_outcome):
    assessment = waiting("full", act_is_outcome=act_is_outcome)
    assessment.evidence.add(made.evidence(assessment.recommendation, **fields))
    lacks = assessment in Assessment.objects.lacking_outcome()
    try:
        assessing.publish_assessment(assessment=assessment, by=coordinator)
    except Refused:
        assert lacks
    else:
        assert not lacks


def test_a_hundred_are_published_in_the_queries_of_ten(coordinator):
    def queries_for(number: int) -> int:
        for _number in range(number):
            waiting()
        unpublished = bulk_publishing.unpublished(coordinator)
        batch = start(unpublished, by=coordinator)
        with CaptureQueriesContext(connection) as queries:
            bulk.apply_bulk(batch)
        return len(queries)

    assert queries_for(10) == queries_for(100)
