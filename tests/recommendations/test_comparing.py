import pytest

from servanda.kit.refusal import Refused
from servanda.recommendations.models import Likeness, Recommendation
from servanda.recommendations.services import comparing, encoding
from servanda.recommendations.similar import similar_to
from servanda.sources.models import Review
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db

ABOLISH = "Abolish the death penalty for all crimes"


def compare() -> dict[tuple[str, str], str]:
    encoding.encode_missing()
    comparing.compare_all()
    return {(pair.one.code, pair.other.code): pair.relation for pair in Likeness.objects.all()}


def test_the_same_words_a_translation_and_the_opposite_are_told_apart():
    first = make.recommendation(ABOLISH)
    again = make.recommendation(f"140.9 {ABOLISH.upper()} (Chile);")
    french = make.recommendation("Abolir la peine de mort pour tous les crimes", language="fr")
    against = make.recommendation("Maintain the death penalty for all crimes")
    make.recommendation("Build a hospital in each of the northern districts")
    found = compare()
    assert found[first.code, again.code] == "same"
    assert found[first.code, french.code] == "twin"
    assert found[first.code, against.code] == "related"
    assert found[french.code, against.code] != "twin"
    assert len({code for pair in found for code in pair}) == 4


def test_records_of_two_states_are_not_compared():
    make.recommendation(ABOLISH)
    make.recommendation(ABOLISH, country=make.country("FJI"))
    assert compare() == {}


def test_what_is_not_alike_any_more_goes_and_what_a_person_said_stays():
    by = make.user("coordinator")
    first, again, third = (make.recommendation(ABOLISH) for _ in range(3))
    compare()
    rejected = Likeness.objects.get(one=first, other=again)
    comparing.reject_likeness(likeness=rejected, by=by)
    for record in (again, third):
        record.texts.update(text="Build a hospital in each of the northern districts")
    again.texts.get().vector.delete()
    third.texts.get().vector.delete()
    found = compare()
    assert found == {(first.code, again.code): "same", (again.code, third.code): "same"}
    assert Likeness.objects.get(pk=rejected.pk).decision == "rejected"


def test_a_rejected_pair_is_not_shown_again_until_it_is_taken_back():
    by = make.user("coordinator")
    first, again = make.recommendation(ABOLISH), make.recommendation(ABOLISH)
    compare()
    likeness = Likeness.objects.get()
    everything = Recommendation.objects.kept()
    comparing.reject_likeness(likeness=likeness, by=by)
    compare()
    assert similar_to(first, seen=everything) == []
    with pytest.raises(Refused, match="already"):
        comparing.reject_likeness(likeness=likeness, by=by)
    comparing.reopen_likeness(likeness=likeness, by=by)
    assert [one.record for one in similar_to(first, seen=everything)] == [again]
    assert [event.action for event in Event.objects.order_by("pk")][-2:] == ["likeness-rejected", "likeness-reopened"]


def test_what_is_hidden_is_shown_to_nobody_who_may_not_see_it_and_changes_nothing_for_others():
    first = make.recommendation(ABOLISH)
    french = make.recommendation("Abolir la peine de mort pour tous les crimes", language="fr")
    compare()
    before = list(Likeness.objects.values("one", "other", "relation", "cosine"))
    secret = make.recommendation(
        "Abolir la peine de mort pour tous les crimes", language="fr", confidentiality="restricted"
    )
    compare()
    among_public = Likeness.objects.among(Recommendation.objects.public())
    assert list(among_public.values("one", "other", "relation", "cosine")) == before
    assert Likeness.objects.filter(one=french, other=secret, relation="same").exists()
    assert [one.record for one in similar_to(first, seen=Recommendation.objects.public())] == [french]


def test_how_many_records_are_hidden_does_not_decide_whether_the_others_are_compared(monkeypatch):
    first, again = make.recommendation(ABOLISH), make.recommendation(ABOLISH)
    monkeypatch.setattr(comparing, "MOST", 2)
    make.recommendation("Build schools", confidentiality="restricted")
    compare()
    assert [one.record for one in similar_to(first, seen=Recommendation.objects.public())] == [again]
    make.recommendation("Build schools")
    Likeness.objects.all().delete()
    compare()
    assert not Likeness.objects.exists()


def test_the_difference_is_marked_and_a_later_cycle_is_named():
    first = make.recommendation("Ratify ILO Convention No. 169 on indigenous peoples")
    later = Review.objects.create(body=first.body, country=first.country, cycle=5)
    make.recommendation("Ratify ILO Convention No. 189 on indigenous peoples", paragraph="1", review=later)
    make.recommendation("Ratify ILO Convention No. 169 on indigenous peoples", paragraph="2", review=later)
    compare()
    same, other = similar_to(first, seen=Recommendation.objects.public())
    assert (same.title, same.can_be_merged) == ("Repeated in another cycle", False)
    assert [piece.text for piece in other.pieces if piece.differs] == ["189"]
    assert "".join(piece.text for piece in other.pieces) == other.text.text
