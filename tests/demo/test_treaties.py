"""The status of Slovenia under treaties: only public facts, with their source; years as another list has them."""

import csv

import pytest

from servanda.demo import treaties
from servanda.demo.reading import read
from servanda.people.access import Role
from servanda.people.demonstration import COORDINATOR
from servanda.recommendations.models import RecordInstrument
from servanda.sources.models import Reservation, Standing, TreatyStatus
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db
CODES = {
    "icerd": "ICERD",
    "iccpr": "ICCPR",
    "iccpr_op1": "ICCPR-OP1",
    "iccpr_op2": "ICCPR-OP2",
    "icescr": "ICESCR",
    "icescr_op": "ICESCR-OP",
    "cedaw": "CEDAW",
    "op_cedaw": "CEDAW-OP",
    "cat": "CAT",
    "opcat": "OPCAT",
    "crc": "CRC",
    "op_crc_ac": "CRC-OP-AC",
    "op_crc_sc": "CRC-OP-SC",
    "op_crc_ic": "CRC-OP-IC",
    "icmw": "ICRMW",
    "crpd": "CRPD",
    "op_crpd": "CRPD-OP",
    "cped": "ICPPED",
}


@built_once
def loaded(loaded_once):
    make.user(Role.COORDINATOR, email=COORDINATOR)
    treaties.load()


def test_every_treaty_of_the_file_is_loaded_once_with_its_source(loaded):
    treaties.load()
    rows = {row["code"]: row for row in read("treaties")["treaties"]}
    statuses = TreatyStatus.objects.select_related("instrument")
    assert {status.instrument.code for status in statuses} == rows.keys()
    unknown = {code for code, row in rows.items() if row.keys() == {"code"}}
    assert {status.instrument.code for status in statuses.of_standing(Standing.UNKNOWN)} == unknown
    dated = [status for status in statuses if status.signed_on or status.deposited_on]
    assert [status.instrument.code for status in dated if not status.source] == []
    assert all(procedure.source for status in statuses for procedure in status.procedures.all())


def test_the_records_that_ask_for_ratification_are_linked(vocabulary):
    make.user(Role.COORDINATOR, email=COORDINATOR)
    make.recommendation(code="SVN-UPR-4-140.7")
    treaties.load()
    links = RecordInstrument.objects.values_list("recommendation__code", "instrument__code")
    assert list(links) == [("SVN-UPR-4-140.7", "ICESCR-OP")]


def test_what_is_not_certain_is_empty(loaded):
    cedaw = TreatyStatus.objects.get(instrument__code="CEDAW")
    assert "to be verified" in cedaw.note
    assert (cedaw.standing, cedaw.in_force_on, cedaw.consent_on) == (Standing.PARTY, None, None)
    assert TreatyStatus.objects.get(instrument__code="ICRMW").standing == Standing.NOT_PARTY
    disappearance = TreatyStatus.objects.get(instrument__code="ICPPED")
    assert (disappearance.standing, disappearance.deposited_on) == (Standing.PARTY, None)
    communications = TreatyStatus.objects.get(instrument__code="CRC-OP-IC")
    assert (communications.standing, communications.deposited_on) == (Standing.PARTY, None)
    assert TreatyStatus.objects.get(instrument__code="ECHR").standing == Standing.UNKNOWN


def test_days_of_the_depositary_name_the_chapter_of_its_table(loaded):
    protocol = TreatyStatus.objects.get(instrument__code="ICCPR-OP2")
    assert protocol.source == "United Nations Treaty Collection, chapter IV.12, status as of March 2015"
    assert (str(protocol.signed_on), str(protocol.deposited_on)) == ("1993-09-14", "1994-03-10")
    signed_only = TreatyStatus.objects.get(instrument__code="ICESCR-OP")
    assert signed_only.standing == Standing.SIGNED


def test_reservations_are_summaries_with_the_day_and_source_of_their_treaty(loaded):
    reservations = Reservation.objects.select_related("status__instrument")
    assert {(row.status.instrument.code, row.kind) for row in reservations} == {
        ("ICCPR-OP1", Reservation.Kind.RESERVATION),
        ("CRC-OP-AC", Reservation.Kind.DECLARATION),
    }
    for row in reservations:
        assert (row.made_on, row.source) == (row.status.deposited_on, row.status.source)
        assert row.text.startswith("Summary: ")


def test_the_years_are_those_of_a_list_of_2022(loaded, shared_data):
    path = shared_data / "restricted" / "ratification_status_2022.csv"
    with path.open(encoding="utf-8", newline="") as file:
        listed = {CODES[row["treaty"]]: row for row in csv.DictReader(file) if row["iso2"] == "SI"}
    assert listed.keys() == set(CODES.values())
    known = TreatyStatus.objects.exclude(source="").filter(instrument__code__in=listed).select_related("instrument")
    assert known.count() == 18
    for status in known:
        row = listed[status.instrument.code]
        assert (status.standing == Standing.PARTY) == (row["state_party"] == "1"), status
        if status.deposited_on:
            assert str(status.deposited_on.year) == row["year_ratification_or_accession"], status
