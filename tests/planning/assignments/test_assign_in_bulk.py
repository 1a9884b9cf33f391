from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.planning.assignments.bulk import AssignInstitution
from servanda.planning.models import Assignment
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.models import Recommendation
from servanda.recommendations.tasks import apply_bulk, clear_bulk
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "desk:assign_in_bulk"


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def change(code: str = "health", **values) -> AssignInstitution:
    return AssignInstitution(institution=make.institution(code).pk, part="lead", since="2026-03-01", **values)


def leads() -> list[str]:
    assignments = Assignment.objects.current().leading().order_by("recommendation")
    return list(assignments.values_list("institution__code", flat=True))


def done(by, code: str = "health", **values) -> Batch:
    batch = bulk.start_bulk(change=change(code, **values), records=Recommendation.objects.kept(), by=by)
    bulk.apply_bulk(batch)
    return batch


def taken_back(batch: Batch, by) -> int:
    bulk.undo_bulk(batch=batch, by=by)
    return bulk.clear_bulk(batch, by=by)


def test_ticked_records_are_previewed_assigned_and_taken_back(client, coordinator):
    first, second = make.recommendation(), make.recommendation()
    make.assignment(first, make.institution("labour"))
    health = make.institution("health")
    codes = {"code": [first.code, second.code]}
    assert "2 records selected" in client.post(reverse(ADDRESS), codes).content.decode()
    data = codes | {"institution": health.pk, "part": "lead", "since": "2026-03-01", "due_on": "2026-12-01"}
    preview = client.post(reverse(ADDRESS), data | {"step": "preview"})
    assert preview.context["count"] == 2
    assert [(row["old"], row["new"]) for row in preview.context["changes"]] == [("LABOUR", "HEALTH"), ("", "HEALTH")]
    assert leads() == ["labour"]
    answer = client.post(reverse(ADDRESS), data | {"step": "apply", "count": "2"}, follow=True)
    assert leads() == ["health", "health"]
    assert [event.action for event in Event.objects.all()] == ["records-changed-in-bulk", "logged-in"]
    assert reverse("desk:undo_bulk", args=[Batch.objects.get().key]) in answer.content.decode()
    answer = client.post(reverse("desk:undo_bulk", args=[Batch.objects.get().key]), follow=True)
    assert "Undone. All records have been restored." in answer.content.decode()
    assert leads() == ["labour"]


def test_who_gives_up_comes_back_to_the_same_list(client, coordinator):
    list_url = reverse("desk:register") + "?review=UPR-1&q=right+to+health"
    data = {"query": "review=UPR-1&q=right to health"}
    assert client.post(reverse(ADDRESS), data).url == list_url
    data |= {"code": make.recommendation().code}
    assert f'href="{escape(list_url)}">Cancel' in client.post(reverse(ADDRESS), data).content.decode()
    data |= {"institution": make.institution("health").pk, "part": "lead", "since": "2026-03-01", "step": "preview"}
    preview = client.post(reverse(ADDRESS), data)
    assert preview.context["count"] == 1
    assert f'href="{escape(list_url)}">Cancel' in preview.content.decode()


def test_a_second_press_of_the_button_is_shown_a_preview_of_nothing(client, coordinator):
    record = make.recommendation()
    data = {"code": record.code, "institution": make.institution("health").pk, "part": "lead", "since": "2026-03-01"}
    for _press in range(2):
        answer = client.post(reverse(ADDRESS), data | {"step": "apply", "count": "1"})
    assert answer.context["count"] == 0
    assert Assignment.objects.count() == 1


def test_all_records_of_a_filter_are_meant_by_the_filter(client, coordinator):
    make.recommendation()
    mine = make.recommendation(body=make.body("CRC", "treaty-body"))
    data = {"all": "1", "query": "body=CRC&lead=-", "institution": make.institution("health").pk, "part": "lead"}
    client.post(reverse(ADDRESS), data | {"since": "2026-03-01", "step": "apply", "count": "1"})
    assert [assignment.recommendation for assignment in Assignment.objects.all()] == [mine]


