"""Objects of the exchange format: what is published, under permanent ids, in the shape that the schemas describe."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from jsonschema_rs import Draft202012Validator

from servanda.exchange.format.checking import check_file
from servanda.exchange.format.kinds import CONTEXT, KINDS, VERSION
from servanda.exchange.format.schemas import PARTS, all_schemas
from servanda.network.models import AgendaPoint, Assistance, CooperationEvaluation
from servanda.network.practices.services import EvidenceValues
from servanda.network.releases.services import share_entry
from servanda.people.access import Role
from servanda.planning.models import ActionCluster
from servanda.recommendations.models import Cluster, ClusterMember, Position, Recommendation
from tests import actions_make, indicator_make, make, network_make, reports_make

DOCS = Path(__file__).resolve().parents[3] / "docs" / "exchange"


def body_of(answer) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def file_of(client, kind: str) -> dict:
    return json.loads(body_of(client.get(f"/exchange/{kind}.jsonld")))


SITE = "https://mechanism.example"


@pytest.fixture
def published(db, settings):
    """One published object of each kind, and one of each that is not published."""
    settings.ORIGIN = SITE
    record = make.recommendation("Ratify the Convention.")
    Position.objects.create(recommendation=record, stand="supported", words="Supported")
    hidden = make.recommendation("Close the prison.", is_published=False)
    lead = make.institution("justice", name="Ministry of Justice")
    actions_make.action("Draft a bill", lead, [record, hidden], is_published=True, code="A-1")
    actions_make.action("Internal", lead, [record], code="A-2")
    shown = indicator_make.indicator("EDU-1", about=record, is_published=True)
    indicator_make.value(shown, 2024, "88.2")
    indicator_make.value(shown, 2025, missing="not-yet")
    indicator_make.indicator("EDU-2", about=hidden)
    by = make.user(Role.COORDINATOR)
    reports_make.reported(lead, by)
    evidence = [EvidenceValues("Report", "Ministry", "https://example.org/1")]
    facts = {"cost": Decimal("12.50"), "currency": "EUR", "evidence": evidence, "capacities": ["coordinate"]}
    network_make.practice("One register", state="published", themes=[make.term("Water")], **facts)
    network_make.practice("Reviewed only", state="reviewed")
    network_entries()
    return record


def network_entries() -> None:
    """A profile, a request and an offer of each state."""
    mechanism = network_make.profile("Office", "HRV", is_published=True, is_own=True)
    network_make.facts(mechanism, type="inter-ministerial", posts="5")
    network_make.endorsement(network_make.received_practice(), mechanism)
    for kind in ("request", "offer"):
        for audience in ("everyone", "members", ""):
            facts = {"amount": "10.5", "currency": "EUR", "title": f"For {audience or 'no one'}"}
            entry = network_make.assistance(kind, mechanism, **facts)
            share_entry(entry=entry, audience=audience, by=make.user(Role.COORDINATOR))
    for audience in ("everyone", "members"):
        assistance = Assistance.objects.get(kind="request", title=f"For {audience}")
        helped = network_make.cooperation(assistance, entry, state="done")
        evaluated = CooperationEvaluation.objects.create(cooperation=helped, side="requester", rating=3)
        share_entry(entry=evaluated, audience=audience, by=make.user(Role.COORDINATOR))
    for audience in ("everyone", "members", ""):
        meeting, course = network_make.meeting(f"For {audience}"), network_make.course(f"For {audience}")
        AgendaPoint.objects.create(meeting=meeting, place=1, title="Opening")
        share_entry(entry=meeting, audience=audience, by=make.user(Role.COORDINATOR))
        share_entry(entry=course, audience=audience, by=make.user(Role.COORDINATOR))
    network_make.commitment(due_on=date(2028, 5, 1), owner=mechanism)
    hidden = network_make.commitment("Not published.").recommendation
    Recommendation.every_kind.filter(pk=hidden.pk).update(is_published=False)


def test_all_published_objects_of_each_kind_are_valid(client, published):
    for kind in KINDS:
        content = body_of(client.get(f"/exchange/{kind}.jsonld"))
        findings = check_file(content)
        assert findings.faults == []
        assert findings.objects == {KINDS[kind].type: 1}, kind


def test_an_id_leads_to_the_object(client, published):
    for kind in KINDS:
        [listed] = file_of(client, kind)["@graph"]
        answer = client.get(listed["id"].removeprefix(SITE))
        assert answer["Content-Type"] == "application/ld+json"
        assert answer.json() == {"@context": CONTEXT} | listed


def test_what_is_not_published_is_in_no_file_and_under_no_id(client, published):
    hidden = Recommendation.objects.get(is_published=False, kind="recommendation")
    for kind, code in (("recommendation", hidden.code), ("action", "A-2"), ("indicator", "EDU-2")):
        assert client.get(f"/exchange/{kind}/{code}").status_code == 404
        assert code not in body_of(client.get(f"/exchange/{kind}.jsonld")).decode()
    assert hidden.code not in json.dumps(file_of(client, "action"))


def test_the_code_of_a_report_that_is_no_key_finds_nothing(client, db):
    assert client.get("/exchange/report/abc").status_code == 404
    assert client.get("/exchange/nothing.jsonld").status_code == 404


def test_an_action_names_the_records_of_its_cluster(client, published):
    action = actions_make.action("For a group", is_published=True, code="A-3")
    cluster = make_cluster(published)
    ActionCluster.objects.create(action=action, cluster=cluster)
    assert client.get("/exchange/action/A-3").json()["recommendations"] == [published.code]


def make_cluster(record):
    cluster = Cluster.objects.create(name="Group")
    ClusterMember.objects.create(cluster=cluster, recommendation=record)
    return cluster


def test_a_file_costs_the_same_number_of_queries_for_more_records(client, published, django_assert_max_num_queries):
    for _number in range(20):
        make.recommendation()
    with django_assert_max_num_queries(20):
        assert len(file_of(client, "recommendation")["@graph"]) == 21


@pytest.mark.parametrize("kind", [*KINDS, *PARTS])
def test_the_schemas_in_the_documentation_are_those_that_are_used(kind):
    """If this fails: ./run manage write_exchange_schemas docs/exchange/schemas"""
    written = json.loads((DOCS / "schemas" / f"{kind}.json").read_text())
    assert written == dict(all_schemas())[kind]
    Draft202012Validator(written)


def test_a_schema_is_published_at_its_address(client, db):
    answer = client.get("/exchange/schemas/value.json")
    assert answer["Content-Type"] == "application/schema+json"
    assert answer.json() == dict(all_schemas())["value"]
    assert client.get("/exchange/schemas/nothing.json").status_code == 404


@pytest.mark.parametrize("path", sorted((DOCS / "examples").glob("*.jsonld")), ids=lambda path: path.name)
def test_the_examples_are_valid(path, capsys):
    content = path.read_bytes()
    assert json.loads(content)["@context"]["@vocab"] == f"urn:servanda:exchange:{VERSION}#"
    assert check_file(content).faults == []
    call_command("check_exchange_file", path)


def test_each_kind_has_an_example():
    shown = {name for path in (DOCS / "examples").glob("*.jsonld") for name in check_file(path.read_bytes()).objects}
    assert shown == {kind.type for kind in KINDS.values()}


def test_a_file_of_a_kind_is_named_after_its_objects(client, published):
    assert "recommendations-" in client.get("/exchange/recommendation.jsonld")["Content-Disposition"]


def test_the_page_counts_what_is_published(client, published):
    page = client.get("/exchange/").content.decode()
    assert "recommendation.jsonld" in page
    assert "/exchange/check/" in page
