"""Addenda: the position of the State on each recommendation, in four styles of naming them."""

from collections import Counter

import docx
import pytest

from servanda.sources.candidates import Candidate, Kind, Stand, Unreadable
from servanda.sources.printed.references import bare_numbers_in, expanded
from servanda.sources.upr import thematic_list, working_group
from tests.paths import SLOVENIA

NAMES = {"Slovenia": "SVN", "Peru": "PER", "Norway": "NOR", "Spain": "ESP"}
HEAD = """A/HRC/99/7/Add.1
Report of the Working Group on the Universal Periodic Review
Slovenia
Addendum
Views on conclusions and/or recommendations, voluntary commitments and replies presented by the State under review
"""


def answers(name: str) -> dict[str, Candidate]:
    return {item.paragraph: item for item in working_group.read(SLOVENIA / name, country_names=NAMES)}


def read(body: str) -> dict[str, Candidate]:
    return {item.paragraph: item for item in working_group.read_text(HEAD + body, country_names=NAMES)}


def stands(found: dict[str, Candidate]) -> dict[str, Stand]:
    return {number: item.position.stand for number, item in found.items()}


@pytest.mark.parametrize(("cycle", "count"), [(2, 163), (3, 157), (4, 254)])
def test_positions_agree_with_the_thematic_list_of_the_same_review(cycle, count):
    found = stands(answers(f"upr{cycle}-addendum.pdf"))
    listed = {
        item.paragraph: item.position.stand
        for item in thematic_list.read(SLOVENIA / f"upr{cycle}-thematic-list.docx")
    }
    assert len(found) == count
    assert found == {number: listed[number] for number in found}


def test_an_answer_belongs_to_the_report_and_names_the_addendum_that_gives_it():
    item = answers("upr4-addendum.pdf")["140.55"]
    assert (item.kind, item.symbol, item.texts) == (Kind.ANSWER, "A/HRC/59/15", {})
    assert (item.position.symbol, item.position.paragraph) == ("A/HRC/59/15/Add.1", "5")
    assert item.position.comment.startswith("Slovenia supports international efforts to prevent genocide")


def test_a_comment_on_a_range_goes_to_every_recommendation_of_the_range():
    found = answers("upr3-addendum.pdf")
    assert found["122.2"].position.comment == found["122.4"].position.comment
    assert found["122.2"].position.comment.startswith("The ratification of the Convention is not a priority")
    assert "122.5" not in found["122.4"].position.comment


def test_words_of_the_heading_say_that_something_is_already_implemented():
    found = answers("upr2-addendum.pdf")
    assert "already implemented" in found["115.18"].position.words
    assert found["115.1"].position.words == "accepts the recommendations"


def test_bare_numbers_get_the_paragraph_that_the_addendum_names():
    assert set(answers("upr2-addendum.pdf")) == {f"115.{number}" for number in range(1, 164)}


def test_an_addendum_that_only_counts_keeps_its_numbers_and_their_order():
    found = answers("upr1-addendum.pdf")
    assert sorted(item.order for item in found.values()) == list(range(1, 98))
    assert Counter(stands(found).values()) == {Stand.SUPPORTED: 89, Stand.NOTED: 5, Stand.PARTLY: 3}
    assert [number for number, stand in stands(found).items() if stand == Stand.PARTLY] == ["3", "32", "58"]


def test_an_answer_that_neither_supports_nor_refuses_is_noted_and_asks_for_a_check():
    item = answers("upr1-addendum.pdf")["15"]
    assert item.position.stand == Stand.NOTED
    assert item.position.words.startswith("Slovenia agrees with the importance of the 1995 Programme")
    assert [(problem.field, problem.fatal) for problem in item.problems] == [("position", False)]


def test_numbers_in_a_column_of_their_own_are_gathered_into_one_answer():
    found = answers("upr1-addendum.pdf")
    assert {found[number].position.comment for number in ("40", "44")} == {
        "Slovenia accepts these recommendations and already acts accordingly."
    }
    assert "Act Amending the Act regulating the Legal Status" in found["87"].position.comment


def test_lists_in_one_sentence_each_are_told_apart():
    found = read(
        "1. Recommendations 115.1, 115.3-115.5 and 115.8 enjoy the support of Slovenia. "
        "Slovenia notes recommendations 115.2 and 115.6."
    )
    assert stands(found) == {
        "115.1": Stand.SUPPORTED, "115.3": Stand.SUPPORTED, "115.4": Stand.SUPPORTED, "115.5": Stand.SUPPORTED,
        "115.8": Stand.SUPPORTED, "115.2": Stand.NOTED, "115.6": Stand.NOTED,
    }  # fmt: skip


