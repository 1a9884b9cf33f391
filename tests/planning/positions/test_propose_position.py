from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.accounts.personal_data import export_personal_data
from servanda.people.models import Appointment, Institution, Succession, User
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.models import PositionProposal
from servanda.planning.positions import proposals as proposing
from servanda.recommendations.models import Position, Recommendation
from servanda.trail.models import Event
from servanda.trail.sentences import sentence
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def record() -> Recommendation:
    record = make.recommendation()
    make.assignment(record, make.institution("health"))
    return record


@built_once
def fran() -> User:
    return make.user(Role.FOCAL_POINT, make.institution("health"), name="Fran")


def propose(record: Recommendation, by: User, stand: str = "supported", place: str = "health", **fields):
    fields = {"comment": "", "seen": proposing.mark(PositionProposal.objects.standing())} | fields
    return proposing.propose_position(
        recommendation=record, institution=make.institution(place), stand=stand, **fields, by=by
    )


def standing() -> list[tuple[str, str, str]]:
    return list(PositionProposal.objects.standing().values_list("institution__code", "stand", "comment"))


@pytest.mark.database
def test_a_newer_proposal_of_an_institution_ends_the_older_one_which_stays(record, fran):
    propose(record, fran, "noted")
    propose(record, fran, "partly", comment="The first half only.")
    assert standing() == [("health", "partly", "The first half only.")]
    former = PositionProposal.objects.exclude(ended_at=None).get()
    assert (former.stand, former.ending, former.proposed_by) == ("noted", "replaced", fran)
    assert sentence(Event.objects.first()).startswith("Fran proposed a position of the State:")
    assert "first half" not in Event.objects.first().difference


@pytest.mark.database
def test_the_button_pressed_twice_writes_one_proposal(record, fran):
    first = propose(record, fran, seen="none")
    assert propose(record, fran, seen="none") == first
    assert Event.objects.filter(action="position-proposed").count() == 1


def test_what_a_colleague_proposed_meanwhile_is_not_overwritten(record, fran):
    propose(record, make.user(Role.AUTHORITY, make.institution("health")), "noted")
    with pytest.raises(ChangedMeanwhile, match="changed its proposal while you were editing. Check it"):
        propose(record, fran, seen="none")
    assert standing() == [("health", "noted", "")]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"stand": "partly", "comment": "  "}, "which part"),
        ({"stand": "pending"}, "Choose one of the listed positions."),
        ({"place": "labour"}, "Only a focal point or the validating authority of an"),
    ],
)
def test_what_makes_no_sense_is_refused_in_plain_words(record, fran, fields, why):
    with pytest.raises(Refused, match=why):
        propose(record, fran, **fields)
    assert not PositionProposal.objects.exists()


def test_a_person_whose_appointment_ends_while_they_write_proposes_nothing(record, fran):
    assert fran.roles
    Appointment.objects.filter(person=fran).update(end=date(2026, 2, 28))
    with pytest.raises(Refused, match="Only a focal point or the validating authority of an"):
        propose(record, User.objects.get(pk=fran.pk))


def test_who_answers_no_more_proposes_no_more(record, fran):
    record.assignments.update(ended_at=timezone.now(), ending="replaced")
    with pytest.raises(Refused, match="Only a focal point or the validating authority of an"):
        propose(record, fran)


def test_a_successor_speaks_in_its_own_name_and_the_closed_institution_is_silent(record, fran):
    yesterday = timezone.localdate() - timedelta(days=1)
    Institution.objects.filter(code="health").update(active_to=yesterday)
    ministry = make.institution("ministry")
    Succession.objects.create(predecessor=make.institution("health"), successor=ministry, on=yesterday)
    with pytest.raises(Refused, match="Only a focal point or the validating authority of an"):
        propose(record, User.objects.get(pk=fran.pk))
    propose(record, make.user(Role.FOCAL_POINT, ministry), place="ministry")
    assert standing() == [("ministry", "supported", "")]


