"""Files and the API have the columns of measures where a list asks for that kind, and only then."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.progress.models import Voice
from servanda.recommendations.models import OrderedMeasure
from tests import assessing_make, make, measures_make
from tests.actions_make import planned
from tests.once import built_once

pytestmark = pytest.mark.django_db
INSIDE = {"amount", "currency", "interest", "paid_on", "body_status", "state_plan"}


@built_once
def payment():
    facts = {"amount": Decimal("20000.5"), "currency": "EUR", "due_on": date(2026, 2, 1)}
    return measures_make.ordered(**facts, interest=Decimal(12), paid_on=date(2026, 3, 1))


def table(client, address: str, **params) -> list[dict]:
    answer = client.get(reverse(address, args=["csv"]), params)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_file_of_measures_has_facts_payment_status_and_plan(client, payment):
    by = make.signed_in(client, Role.COORDINATOR)
    assessing_make.assessment(payment, "full", Voice.MECHANISM)
    action = planned(payment, make.institution("moj"), by).action
    (row,) = table(client, "desk:register_export", kind="measure")
    assert (row["reference"], row["measure_type"], row["measure_due_on"]) == (payment.code, "payment", "2026-02-01")
    assert (row["amount"], row["currency"], row["interest"]) == ("20000.50", "EUR", "12.00")
    assert (row["paid_on"], row["body_status"] != "") == ("2026-03-01", True)
    assert row["state_plan"] == f"{action.code}: {action.status}"


def test_other_lists_have_none_of_these_columns(client, payment):
    make.signed_in(client, Role.COORDINATOR)
    record = make.recommendation()
    (row,) = table(client, "desk:register_export")
    assert row["reference"] == record.code
    assert not (INSIDE | {"measure_type", "measure_due_on"}) & row.keys()


def test_everybody_reads_type_and_deadline_and_no_payment(client, payment):
    (row,) = table(client, "portal:register_export", kind="measure")
    assert (row["measure_type"], row["measure_due_on"]) == ("payment", "2026-02-01")
    assert not INSIDE & row.keys()


def test_a_measure_without_facts_has_empty_cells(client):
    make.signed_in(client, Role.COORDINATOR)
    measures_make.measure()
    (row,) = table(client, "desk:register_export", kind="measure")
    assert {row[name] for name in (*INSIDE, "measure_type")} == {""}


def test_the_interface_for_programs_has_them_for_measures_only(client, payment):
    plain = make.recommendation()
    answer = client.get(reverse("api:recommendation", args=[payment.code])).json()
    assert answer["measure"] == {"type": "payment", "due_on": "2026-02-01"}
    assert client.get(reverse("api:recommendation", args=[plain.code])).json()["measure"] is None
    person = make.user(Role.COORDINATOR)
    action = planned(payment, make.institution("moj"), person).action
    headers = {"authorization": f"Bearer {make.token(person)}"}
    listed = client.get(reverse("api:recommendations"), {"kind": "measure"}, headers=headers).json()
    (row,) = listed["recommendations"]
    assert row["measure"] == {
        "type": "payment",
        "due_on": "2026-02-01",
        "amount": "20000.50",
        "currency": "EUR",
        "interest": "12.00",
        "paid_on": "2026-03-01",
        "body_status": "",
        "actions": [action.code],
    }
    assert OrderedMeasure.objects.count() == 1
