"""Every made document of the bench gives its facts: kind, State, day, symbol, and what each unit does."""

import pytest

from bench.bodies import MADE, VARIANTS, country_names, made, write
from bench.document_facts import Tally, score_made

FORMS = range(len(MADE["documents"]))


@pytest.mark.parametrize("place", FORMS)
def test_a_made_document_is_read_right(place, tmp_path):
    variant = place % VARIANTS // 2 * 2  # as a text: Word and PDF are measured by the bench
    document, tally = made(MADE["documents"][place], place, variant), Tally()
    score_made(document, tmp_path, tally)
    assert tally.misses == []


@pytest.mark.parametrize("place", FORMS)
def test_the_mark_of_a_judged_row_is_not_printed(place):
    document = made(MADE["documents"][place], place, 0)
    assert "|" not in document.text


def test_made_documents_name_no_state_that_exists():
    assert set(country_names().values()) == set(MADE["states"]) == {"TST", "NRL", "MRJ", "OST"}


def test_a_made_document_is_written_with_its_symbol_in_its_masthead(tmp_path):
    document = made(MADE["documents"][0], 0, 0)
    assert document.symbol in write(document, tmp_path).read_text()
