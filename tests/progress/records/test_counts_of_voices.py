"""How many records a mechanism has not assessed, of the bodies that assess."""

import pytest
from django.http import QueryDict

from servanda.progress.models import Voice
from servanda.recommendations.counting import counts
from servanda.recommendations.filters.facets import WITHOUT
from servanda.recommendations.filters.query import narrow, read_filter
from servanda.recommendations.filters.registry import facets_for_everybody
from servanda.recommendations.records import id_sets
from tests import assessing_make as made
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def records():
    """Of two committees that assess, one that does not, and the UPR; an assessment of old stands on the UPR."""
    bodies = [make.committee("CCPR"), make.committee("CRC"), make.body("SPT", "treaty-body"), make.body()]
    found = [make.recommendation(f"Open school number {at}.", body=bodies[at % 4]) for at in range(12)]
    for record in (found[0], found[3]):
        made.assessment(record, voice=Voice.MECHANISM, is_latest=True)
    return found


@pytest.mark.database
@pytest.mark.parametrize("is_named", [False, True])
@pytest.mark.parametrize(
    ("query", "number"), [("", 5), ("body=CCPR", 2), ("body=UPR", 0), ("mechanism=-", 5), ("mechanism=partial", 5)]
)
def test_not_assessed_counts_what_choosing_it_finds(records, query, number, is_named):
    facets, audience = facets_for_everybody(), counts.everybody()
    facet = next(facet for facet in facets if facet.key == Voice.MECHANISM)
    asked = read_filter(QueryDict(query), facets)
    found = narrow(audience, asked, facets)
    pks = id_sets.ids_of(found) if is_named else None
    tally, apart = counts.count_chosen(audience, found, asked, facets, pks=pks)
    others = narrow(audience, asked, facets, but={facet.key})
    assert others.filter(facet.condition([WITHOUT])).count() == number
    assert facet.counts(apart.get(facet.key, tally))[WITHOUT] == number


def test_not_assessed_is_counted_in_the_list_without_filters(records):
    facets = facets_for_everybody()
    facet = next(facet for facet in facets if facet.key == Voice.MECHANISM)
    for worth_keeping in (0, 1000):
        tally = counts.count_unfiltered(counts.everybody(), facets, worth_keeping=worth_keeping)
        assert facet.counts(tally)[WITHOUT] == 5