def test_an_answer_below_each_repeated_recommendation_is_told_from_its_text():
    found = read(
        "115.1 Accept and support the visit of the Rapporteur (Peru)\nNot supported. The visit is not planned.\n"
        "115.2 Reject discrimination in law (Norway)\nSupported.\n"
        "115.3 Note the plan (Spain)\nPartially accepted: the plan is new.\n"
    )
    assert stands(found) == {"115.1": Stand.NOTED, "115.2": Stand.SUPPORTED, "115.3": Stand.PARTLY}
    assert found["115.1"].position.comment == "Not supported. The visit is not planned."


def test_headings_decide_for_the_comments_below_them():
    found = read(
        "Recommendations that enjoy the support of Slovenia\n115.1\nThe law was changed in 2029.\n"
        "115.2, 115.4\nSchools are being built.\n"
        "Recommendations that do not enjoy the support of Slovenia\n115.3\nThere is no need for a change.\n"
    )
    assert stands(found) == {
        "115.1": Stand.SUPPORTED,
        "115.2": Stand.SUPPORTED,
        "115.4": Stand.SUPPORTED,
        "115.3": Stand.NOTED,
    }


def test_a_heading_without_a_position_ends_the_former_one():
    found = read(
        "Recommendations that enjoy the support of Slovenia\n115.1\nThe law was changed in 2029.\n"
        "115.2, 115.4\nSchools are being built.\n"
        "Comments on further recommendations\n115.3\nThe ministry studies the question.\n"
        "115.5\nNot supported. There is no need for a change.\n"
    )
    assert stands(found) == {
        "115.1": Stand.SUPPORTED,
        "115.2": Stand.SUPPORTED,
        "115.4": Stand.SUPPORTED,
        "115.3": Stand.NOTED,
        "115.5": Stand.NOTED,
    }
    assert found["115.4"].position.comment == "Schools are being built."
    assert [problem.field for problem in found["115.3"].problems] == ["position"]


def test_a_line_of_an_answer_that_speaks_of_recommendations_ends_no_position():
    found = read(
        "Recommendations that enjoy the support of Slovenia\n115.1\nThe law was changed in 2029.\n"
        "It answers earlier recommendations of the Committee\nand of the Ombudsman.\n"
        "115.2, 115.3\nSchools are being built.\n"
    )
    assert set(stands(found).values()) == {Stand.SUPPORTED}
    assert "of the Ombudsman" in found["115.1"].position.comment


def test_a_word_table_of_positions_is_read_row_by_row(tmp_path):
    document = docx.Document()
    for line in HEAD.splitlines():
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=3)
    for row in (
        ("Recommendation", "Position", "Comment"),
        ("115.1 Support schools (Peru)", "Noted", "Schools are a matter of the regions."),
        ("115.2 Ratify the Convention (Norway)", "Supported", "In parliament."),
        ("115.3 Repeal the law (Spain)", "Partially supported", ""),
    ):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(tmp_path / "addendum.docx")
    found = {item.paragraph: item for item in working_group.read(tmp_path / "addendum.docx", country_names=NAMES)}
    assert stands(found) == {"115.1": Stand.NOTED, "115.2": Stand.SUPPORTED, "115.3": Stand.PARTLY}
    assert "matter of the regions" in found["115.1"].position.comment


def test_an_addendum_without_numbers_is_refused_with_a_way_out():
    with pytest.raises(Unreadable, match="is an addendum, but it does not cite recommendations by"):
        read("Slovenia thanks all delegations and supports the process.")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("122.17-18, 122.62-\u0020 66", ["122.17", "122.18", "122.62", "122.63", "122.64", "122.65", "122.66"]),
        ("115.3-115.5", ["115.3", "115.4", "115.5"]),
        ("140.82-84, 87", ["140.82", "140.83", "140.84", "140.87"]),
        ("from 126.1. to 126.3", ["126.1", "126.2", "126.3"]),
        ("140.35. 140.36, 140.40", ["140.35", "140.36", "140.40"]),
        ("a rise of 3.5 per cent in 2019-2020", []),
    ],
)
def test_ranges_and_lists_of_numbers_are_spelt_out(text, numbers):
    assert expanded(text, prefixes={"115", "122", "126", "140"}) == numbers


def test_bare_numbers_count_only_behind_the_word_recommendations():
    assert bare_numbers_in("accepts 142 recommendations, namely recommendations 1–3, 14 and Nos. 16") == [
        "1",
        "2",
        "3",
        "14",
        "16",
    ]
