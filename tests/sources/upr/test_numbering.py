"""Numbers and ends of a list of recommendations: what was misprinted, lost or cut is a remark in the preview."""

import random
import re

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import reports
from servanda.sources.candidates import Candidate, Stand
from servanda.sources.upr import numbering, thematic_list, working_group
from tests.paths import SLOVENIA
from tests.sources.reports_make import NAMES, english, read, report_text

LEAD = "60. The following recommendations enjoy the support of Slovenia:"
STATES = ("Peru", "Norway", "Spain", "Mexico", "Brazil", "Egypt")
DEEDS = ("Ratify the Protocol", "Build schools in every region", "Train judges and prosecutors", "Adopt a plan")
PURPOSES = ("without delay", "by 2031 at the latest", "as other States have done", "for the benefit of children")


def remarks(found: list[Candidate]) -> dict[str, list[str]]:
    return {item.paragraph: [problem.message for problem in item.problems] for item in found if item.problems}


def numbers_told(found: list[Candidate]) -> dict[str, list[list[str]]]:
    """The numbers that each remark names."""
    return {number: [re.findall(r"\d+\.\d+", remark) for remark in told] for number, told in remarks(found).items()}


def made(count: int, *, list_number: int = 60) -> list[str]:
    """An invented list, each recommendation on a line of its own."""
    return [
        f"{list_number}.{number} {DEEDS[number % 4]} {PURPOSES[number % 3]}, as paragraph {number + 200} of the plan "
        f"of the Government says, and report on it ({STATES[number % 6]});"
        for number in range(1, count + 1)
    ]


def test_a_sound_list_gets_no_remark():
    assert remarks(read("\n".join([LEAD, *made(30)]))) == {}


def test_a_missing_number_is_named_on_the_recommendation_before_it():
    lines = made(6)
    del lines[3]
    assert remarks(read("\n".join([LEAD, *lines]))) == {"60.3": ["60.4 is missing after this recommendation."]}


def test_several_missing_numbers_are_named_as_a_range():
    lines = made(8)
    del lines[3:6]
    found = remarks(read("\n".join([LEAD, *lines])))
    assert found == {"60.3": ["60.4 to 60.6 are missing after this recommendation."]}


def test_a_list_that_does_not_begin_with_one_says_so():
    found = remarks(read("\n".join([LEAD, *made(5)[1:]])))
    assert found == {"60.2": ["60.1 is missing before this recommendation."]}


def test_two_recommendations_in_one_text_are_told_by_the_gap_and_the_length():
    lines = made(12)
    lines[4] = re.sub(r"^60\.5 ", "", lines[4])
    lines[3] += " It should also follow the advice of all bodies of the region on this matter and publish it." * 3
    found = remarks(read("\n".join([LEAD, *lines])))
    assert found == {"60.4": ["60.5 is missing, and this text is unusually long. Check whether it contains both."]}


def test_numbers_that_changed_places_are_both_read_and_told():
    lines = made(8)
    lines[3], lines[4] = lines[3].replace("60.4 ", "60.5 "), lines[4].replace("60.5 ", "60.4 ")
    items = read("\n".join([LEAD, *lines]))
    assert [item.paragraph for item in items] == ["60.1", "60.2", "60.3", "60.5", "60.4", "60.6", "60.7", "60.8"]
    sentence = "60.5 is printed before 60.4. Check both numbers."
    assert remarks(items) == {"60.4": [sentence], "60.5": [sentence]}


def test_numbers_that_changed_places_far_apart_are_told():
    lines = made(30)
    lines[2], lines[25] = lines[2].replace("60.3 ", "60.26 "), lines[25].replace("60.26 ", "60.3 ")
    items = read("\n".join([LEAD, *lines]))
    assert len(items) == 30
    assert remarks(items).keys() == {"60.26", "60.4", "60.25", "60.3"}


def test_a_number_above_all_others_leaves_no_gap_up_to_itself():
    lines = made(9)
    lines[3] = lines[3].replace("60.4 ", "60.404 ")
    items = read("\n".join([LEAD, *lines]))
    assert numbers_told(items) == {"60.4": [["60.404", "60.4"]]}
    lines = [*made(9)[:3], "60.300 Ratify (Peru);", *made(9)[3:]]
    both = [["60.300", "60.4"]]
    assert numbers_told(read("\n".join([LEAD, *lines]))) == {"60.300": both, "60.4": both}


def test_a_number_that_lost_a_digit_is_read_by_its_place_and_told():
    lines = made(15)
    lines[11] = lines[11].replace("60.12 ", "60.02 ")
    items = read("\n".join([LEAD, *lines]))
    assert [item.paragraph for item in items] == [f"60.{number}" for number in range(1, 16)]
    assert numbers_told(items) == {"60.12": [["60.02", "60.12"]]}


def test_a_number_of_the_paragraph_before_is_read_as_before_and_told():
    items = read(f"{LEAD.replace('60', '86')}\n86.1 Ratify (Peru);\n85.2 Build schools (Norway);\n86.3 Go (Spain).")
    assert numbers_told(items) == {"86.2": [["85.2", "86.2"]]}