def test_a_due_date_before_the_first_day_is_marked_on_its_field(client, coordinator):
    data = {"code": make.recommendation().code, "institution": make.institution("health").pk, "part": "lead"}
    data |= {"since": "2026-03-01", "due_on": "2026-02-01", "step": "apply", "count": "1"}
    answer = client.post(reverse(ADDRESS), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["due_on"])
    with pytest.raises(Refused, match="before the start of the assignment"):
        done(coordinator, due_on="2026-02-01")


def test_a_closed_institution_takes_nothing(coordinator):
    make.recommendation()
    make.institution("closed", active_to=date(2026, 3, 31))
    with pytest.raises(Refused, match="is not active on that date. Choose its successor or"):
        done(coordinator, "closed")
    assert not Batch.objects.exists()


def test_records_that_it_may_not_read_and_those_that_say_so_already_are_left_out(coordinator):
    secret = make.recommendation(confidentiality="restricted")
    secret.restricted_to.add(make.institution("justice"))
    named = make.recommendation(confidentiality="restricted")
    named.restricted_to.add(make.institution("health"))
    make.assignment(make.recommendation(), make.institution("health"))
    batch = done(coordinator)
    assert [assignment.recommendation for assignment in Assignment.objects.filter(brought_by=batch)] == [named]


def test_what_was_said_since_stays_when_the_change_is_taken_back(coordinator):
    records = [make.recommendation() for _number in range(3)]
    make.assignment(records[0], make.institution("labour"))
    make.assignment(records[1], refused_at=timezone.now(), refusal_reason="No.")
    batch = done(coordinator)
    later = done(coordinator, "police")
    assert taken_back(batch, coordinator) == 3
    assert leads() == ["police"] * 3
    assert taken_back(later, coordinator) == 0
    assert leads() == ["health"] * 3


def test_a_refusal_that_was_answered_waits_again_when_the_answer_is_taken_back(coordinator):
    assignment = make.assignment(make.recommendation(), refused_at=timezone.now(), refusal_reason="No.")
    batch = done(coordinator)
    assert not Assignment.objects.refused().exists()
    assert (taken_back(batch, coordinator), list(Assignment.objects.refused())) == (0, [assignment])


def test_a_part_that_somebody_else_has_now_is_not_given_back(coordinator):
    """Health led, the change made it support, and Labour leads since."""
    record, health = make.recommendation(), make.institution("health")
    make.assignment(record, health)
    supporting = AssignInstitution(institution=health.pk, part="supporting", since="2026-03-01")
    batch = bulk.start_bulk(change=supporting, records=Recommendation.objects.kept(), by=coordinator)
    bulk.apply_bulk(batch)
    make.assignment(record, make.institution("labour"))
    assert taken_back(batch, coordinator) == 0
    assert leads() == ["labour"]
    with pytest.raises(Refused, match="This change has already been undone."):
        bulk.undo_bulk(batch=batch, by=coordinator)


def test_many_records_are_left_to_the_worker_and_a_job_that_was_killed_goes_on(coordinator, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    for _number in range(5):
        make.recommendation()
    batch = bulk.start_bulk(change=change(), records=Recommendation.objects.kept(), by=coordinator)
    kept, pks = bulk.read_bulk(batch)
    bulk.apply_some(batch, kept, pks[:2])
    apply_bulk.func(str(batch.key))
    apply_bulk.func(str(batch.key))
    assert (leads(), Assignment.objects.count()) == (["health"] * 5, 5)
    assert Event.objects.filter(action="records-changed-in-bulk").count() == 1
    bulk.undo_bulk(batch=batch, by=coordinator)
    for _time in range(2):
        clear_bulk.func(str(batch.key), coordinator.pk)
    assert (leads(), Assignment.objects.filter(ending="undone").count()) == ([], 5)
