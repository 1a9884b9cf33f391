"""A recommendation that runs over the foot of a page is one text, without what the page prints around it."""

import pytest

from servanda.kit.files.pdf import pdf_of
from servanda.sources.upr import working_group
from tests.sources.reports_make import HEAD, NAMES, english, read

LEAD = "60. The following recommendations will be examined by Slovenia:"
FEET = {
    "a note on editing": "** Conclusions and recommendations will not be edited.",
    "a note on editing without its mark": "The conclusions and recommendations have not been edited.",
    "a note on editing over two lines": "* The conclusions and recommendations\nwill not be edited.",
    "a note on the annex": "* The present annex is being circulated as received.",
    "a note on the annex as reproduced": "* The annex to the present report is reproduced as received.",
    "a note in French": "** Les conclusions et recommandations n’ont pas été revues par les services d’édition.",
    "a note in Spanish": "** Las conclusiones y recomendaciones no se han editado.",
    "the number of the page": "20",
    "a bar code": "*3012345*",
    "the request to recycle": "Please recycle",
}


@pytest.mark.parametrize("foot", FEET.values(), ids=FEET)
@pytest.mark.parametrize(
    "head", ["GE.30-14908\nA/HRC/99/7", "20 GE.30-14908 (E) 090712\n\nA/HRC/99/7 21", "\fA/HRC/99/7\n21"]
)
def test_the_foot_of_a_page_leaves_no_trace_in_a_text(foot, head):
    items = read(
        f"{LEAD}\n60.1 Ratify the International Convention for the Protection of\n{foot}\n{head}\n"
        "All Persons from Enforced Disappearance and the\nProtocol (Peru);\n60.2 Build schools (Norway)."
    )
    assert english(items) == {
        "60.1": "Ratify the International Convention for the Protection of All Persons from Enforced Disappearance "
        "and the Protocol (Peru)",
        "60.2": "Build schools (Norway).",
    }


@pytest.mark.parametrize(
    "note",
    [
        "1 The recommendation made during the interactive dialogue was “Build four schools (Norway)”.",
        "1 The original wording: “Build four schools (Norway)”.",
        "1 Slovenia is building them. ",
    ],
)
def test_a_footnote_between_two_recommendations_is_no_part_of_either(note):
    items = read(f"{LEAD}\n60.1 Build schools for girls1 (Norway);\n {note}\n60.2 Ratify (Peru).")
    assert english(items)["60.1"].endswith("(Norway)")
    assert english(items)["60.2"] == "Ratify (Peru)."


def test_a_line_that_only_begins_with_a_number_is_no_footnote():
    items = read(f"{LEAD}\n60.1 Celebrate on\n15 May the day of families (Norway);\n60.2 Ratify (Peru).")
    assert english(items)["60.1"] == "Celebrate on 15 May the day of families (Norway)"


def test_words_that_head_every_page_leave_the_text():
    pages = "\f".join(
        f"Review of Slovenia – fifth cycle {page}\n60.{page} Do the thing\nof number {page} (Peru);"
        for page in range(1, 6)
    )
    items = read(f"{LEAD}\n{pages}")
    assert english(items) == {f"60.{page}": f"Do the thing of number {page} (Peru)" for page in range(1, 6)}


def test_words_that_close_a_recommendation_on_every_page_stay():
    pages = "\f".join(f"60.{page} Do the thing\nof number {page} (Peru);" for page in range(1, 6))
    assert english(read(f"{LEAD}\n{pages}"))["60.3"] == "Do the thing of number 3 (Peru)"


def test_a_printed_page_with_footnotes_in_the_size_of_its_text_is_read_whole(tmp_path):
    items = "".join(
        f"<p>60.{number} Ratify the convention number {number} on the protection of all persons who live in the "
        "country and of the members of their families, and report on it to the Council before the next review "
        f"(Peru);</p>{NOTE if number == 3 else ''}"
        for number in range(1, 25)
    )
    rows = "".join(f"<p>{line}</p>" for line in [*HEAD.splitlines(), "II. Conclusions and/or recommendations", LEAD])
    edges = '@top-left{content:"A/HRC/99/7"}@bottom-right{content:"GE.30-14908 " counter(page)}'
    style = f"@page{{size:A5;{edges}}}body{{font:11pt serif}}.note{{float:footnote}}"
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf_of(f"<html lang='en'><style>{style}</style><body>{rows}{items}<p>Annex</p></body></html>"))
    found = english(list(working_group.read(path, country_names=NAMES)))
    assert found == {
        f"60.{number}": f"Ratify the convention number {number} on the protection of all persons who live in the "
        "country and of the members of their families, and report on it to the Council before the next review (Peru)"
        for number in range(1, 25)
    }


NOTE = "<span class='note'>** Conclusions and recommendations will not be edited.</span>"
