"""The register makes at most twenty database queries, whatever the filters and whoever the reader."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from servanda.recommendations.counting import counts
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.filters.facets import WITHOUT, Facet
from servanda.recommendations.filters.registry import facets_for, facets_for_everybody
from servanda.recommendations.models import Recommendation, RecommendingState, Tagging
from servanda.recommendations.records import id_sets
from servanda.recommendations.search.encoding import encode_missing
from tests import make
from tests.house.kinds import KINDS
from tests.house.scene import Scene
from tests.house.test_query_budget import MOST, questions_of

pytestmark = pytest.mark.slow

WORDS = "q=rights"
SENTENCE = "q=protect+the+rights+of+every+person+everywhere"
REAL = counts.stamp_if_worth_keeping


@pytest.fixture(params=["small", "large"])
def size(request, monkeypatch):
    """As many records as in a large register, which keeps counts and names no record by its id, are not made here. In
    a smaller one it is asked whether what was found is held by the process, which is not so yet: that asks most."""
    monkeypatch.setattr(counts, "WORTH_LOOKING_UP", 0)
    if request.param == "large":
        monkeypatch.setattr(counts, "stamp_if_worth_keeping", lambda *_more_than: REAL(0))
        monkeypatch.setattr(id_sets, "WORTH_NAMING", 0)


@pytest.fixture(params=["coordinator", "focal point of the institution", "anonymous"])
def list_of(request, client, scene_for):
    """The address of the list of one person, its facets, and a record that has a value of each of them."""
    person = KINDS[request.param]()
    record = well_known(scene_for(person))
    if person is None:
        return "/recommendations/", facets_for_everybody(), record
    client.force_login(person)
    return "/desk/register/", facets_for(person, audience_of(person)), record


def well_known(scene: Scene) -> Recommendation:
    """One record of which much is said, among others of which little is."""
    record, today = scene.record, timezone.localdate()
    Recommendation.objects.filter(pk=record.pk).update(year=2025, stand="supported")
    record.also_concerns.add(make.country("HRV", "Croatia"))
    make.recommendation("Protect the rights of women.", country=make.country("HRV", "Croatia"))
    RecommendingState.objects.create(recommendation=record, country=make.country("FRA", "France"))
    terms = [make.term(taxonomy=taxonomy) for taxonomy in ("uhri-theme", "uhri-group", "sdg")]
    Tagging.objects.bulk_create(Tagging(recommendation=record, term=term, origin="source") for term in terms)
    for kind in ("follow-up", "dissemination"):
        make.follow_up(record, kind, due_on=today + timedelta(days=30))
    reindex(list(Recommendation.objects.values_list("pk", flat=True)))
    encode_missing()
    return record


def values_of(facet: Facet) -> list[str]:
    """One that finds something, and the absence of any."""
    chosen = [key for key in facet.options if Recommendation.objects.filter(facet.condition([key])).exists()]
    return [*chosen[:1], *([WITHOUT] if facet.without else [])]


def chosen_on(record: Recommendation, facet: Facet) -> str:
    """The value of this record, as an address says it; nothing where it has none."""
    this = Recommendation.objects.filter(pk=record.pk)
    value = next((value for value in values_of(facet) if this.filter(facet.condition([value])).exists()), "")
    return urlencode({facet.key: value}) if value else ""


def over_the_budget(client, base: str, questions: Sequence[str]) -> dict[str, int]:
    """What is found once and kept, such as the kinds of things, is asked for by the first page."""
    numbers = {}
    for question in [questions[0], *questions]:
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{base}?{question}")
        numbers[question] = len(questions_of(captured))
    assert min(numbers.values()) > 5
    return {question: number for question, number in numbers.items() if number > MOST}


@pytest.mark.django_db
def test_a_list_with_one_filter_asks_at_most_twenty_questions(client, size, list_of):
    base, facets, _record = list_of
    questions = [urlencode({facet.key: value}) for facet in facets for value in values_of(facet)]
    assert len(questions) > 20
    assert over_the_budget(client, base, questions) == {}


@pytest.mark.django_db
def test_a_list_with_words_and_two_filters_asks_at_most_twenty_questions(client, size, list_of):
    """Facets that are counted in the same way stand for each other."""
    base, facets, record = list_of
    alike: dict[type, list[str]] = {}
    for facet in facets:
        if chosen := chosen_on(record, facet):
            alike.setdefault(type(facet), []).append(chosen)
    pairs = [*combinations([some[0] for some in alike.values()], 2), *(some[:2] for some in alike.values())]
    assert len(pairs) > 10
    assert over_the_budget(client, base, [f"{WORDS}&{'&'.join(pair)}" for pair in pairs]) == {}


@pytest.mark.django_db
def test_a_list_by_meaning_asks_at_most_twenty_questions(client, size, list_of):
    base, _facets, record = list_of
    found = [WORDS, SENTENCE, f"like={record.code}", f"like={record.code}&{WORDS}", "q=rigths"]
    filters = ["", "&update=-", "&theme=-&update=-", "&recommending=FRA&body=UPR"]
    assert over_the_budget(client, base, [f"{words}{some}" for words in found for some in filters]) == {}
