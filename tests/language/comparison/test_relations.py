import csv
import time
from pathlib import Path

import pytest

from servanda.language.comparison.concepts import Kind
from servanda.language.comparison.likeness import near_equal
from servanda.language.comparison.relations import Judged, Reading, Relation, relate
from servanda.language.vectors.encoder import embedder

PAIRS = Path(__file__).parents[3] / "bench" / "data" / "adversarial_pairs.tsv"
ASKED = "Take measures to ensure access to justice for indigenous women, in accordance with article 14"


def related(one: str, other: str, language: str = "en", other_language: str = "") -> Judged:
    """Judged as alike as texts can be, so that only what they say can hold them apart."""
    return relate(Reading(one, language), Reading(other, other_language or language), cosine=0.95, is_best=True)


@pytest.mark.parametrize(
    "other",
    [
        ASKED.upper(),
        f"127.14 {ASKED} (Chile);",
        ASKED.replace("measures", "steps").replace("ensure", "guarantee"),
        ASKED.replace("indigenous", "indigneous"),
        "In accordance with article 14, take measures to ensure access to justice for indigenous women",
    ],
)
def test_a_text_stays_the_same_whatever_is_done_to_its_form(other):
    assert related(ASKED, other).is_duplicate


def test_words_that_are_one_slip_apart_and_both_words_are_not_one():
    assert not related("Protect victims of persecution", "Protect victims of prosecution").is_duplicate
    assert not related("Reform the marital property law", "Reform the martial property law").is_duplicate


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ratify CPED", "Ratify the CPED."),
        ("Ratify the Optional Protocol of the CRPD", "Ratify the Optional Protocol to CRPD"),
        (
            "Abide by the law in line with the Paris Principles",
            "Abide by the law in conformity with the Paris Principles",
        ),
        ("Set up a body according to the Paris Principles", "Set up a body in compliance with the Paris Principles"),
        (
            "Accede to the Convention on Protection of Migrants",
            "Accede to the Convention on the Protection of Migrants",
        ),
    ],
)
def test_an_article_and_other_words_for_a_standard_make_no_other_demand(one, other):
    assert relate(Reading(one, "en"), Reading(other, "en"), cosine=0.9).is_duplicate


def test_the_protocol_to_a_treaty_is_not_the_treaty_with_its_protocol():
    both, protocol = "Ratify the CAT and its Optional Protocol", "Ratify the Optional Protocol to the CAT"
    assert not relate(Reading(both, "en"), Reading(protocol, "en"), cosine=0.95).is_duplicate


def test_what_differs_is_told_with_its_place_in_both_texts():
    text, other = "12.3 Ratify ILO Convention No. 169 (Chile)", "Ratify ILO Convention No. 189"
    judged = related(text, other)
    assert (judged.relation, judged.kinds) == (Relation.RELATED, (Kind.NUMBER, Kind.WORD))
    assert [text[start:end] for start, end in judged.own_spans] == ["169"]
    assert [other[start:end] for start, end in judged.other_spans] == ["189"]


def test_words_side_by_side_are_marked_as_one():
    judged = related("Provide free primary education", "Provide free primary education to all migrant workers")
    assert judged.other_spans == ((34, 53),)


def test_a_translation_is_a_twin_and_another_demand_in_another_language_is_not():
    assert related("Abolish the death penalty", "Abolir la pena de muerte", "en", "es").is_duplicate
    against = related("Abolish the death penalty", "Mantener la pena de muerte", "en", "es")
    assert (against.relation, against.kinds) == (Relation.RELATED, (Kind.DIRECTION,))


@pytest.mark.parametrize(
    ("here", "there", "languages"),
    [
        (
            "Improve infrastructure, particularly in rural areas",
            "تحسين البنية التحتية لا سيما في المناطق الريفية",
            "en ar",
        ),
        ("Address the root causes of school dropout", "Устранить коренные причины отсева из школ", "en ru"),
        ("Reduce the use of force against detainees", "الحد من اللجوء إلى القوة ضد المحتجزين", "en ar"),
        ("Protect the rights of older persons", "Защищать права престарелых", "en ru"),
        (
            "Reduce the gap between urban and rural areas",
            "Сократить разрыв между городами и сельскими районами",
            "en ru",
        ),
        ("Educate girls as well as boys", "Обучать не только девочек, но и мальчиков", "en ru"),
    ],
)
def test_what_only_sounds_like_another_idea_keeps_no_translation_apart(here, there, languages):
    """ "In particular" is no negation, root causes are no indigenous people, resort to force is no asylum."""
    assert related(here, there, *languages.split()).is_duplicate


def test_a_text_that_is_not_the_nearest_in_its_language_is_no_translation():
    reading, other = Reading("Abolish the death penalty", "en"), Reading("Abolir la pena de muerte", "es")
    assert relate(reading, other, cosine=0.95, is_best=False).relation == Relation.RELATED


