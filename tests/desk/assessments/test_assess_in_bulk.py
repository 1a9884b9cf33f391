"""Many records assessed for the State at once."""

from datetime import date

import pytest
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.progress.assessments import bulk_assessing
from servanda.progress.assessments import services as assessing
from servanda.progress.assessments.bulk_assessing import AssessRecords, Level
from servanda.progress.assessments.scales import load_scales
from servanda.progress.models import Assessment, Grade
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.models import Cluster, ClusterMember, Recommendation
from servanda.trail.models import Event
from tests import assessing_make as made
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "desk:assess_in_bulk"


@pytest.fixture(autouse=True)
def scales():
    load_scales()


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def grade(code: str) -> Grade:
    return Grade.objects.get(scale__code="government", code=code)


def same_for_all(**values) -> dict:
    return {"grade": grade("started").pk, "reason": "The bill is drafted.", "date": "2026-09-01"} | values


def found() -> list[tuple[str, str, str]]:
    rows = Assessment.objects.standing().order_by("recommendation__order_key")
    return list(rows.values_list("recommendation__code", "common", "reason"))


@pytest.mark.database
def test_ticked_records_are_previewed_assessed_and_taken_back(client, coordinator):
    first, second = make.recommendation(paragraph="1"), make.recommendation(paragraph="2")
    made.assessment(first, "partial", date=date(2026, 1, 1))
    data = same_for_all(code=[first.code, second.code], confidence="low")
    assert "2 records selected" in client.post(reverse(ADDRESS), {"code": data["code"]}).content.decode()
    preview = client.post(reverse(ADDRESS), data | {"step": "preview"})
    changes = [(row["old"], row["new"]) for row in preview.context["changes"]]
    assert (preview.context["count"], changes) == (2, [("partial", "Started"), ("", "Started")])
    assert Assessment.objects.count() == 1
    answer = client.post(reverse(ADDRESS), data | {"step": "apply", "count": "2"}, follow=True)
    batch = Batch.objects.get()
    assert f"{reverse('desk:publish_assessments')}?batch={batch.key}" in answer.content.decode()
    mine = Assessment.objects.filter(brought_by=batch)
    assert {(row.common, row.confidence, row.is_published, row.made_by) for row in mine} == {
        ("started", "low", False, coordinator)
    }
    assert [event.action for event in Event.objects.all()] == ["records-changed-in-bulk", "logged-in"]
    answer = client.post(reverse("desk:undo_bulk", args=[batch.key]), follow=True)
    assert "Undone. All records have been restored." in answer.content.decode()
    assert [code for code, _common, _reason in found()] == [first.code]


def test_each_record_has_a_value_and_a_reason_of_its_own_or_is_left_out(client, coordinator):
    records = [make.recommendation(paragraph=str(number)) for number in (1, 2, 3)]
    data = {"code": [record.code for record in records], "deed": "each"}
    page = client.post(reverse(ADDRESS), data)
    assert f'name="grade-{records[0].pk}"' in page.content.decode()
    data |= {"date": "2026-09-01", "confidence": "high", "step": "preview"}
    data |= {f"grade-{records[0].pk}": grade("full").pk, f"reason-{records[0].pk}": "The law is in force."}
    data |= {f"grade-{records[1].pk}": grade("started").pk}
    refused = client.post(reverse(ADDRESS), data)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [f"reason-{records[1].pk}"])
    data |= {f"reason-{records[1].pk}": "The bill is drafted."}
    preview = client.post(reverse(ADDRESS), data)
    assert [row["new"] for row in preview.context["changes"]] == ["Fully implemented", "Started"]
    client.post(reverse(ADDRESS), data | {"step": "apply", "count": "2"})
    assert found() == [
        (records[0].code, "full", "The law is in force."),
        (records[1].code, "started", "The bill is drafted."),
    ]


def test_a_form_without_any_value_says_what_to_do(client, coordinator):
    data = {"code": make.recommendation().code, "deed": "each", "date": "2026-09-01", "confidence": "high"}
    answer = client.post(reverse(ADDRESS), data | {"step": "preview"})
    assert answer.status_code == 422
    assert "Choose a value for at least one record." in answer.content.decode()


