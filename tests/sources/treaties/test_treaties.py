"""Status under treaties: rules of days, two people, procedures, reservations and objections."""

from dataclasses import replace
from datetime import date

import pytest

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.sources.models import Standing, TreatyStatus
from servanda.sources.treaties import services
from servanda.sources.treaties.services import (
    ObjectionValues,
    ProcedureValues,
    ReservationValues,
    TreatyValues,
    values_of,
)
from servanda.trail.models import Event
from tests import make
from tests.once import built_once
from tests.treaties_make import instrument, reservation, treaty

pytestmark = pytest.mark.django_db
RATIFIED = TreatyValues(
    signed_on=date(2007, 3, 30), consent="ratification", deposited_on=date(2008, 4, 24), in_force_on=date(2008, 5, 24)
)


@built_once
def by(loaded_once):
    return make.user(Role.COORDINATOR)


@built_once
def crpd():
    return treaty("CRPD", instrument=instrument("CRPD", adopted_on="2006-12-13", in_force_on="2008-05-03"))


def edit(status: TreatyStatus, by, seen=None, **changed) -> TreatyStatus:
    fresh = TreatyStatus.objects.get(pk=status.pk)
    return services.edit_treaty(status=fresh, values=replace(values_of(fresh), **changed), seen=seen, by=by)


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ({}, Standing.UNKNOWN),
        ({"source": "Depositary"}, Standing.NOT_PARTY),
        ({"signed_on": date(2009, 9, 24)}, Standing.SIGNED),
        ({"consent": "accession"}, Standing.PARTY),
        ({"consent": "accession", "denounced_on": date(2020, 1, 1)}, Standing.DENOUNCED),
    ],
)
def test_the_facts_add_up_to_a_standing_on_a_row_and_on_a_set(facts, standing):
    status = treaty("CAT", **facts)
    assert status.standing == standing
    assert [value for value in Standing if TreatyStatus.objects.of_standing(value).exists()] == [standing]


def test_the_list_is_loaded_once_and_tells_which_treaties_came(by):
    treaties = [instrument("CAT"), instrument("CRC")]
    assert len(services.list_treaties(instruments=treaties, by=by)) == 2
    assert services.list_treaties(instruments=treaties, by=by) == []
    event = Event.objects.get(action="treaties-listed")
    assert event.object_label == "CAT, CRC"
    assert {status.standing for status in TreatyStatus.objects.all()} == {Standing.UNKNOWN}


def test_an_empty_treaty_can_be_taken_off_the_list_and_one_with_facts_stays(by, crpd):
    empty = treaty("CAT")
    services.remove_treaty(status=empty, by=by)
    assert not TreatyStatus.objects.filter(pk=empty.pk).exists()
    edit(crpd, by, source="Depositary")
    with pytest.raises(Refused, match="with recorded facts"):
        services.remove_treaty(status=crpd, by=by)


def test_a_change_is_the_next_version_with_its_difference_in_the_trail(by, crpd):
    saved = services.edit_treaty(status=crpd, values=RATIFIED, seen=crpd.version, by=by)
    assert (saved.version, saved.standing) == (2, Standing.PARTY)
    event = Event.objects.get(action="treaty-edited")
    assert (event.object_label, event.actor_id) == ("CRPD", by.pk)
    assert '"in_force_on": ["", "2008-05-24"]' in event.difference
    services.edit_treaty(status=crpd, values=RATIFIED, seen=2, by=by)
    assert Event.objects.filter(action="treaty-edited").count() == 1