@pytest.mark.database
def test_the_database_knows_one_standing_proposal_each_and_how_others_ended(record):
    make.proposal(record, make.institution("health"))
    for fields in ({}, {"ended_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make.proposal(record, make.institution("health"), **fields)


def test_a_proposal_is_withdrawn_once_by_its_own_people(record, fran):
    proposal = propose(record, fran)
    with pytest.raises(Refused, match="Only a focal point"):
        proposing.withdraw_proposal(proposal=proposal, by=make.user(Role.FOCAL_POINT, make.institution("labour")))
    proposing.withdraw_proposal(proposal=proposal, by=fran)
    assert (standing(), PositionProposal.objects.get().ending) == ([], "withdrawn")
    with pytest.raises(Refused, match="is no longer current"):
        proposing.withdraw_proposal(proposal=proposal, by=fran)


def test_a_proposal_waits_until_the_state_decides_after_it(record, fran):
    proposal = propose(record, fran)
    Position.objects.create(recommendation=record, stand="noted", is_draft=True)
    Position.objects.create(recommendation=record, stand="pending")
    assert list(PositionProposal.objects.waiting()) == [proposal]
    Position.objects.create(recommendation=record, stand="noted")
    assert not PositionProposal.objects.waiting().exists()
    propose(record, fran, "noted")
    assert PositionProposal.objects.waiting().count() == 1


def test_an_institution_sees_its_own_and_the_offices_see_all(record, fran):
    labour = make.institution("labour")
    rows = [make.proposal(record, make.institution("health")), make.proposal(record, labour)]
    assert list(PositionProposal.objects.visible_to(fran)) == rows[:1]
    assert list(PositionProposal.objects.visible_to(make.user(Role.AUDITOR))) == rows
    for role in (Role.READER, Role.CONTRIBUTOR, Role.PUBLIC):
        assert not PositionProposal.objects.visible_to(make.user(role, labour)).exists()


def test_what_a_person_proposed_is_in_their_data(record, fran):
    propose(record, fran, comment="Yes.")
    [told] = export_personal_data(fran)["proposals_of_positions"]
    assert (told["recommendation__code"], told["stand"], told["comment"]) == (record.code, "supported", "Yes.")


def test_the_form_sends_and_comes_back_to_the_record(client, record, fran):
    client.force_login(fran)
    url = reverse("desk:propose_position", args=[record.code])
    page = client.get(url)
    data = {"institution": make.institution("health").pk, "stand": "partly", "comment": "", "seen": "none"}
    assert b"not decided" in page.content
    answer = client.post(url, data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["comment"])
    besides = {"proposed_by": make.user().pk, "ended_at": "2026-01-01", "recommendation": make.recommendation().pk}
    answer = client.post(url, data | {"comment": "Only b."} | besides, follow=True)
    position_proposal = PositionProposal.objects.standing().get()
    assert (position_proposal.proposed_by, position_proposal.recommendation) == (fran, record)
    assert answer.redirect_chain[0][0] == reverse("desk:record_follow_up", args=[record.code]) + "#proposals"
    assert "Only b." in answer.content.decode()
    stale = client.post(url, data | {"stand": "noted"})
    assert stale.status_code == 409
    assert stale.context["form"].data["seen"] == str(PositionProposal.objects.get().pk)


def test_what_was_withdrawn_is_offered_again(client, record, fran):
    client.force_login(fran)
    proposal = make.proposal(record, make.institution("health"), stand="noted", comment="Costs.")
    client.post(reverse("desk:withdraw_proposal", args=[record.code, proposal.pk]))
    form = client.get(reverse("desk:propose_position", args=[record.code])).context["form"]
    assert (form["stand"].value(), form["comment"].value(), form["seen"].value()) == ("noted", "Costs.", "none")


@pytest.mark.parametrize("place", ["health", "labour"])
def test_nobody_reads_on_the_record_what_another_institution_proposes(client, record, place):
    make.proposal(record, make.institution("health"), comment="zorbatrix")
    client.force_login(make.user(Role.FOCAL_POINT, make.institution(place)))
    page = client.get(reverse("desk:record_follow_up", args=[record.code])).content.decode()
    assert ("zorbatrix" in page) == (place == "health")
    assert ('id="proposals"' in page) == (place == "health")
