"""Facet counts are exact, for each kind of person, and stay so when the register changes."""

import random
from dataclasses import dataclass, field

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.models import Instance
from servanda.recommendations.counting import counts, snapshot
from servanda.recommendations.filters.facets import MISSING, WITHOUT, desk_facets, public_facets
from servanda.recommendations.filters.query import narrow, read_filter
from servanda.recommendations.models import Recommendation, RecommendingState, Stand, Tagging, TextVersion
from servanda.recommendations.records import id_sets
from servanda.sources.models import Review
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db
KEPT = 0  # keep counts of a register of any size


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@built_once
def register():
    """Sixty records that differ in everything that is counted, some of them hidden in one way or another."""
    Instance.objects.create(pk=1, languages="en,es,fr")
    chance = random.Random(5)
    bodies = [make.body(), make.body("CRC", "treaty-body")]
    states = [make.country(), make.country("HRV", "Croatia"), make.country("FRA", "France")]
    goal = make.term("16", taxonomy="sdg")
    terms = [make.term(), make.term("Health"), goal, make.term("16.2", taxonomy="sdg", parent=goal)]
    terms.append(make.term("Reservations", is_artefact=True))
    pending = Batch.objects.create(name="pending", sha256="1", state=Batch.State.APPLYING)
    applied = Batch.objects.create(name="applied", sha256="2", state=Batch.State.APPLIED)
    for number in range(60):
        body, country = chance.choice(bodies), chance.choice(states[:2])
        cycle = 4 if body.code == "UPR" else 0
        review = Review.objects.get_or_create(body=body, country=country, cycle=cycle, year=0 if cycle else 2016)[0]
        record = make.recommendation(
            paragraph=str(number),
            body=body,
            country=country,
            review=chance.choice([review, review, None]),
            code=f"record-{number}",
            stand=chance.choice(["", *Stand]),
            kind=chance.choice(["recommendation", "observation"]),
            language=chance.choice(["en", "es", ""]),
            year=chance.choice([None, 2016, 2025]),
            is_published=chance.random() < 0.8,
            confidentiality=chance.choice(["public", "public", "internal", "restricted"]),
            added_by=chance.choice([None, None, applied, pending]),
        )
        if chance.random() < 0.2:
            record.also_concerns.add(states[1])
        for language, added_by in chance.choice([[], [("fr", None)], [("fr", pending)], [("es", applied)]]):
            TextVersion.objects.create(recommendation=record, language=language, text="Texte", added_by=added_by)
        for term in chance.choices(terms, k=chance.randrange(4)):
            for added_by in chance.choice([[None], [applied], [pending], [None, applied]]):
                origin = chance.choice(["source", "source", "person", "machine"])
                Tagging.objects.create(recommendation=record, term=term, origin=origin, added_by=added_by)
        for state in chance.sample(states, chance.randrange(3)):
            RecommendingState.objects.create(recommendation=record, country=state)
    ended = Tagging.objects.filter(pk__in=list(Tagging.objects.values_list("pk", flat=True))[::7])
    ended.update(ended_by=applied)
    named = make.institution("moj")
    for record in Recommendation.objects.filter(confidentiality="restricted")[:5]:
        record.restricted_to.add(named)


def audiences():
    reader, member = make.user("reader"), make.user("focal-point", institution=make.institution("moj"))
    people = [reader, member, make.user("coordinator"), make.user("contributor")]
    yield counts.everybody(), public_facets()
    for person in people:
        yield counts.audience_of(person), desk_facets(person)


QUERIES = [
    "",
    "body=UPR",
    "body=UPR&stand=noted&stand=-",
    "theme=-&kind=recommendation",
    "sdg=16&recommending=FRA",
    "country=HRV",
    "year=2016&language=en&review=UPR-4&review=-",
    "recommending=-&group=-",
    "missing=fr",
    "missing=en&missing=es&stand=noted&theme=-",
]


def compared_keys(facet) -> list[str]:
    """All that a facet offers; of those with hundreds of values the ones that occur here."""
    keys = facet.options if len(facet.options) < 20 else {"2016", "2025", "en", "es"} & set(facet.options)
    return [*keys, WITHOUT] if facet.without else list(keys)


@pytest.fixture
def of_any_size(monkeypatch):
    """What is known of a register is kept and looked up, however small it is."""
    monkeypatch.setattr(counts, "WORTH_LOOKING_UP", 0)
    monkeypatch.setattr(counts, "stamp_if_worth_keeping", lambda *_most: counts.stamp())


