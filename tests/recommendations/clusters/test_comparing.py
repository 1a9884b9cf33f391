from datetime import date

import pytest
from django.utils import translation

from servanda.kit.refusal import Refused
from servanda.recommendations.clusters import comparing
from servanda.recommendations.models import Likeness, Recommendation, by_language
from servanda.recommendations.pages.similar import SHOWN, Similar, similar_to
from servanda.recommendations.search import encoding
from servanda.sources.models import Document, Review
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db

ABOLISH = "Abolish the death penalty for all crimes"


def compare() -> dict[tuple[str, str], str]:
    encoding.encode_missing()
    comparing.compare_all()
    return {(pair.one.code, pair.other.code): pair.relation for pair in Likeness.objects.all()}


def similar(record: Recommendation, *, visible) -> list[Similar]:
    return similar_to(record, by_language(record.texts.current()), visible=visible)


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


def test_a_short_text_is_related_to_longer_ones_of_the_same_subject():
    short = make.recommendation("Strengthen the efforts to combat domestic violence (Iraq)")
    subject = "domestic violence and strengthen protection mechanisms for the victims (Lebanon)"
    longer = make.recommendation(f"Continue efforts to combat {subject}")
    for other in ("racism and xenophobia in sport", "the trafficking of arms", "corruption in public procurement"):
        make.recommendation(f"Continue efforts to combat {other}")
    related = {pair for pair in compare() if short.code in pair}
    assert related == {(short.code, longer.code)}
    found = similar(longer, visible=Recommendation.objects.public())
    assert [match.record for match in found] == [short]


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
    assert similar(first, visible=everything) == []
    with pytest.raises(Refused, match="already"):
        comparing.reject_likeness(likeness=likeness, by=by)
    comparing.reopen_likeness(likeness=likeness, by=by)
    assert [match.record for match in similar(first, visible=everything)] == [again]
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
    assert [match.record for match in similar(first, visible=Recommendation.objects.public())] == [french]


def test_records_that_are_hidden_take_no_place_among_those_shown():
    first, seen = make.recommendation(ABOLISH), make.recommendation("Abolish capital punishment")
    hidden = [make.recommendation(ABOLISH, confidentiality="restricted") for _each in range(SHOWN)]
    rows = [(row, "same", 1.0) for row in hidden] + [(seen, "related", 0.8)]
    Likeness.objects.bulk_create(
        Likeness(one=first, other=row, relation=relation, cosine=cosine) for row, relation, cosine in rows
    )
    assert [match.record for match in similar(first, visible=Recommendation.objects.public())] == [seen]


def test_how_many_records_are_hidden_does_not_decide_whether_the_others_are_compared(monkeypatch):
    first, again = make.recommendation(ABOLISH), make.recommendation(ABOLISH)
    monkeypatch.setattr(comparing, "MOST", 2)
    make.recommendation("Build schools", confidentiality="restricted")
    compare()
    assert [match.record for match in similar(first, visible=Recommendation.objects.public())] == [again]
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
    same, other = similar(first, visible=Recommendation.objects.public())
    assert (same.title, same.which, same.can_be_merged) == ("Repeated in a later cycle", "cycle 5", False)
    [back, *_rest] = similar(same.record, visible=Recommendation.objects.public())
    assert (back.title, back.which) == ("Already made in an earlier cycle", f"cycle {first.review.cycle}")
    assert [piece.text for piece in other.pieces if piece.differs] == ["189"]
    assert "".join(piece.text for piece in other.pieces) == "Ratify ILO Convention No. 189 on indigenous peoples"


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((date(2015, 1, 1), date(2020, 1, 1)), ("Repeated in a later document", "CRC/C/SVN/CO/2")),
        ((date(2020, 1, 1), date(2015, 1, 1)), ("Already made in an earlier document", "CRC/C/SVN/CO/2")),
        ((date(2020, 1, 1), date(2020, 1, 1)), ("Same text", "")),
        ((None, date(2020, 1, 1)), ("Same text", "")),
    ],
)
def test_a_body_without_cycles_repeats_in_a_later_document_where_the_days_say_so(days, told):
    crc = make.body("CRC", "treaty")
    records = [
        make.recommendation(
            ABOLISH,
            body=crc,
            review=None,
            document=Document.objects.create(symbol=f"CRC/C/SVN/CO/{number}", body=crc),
            date=day,
        )
        for number, day in enumerate(days, start=1)
    ]
    compare()
    [found] = similar(records[0], visible=Recommendation.objects.public())
    assert (found.title, found.which) == told


def test_another_review_of_the_same_cycle_or_of_another_body_is_no_repetition():
    first = make.recommendation(ABOLISH)
    beside = Review.objects.create(body=first.body, country=first.country, cycle=first.review.cycle, year=1999)
    make.recommendation(ABOLISH, review=beside, paragraph="9")
    crc = make.body("CRC", "treaty")
    make.recommendation(
        ABOLISH, body=crc, review=Review.objects.create(body=crc, country=first.country, cycle=9), paragraph="9"
    )
    compare()
    assert {(match.title, match.which) for match in similar(first, visible=Recommendation.objects.public())} == {
        ("Same text", "")
    }


def test_similar_records_are_read_with_their_texts_in_two_queries(django_assert_num_queries):
    first = make.recommendation(ABOLISH)
    for number in range(3):
        make.recommendation(f"140.{number} {ABOLISH.upper()} (Chile);")
    compare()
    texts = by_language(first.texts.current())
    with django_assert_num_queries(2):
        found = similar_to(first, texts, visible=Recommendation.objects.public())
    assert ["".join(piece.text for piece in match.pieces) for match in found] == [
        match.record.texts.get().text for match in found
    ]


def test_the_text_of_a_similar_record_is_in_the_language_of_the_reader_or_the_original():
    first = make.recommendation(ABOLISH)
    french = make.recommendation("Abolir la peine de mort pour tous les crimes", language="fr")
    for language, text in (("ar", "إلغاء عقوبة الإعدام"), ("en-GB", f"{ABOLISH}, everywhere")):
        french.texts.create(language=language, text=text)
    compare()
    shown = {}
    for language in ("ar", "en", "fr", "pt"):
        with translation.override(language):
            [found] = similar(first, visible=Recommendation.objects.public())
        shown[language] = found.language
    assert shown == {"ar": "ar", "en": "en-GB", "fr": "fr", "pt": "fr"}
