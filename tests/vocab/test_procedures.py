import pytest

from servanda.vocab.models import Body
from servanda.vocab.procedures import KINDS_WITH_POSITIONS, procedure_of
from servanda.vocab.services.loading import load_vocabulary
from tests import make

WAYS = {
    ("upr", "UPR"): ["Received", "Answered", "Assigned", "Planned", "Reported", "Assessed"],
    ("treaty-body", "CEDAW"): ["Received", "Assigned", "Planned", "Reported", "Assessed"],
    ("special-procedure", "SR Torture"): ["Received", "Assigned", "Planned", "Reported", "Assessed"],
    ("monitoring", "CPT"): ["Received", "Assigned", "Planned", "Reported", "Assessed"],
    ("other", "OURS"): ["Received", "Assigned", "Planned", "Reported", "Assessed"],
    ("commission", "IACHR"): ["Received", "Assigned", "Measures planned", "Measures reported", "Assessed"],
    ("court", "IACtHR"): ["Judgment received", "Assigned", "Measures planned", "Measures reported", "Assessed"],
    ("court", "ECtHR-CM"): [
        *("Judgment received", "Assigned", "Action planned", "Action reported", "Assessed", "Closed"),
    ],
}


@pytest.mark.parametrize("mechanism", WAYS)
def test_each_kind_of_mechanism_has_stations_and_words_of_its_own(mechanism):
    kind, code = mechanism
    assert [str(words) for _station, words in procedure_of(kind=kind, code=code).stations] == WAYS[mechanism]


def test_every_kind_of_body_has_a_way_here():
    assert {kind for kind, _code in WAYS} == set(Body.Kind.values)


@pytest.mark.django_db
def test_a_state_takes_positions_in_the_upr_alone_and_set_and_row_agree():
    load_vocabulary()
    make.body("OURS", Body.Kind.OTHER)
    with_positions = set(Body.objects.with_positions())
    assert with_positions == {body for body in Body.objects.all() if body.takes_positions}
    assert {body.code for body in with_positions} == {"UPR"}
    assert KINDS_WITH_POSITIONS == (Body.Kind.UPR,)
