"""Two people at one comment or one consultation in the same moment."""

from functools import partial

import pytest

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.reporting.consultations import services
from servanda.reporting.models import ConsultationComment
from tests import consulting_make as made
from tests import make
from tests.reporting.consultations.test_comments import replied
from tests.threads import at_once, outcome_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.database
def test_of_two_replies_at_the_same_moment_one_is_kept():
    coordinator, other = make.user(Role.COORDINATOR), make.user(Role.COORDINATOR)
    nhri = made.contributor()
    comment = made.comment(made.opened(coordinator, nhri), nhri)
    deeds = [
        partial(outcome_of, partial(replied, comment, person, "partly", person.email, seen=1))
        for person in (coordinator, other)
    ]
    outcomes = at_once(deeds)
    assert sorted(map(bool, outcomes)) == [False, True]
    comment.refresh_from_db()
    assert (comment.version, comment.reply) == (2, [coordinator, other][outcomes.index("")].email)


@pytest.mark.database
def test_a_comment_at_the_moment_of_the_withdrawal_is_either_whole_or_refused():
    coordinator, nhri = make.user(Role.COORDINATOR), made.contributor()
    consultation = made.opened(coordinator, nhri)
    withdraw = partial(services.withdraw_consultation, consultation=consultation, reason="Wrong.", by=coordinator)
    outcomes = at_once(
        [partial(outcome_of, withdraw), partial(outcome_of, partial(made.comment, consultation, nhri))]
    )
    assert outcomes[0] == ""
    assert ConsultationComment.objects.count() == (0 if outcomes[1] else 1)
    with pytest.raises(Refused, match="closed"):
        made.comment(consultation, nhri)
