"""Records of a judgment that were imported as recommendations become measures of its case, and come back."""

from datetime import date

import pytest
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.proceedings.cases.into_measures import IntoMeasures
from servanda.proceedings.models import CaseMeasure
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.editing.measure_facts import MeasureFacts, set_measure_facts
from servanda.recommendations.models import OrderedMeasure, Recommendation
from servanda.trail.models import Event
from tests import make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def by():
    return make.user(Role.COORDINATOR)


@built_once
def case(by):
    return made.case(by, measures=0)


def point(case, text: str = "Investigate the death.", **fields) -> Recommendation:
    body = case.bodies.get()
    return make.recommendation(text, body=body, review=None, date=date(2026, 1, 14), **fields)


def turned(case, by, type_: str = "general") -> Batch:
    records = Recommendation.every_kind.kept()
    batch = bulk.start_bulk(change=IntoMeasures(case.pk, type_), records=records, by=by)
    bulk.apply_bulk(batch)
    batch.refresh_from_db()
    return batch


@pytest.mark.database
def test_records_of_the_body_become_measures_of_the_case_and_keep_what_they_have(case, by):
    first, second = point(case), point(case, "Publish the judgment.", kind="observation")
    make.assignment(first)
    other = make.recommendation()  # of a body on whose recommendations positions are taken
    batch = turned(case, by)
    assert batch.total == 2
    assert set(CaseMeasure.objects.values_list("recommendation", flat=True)) == {first.pk, second.pk}
    assert set(OrderedMeasure.objects.values_list("type", flat=True)) == {"general"}
    assert list(Recommendation.objects.kept()) == [other]
    first.refresh_from_db()
    assert (first.kind, first.texts.get().text, first.assignments.count()) == ("measure", "Investigate the death.", 1)
    assert first.history.first().history_change_reason == "records-changed-in-bulk"
    linked = Event.objects.get(action="case-measures-linked")
    assert first.code in linked.difference
    assert second.code in linked.difference


@pytest.mark.database
def test_undoing_restores_the_kinds_and_removes_the_links(case, by):
    first, second = point(case), point(case, kind="observation")
    batch = turned(case, by)
    bulk.undo_bulk(batch=batch, by=by)
    assert bulk.clear_bulk(batch, by=by) == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.kind, second.kind) == ("recommendation", "observation")
    assert not CaseMeasure.objects.exists()
    assert not OrderedMeasure.objects.exists()
    assert Event.objects.filter(action="case-measure-unlinked").count() == 1
    assert Recommendation.objects.kept().count() == 2
    assert bulk.clear_bulk(batch, by=by) == 0  # again, after a worker died


def test_a_measure_with_facts_of_its_own_stays_one(case, by):
    first, second = point(case), point(case, "Pay 2,000 euros.")
    batch = turned(case, by, "payment")
    first.refresh_from_db()
    facts = MeasureFacts(type="payment", due_on=date(2027, 1, 1))
    set_measure_facts(recommendation=first, version=first.version, facts=facts, by=by)
    bulk.undo_bulk(batch=batch, by=by)
    assert bulk.clear_bulk(batch, by=by) == 1
    kinds = dict(Recommendation.every_kind.values_list("pk", "kind"))
    assert (kinds[first.pk], kinds[second.pk]) == ("measure", "recommendation")


def test_a_record_with_a_deadline_for_a_position_is_left_out(case, by):
    late = point(case, decide_by=date(2027, 1, 1))
    merged = point(case, merged_into=late)
    with pytest.raises(Refused, match="would not change"):
        turned(case, by)
    assert {late.kind, merged.kind} == {"recommendation"}


def test_who_does_not_run_proceedings_and_a_closed_case_are_refused(case, by):
    point(case)
    with pytest.raises(Refused, match="permission"):
        turned(case, make.user(Role.FOCAL_POINT))
    type(case).objects.filter(pk=case.pk).update(step="closed")
    with pytest.raises(Refused, match="closed"):
        turned(case, by)


def test_the_register_offers_it_and_its_pages_lead_to_undo(client):
    by = make.signed_in(client, Role.COORDINATOR)
    case = made.case(by, measures=0)
    record = point(case)
    address = reverse("desk:turn_into_measures")
    assert address in client.get(reverse("desk:register")).content.decode()
    choose = client.post(address, {"code": record.code}).content.decode()
    assert case.reference in choose
    values = {"codes": record.code, "case": case.pk, "type": "general"}
    preview = client.post(address, values | {"step": "preview"}).content.decode()
    assert "1 record would change" in preview
    answer = client.post(address, values | {"step": "apply", "count": "1"}, follow=True)
    batch = Batch.objects.get(shape="bulk-measures")
    assert reverse("desk:undo_bulk", args=[batch.key]) in answer.content.decode()
    client.post(reverse("desk:undo_bulk", args=[batch.key]))
    record.refresh_from_db()
    assert record.kind == "recommendation"


def test_a_reader_turns_nothing_into_measures(client, case):
    make.signed_in(client, Role.READER)
    record = point(case)
    assert client.post(reverse("desk:turn_into_measures"), {"code": record.code}).status_code == 403
    assert reverse("desk:turn_into_measures") not in client.get(reverse("desk:register")).content.decode()
