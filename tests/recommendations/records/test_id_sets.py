"""Records that rows beside them name, asked after at once before any condition on these rows."""

import pytest
from django.db.models import Q

from servanda.language.words.search_query import parse
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.filters.audiences import everybody
from servanda.recommendations.filters.query import SEARCHED
from servanda.recommendations.models import Recommendation, Tagging
from servanda.recommendations.records import id_sets
from servanda.recommendations.records.id_sets import compiled, ids_without_hidden, named_by
from servanda.recommendations.search import fulltext
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
    assert named(source, compiled(person)) == {first, second}
    assert named(source | person) == {first, second}
    assert named(source & ~person) == {first}
    assert named(nothing) == set()


@pytest.mark.parametrize(
    "condition", [~labelled(origin="source"), labelled(origin="source") | ~labelled(), Q(pk__in=[]), Q(pk__gt=0)]
)
def test_a_condition_that_may_hold_without_any_row_names_no_records(condition):
    assert named_by([labelled(origin="person"), condition]) is None


@pytest.mark.parametrize("closed", [0, 1, 4, 6])
@pytest.mark.parametrize(("worth_naming", "are_named"), [(1, False), (2, True), (9, True)])
def test_how_many_are_hidden_does_not_decide_whether_the_rest_is_named(monkeypatch, closed, worth_naming, are_named):
    monkeypatch.setattr(id_sets, "WORTH_NAMING", worth_naming)
    hidden = [make.recommendation(paragraph=f"9{number}", confidentiality="internal") for number in range(closed)]
    public = [make.recommendation(paragraph=str(number)).pk for number in range(2)]
    reindex([*public, *(record.pk for record in hidden)])
    everyone = everybody()
    pks = ids_without_hidden(fulltext.matching(parse("rights", SEARCHED)), everyone.hidden or (), everyone.visible)
    assert (None if pks is None else sorted(pks)) == (public if are_named else None)
