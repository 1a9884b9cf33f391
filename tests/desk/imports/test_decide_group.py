"""All proposals of one reason decided at once, beside one by one, and taken back before the import is applied."""

import json

import pytest
from django.urls import reverse
from lxml import html

from servanda.intake.models import Batch, StagedRow
from servanda.people.access import Role
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db

NEAR, SAME_WORDS = "The same State, a near-equal text.", "The same words, another State."


@pytest.fixture
def batch() -> Batch:
    made = Batch.objects.create(name="report.pdf", sha256="0", shape="sheet", state=Batch.State.PREVIEWED)
    reasons = [NEAR, f"{NEAR} The date is left out.", NEAR, SAME_WORDS]
    StagedRow.objects.bulk_create(
        [
            StagedRow(batch=made, number=number, where=f"row {number}", verdict="proposed", reason=reason)
            for number, reason in enumerate(reasons, 1)
        ]
        + [StagedRow(batch=made, number=9, where="row 9", verdict="new", reason=NEAR)]
    )
    return made


def decide(client, batch: Batch, **posted: str):
    return client.post(reverse("desk:decide_group", args=[batch.key]), posted)


def decisions(batch: Batch) -> dict[int, str]:
    return dict(batch.rows.values_list("number", "decision"))


def page(client, batch: Batch):
    return html.fromstring(client.get(reverse("desk:show_import", args=[batch.key])).content)


def buttons(client, batch: Batch) -> list[str]:
    return [" ".join(node.text_content().split()) for node in page(client, batch).xpath("//button[@name='decision']")]


def test_the_preview_groups_what_is_to_be_confirmed_by_reason_with_its_count(client, batch):
    make.signed_in(client, Role.COORDINATOR)
    section = page(client, batch).xpath("//section[@aria-labelledby='proposals-title']")[0]
    assert [node.text_content() for node in section.xpath(".//h3")] == [NEAR, SAME_WORDS]
    assert buttons(client, batch)[:2] == [
        "Confirm all 3 rows as the same recommendations",
        "Add all 3 rows as new recommendations",
    ]


@pytest.mark.database
def test_one_button_decides_the_group_and_leaves_what_was_decided_row_by_row(client, batch):
    make.signed_in(client, Role.COORDINATOR)
    batch.rows.filter(number=3).update(decision="skip")
    decide(client, batch, reason=NEAR, decision="same")
    assert decisions(batch) == {1: "same", 2: "same", 3: "skip", 4: "", 9: ""}
    assert json.loads(Event.objects.filter(action="import-decided").get().difference)["rows"] == 2
    decide(client, batch, reason=SAME_WORDS, decision="new")
    assert decisions(batch)[4] == "new"


@pytest.mark.database
def test_the_decisions_of_a_group_are_taken_back(client, batch):
    make.signed_in(client, Role.COORDINATOR)
    decide(client, batch, reason=NEAR, decision="same")
    assert "Undo 3 decisions" in buttons(client, batch)
    decide(client, batch, reason=NEAR, decision="")
    assert set(decisions(batch).values()) == {""}
    assert not [button for button in buttons(client, batch) if button.startswith("Withdraw")]


@pytest.mark.parametrize("posted", [{"reason": NEAR}, {"reason": NEAR, "decision": "skip"}, {"decision": "same"}])
def test_nothing_is_decided_without_a_group_and_a_decision(client, batch, posted):
    make.signed_in(client, Role.COORDINATOR)
    decide(client, batch, **posted)
    assert set(decisions(batch).values()) == {""}


@pytest.mark.database
def test_once_applied_nothing_is_decided_or_taken_back(client, batch):
    make.signed_in(client, Role.COORDINATOR)
    Batch.objects.update(state=Batch.State.APPLIED)
    decide(client, batch, reason=NEAR, decision="same")
    assert set(decisions(batch).values()) == {""}
    assert page(client, batch).xpath("//section[@aria-labelledby='proposals-title']") == []


def test_who_may_not_import_decides_nothing(client, batch):
    make.signed_in(client, Role.FOCAL_POINT)
    assert decide(client, batch, reason=NEAR, decision="same").status_code in {403, 404}
    assert set(decisions(batch).values()) == {""}
