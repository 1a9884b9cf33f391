"""Blocks of a document cut into numbered paragraphs and lettered items, with what each of them does and asks."""

import datetime

import pytest

from servanda.language.documents.loose_units import loose_units
from servanda.language.documents.segments import segment
from servanda.language.documents.units import Block, Layout

SIX = {
    "en": ("calls upon the State party:", "(a)", "(b)", "24."),
    "es": ("exhorta al Estado parte a:", "a)", "b)", "24."),
    "fr": ("recommande à l’État partie :", "a)", "b)", "24."),
    "pt": ("recomenda ao Estado parte que:", "a)", "b)", "24."),
    "ru": ("Комитет рекомендует государству-участнику:", "a)", "b)", "24."),
    "ar": ("توصي اللجنة الدولة الطرف بما يلي:", "(أ)", "(ب)", "24-"),
}


def blocks(*texts: str) -> list[Block]:
    return [Block(text) for text in texts]


def found(*texts: str, layout: Layout = Layout.PARAGRAPHS):
    return [(unit.number, unit.kind.value, unit.text) for unit in segment(blocks(*texts), layout).units]


@pytest.mark.parametrize("language", SIX)
def test_items_of_a_demand_are_demands_in_every_language(language):
    lead, first, second, number = SIX[language]
    before = f"{int(number[:-1]) - 1}{number[-1]} Text of the paragraph before."
    units = segment(
        [Block(before, before.split()[0]), *blocks(f"{number} {lead}", f"{first} X;", f"{second} Y.")]
    ).units
    assert [(unit.number, unit.kind.value) for unit in units[1:]] == [
        ("24(a)", "recommendation"),
        ("24(b)", "recommendation"),
    ]
    assert units[1].whole == f"{lead} X;"


def test_items_printed_in_one_go_are_cut():
    assert found("1. The Committee urges the State party:(a) To review; (b) To train; and (c) To report.") == [
        ("1(a)", "recommendation", "To review;"),
        ("1(b)", "recommendation", "To train; and"),
        ("1(c)", "recommendation", "To report."),
    ]


def test_a_reference_to_an_item_cuts_nothing():
    text = "1. The Committee urges the State party to comply with article 9 (a) of the Convention."
    assert [number for number, _kind, _text in found(text)] == ["1"]


def test_items_below_items_carry_both_leads():
    units = segment(
        blocks(
            "1. The Committee urges the State party:",
            "(a) To amend:",
            "(i) The law;",
            "(ii) The code;",
            "(b) To act.",
        )
    ).units
    assert [unit.number for unit in units] == ["1(a)(i)", "1(a)(ii)", "1(b)"]
    assert units[1].whole == "The Committee urges the State party: To amend: The code;"


def test_the_letter_i_follows_h_and_a_roman_one_does_not():
    items = [f"({letter}) Point {letter}." for letter in "abcdefghi"]
    units = segment(blocks("1. The Committee recommends that the State party:", *items)).units
    assert units[-1].number == "1(i)"


def test_a_concern_above_a_list_stands_for_itself():
    assert found(
        "1. The Committee is concerned at hate speech. It recommends that the State party:", "(a) Act;", "(b) Report."
    )[0] == ("1", "concern", "The Committee is concerned at hate speech.")


def test_headings_are_kept_and_chapters_close_what_is_below_them():
    units = segment(
        blocks(
            "B. Positive aspects",
            "1. The Committee welcomes the law.",
            "C. Principal areas of concern and recommendations",
            "Hate speech",
            "2. The Committee is concerned.",
        )
    ).units
    assert units[0].headings == ("B. Positive aspects",)
    assert units[1].headings == ("C. Principal areas of concern and recommendations", "Hate speech")
    assert [unit.kind.value for unit in units] == ["information", "concern"]


