"""Texts and addresses that are put into Markdown stay what they are."""

import pytest

from servanda.kit.pages.markdown import as_html, escaped, link_address
from servanda.reporting.documents.blocks import Span
from servanda.reporting.documents.markdown import joined


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/p.png) [x](https://evil.example",
        "http://example.org/a b",
        "http://example.org/<x>",
        "http://example.org/[x]",
    ],
)
def test_an_address_cannot_end_its_link(address):
    html = as_html(f"[words]({link_address(address)})")
    assert html.count("<a ") == 1
    assert ">words</a>" in html


def test_a_plain_address_stays_as_it_is():
    assert link_address("https://example.org/a-b_c?d=1&e=2#f") == "https://example.org/a-b_c?d=1&e=2#f"


def test_an_exclamation_mark_makes_no_picture_of_the_link_after_it():
    assert joined([Span("Look!"), Span("here", address="https://example.org/p.png")]) == (
        "Look\\![here](https://example.org/p.png)"
    )


@pytest.mark.parametrize("address", ["https://example.org/p.png", "data:image/png;base64,AAAA"])
def test_a_picture_leaves_a_visible_gap(address):
    html = as_html(f"Before ![A chart]({address}) after.")
    assert html.strip() == "<p>Before [Picture left out: A chart] after.</p>"


@pytest.mark.parametrize("bullet", ["•\t", "• ", "▪\t", "·\t", "\uf0b7\t"])
def test_bullets_of_word_are_a_list(bullet):
    html = as_html(f"Three steps:\n{bullet}One\n{bullet}Two\no\tPart of two")
    assert html.count("<li>") == 3
    assert html.count("<ul>") == 2
    assert "•" not in html


@pytest.mark.parametrize("sign", ["\f", "\v", "\u2028"])
def test_breaks_within_a_line_keep_words_apart(sign):
    assert "One two" in as_html(f"One{sign}two")


def test_a_table_of_a_thousand_rows_is_a_table():
    html = as_html("| Right | Level |\n|---|---|\n" + "| Life | 3 |\n" * 1_000)
    assert html.count("<tr>") == 1_001


def test_a_few_signs_do_not_become_tens_of_thousands_of_cells():
    wide = "|" + "a|" * 180 + "\n|" + "-|" * 180 + "\n" + "|\n" * 360
    html = as_html(f"| First |\n|---|\n| cell |\n\n{wide}\n\n{wide}\n\nThe end.")
    assert html.count("<td>") == 1
    assert html.count("a|a|") == 2 * 90  # as it was typed
    assert "<p>The end.</p>" in html


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("On 140.9 (A/HRC/59/15) nothing is known.", "On 140.9 (A/HRC/59/15) nothing is known."),
        ("A law of 2024. It applies.", "A law of 2024. It applies."),
        ("1. One\n  2) two\n3.", "1\\. One\n  2\\) two\n3\\."),
        ("- one\n+ two", "\\- one\n\\+ two"),
        ("R&D, 2 & 3; &amp; &#60;", "R&D, 2 & 3; \\&amp; \\&\\#60;"),
    ],
)
def test_only_signs_of_markdown_are_escaped(text, written):
    assert escaped(text) == written
    assert "<li>" not in as_html(escaped(text))
