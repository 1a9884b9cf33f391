"""Agreements: parties, dates, and duties that are followed up as commitments."""

from datetime import date, timedelta

import pytest

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.agreements import services
from servanda.network.agreements.queries import AgreementFilter, duties_of, export_rows, find_agreements
from servanda.network.agreements.services import AgreementValues, DutyValues
from servanda.network.models import Agreement, Commitment
from servanda.people.versioning import ChangedMeanwhile
from servanda.recommendations.models import Recommendation
from tests import make, network_make

pytestmark = pytest.mark.django_db

SIGNED = date(2026, 5, 4)
DAY = timedelta(days=1)


@pytest.fixture
def coordinator():
    network_make.own_state()
    return make.user("coordinator")


@pytest.fixture
def parties():
    return [network_make.profile("Commission", is_own=True), network_make.profile("Neighbours", "HRV")]


def values(parties, **facts) -> AgreementValues:
    usual = {"title": "Letters", "text": "Both share.", "language": "en", "signed_on": SIGNED}
    return AgreementValues(parties=parties, **(usual | facts))


def add(parties, by, **facts) -> Agreement:
    return services.add_agreement(values=values(parties, **facts), by=by)


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [({"title": " "}, "title"), ({"text": ""}, "text"), ({"end": SIGNED - DAY}, "end")],
)
def test_what_is_missing_is_named(coordinator, parties, facts, wrong):
    with pytest.raises(FieldRefused) as refused:
        add(parties, coordinator, **facts)
    assert refused.value.field == wrong


def test_the_number_of_parties_tells_the_kind(coordinator, parties):
    with pytest.raises(FieldRefused, match="at least two"):
        add(parties[:1] * 2, coordinator)
    third = network_make.profile("Third", "AUT")
    kinds = [add(found, coordinator).kind for found in (parties, [*parties, third])]
    assert kinds == ["bilateral", "multilateral"]


def test_a_change_of_parties_is_saved_unless_somebody_else_was_first(coordinator, parties):
    agreement = add(parties, coordinator)
    third = network_make.profile("Third", "AUT")
    services.edit_agreement(agreement=agreement, values=values([*parties, third]), seen=1, by=coordinator)
    assert agreement.parties.count() == 3
    with pytest.raises(ChangedMeanwhile):
        services.edit_agreement(agreement=agreement, values=values(parties), seen=1, by=coordinator)


def test_a_duty_is_a_commitment_of_the_register_until_it_is_undone(coordinator, parties):
    agreement = add(parties, coordinator)
    promised = DutyValues(text="Send the list.", language="en", owner=parties[1], due_on=date(2027, 1, 31))
    duty = services.add_duty(agreement=agreement, values=promised, by=coordinator)
    record = Recommendation.every_kind.get(pk=duty.commitment.recommendation_id)
    assert (record.kind, record.is_published) == ("commitment", False)
    assert duty.commitment.source == "Letters, 4 May 2026"
    [shown] = duties_of(agreement, coordinator, on=date(2027, 2, 1))
    assert (shown.text.text, shown.is_late, shown.commitment.owner) == ("Send the list.", True, parties[1])
    with pytest.raises(Refused, match="Undo them first"):
        services.withdraw_agreement(agreement=agreement, reason="Over.", by=coordinator)
    services.undo_duty(duty=duty, by=coordinator)
    assert duties_of(agreement, coordinator, on=SIGNED) == []
    assert not Commitment.objects.visible_to(coordinator).exists()
    services.restore_duty(duty=duty, by=coordinator)
    assert len(duties_of(agreement, coordinator, on=SIGNED)) == 1


def test_a_duty_is_of_a_party(coordinator, parties):
    agreement, third = add(parties, coordinator), network_make.profile("Third", "AUT")
    with pytest.raises(FieldRefused, match="party to the agreement"):
        services.add_duty(
            agreement=agreement, values=DutyValues(text="Act.", language="en", owner=third), by=coordinator
        )


def test_a_withdrawn_agreement_changes_only_when_it_is_restored(coordinator, parties):
    agreement = add(parties, coordinator)
    services.withdraw_agreement(agreement=agreement, reason="Twice.", by=coordinator)
    assert not Agreement.objects.visible_to(coordinator).exists()
    with pytest.raises(Refused, match="Restore it first"):
        services.add_duty(agreement=agreement, values=DutyValues(text="Act.", language="en"), by=coordinator)
    services.restore_agreement(agreement=agreement, by=coordinator)
    assert list(Agreement.objects.visible_to(coordinator)) == [agreement]


@pytest.mark.parametrize(
    ("facts", "day", "is_in_force"),
    [
        ({}, SIGNED, True),
        ({}, SIGNED - DAY, False),
        ({"start": SIGNED + DAY}, SIGNED, False),
        ({"end": SIGNED + DAY}, SIGNED + DAY, True),
        ({"end": SIGNED + DAY}, SIGNED + 2 * DAY, False),
    ],
)
def test_what_is_in_force_is_alike_for_a_row_and_for_the_list(coordinator, parties, facts, day, is_in_force):
    agreement = add(parties, coordinator, **facts)
    assert agreement.is_in_force(on=day) == is_in_force
    state = "in-force" if is_in_force else "not-in-force"
    assert list(find_agreements(coordinator, AgreementFilter(state=state), on=day)) == [agreement]


def test_the_list_is_found_by_party_and_kind_and_sent_as_a_table(coordinator, parties):
    add(parties, coordinator)
    found = find_agreements(coordinator, AgreementFilter(words="neighbours", kind="bilateral"), on=SIGNED)
    [row] = export_rows(found, on=SIGNED)
    assert row[:4] == ["Letters", "Bilateral", "Commission; Neighbours", "2026-05-04"]
    assert not find_agreements(coordinator, AgreementFilter(kind="multilateral"), on=SIGNED).exists()
