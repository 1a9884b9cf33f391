import pytest

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.recommendations.editing import structure
from servanda.recommendations.models import Link, Position, Recommendation, RecommendingState, SourceRecord, Tagging
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@pytest.mark.database
def test_each_part_is_a_record_with_the_labels_positions_and_sources_of_the_whole(coordinator):
    whole = make.recommendation("Ratify and report.", paragraph="140.10", stand="noted")
    SourceRecord.objects.create(recommendation=whole, scheme="uhri", external_id="7", digest="1", where="1", raw="{}")
    Tagging.objects.create(recommendation=whole, term=make.term(), scheme="uhri")
    Position.objects.create(recommendation=whole, stand="noted")
    RecommendingState.objects.create(recommendation=whole, country=make.country("PER", "Peru"))
    pieces = structure.split_recommendation(recommendation=whole, texts=["Ratify.", "Report."], by=coordinator)
    assert [piece.code for piece in pieces] == [f"{whole.code}~2", f"{whole.code}~3"]
    for piece, text in zip(pieces, ["Ratify.", "Report."], strict=True):
        assert piece.texts.get().text == text
        assert piece.is_public
        for rows in (piece.sources, piece.taggings, piece.positions, piece.recommending):
            assert rows.current().count() == 1
    assert list(Recommendation.objects.kept()) == pieces


def test_the_whole_is_withdrawn_and_the_parts_say_where_they_come_from(coordinator):
    whole = make.recommendation()
    pieces = structure.split_recommendation(recommendation=whole, texts=["Ratify.", "Report."], by=coordinator)
    whole.refresh_from_db()
    assert whole.withdrawn_reason == f"Split into {pieces[0].code}, {pieces[1].code}."
    links = Link.objects.filter(relation="split-from", to_recommendation=whole)
    assert {link.from_recommendation for link in links} == set(pieces)


def test_parts_stand_together_before_the_next_paragraph(coordinator):
    whole, following = make.recommendation(paragraph="140.10"), make.recommendation(paragraph="140.11")
    pieces = structure.split_recommendation(recommendation=whole, texts=["Ratify.", "Report."], by=coordinator)
    assert list(Recommendation.objects.kept()) == [*pieces, following]


def test_one_text_is_no_split(coordinator):
    whole = make.recommendation()
    with pytest.raises(Refused, match="at least two texts"):
        structure.split_recommendation(recommendation=whole, texts=["Ratify.", " "], by=coordinator)
    assert list(Recommendation.objects.kept()) == [whole]


def test_withdrawing_wants_a_reason_and_restoring_undoes_it(coordinator):
    record = make.recommendation()
    with pytest.raises(Refused, match="Enter the reason"):
        structure.withdraw_recommendation(recommendation=record, reason=" ", by=coordinator)
    structure.withdraw_recommendation(recommendation=record, reason="Printed twice.", by=coordinator)
    assert not Recommendation.objects.kept().exists()
    structure.restore_recommendation(recommendation=record, by=coordinator)
    assert list(Recommendation.objects.public()) == [record]


def test_a_link_by_hand_is_made_once_and_can_be_removed(coordinator):
    first, second = make.recommendation(), make.recommendation()
    data = {"recommendation": first, "to": second, "relation": "repeats", "by": coordinator}
    link = structure.link_recommendations(**data)
    with pytest.raises(Refused, match="already exists"):
        structure.link_recommendations(**data)
    structure.unlink_recommendations(link=link, by=coordinator)
    assert not Link.objects.exists()


def test_a_link_that_tells_of_a_split_stays(coordinator):
    whole = make.recommendation()
    structure.split_recommendation(recommendation=whole, texts=["Ratify.", "Report."], by=coordinator)
    with pytest.raises(Refused, match="Links from a merge or split cannot be removed. A merge"):
        structure.unlink_recommendations(link=Link.objects.first(), by=coordinator)