def test_the_second_of_two_people_is_told(by, crpd):
    edit(crpd, by, seen=1, source="One")
    with pytest.raises(ChangedMeanwhile, match="CRPD"):
        edit(crpd, by, seen=1, source="Other")
    assert TreatyStatus.objects.get(pk=crpd.pk).source == "One"


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"signed_on": date(2006, 12, 12)}, "signed_on", "adopted on 13 December 2006"),
        ({"in_force_on": date(2008, 5, 2)}, "in_force_on", "entered into force on 3 May 2008"),
        ({"deposited_on": date(2007, 3, 29)}, "deposited_on", "before 30 March 2007"),
        ({"denounced_on": date(2008, 5, 23)}, "denounced_on", "before 24 May 2008"),
        ({"consent": ""}, "consent", "Select how the State consented"),
    ],
)
def test_an_impossible_day_is_refused_with_its_field(by, crpd, changed, field, message):
    with pytest.raises(FieldRefused, match=message) as refusal:
        services.edit_treaty(status=crpd, values=replace(RATIFIED, **changed), seen=None, by=by)
    assert refusal.value.field == field
    assert TreatyStatus.objects.get(pk=crpd.pk).standing == Standing.UNKNOWN


def test_procedures_are_replaced_as_a_whole(by, crpd):
    first = ProcedureValues(kind="complaints", article="OP", accepted_on=date(2008, 4, 24))
    inquiry = ProcedureValues(kind="inquiry", accepted_on=date(2008, 4, 24))
    services.set_procedures(status=crpd, procedures=[first, inquiry], seen=None, by=by)
    services.set_procedures(status=crpd, procedures=[first], seen=2, by=by)
    assert [str(row) for row in crpd.procedures.all()] == ["Individual complaints, OP"]
    assert Event.objects.filter(action="treaty-procedures-set").count() == 2
    backwards = replace(first, withdrawn_on=date(2007, 1, 1))
    with pytest.raises(FieldRefused, match="withdrawal is before the acceptance"):
        services.set_procedures(status=crpd, procedures=[backwards], seen=None, by=by)
    assert crpd.procedures.count() == 1


def test_a_reservation_is_kept_with_its_objections_and_changed_under_the_version_of_its_treaty(by, crpd):
    france = make.country("FRA", "France")
    values = ReservationValues(kind="reservation", article="12", text="Not bound.", made_on=date(2008, 4, 24))
    objections = [ObjectionValues(country=france, made_on=date(2009, 1, 5), text="Incompatible.")]
    made = services.add_reservation(status=crpd, values=values, objections=objections, by=by)
    assert [str(objection) for objection in made.objections.all()] == ["France"]
    withdrawn = replace(values, withdrawn_on=date(2015, 1, 1))
    with pytest.raises(ChangedMeanwhile):
        services.edit_reservation(reservation=made, values=withdrawn, objections=[], seen=1, by=by)
    services.edit_reservation(reservation=made, values=withdrawn, objections=[], seen=2, by=by)
    made.refresh_from_db()
    assert (made.withdrawn_on, made.objections.count()) == (date(2015, 1, 1), 0)
    assert str(made) == "Reservation, 12"
    services.remove_reservation(reservation=made, by=by)
    assert not crpd.reservations.exists()
    assert "FRA 2009-01-05 Incompatible." in Event.objects.get(action="reservation-added").difference
    with pytest.raises(Refused, match="has just done this"):
        services.remove_reservation(reservation=made, by=by)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": " "}, "text"),
        ({"withdrawn_on": date(2008, 1, 1)}, "withdrawn_on"),
        ({"made_on": date(2006, 1, 1)}, "made_on"),
    ],
)
def test_an_impossible_reservation_is_refused_with_its_field(by, crpd, changed, field):
    values = ReservationValues(kind="reservation", text="Not bound.", made_on=date(2008, 4, 24))
    with pytest.raises(FieldRefused) as refusal:
        services.add_reservation(status=crpd, values=replace(values, **changed), objections=[], by=by)
    assert refusal.value.field == field
    assert not crpd.reservations.exists()


def test_a_state_objects_once(by, crpd):
    france = ObjectionValues(country=make.country("FRA", "France"))
    values = ReservationValues(kind="reservation", text="Not bound.")
    with pytest.raises(FieldRefused, match="named twice"):
        services.add_reservation(status=crpd, values=values, objections=[france, france], by=by)


def test_to_what_a_state_is_party_is_public(crpd):
    reservation(crpd)
    assert {status.pk for status in TreatyStatus.objects.public()} == {
        status.pk for status in TreatyStatus.objects.all() if status.is_public
    }