@dataclass
class Asked:
    """One question of one audience, and the answers to it: asked of the database, with ids, and of the snapshot."""

    audience: counts.Audience
    facets: list
    query: str
    answers: list[tuple] = field(default_factory=list)

    def __post_init__(self):
        self.filter = read_filter(QueryDict(self.query), self.facets)
        self.found = narrow(self.audience, self.filter, self.facets)

    def count(self, *, pks: list[int] | None, from_snapshot: bool) -> None:
        assert (counts.look_up(pks) is not None) == from_snapshot
        counted = counts.count_chosen(self.audience, self.found, self.filter, self.facets, pks=pks)
        self.answers.append(counted)


@pytest.mark.database
@pytest.mark.parametrize("query", QUERIES)
def test_each_count_is_what_choosing_the_value_finds(register, query, of_any_size, monkeypatch):
    """Counted again one by one: with all other filters, and this one value alone in its own facet."""
    everything = [Asked(audience, facets, query) for audience, facets in audiences()]
    for asked in everything:
        asked.count(pks=None, from_snapshot=False)
        asked.count(pks=id_sets.ids_of(asked.found), from_snapshot=False)
    counts.read_ahead()
    monkeypatch.setattr(snapshot, "_snapshot", None)  # as in a process that begins
    for asked in everything:
        asked.count(pks=id_sets.ids_of(asked.found), from_snapshot=True)
    compared = sum(compared_values(asked) for asked in everything)
    assert compared > 20


def compared_values(asked: Asked) -> int:
    """Compare each number of each answer; answers how many of them count something."""
    compared = 0
    assert {tally["total"][0] for tally, _apart in asked.answers} == {asked.found.count()}
    for facet in asked.facets:
        if facet.key == MISSING and MISSING not in asked.filter.chosen:
            assert not any(facet.counts(tally) for tally, _apart in asked.answers)
            continue
        others = narrow(asked.audience, asked.filter, asked.facets, but={facet.key})
        numbers = [facet.counts(apart.get(facet.key, tally)) for tally, apart in asked.answers]
        for key in compared_keys(facet):
            found = others.filter(facet.condition([key])).count()
            assert [each[key] for each in numbers] == [found] * len(numbers), (facet.key, key)
            compared += found > 0
    return compared


def test_a_change_of_the_register_ends_what_is_held(register, of_any_size):
    counts.read_ahead()
    pks = id_sets.ids_of(counts.everybody().visible)
    assert counts.look_up(pks) is not None
    counts.invalidate_counts()
    assert counts.look_up(pks) is None
    counts.read_ahead()
    assert counts.look_up(pks) is not None
    assert counts.look_up([*pks, max(pks) + 1000]) is None, "a record that is not held"


def test_what_an_audience_does_not_see_is_all_that_it_sees_not(register):
    first, second, third = Recommendation.objects.public()[:3]
    Recommendation.objects.filter(pk=first.pk).update(withdrawn_at=timezone.now(), withdrawn_reason="Twice")
    Recommendation.objects.filter(pk=second.pk).update(merged_into=third)
    together = 0
    for audience, _facets in audiences():
        if audience.hidden is not None:
            hidden = {pk for records in audience.hidden for pk in records.values_list("pk", flat=True)}
            seen = set(audience.visible.values_list("pk", flat=True))
            everything = set(Recommendation.objects.values_list("pk", flat=True))
            assert {first.pk, second.pk} <= hidden
            assert hidden == everything - seen
            together += bool(hidden) + bool(seen)
    assert together > 3


@pytest.mark.database
def test_people_who_may_see_different_records_never_share_kept_counts(register):
    totals = {}
    for audience, facets in audiences():
        tally = counts.count_unfiltered(audience, facets, worth_keeping=KEPT)
        again = counts.count_unfiltered(audience, facets, worth_keeping=KEPT)
        assert again == tally == counts.count(audience.visible, facets)
        totals.setdefault(audience.name, set()).add(tally["total"][0])
    assert len(totals) == 4
    assert {name: len(numbers) for name, numbers in totals.items()} == dict.fromkeys(totals, 1)
    assert len({number for numbers in totals.values() for number in numbers}) == 4


@pytest.mark.parametrize("role", ["reader", "contributor", "focal-point", "coordinator", "auditor"])
def test_an_audience_sees_what_its_members_see(register, role):
    person = make.user(role, institution=make.institution("moj"))
    audience = counts.audience_of(person)
    seen = set(Recommendation.objects.visible_to(person).values_list("pk", flat=True))
    assert set(audience.visible.values_list("pk", flat=True)) == seen
    if audience.name == "public":
        assert seen == set(Recommendation.objects.public().values_list("pk", flat=True))
