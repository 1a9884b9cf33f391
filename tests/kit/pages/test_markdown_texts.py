"""Texts and addresses that are put into Markdown stay what they are."""

import pytest

from servanda.kit.pages.markdown import as_html, link_address
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
