"""A hold and an erasure in the same moment."""

from functools import partial

import pytest

from servanda.people.access import Role
from servanda.proceedings.models import LegalHold
from servanda.proceedings.retention.erasing import erase_personal_data
from servanda.proceedings.retention.services import (
    place_legal_hold,
)
from tests import make
from tests import proceedings_make as made
from tests.proceedings.retention.test_erasing import DUE_ON, NAME, close, keep, shown
from tests.threads import at_once, outcome_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.database
def test_of_a_hold_and_an_erasure_at_the_same_moment_only_one_is_done():
    coordinator = make.user(Role.COORDINATOR)
    letter = made.proceeding(coordinator)
    made.person(letter, coordinator, name=NAME)
    close(letter)
    keep(5)
    erasing = partial(erase_personal_data, selected=shown(letter), on=DUE_ON, by=coordinator)
    holding = partial(place_legal_hold, proceeding=letter, reason="A claim.", by=coordinator)
    refusals = at_once([partial(outcome_of, erasing), partial(outcome_of, holding)])
    is_erased, is_held = made.fresh(letter).erased_at is not None, LegalHold.objects.exists()
    assert [not refusal for refusal in refusals] == [is_erased, is_held]
    assert is_erased is not is_held
