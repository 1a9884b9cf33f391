import csv
import json
import random

import pytest

from servanda.language.comparison.likeness import NEAR, near_equal, normal

SAME = [
    ("127.179 Strengthen human rights education (Jordan);", "Strengthen human rights education"),
    ("186.214. Strengthen human rights education ( Republic  of  Korea );", "Strengthen human rights education"),
    ("4.Strengthen human rights education", "strengthen human-rights education."),
    ("114.6..1 Strengthen human rights education (Côte d ’ Ivoire)", "To strengthen human rights education"),
    ("Strengthen education (Venezuela (Bolivarian Republic of))2;", "Strengthen education"),
    ("Support “witch children” and people ’ s rights", 'Support "witch children" and people\'s rights'),
    ("Not to repeal section 266 (b)  of the Code ( Pakistan );", "Not to repeal section 266(b) of the Code"),
    ("End female genital mutilation4 (Spain);", "End female genital mutilation"),
    ("٣٠- تكرر اللجنة توصيتها", "30. تكرر اللجنة توصيتها"),
    ("127-179\nتعزيز التثقيف (باكستان)؛", "تعزيز التثقيف"),
    ("140.3 加强人权教育（巴基斯坦）；", "加强人权教育"),
]
UNLIKE = [
    ("Build schools in all of the rural provinces by 2030", "Build schools in all of the rural provinces"),
    ("Abolish the death penalty for all crimes", "Maintain the death penalty for all crimes"),
    ("Ratify the Convention against Torture", "Consider ratifying the Convention against Torture"),
    ("Ratify ILO Convention No. 169 on indigenous peoples", "Ratify ILO Convention No. 189 on indigenous peoples"),
    ("Ratify ILO Convention No. 169 on indigenous peoples", "Ratify the ILO Convention on indigenous peoples"),
    (
        "Repeal section 266 of the Criminal Code as it stands",
        "Not to repeal section 266 of the Criminal Code as it stands",
    ),
    ("Ratify the Optional Protocol to CRPD", "Ratify the Optional Protocol to CESCR"),
    ("Ratify the Covenant and its first Optional Protocol", "Ratify the Covenant and its second Optional Protocol"),
    ("Criminalize defamation in the law on the media", "Decriminalize defamation in the law on the media"),
    ("Prevent violence in the homes of the rural provinces", "Present violence in the homes of the rural provinces"),
    ("Continue efforts to reduce poverty in the rural provinces", "Efforts to reduce poverty in the rural provinces"),
    ("Protect the rights of women in the penal system", "Protect the rights of children in the penal system"),
    ("Build schools in the north by the end of the year", "Build prisons in the north by the end of the year"),
    ("Abolir la peine de mort dans tous les cas", "Maintenir la peine de mort dans tous les cas"),
    ("Ne pas abolir la peine de mort dans tous les cas", "Abolir la peine de mort dans tous les cas"),
    ("废除死刑并保护儿童权利和妇女权利", "不废除死刑并保护儿童权利和妇女权利"),
]
NEARLY = [
    ("Analyse the recommendations of the treaty bodies", "Analyze the recommendations of treaty bodies"),
    (
        "Promptly end the practice known as “excisions” in all regions",
        "End the practice known as excisionsÓ in all regions",
    ),
    (
        "Recommended to Benin to develop a national policy on disabled persons, with access to services for all",
        "Develop a national policy on disabled persons, with access to services for all",
    ),
    (
        "Involve non.governmental actors in the national consultation on the mechanism",
        "Involve nongovernmental actors in the national consultation on the mechanism",
    ),
]


@pytest.mark.parametrize(("printed", "other"), SAME)
def test_number_closing_states_and_punctuation_do_not_count(printed, other):
    assert normal(printed) == normal(other)
    assert near_equal(printed, other) == 1


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_a_difference_that_decides_the_meaning_is_never_near(one, other):
    assert near_equal(one, other) == 0
    assert near_equal(other, one) == 0


@pytest.mark.parametrize(("one", "other"), NEARLY)
def test_spelling_and_wording_around_it_leave_a_text_near(one, other):
    assert normal(one) != normal(other)
    assert near_equal(one, other) >= NEAR
    assert near_equal(one, other) == near_equal(other, one)


def test_what_closes_a_text_and_names_no_state_stays():
    assert normal("Ratify the Protocol (CEDAW)") != normal("Ratify the Protocol (CAT)")
    assert normal("Reduce mutilation (FGM) (South Sudan);") == normal("Reduce mutilation (FGM)")
    assert normal("Ratify the ICCPR (Second Optional Protocol)").endswith("protocol")
    assert normal("Amend the Code (article 5)").endswith("article 5")


def test_a_number_that_begins_the_sentence_stays():
    assert normal("60 per cent of girls should finish school") == "60 per cent of girls should finish school"


@pytest.mark.parametrize("text", ["", "?", "140.10", "(Jordan)"])
def test_texts_without_words_are_near_nothing(text):
    assert near_equal(text, text) == 0


@pytest.fixture(scope="module")
def of_upr_info(shared_data):
    rows = {}
    for cycle in (1, 2):
        with (shared_data / f"recs/upr_info/upr_info_cycle{cycle}.csv").open(encoding="utf-8") as lines:
            rows |= {row["rec_id"]: row for row in csv.DictReader(lines)}
    return rows


def test_the_same_recommendation_in_uhri_and_upr_info_is_recognised(shared_data, of_upr_info):
    with (shared_data / "recs/uhri_818_six_languages/labelled.jsonl").open(encoding="utf-8") as lines:
        uhri = {record["annotation_id"]: record["text_en"] for record in map(json.loads, lines)}
    with (shared_data / "recs/links/uhri818_to_upr_info.csv").open(encoding="utf-8") as lines:
        pairs = [(uhri[row["annotation_id"]], of_upr_info[row["rec_id"]]["text"]) for row in csv.DictReader(lines)]
    assert len(pairs) == 77
    assert [pair for pair in pairs if normal(pair[0]) != normal(pair[1])] == []
    assert min(near_equal(*pair) for pair in pairs) >= NEAR


def test_different_recommendations_to_one_state_are_not_taken_for_one(of_upr_info):
    choose = random.Random(7)
    rows = sorted(
        of_upr_info.values(), key=lambda row: (row["sur_iso3"], row["cycle"], row["smr_iso3"], row["rec_id"])
    )
    neighbours = [
        (one["text"], other["text"])
        for one, other in zip(rows, rows[1:], strict=False)
        if one["sur_iso3"] == other["sur_iso3"] and normal(one["text"]) != normal(other["text"])
    ]
    taken_for_one = [pair for pair in choose.sample(neighbours, 3000) if near_equal(*pair) >= NEAR]
    assert len(taken_for_one) <= 3
