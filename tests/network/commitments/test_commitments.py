"""Commitments of the network: shipped ones, their wording, and that they are followed up like recommendations."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.commitments import services
from servanda.network.commitments.services import CommitmentValues
from servanda.network.models import Commitment
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.actions.for_record import planned_for
from servanda.progress.updates.permissions import records_to_write_on
from servanda.recommendations.models import Recommendation
from tests import actions_make, assessing_make, make, network_make
from tests.house.answers import body_of, source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def coordinator(client):
    network_make.own_state()
    return make.signed_in(client, "coordinator")


def values(**fields) -> CommitmentValues:
    return CommitmentValues(**{"wording": "commitment", "source": "Annual seminar 2027"} | fields)


@pytest.mark.database
def test_of_the_nine_conclusions_only_the_fourth_commits(coordinator):
    services.add_declaration(by=coordinator)
    declaration = Commitment.objects.filter(source__startswith="Marrakech Declaration")
    assert declaration.count() == 9
    assert [row.recommendation.paragraph for row in declaration.filter(wording="commitment")] == ["4"]
    plan = Commitment.objects.exclude(pk__in=declaration)
    assert {row.wording for row in plan} == {"priority"}
    record = declaration.get(recommendation__paragraph="4").recommendation
    assert (record.kind, record.is_published, record.stand) == ("commitment", False, "")
    assert set(record.texts.current().values_list("language", flat=True)) == {"en", "es", "fr", "pt", "ar"}
    assert {text.source for text in record.texts.exclude(language="en")} == {"Summary, not the official text"}


def test_shipped_ones_are_added_once_even_if_one_was_withdrawn(coordinator):
    first = services.add_declaration(by=coordinator)
    Recommendation.objects.filter(pk=first[0].recommendation_id).update(
        withdrawn_at=timezone.now(), withdrawn_reason="Not ours."
    )
    assert services.add_declaration(by=coordinator) == []


def test_without_a_state_nothing_is_added():
    with pytest.raises(Refused, match="settings"):
        services.add_declaration(by=make.user("coordinator"))
    assert not Recommendation.every_kind.exists()


def test_a_commitment_needs_a_text_and_a_source(coordinator):
    facts = {"language": "en", "agreed_on": date(2027, 1, 20), "number": "", "by": coordinator}
    with pytest.raises(FieldRefused, match="text"):
        services.add_commitment(text=" ", values=values(), **facts)
    with pytest.raises(FieldRefused, match="agreed"):
        services.add_commitment(text="Meet every year.", values=values(source=" "), **facts)


def test_it_is_assigned_planned_and_assessed_by_the_engine_of_recommendations(client, coordinator):
    commitment = network_make.commitment()
    record, lead = commitment.recommendation, make.institution("mof")
    make.assignment(record, lead)
    assert list(records_to_write_on(lead, make.user("focal-point", lead))) == [record]
    action = actions_make.action(lead=lead, records=[record])
    assert [shown for shown, _late in planned_for(record, coordinator, on=TODAY())] == [action]
    assessing_make.assessment(record)
    page = source_of(client.get(reverse("desk:record", args=[record.code])))
    assert "Position of the State" not in page
    assert "Conclusion (not a commitment)" not in page
    assert "Annual seminar 2027" in page


def test_lists_files_and_the_api_have_commitments_only_when_asked_for(client):
    ordinary = make.recommendation()
    commitment = network_make.commitment()
    Recommendation.every_kind.update(is_published=True)
    for address in ("/recommendations/", "/recommendations.csv", reverse("api:recommendations")):
        usual, asked_for = (body_of(client.get(address, query)).decode() for query in ({}, {"kind": "commitment"}))
        assert ordinary.code in usual
        assert commitment.recommendation.code not in usual
        assert commitment.recommendation.code in asked_for
        assert ordinary.code not in asked_for
    page = source_of(client.get(commitment.recommendation.get_absolute_url()))
    assert "Annual seminar 2027" in page


def test_its_kind_never_changes_and_it_is_not_added_beside_the_network(client, coordinator):
    record = network_make.commitment().recommendation
    form = source_of(client.get(reverse("desk:edit_recommendation", args=[record.code])))
    assert 'value="commitment"' in form
    assert 'value="measure"' not in form
    assert 'value="commitment"' not in source_of(client.get(reverse("desk:create_recommendation")))


def test_the_facts_are_edited_unless_another_user_saved_since(coordinator):
    commitment = network_make.commitment()
    owner = network_make.profile()
    changed = values(wording="conclusion", owner=owner, due_on=date(2028, 1, 1))
    services.edit_commitment(
        commitment=commitment, values=changed, version=commitment.recommendation.version, by=coordinator
    )
    stored = Commitment.objects.get()
    assert (stored.wording, stored.owner, stored.due_on) == ("conclusion", owner, date(2028, 1, 1))
    with pytest.raises(ChangedMeanwhile):
        services.edit_commitment(commitment=commitment, values=values(), version=1, by=coordinator)


@pytest.mark.database
def test_the_list_shows_what_is_open_overdue_and_implemented(client, coordinator):
    late, done, open_one = (
        network_make.commitment(source=source, due_on=TODAY() - timedelta(days=1))
        for source in ("Late", "Done", "Open")
    )
    Commitment.objects.filter(pk=open_one.pk).update(due_on=None)
    assessing_make.assessment(done.recommendation, common="full")

    def found(**query) -> set[str]:
        page = source_of(client.get(reverse("desk:commitments"), query))
        return {source for source in ("Late", "Done", "Open") if f"<bdi>{source}</bdi>" in page}

    assert found() == {"Late", "Done", "Open"}
    assert found(state="open") == {"Late", "Open"}
    assert found(state="overdue") == {"Late"}
    assert found(state="implemented") == {"Done"}
    assert found(words=late.recommendation.code) == {"Late"}
    assert found(wording="priority") == set()


def test_a_commitment_that_is_not_open_to_a_person_is_not_listed(client, coordinator):
    commitment = network_make.commitment()
    Recommendation.every_kind.update(confidentiality="restricted")
    reader = make.user("reader", make.institution("mof"))
    assert not Commitment.objects.visible_to(reader).exists()
    client.force_login(reader)
    assert commitment.recommendation.code not in source_of(client.get(reverse("desk:commitments")))


def test_the_list_is_within_its_budget(client, coordinator):
    services.add_declaration(by=coordinator)
    assert len(asked(client, reverse("desk:commitments"))) <= MOST


def test_pages_add_the_shipped_ones_and_another(client, coordinator):
    client.post(reverse("desk:add_declaration"))
    assert Commitment.objects.count() == 12
    sent = {"text": "Share one practice a year.", "language": "en", "agreed_on": "2027-01-20", "number": "2"}
    sent |= {"wording": "commitment", "source": "Annual seminar 2027"}
    page = source_of(client.post(reverse("desk:add_commitment"), sent, follow=True))
    assert "Share one practice a year." in page
    assert Commitment.objects.get(recommendation__paragraph="2", wording="commitment").recommendation.year == 2027
