"""Records that rows beside them name, asked after at once before any condition on these rows."""

import pytest
from django.db.models import Q

from servanda.recommendations.by_ids import named_by, written
from servanda.recommendations.models import Recommendation, Tagging
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def labelled(**how) -> Q:
    return Q(pk__in=Tagging.objects.filter(**how).values("recommendation_id"))


def test_what_conditions_find_is_among_what_their_rows_name():
    records = [make.recommendation(paragraph=str(number)) for number in range(4)]
    for record, origin in zip(records, ("source", "person", "machine"), strict=False):
        Tagging.objects.create(recommendation=record, term=make.term(), origin=origin)
    source, person, nothing = labelled(origin="source"), labelled(origin="person"), labelled(term__in=[])

    def named(*conditions: Q) -> set[int]:
        return set(Recommendation.objects.filter(pk__in=named_by(conditions)).values_list("pk", flat=True))

    first, second = records[0].pk, records[1].pk
    assert named(source, nothing) == {first}
    assert named(source, written(person)) == {first, second}
    assert named(source | person) == {first, second}
    assert named(source & ~person) == {first}
    assert named(nothing) == set()


@pytest.mark.parametrize(
    "condition", [~labelled(origin="source"), labelled(origin="source") | ~labelled(), Q(pk__in=[]), Q(pk__gt=0)]
)
def test_a_condition_that_may_hold_without_any_row_names_no_records(condition):
    assert named_by([labelled(origin="person"), condition]) is None
