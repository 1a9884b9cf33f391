"""Paragraphs and their translations: how texts are split, joined, aligned after a change, and checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.kit.pages.markdown_segments import item_mark, join_segments, segments_of
from servanda.reporting.translations.aligning import aligned
from servanda.reporting.translations.checks import missing_in

TEXT = """## Method

Consultations were held in 2024. [^1]

- First item
- Second item
  with a second line

| Year | Rate |
|------|------|
| 2024 | 12.5 |

```
code

more code
```
"""


def test_a_text_is_split_into_paragraphs_items_tables_and_code():
    assert segments_of(TEXT) == [
        "## Method",
        "Consultations were held in 2024. [^1]",
        "- First item",
        "- Second item\n  with a second line",
        "| Year | Rate |\n|------|------|\n| 2024 | 12.5 |",
        "```\ncode\n\nmore code\n```",
    ]


def test_the_joined_paragraphs_are_the_text_again():
    parts = segments_of(TEXT)
    assert join_segments(zip(parts, parts, strict=True)) == TEXT.strip()


def test_paragraphs_without_a_translation_are_left_out():
    assert join_segments([("One.", "Un."), ("Two.", " "), ("Three.", "Trois.")]) == "Un.\n\nTrois."


def test_an_item_of_a_list_is_known_by_its_mark():
    marks = ["- One", "12. One", "1) One", "One - two", "-1 degree"]
    assert [item_mark(mark) for mark in marks] == ["- ", "12. ", "1) ", "", ""]


def test_a_translated_item_without_its_mark_stays_an_item():
    pairs = [("- One", "Un"), ("- Two", "- Deux"), ("2. Three", "• Trois"), ("3. Four", "٣. أربعة"), ("Five", "Cinq")]
    assert join_segments(pairs) == "- Un\n- Deux\n2. Trois\n3. أربعة\n\nCinq"


@given(st.text(alphabet="ab `-\n1.)~|", max_size=60))
def test_no_word_of_any_text_is_lost(text):
    parts = segments_of(text)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(alphabet="ab -\n1.)|", max_size=60))
def test_the_joined_paragraphs_of_any_text_without_code_are_split_the_same_way(text):
    parts = segments_of(text)
    assert segments_of(join_segments((part, part) for part in parts)) == parts


@pytest.mark.parametrize("fence", ["```", "~~~"])
def test_code_is_one_paragraph_up_to_its_fence_or_the_end_of_the_text(fence):
    closed, unclosed = f"One.\n\n{fence}\na\n\nb\n{fence}\n\nTwo.", f"One.\n\n{fence}\na\n\nTwo."
    for text, parts in (
        (closed, ["One.", f"{fence}\na\n\nb\n{fence}", "Two."]),
        (unclosed, ["One.", f"{fence}\na\n\nTwo."]),
    ):
        assert segments_of(text) == parts
        assert segments_of(join_segments((part, part) for part in parts)) == parts


def test_a_changed_paragraph_keeps_its_translation_and_is_marked():
    rows = aligned("One.\n\nTwo changed.\n\nThree.", [["One.", "Un."], ["Two.", "Deux."], ["Three.", "Trois."]])
    assert [(row.target, row.is_changed) for row in rows] == [("Un.", False), ("Deux.", True), ("Trois.", False)]
    assert rows[1].translated_from == "Two."


def test_a_new_paragraph_does_not_take_the_translation_of_its_neighbour():
    before = [["The law was adopted in 2024.", "La loi"], ["Third.", "Tiers"]]
    rows = aligned("Something new entirely.\n\nThe law was adopted in 2025.\n\nThird.", before)
    assert [row.target for row in rows] == ["", "La loi", "Tiers"]


def test_translations_of_two_paragraphs_that_were_joined_stay():
    [row] = aligned("One and two.", [["One.", "Un."], ["Two.", "Deux."]])
    assert row.target == "Un.\n\nDeux."
    assert row.is_changed


def test_the_translation_of_a_deleted_paragraph_is_left_out():
    rows = aligned("One.\n\nThree.", [["One.", "Un."], ["Two.", "Deux."], ["Three.", "Trois."]])
    assert [row.target for row in rows] == ["Un.", "Trois."]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("In 2024, 10,700 people. [^2]", "En 2024, 10 700 personnes. [^2]"),
        ("Recommendation 140.10 of A/HRC/42/15", "Recommandation 140.10 de A/HRC/42/15"),
        ("12.5 per cent in 2024", "١٢٫٥ في المائة في ٢٠٢٤"),
        ("10 700 personnes", "10,700 people"),
        ("[law](https://example.org/1)", "[loi](https://example.org/1)"),
        ("## Method", "## Méthode"),
        ("| a | 1 |\n|--|--|\n| b | 2 |", "| c | 1 |\n|--|--|\n| d | 2 |"),
    ],
)
def test_nothing_is_missing_in_a_faithful_translation(source, target):
    assert missing_in(source, target) == []


@pytest.mark.parametrize(
    ("source", "target", "missing"),
    [
        ("Held. [^1] [^2]", "Tenu. [^2]", ["[^1]"]),
        ("Twice 7 and 7", "Deux fois 7", ["7"]),
        ("See A/HRC/42/15", "Voir A/HRC/42/51", ["A/HRC/42/15"]),
        ("254 received", "245 reçues", ["254"]),
        ("## Method", "Méthode", ["## "]),
        ("| a |\n|--|\n| b |", "| a |\n|--|", ["|"]),
        ("[law](https://example.org/1)", "loi", ["https://example.org/1"]),
        ("Recommendation 140.10", "Recommandation 140.1", ["140.10"]),
    ],
)
def test_what_is_missing_is_named(source, target, missing):
    assert missing_in(source, target) == missing
