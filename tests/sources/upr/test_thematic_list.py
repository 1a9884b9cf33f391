"""OHCHR's thematic lists: three layouts, 632 recommendations of Slovenia."""

import json
import re
from pathlib import Path

import docx
import pytest

from servanda.sources.candidates import Candidate, Stand, Unreadable
from servanda.sources.upr import thematic_list
from tests.paths import SLOVENIA, TRUTH

GROUPS = ("Affected persons:", "Groups of Persons:")


def listed(cycle: int) -> list[Candidate]:
    return list(thematic_list.read(SLOVENIA / f"upr{cycle}-thematic-list.docx"))


def truth(cycle: int) -> list[dict]:
    return json.loads((TRUTH / f"upr{cycle}-thematic-list.truth.json").read_text())


def sorted_out(row: dict) -> dict[str, list[str]]:
    """The raw labels of the truth under the heading below which each stands; a label printed twice counts once."""
    found: dict[str, list[str]] = {"theme": [], "group": [], "sdg": list(row["sdg_or_comment"])}
    kind = "theme"
    for label in row["labels"]:
        if label in GROUPS:
            kind = "group"
        elif label == "SDGs:":
            kind = "sdg"
        else:
            found[kind].append(label)
    return {kind: list(dict.fromkeys(labels)) for kind, labels in found.items()}


def texts(item: Candidate, *schemes: str) -> list[str]:
    return [label.text for label in item.labels if label.scheme in schemes]


@pytest.mark.parametrize(("cycle", "count"), [(2, 163), (3, 215), (4, 254)])
def test_every_recommendation_has_the_paragraph_text_and_position_of_the_truth(cycle, count):
    found = [(item.paragraph, item.texts["en"], item.position.words) for item in listed(cycle)]
    assert found == [(row["para"], row["text"], row["position"]) for row in truth(cycle)]
    assert len(found) == count


@pytest.mark.parametrize("cycle", [2, 3, 4])
def test_themes_groups_and_goals_are_those_of_the_truth_in_the_same_order(cycle):
    for item, row in zip(listed(cycle), truth(cycle), strict=True):
        wanted = sorted_out(row)
        assert texts(item, "upr-theme", "uhri-theme") == wanted["theme"]
        assert texts(item, "uhri-group") == wanted["group"]
        assert texts(item, "sdg") == wanted["sdg"]
        assert row["theme"] in wanted["theme"]


@pytest.mark.parametrize("cycle", [2, 3, 4])
def test_the_source_of_a_position_is_a_symbol_and_a_paragraph(cycle):
    for item, row in zip(listed(cycle), truth(cycle), strict=True):
        symbol = row["source_of_position"].split(" - ")[0].split(",")[0]
        paragraph = re.search(r"Para\.? ?(\d+)", row["source_of_position"])
        assert (item.position.symbol, item.position.paragraph) == (symbol, paragraph[1] if paragraph else "")


@pytest.mark.parametrize(
    ("cycle", "session", "symbol"), [(2, 20, "A/HRC/28/15"), (3, 34, "A/HRC/43/15"), (4, 48, "A/HRC/59/15")]
)
def test_state_session_and_report_come_from_the_list_itself(cycle, session, symbol):
    for item in listed(cycle):
        assert (item.countries, item.cycle, item.session, item.symbol) == (["Slovenia"], cycle, session, symbol)


def test_themes_of_the_second_cycle_keep_their_codes():
    assert texts(listed(2)[0], "upr-theme") == ["A12 Acceptance of international norms"]
    assert not any(texts(item, "uhri-theme") for item in listed(2))


def test_noted_and_supported_are_told_apart():
    stands = [item.position.stand for item in listed(4)]
    assert (stands.count(Stand.SUPPORTED), stands.count(Stand.NOTED)) == (217, 37)


def test_every_recommendation_names_its_states_even_without_a_list_of_names():
    by_paragraph = {item.paragraph: item.recommending for cycle in (2, 3, 4) for item in listed(cycle)}
    assert all(by_paragraph.values())
    assert by_paragraph["115.4"] == ["Spain", "Tunisia", "Portugal"]
    assert by_paragraph["121.1"] == ["France", "Lithuania"]
    assert by_paragraph["121.2"] == ["Ukraine", "Slovakia"]
    assert by_paragraph["121.3"] == ["United Kingdom of Great Britain and Northern Ireland"]


def test_a_recommendation_under_two_themes_is_one_candidate_with_all_labels(tmp_path):
    path = small_list(
        tmp_path,
        ["Theme: Right to education"],
        [
            "140.1 Build schools (Peru);\nSource of Position: A/HRC/59/15/Add.1 - Para.3",
            "Supported",
            "- Right to education",
            "",
        ],
        ["Theme: Children"],
        [
            "140.1 Build schools (Peru);\nSource of Position: A/HRC/59/15/Add.1 - Para.3",
            "Supported",
            "- Children",
            "",
        ],
    )
    (item,) = thematic_list.read(path)
    assert texts(item, "uhri-theme") == ["Right to education", "Children"]


def test_a_row_without_number_or_position_is_kept_and_says_what_is_missing(tmp_path):
    path = small_list(tmp_path, ["Build schools (Peru);", "", "- Right to education", ""])
    (item,) = thematic_list.read(path)
    assert item.texts == {"en": "Build schools (Peru)"}
    assert [problem.field for problem in item.problems] == ["paragraph", "position"]


def test_a_word_file_without_such_a_table_is_refused_by_name(tmp_path):
    docx.Document().save(tmp_path / "letter.docx")
    with pytest.raises(Unreadable, match=r"letter\.docx has no table"):
        list(thematic_list.read(tmp_path / "letter.docx"))


def test_a_damaged_word_file_is_refused(tmp_path):
    whole = (SLOVENIA / "upr2-thematic-list.docx").read_bytes()
    (tmp_path / "half.docx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unreadable, match=r"half\.docx is damaged"):
        list(thematic_list.read(tmp_path / "half.docx"))


def small_list(folder: Path, *rows: list[str]) -> Path:
    document = docx.Document()
    table = document.add_table(rows=1, cols=4)
    for cell, title in zip(
        table.rows[0].cells, ("Recommendation", "Position", "Full list of themes", "Assessment"), strict=True
    ):
        cell.text = title
    for row in rows:
        for cell, text in zip(table.add_row().cells, row * 4 if len(row) == 1 else row, strict=True):
            cell.text = text
    document.save(folder / "list.docx")
    return folder / "list.docx"