def test_numbers_and_letters_that_are_missing_are_told():
    gaps = segment(
        blocks(
            "1. The Committee recommends that the State party:",
            "(a) Act;",
            "(c) Report.",
            "4. The Committee is concerned.",
        )
    ).gaps
    assert [gap.missing for gap in gaps] == [("1(b)",), ("2", "3")]


def test_after_missing_pages_the_numbers_go_on():
    rows = [
        "9. The Committee recommends that the State party ratify the Optional Protocol.",
        "44. The Committee encourages the State party to accept the amendment to article 20.",
        "45. The Committee calls upon the State party to use the Beijing Declaration.",
        "2015. In that year the Committee recommended that the State party ratify the Protocol.",
    ]
    segmented = segment(blocks(*rows))
    assert [unit.number for unit in segmented.units] == ["9", "44", "45", "45"]
    [gap] = segmented.gaps
    assert (gap.after, gap.before, len(gap.missing)) == ("9", "44", 34)


@pytest.mark.parametrize("quoted", [("125. According", "126. Moreover", "127. Finally"), ("20. See", "21. Ibid.")])
def test_quoted_paragraphs_with_numbers_of_their_own_change_no_number(quoted):
    sentence = "the authorities of the State concerned had failed to act with due diligence."
    numbers = ["1. On appeal", "2. The Supreme Court", *quoted, "3. The applicant", "4. The Government"]
    units = segment(blocks(*(f"{number} {sentence}" for number in numbers))).units
    assert [unit.number for unit in units][-2:] == ["3", "4"]


def test_a_single_number_far_ahead_belongs_to_the_text():
    rows = [
        "9. The Committee recommends that the State party ratify the Optional Protocol.",
        "44. Article 44 of the Constitution was referred to in the dialogue by the delegation.",
        "10. The Committee encourages the State party to accept the amendment to article 20.",
    ]
    assert [unit.number for unit in segment(blocks(*rows)).units] == ["9", "9", "10"]


def test_a_number_within_a_sentence_opens_no_paragraph():
    units = segment(
        blocks("1. The Committee recalls article", "2. of the Convention and asks for data.", "2. It regrets.")
    ).units
    assert [unit.number for unit in units] == ["1", "2"]
    assert units[0].text.endswith("asks for data.")


def test_a_number_in_the_margin_belongs_to_the_words_beside_it():
    assert found("1.", "The Committee urges the State party to act.") == [
        ("1", "recommendation", "The Committee urges the State party to act.")
    ]


def test_a_general_comment_only_informs():
    assert found("1. States parties should act.", layout=Layout.INFORMATION)[0][1] == "information"


def test_follow_up_is_flagged_with_its_term_and_so_is_what_it_names():
    units = segment(
        blocks(
            "1. The Committee urges the State party:",
            "(a) To act;",
            "(b) To report.",
            "2. The Committee recommends that the State party train judges.",
            "3. The Committee requests the State party to provide, within two years, information on the "
            "implementation of the recommendations in paragraphs 1 (b) and 2 above.",
        )
    ).units
    assert [(unit.number, unit.follow_up) for unit in units] == [
        ("1(a)", False),
        ("1(b)", True),
        ("2", True),
        ("3", True),
    ]
    assert {(unit.deadline.count, unit.deadline.length) for unit in units if unit.deadline} == {(2, "years")}


def test_dissemination_and_the_next_report_have_their_own_flags_and_day():
    units = segment(
        blocks(
            "Dissemination",
            "1. The Committee requests the State party to disseminate the present concluding observations widely.",
            "2. It requests the State party to submit its sixth periodic report by 15 March 2027.",
        )
    ).units
    assert [unit.dissemination for unit in units] == [True, False]
    assert units[1].deadline.day == datetime.date(2027, 3, 15)
    assert not any(unit.follow_up for unit in units)


def test_control_characters_and_emoji_do_no_harm():
    assert found("1. The\x00 Committee\x07 urges\u200b the State party to act 🙂.") == [
        ("1", "recommendation", "The Committee urges the State party to act 🙂.")
    ]