def test_a_number_that_is_printed_twice_is_told_on_both():
    lines = made(6)
    lines[5] = lines[5].replace("60.6 ", "60.5 ")
    found = read("\n".join([LEAD, *lines]))
    sentence = "The document has more than one recommendation with the number 60.5."
    assert [problem.message for item in found for problem in item.problems] == [sentence, sentence]


def test_a_cited_number_at_the_start_of_a_line_opens_no_recommendation():
    lines = made(6)
    lines[4] = "60.5 Implement what is asked under number\n60.2 above (Peru);"
    items = read("\n".join([LEAD, *lines]))
    assert english(items)["60.5"] == "Implement what is asked under number 60.2 above (Peru)"
    assert remarks(items) == {}


def test_a_text_that_was_cut_is_told():
    lines = made(6)
    lines[2] = lines[2][:40]
    (messages,) = remarks(read("\n".join([LEAD, *lines]))).values()
    assert len([message for message in messages if "full stop" in message]) == 1


def test_a_single_recommendation_without_a_number_is_read_and_told():
    items = read(
        "60. The following recommendation did not enjoy the support of Slovenia:\nAbolish the fee\nat once (Peru).\n"
        "61. All conclusions and/or recommendations reflect the position of the States."
    )
    assert english(items) == {"60": "Abolish the fee at once (Peru)."}
    assert items[0].position.stand == Stand.NOTED
    assert {number: len(told) for number, told in remarks(items).items()} == {"60": 1}
    assert "no number" in remarks(items)["60"][0]


def test_a_number_glued_to_the_text_before_opens_a_recommendation_of_its_own():
    lines = made(6)
    lines[2:4] = [f"{lines[2]}{lines[3].replace('60.4 ', '60.4.')}"]
    items = read("\n".join([LEAD, *lines]))
    assert len(items) == 6
    assert remarks(items) == {}


def test_a_last_recommendation_that_lost_its_number_is_told():
    lines = made(6)
    lines[5] = lines[5].split(" ", 1)[1]
    lines[2] = lines[2].replace("(", "and on all that followed from it in the years since then and before that (")
    sentence = "The text continues in a new paragraph. Check whether a number is missing before it."
    assert remarks(read("\n".join([LEAD, *lines]))) == {"60.5": [sentence]}


def test_bare_numbers_and_letters_are_looked_at_too():
    bare = [re.sub(r"^60\.(\d+)", r"\1.", line) for line in made(6)]
    lettered = [f"({letter}) {line.split(' ', 1)[1]}" for letter, line in zip("abcdef", made(6), strict=True)]
    del bare[2], lettered[2]
    assert remarks(read("\n".join([LEAD, *bare]))) == {"60.2": ["60.3 is missing after this recommendation."]}
    assert remarks(read("\n".join([LEAD, *lettered]))) == {"60(b)": ["60(c) is missing after this recommendation."]}


def test_every_remark_leaves_the_row_importable():
    lines = made(9)
    lines[2], lines[5] = lines[2][:30], lines[5].replace("60.6 ", "60.60 ")
    found = read("\n".join([LEAD, *lines]))
    assert not any(problem.fatal for item in found for problem in item.problems)


def test_the_reports_of_slovenia_get_no_remark_on_their_numbers():
    for cycle in (2, 3, 4):
        found = list(working_group.read(SLOVENIA / f"upr{cycle}-report.pdf", country_names={}))
        assert [p for item in found for p in item.problems if p.field in ("paragraph", "text")] == []


def test_a_thematic_list_tells_what_is_missing_whatever_its_order(tmp_path):
    document = docx.Document()
    table = document.add_table(rows=0, cols=3)
    rows = [(line.rstrip(";"), "Supported", "Education") for line in made(8)]
    del rows[4]
    for row in [("Recommendation", "Position", "Full list of themes"), *reversed(rows)]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(tmp_path / "list.docx")
    found = list(thematic_list.read(tmp_path / "list.docx"))
    assert remarks(found) == {"60.4": ["60.5 is missing after this recommendation."]}


@given(st.lists(st.integers(1, 40), max_size=30))
def test_a_rising_run_rises_and_no_number_is_both_kept_and_out_of_order(places):
    kept = [places[row] for row in sorted(numbering.rising(places))]
    assert kept == sorted(set(kept))
    pairs = numbering.out_of_order(places)
    assert all(first < second and places[first] > places[second] for first, second in pairs)


@given(st.lists(st.integers(1, 60), unique=True, max_size=40))
def test_every_number_between_the_first_and_the_last_is_there_or_missing(places):
    missing = [number for gap in numbering.gaps(places).values() for number in gap]
    assert sorted([*places, *missing]) == list(range(1, max(places, default=0) + 1))


@pytest.mark.parametrize("kind", reports.KINDS)
def test_every_planted_fault_is_told(kind):
    chance = random.Random(17)
    for _attempt in range(8):
        text = report_text("\n".join([LEAD, *made(chance.randrange(8, 40))]))
        before = reports.read(text, NAMES)
        fault = reports.plant(text, before, kind, chance)
        assert reports.on_lists(before) == {}
        assert reports.is_noticed(before, reports.read(fault.text, NAMES), fault.rows), fault.text
