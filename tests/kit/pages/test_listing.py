"""Pages of a list: the one asked for or the nearest, with the addresses of its neighbours."""

from dataclasses import dataclass

import pytest
from django.http import QueryDict

from servanda.kit.pages.listing import ListFilter, choice_in, page_number, page_of, pager, slice_of, words_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(ListFilter):
    words: str = ""
    state: str = ""


@pytest.mark.parametrize(
    ("total", "number", "shown"),
    [(0, 1, (0, 0)), (120, 1, (0, 25)), (120, 0, (0, 25)), (120, 3, (50, 75)), (120, 9, (100, 120))],
)
def test_a_page_is_the_one_asked_for_or_the_nearest(total, number, shown):
    rows = slice_of(page_of(total, number=number))
    assert (rows.start, rows.stop) == shown


@pytest.mark.parametrize(("text", "number"), [("3", 3), ("", 1), ("-1", 1), ("²", 1), ("9" * 9, 1)])
def test_what_is_no_number_of_a_page_asks_for_the_first(text, number):
    assert page_number(QueryDict(f"page={text}")) == number


def test_the_addresses_of_the_neighbours_repeat_the_filter_and_end_with_the_list():
    query = Filter(words="a b", number=2).query()
    assert query == {"words": "a b"}
    middle, last = pager(page_of(60, number=2), query), pager(page_of(60, number=3), query)
    assert (middle["previous_url"], middle["next_url"]) == ("?words=a+b&page=1", "?words=a+b&page=3")
    assert (last["previous_url"], last["next_url"]) == ("?words=a+b&page=2", "")


def test_the_number_stands_where_the_query_names_it():
    assert pager(page_of(60), {"page": None, "cut": "0.50"})["next_url"] == "?page=2&cut=0.50"


def test_what_makes_no_sense_filters_nothing():
    params = QueryDict("words=%20a%00%20%20b%20&state=odd")
    assert words_in(params) == "a b"
    assert (choice_in(params, "state", ("open",)), choice_in(params, "state", ("open",), "open")) == ("", "open")