def test_more_than_fifty_records_have_one_value_for_all(client, coordinator, monkeypatch):
    monkeypatch.setattr(bulk_assessing, "MOST_ROWS", 1)
    for _number in range(2):
        make.recommendation()
    page = client.post(reverse(ADDRESS), {"all": "1", "query": "", "deed": "each"})
    assert "grade" in page.context["form"].fields
    assert "Choose a value for each record" not in page.content.decode()


def test_all_records_of_a_filter_are_meant_by_the_filter(client, coordinator):
    make.recommendation()
    mine = make.recommendation(body=make.body("CRC", "treaty-body"))
    data = same_for_all(all="1", query="body=CRC", confidence="low", step="apply", count="1")
    client.post(reverse(ADDRESS), data)
    assert [code for code, _common, _reason in found()] == [mine.code]


def test_a_second_press_of_the_button_is_shown_a_preview_of_nothing(client, coordinator):
    data = same_for_all(code=make.recommendation().code, confidence="low", step="apply", count="1")
    for _press in range(2):
        answer = client.post(reverse(ADDRESS), data)
    assert (answer.context["count"], Assessment.objects.count()) == (0, 1)


def test_a_day_in_the_future_is_marked_on_its_field(client, coordinator):
    data = same_for_all(code=make.recommendation().code, confidence="low", step="preview", date="2098-01-01")
    answer = client.post(reverse(ADDRESS), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["date"])


def change(**values) -> AssessRecords:
    values.setdefault("level", Level(grade("started").pk, "The bill is drafted."))
    return AssessRecords(on="2026-09-01", confidence="low", **values)


def test_records_that_are_newer_than_the_day_are_left_out(coordinator):
    make.recommendation(date=date(2026, 10, 1))
    older = make.recommendation(date=date(2025, 10, 1))
    undated = make.recommendation(date=None)
    batch = bulk.start_bulk(change=change(), records=Recommendation.objects.kept(), by=coordinator)
    bulk.apply_bulk(batch)
    assert {code for code, _common, _reason in found()} == {older.code, undated.code}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (lambda: {"level": Level(grade("started").pk, " ")}, "Enter a reason"),
        (lambda: {"level": Level(made.grade("done", "independent").pk, "Done.")}, "no longer in use"),
    ],
)
def test_what_makes_no_sense_is_refused(coordinator, fields, why):
    make.recommendation()
    with pytest.raises(Refused, match=why):
        bulk.start_bulk(change=change(**fields()), records=Recommendation.objects.kept(), by=coordinator)
    assert not Batch.objects.exists()


def test_only_who_assesses_for_the_state_assesses_many():
    make.recommendation()
    focal = make.user(Role.FOCAL_POINT)
    with pytest.raises(Refused, match="You do not have permission to publish or withdraw"):
        bulk.start_bulk(change=change(), records=Recommendation.objects.kept(), by=focal)


@pytest.mark.database
def test_what_was_published_since_stays_when_the_change_is_undone(coordinator):
    for _number in range(3):
        make.recommendation()
    batch = bulk.start_bulk(change=change(), records=Recommendation.objects.kept(), by=coordinator)
    bulk.apply_bulk(batch)
    kept = Assessment.objects.first()
    assessing.publish_assessment(assessment=kept, by=coordinator)
    bulk.undo_bulk(batch=batch, by=coordinator)
    assert bulk.clear_bulk(batch, by=coordinator) == 1
    assert list(Assessment.objects.all()) == [kept]


def test_the_register_and_a_cluster_offer_to_assess_their_records(client, coordinator):
    cluster = Cluster.objects.create(name="Schools")
    record = make.recommendation()
    make.recommendation()
    ClusterMember.objects.create(cluster=cluster, recommendation=record, added_by=coordinator)
    assert reverse(ADDRESS) in client.get(reverse("desk:register")).content.decode()
    page = client.get(reverse("desk:cluster", args=[cluster.key])).content.decode()
    assert reverse(ADDRESS) in page
    data = same_for_all(all="1", query=f"cluster={cluster.key}", confidence="low", step="apply", count="1")
    client.post(reverse(ADDRESS), data)
    assert [code for code, _common, _reason in found()] == [record.code]
    client.force_login(make.user(Role.AUDITOR))
    assert reverse(ADDRESS) not in client.get(reverse("desk:register")).content.decode()