def test_without_any_number_what_demands_or_worries_is_found():
    units = loose_units(blocks("- The CPT recommends that steps be taken.", "The visit took place in May."))
    assert [(unit.number, unit.kind.value, unit.text) for unit in units] == [
        ("", "recommendation", "The CPT recommends that steps be taken.")
    ]


def test_nothing_gives_nothing():
    assert segment([]).units == []
    assert segment(blocks("", "  ")).units == []


def test_numbered_items_below_a_lead_are_cut_and_keep_it():
    units = segment(
        blocks(
            "7. The Committee notes the law.",
            "8. The Committee urges the State party to:",
            "(1) Adopt the bill;",
            "(2) Allocate funds.",
            "9. The Committee is concerned.",
        )
    ).units
    assert [(unit.number, unit.kind.value) for unit in units] == [
        ("7", "information"),
        ("8(1)", "recommendation"),
        ("8(2)", "recommendation"),
        ("9", "concern"),
    ]
    assert units[1].whole == "The Committee urges the State party to: Adopt the bill;"


def test_dashes_below_a_lead_are_cut_and_keep_it():
    units = segment(
        blocks("1. The Committee urges the State party to:", "- adopt the bill;", "- allocate funds.", "2. It ends.")
    ).units
    assert [(unit.text, unit.lead) for unit in units[:2]] == [
        ("adopt the bill;", "The Committee urges the State party to:"),
        ("allocate funds.", "The Committee urges the State party to:"),
    ]


def test_without_numbers_the_items_of_a_demand_keep_its_sentence():
    units = loose_units(
        blocks(
            "The CPT recommends that the authorities take steps to ensure that:",
            "- every prisoner has a bed;",
            "- staff are trained.",
            "The visit took place in May.",
        )
    )
    assert [(unit.text, unit.lead[:20], unit.kind.value) for unit in units] == [
        ("every prisoner has a bed;", "The CPT recommends t", "recommendation"),
        ("staff are trained.", "The CPT recommends t", "recommendation"),
    ]


def test_what_stands_below_a_summary_is_no_recommendation():
    units = loose_units(
        [
            Block("Executive summary", is_heading=True),
            Block("The CPT recommends that more staff be recruited."),
            Block("Co-operation", is_heading=True),
            Block("The CPT calls upon the authorities to act."),
            Block("II. Facts found and action proposed", is_heading=True),
            Block("The CPT recommends that cells be heated."),
        ]
    )
    assert [unit.kind.value for unit in units if unit.kind != "concern"] == [
        "information",
        "information",
        "recommendation",
    ]


def test_a_demand_addressed_to_nobody_of_the_state_is_none():
    assert found("1. The author requests the Committee to find a violation.")[0][1] == "information"


def test_a_chapter_in_arabic_above_another_title_takes_no_paragraph_away():
    rows = found(
        "10- توصي اللجنة بأن تخصص الدولة الطرف الموارد الكافية.",
        "رابعاً- التنفيذ وتقديم التقارير",
        "ألف- المتابعة والنشر",
        "11- توصي اللجنة بأن تتخذ الدولة الطرف جميع التدابير الملائمة.",
    )
    assert [row[0] for row in rows] == ["10", "11"]


def test_lettered_items_below_a_title_of_recommendations_are_demands():
    units = loose_units(
        blocks(
            "I. Recommandations pour action immédiate",
            "a. Former un nombre suffisant d’enseignants.",
            "II. Autres recommandations",
            "b. Étendre la durée des émissions de radio.",
            "III. Annexe",
            "c. Carte des langues du pays.",
            "Les autorités sont invitées à soumettre les informations sur la mise en œuvre d’ici le 1er mars 2028.",
        )
    )
    kinds = [(unit.kind.value, unit.text.split()[0]) for unit in units]
    assert kinds == [("recommendation", "Former"), ("recommendation", "Étendre"), ("information", "Les")]