def test_what_is_far_apart_and_says_other_things_is_not_related():
    judged = relate(Reading("Build schools", "en"), Reading("Abolish torture", "en"), cosine=0.2)
    assert judged.relation == Relation.NONE


def test_texts_without_words_are_not_related():
    assert relate(Reading("", "en"), Reading("", "en"), cosine=0.0).relation == Relation.NONE
    assert relate(Reading("…", "en"), Reading("😀", "fr"), cosine=0.0).relation == Relation.NONE


def test_two_texts_of_twenty_thousand_words_of_their_own_are_compared_in_a_moment():
    def text(ending: str) -> str:
        letters = "abcdefghijklmnop"
        return " ".join(f"w{''.join(letters[int(digit, 16)] for digit in f'{n:05x}')}{ending}" for n in range(20_000))

    start = time.process_time()
    one, other = text("x"), text("y")
    assert relate(Reading(one, "en"), Reading(other, "en"), cosine=0.9).relation == Relation.RELATED
    assert near_equal(one, other) == 0
    assert time.process_time() - start < 10


def test_none_of_the_pairs_made_to_mislead_is_called_a_duplicate():
    with PAIRS.open() as lines:
        pairs = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    vectors = embedder().encode([text for pair in pairs for text in (pair[2], pair[4])])
    cosines = (vectors[::2] * vectors[1::2]).sum(axis=1)
    called = [
        (text, other)
        for (_kind, language, text, other_language, other), cosine in zip(pairs, cosines, strict=True)
        if relate(
            Reading(text, language), Reading(other, other_language), cosine=float(cosine), is_best=True
        ).is_duplicate
    ]
    assert len(pairs) >= 200
    assert called == []


TREATIES_THAT_DIFFER = [
    ("en", "Ratify the ICESCR", "en", "Ratify the ICESCR and the ICCPR"),
    ("en", "Ratify OP-CAT", "en", "Ratify CAT"),
    ("en", "Ratify OPCAT", "en", "Ratify the Convention against Torture"),
    ("en", "Ratify ICCPR-OP1", "en", "Ratify ICCPR-OP2"),
    ("en", "Ratify OP-CRC-AC", "en", "Ratify OP-CRC-SC"),
    ("en", "Ratify OP-CRPD", "en", "Ratify CRPD"),
    ("es", "Ratificar el PF-PIDESC", "es", "Ratificar el PIDESC"),
    ("es", "Ratificar el PIDESC", "es", "Ratificar el PIDESC y el PIDCP"),
    ("fr", "Ratifier le PF-PIDESC", "fr", "Ratifier le PIDESC"),
    ("fr", "Ratifier la Convention contre la torture", "fr", "Ratifier l’OPCAT"),
    ("pt", "Ratificar o PF-PIDESC", "pt", "Ratificar o PIDESC"),
    ("pt", "Ratificar a Convenção contra a Tortura", "pt", "Ratificar o OPCAT"),
    ("ar", "التصديق على اتفاقية مناهضة التعذيب", "ar", "التصديق على البروتوكول الاختياري لاتفاقية مناهضة التعذيب"),
    ("en", "Ratify OP-CEDAW", "es", "Ratificar la CEDAW"),
    ("en", "Ratify OP-CRPD", "es", "Ratificar la CDPD"),
    ("en", "Ratify OP-ICESCR", "fr", "Ratifier le PIDESC"),
    ("en", "Ratify OP-CAT", "ar", "التصديق على اتفاقية مناهضة التعذيب"),
    ("en", "Ratify the ICESCR", "pt", "Ratificar o PIDESC e o PIDCP"),
    (
        "en",
        "Continue to make progress in the ratification of all core international human rights instruments to which"
        " it is not yet a party, including the ICESCR, in order to improve the protection of all its citizens",
        "es",
        "Seguir avanzando en la ratificación de todos los instrumentos internacionales básicos de derechos humanos"
        " en los que todavía no es parte, incluidos el PIDESC y el PIDCP, con el fin de mejorar la protección",
    ),
]


@pytest.mark.parametrize(("language", "one", "other_language", "other"), TREATIES_THAT_DIFFER)
def test_texts_that_name_other_treaties_are_never_one(language, one, other_language, other):
    assert not related(one, other, language, other_language).is_duplicate
    assert not related(other, one, other_language, language).is_duplicate


@pytest.mark.parametrize(
    ("one", "language", "other"),
    [
        ("Ratify OP-CAT", "es", "Ratificar el OPCAT"),
        ("Ratify OP-CEDAW", "fr", "Ratifier le Protocole facultatif à la CEDEF"),
        ("Ratify the Convention against Torture", "pt", "Ratificar a Convenção contra a Tortura"),
        ("Ratify the ICESCR and the ICCPR", "es", "Ratificar el PIDCP y el PIDESC"),
    ],
)
def test_the_same_treaties_in_short_and_in_full_are_one_across_languages(one, language, other):
    assert related(one, other, "en", language).is_duplicate
