import pytest

from servanda.kit.refusal import Refused
from servanda.language.words.search_query import parse
from servanda.people.access import Role
from servanda.recommendations.editing import merging, structure
from servanda.recommendations.models import (
    Link,
    Position,
    Recommendation,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
)
from servanda.recommendations.search import fulltext
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def rich(number: int, language: str = "en", text: str = "Ratify.") -> Recommendation:
    record = make.recommendation(text, language=language)
    SourceRecord.objects.create(
        recommendation=record, scheme="uhri", external_id=str(number), digest="1", where="1", raw="{}"
    )
    Tagging.objects.create(recommendation=record, term=make.term(f"Theme {number}"), scheme="uhri")
    RecommendingState.objects.create(recommendation=record, country=make.country(f"C{number}", f"Country {number}"))
    return record


def parts(record: Recommendation) -> tuple:
    models = (SourceRecord, Tagging, RecommendingState, TextVersion, Position)
    return tuple(model.objects.current().filter(recommendation=record).count() for model in models)


@pytest.mark.database
def test_the_survivor_gets_what_it_lacks_and_the_other_leaves_the_register(coordinator):
    into, other = rich(1), rich(2, "fr", "Ratifier la convention.")
    Position.objects.create(recommendation=other, stand="supported")
    merging.merge_recommendations(into=into, others=[other], by=coordinator)
    assert parts(into) == (2, 2, 2, 2, 1)
    into.refresh_from_db()
    other.refresh_from_db()
    assert (into.stand, other.merged_into) == ("supported", into)
    assert list(Recommendation.objects.kept()) == [into]
    assert Link.objects.get().relation == "merged-from"
    assert list(
        TextVersion.objects.current().filter(recommendation=into, is_original=True).values_list("language")
    ) == [("en",)]


def test_a_later_import_finds_the_survivor_by_the_id_of_the_source(coordinator):
    into, other = rich(1), rich(2)
    merging.merge_recommendations(into=into, others=[other], by=coordinator)
    present = SourceRecord.objects.filter(ended_by=None, ended_at=None, external_id="2")
    assert [source.recommendation for source in present] == [into]


def test_undoing_a_merge_gives_both_back_as_they_were(coordinator):
    into, other = rich(1), rich(2, "fr", "Ratifier la convention.")
    Position.objects.create(recommendation=other, stand="supported")
    before = parts(into), parts(other)
    merging.merge_recommendations(into=into, others=[other], by=coordinator)
    merging.unmerge_recommendation(recommendation=other, by=coordinator)
    assert (parts(into), parts(other)) == before
    into.refresh_from_db()
    other.refresh_from_db()
    assert (into.stand, other.merged_into) == ("", None)
    assert not Link.objects.exists()
    found = Recommendation.objects.filter(pk__in=fulltext.matching(parse("convention", ["fr"])))
    assert list(found) == [other]


def test_a_merge_can_be_undone_and_done_again(coordinator):
    into, other = rich(1), rich(2)
    for _time in range(2):
        merging.merge_recommendations(into=into, others=[other], by=coordinator)
        merging.unmerge_recommendation(recommendation=other, by=coordinator)
        other.refresh_from_db()
    assert parts(into) == (1, 1, 1, 1, 0)


def test_recommendations_to_two_states_are_not_one(coordinator):
    other = make.recommendation(country=make.country("PER", "Peru"))
    with pytest.raises(Refused, match="Link the two instead"):
        merging.merge_recommendations(into=make.recommendation(), others=[other], by=coordinator)
    assert not Recommendation.objects.exclude(merged_into=None).exists()


def test_a_record_is_not_merged_into_itself(coordinator):
    record = make.recommendation()
    with pytest.raises(Refused, match="into itself"):
        merging.merge_recommendations(into=record, others=[record], by=coordinator)


def test_a_withdrawn_record_is_not_merged(coordinator):
    other = make.recommendation()
    structure.withdraw_recommendation(recommendation=other, reason="Printed twice.", by=coordinator)
    with pytest.raises(Refused, match="no longer in the register"):
        merging.merge_recommendations(into=make.recommendation(), others=[other], by=coordinator)
