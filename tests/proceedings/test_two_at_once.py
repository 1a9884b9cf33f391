"""Two people at one letter in the same moment."""

from functools import partial

import pytest

from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.proceedings.clearance.services import StepValues, set_clearance_steps
from servanda.proceedings.replies import services as replies
from tests import make
from tests import proceedings_make as made
from tests.threads import at_once, outcome_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.database
def test_of_two_who_clear_one_letter_in_the_same_moment_one_is_refused():
    coordinator, *others = (make.user(Role.COORDINATOR) for _number in range(3))
    set_clearance_steps(steps=[StepValues("Legal service"), StepValues("Minister")], by=coordinator)
    letter = made.proceeding(coordinator)
    version = made.fresh(letter).version
    replies.write_reply(proceeding=letter, reply="The State replies.", language="en", seen=version, by=coordinator)
    replies.start_clearance(proceeding=letter, by=coordinator)
    seen = made.fresh(letter).clearance.verdicts.first().pk
    deeds = [partial(replies.clear_reply, proceeding=letter, seen=seen, by=person) for person in others]
    assert sorted(map(bool, at_once([partial(outcome_of, deed) for deed in deeds]))) == [False, True]
    verdicts = made.fresh(letter).clearance.verdicts.values_list("verdict", flat=True)
    assert list(verdicts) == ["cleared", "pending"]
    with pytest.raises(ChangedMeanwhile):
        replies.return_reply(proceeding=letter, reason="No.", seen=seen, by=others[0])
