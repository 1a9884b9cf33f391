"""Paged lists: Django's pages for a known number of rows, their addresses, and the filter above them."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import QueryDict

SIZES = (25, 50, 100)
USUAL = 25
LONGEST_NUMBER = 8  # digits
LONGEST_WORDS = 100


def page_number(params: QueryDict) -> int:
    """The parameter `page` of an address; the first page where it is no number."""
    text = params.get("page", "")
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 1


def page_of(total: int, *, number: int = 1, size: int = USUAL) -> Page:
    """The requested page, or the nearest that exists. It only numbers rows; `slice_of` reads them from a query."""
    return Paginator(range(total), size).get_page(max(1, number))


def slice_of(page: Page) -> slice:
    start = (page.number - 1) * page.paginator.per_page
    return slice(start, start + len(page))


def pager(page: Page, query: Mapping[str, object] | None = None) -> dict:
    """The context of `parts/pager.html`: the page, and the addresses of the previous and next one, empty at the ends.

    They repeat the query; "page" keeps its position in it, or else comes last.
    """
    previous = page.previous_page_number() if page.has_previous() else None
    behind = page.next_page_number() if page.has_next() else None
    return {"page": page, "previous_url": page_address(previous, query), "next_url": page_address(behind, query)}


def page_address(number: int | None, query: Mapping[str, object] | None = None) -> str:
    return f"?{urlencode({**(query or {}), 'page': number})}" if number else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """The values of the form above a list; invalid values filter nothing."""

    number: int = 1

    def query(self) -> dict[str, str]:
        """The parameters that addresses of other pages and of downloads repeat."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value and name != "number"}


def words_in(params: QueryDict, name: str = "words") -> str:
    return " ".join(params.get(name, "").replace("\0", "").split())[:LONGEST_WORDS]


def choice_in(params: QueryDict, name: str, choices: Container[str], usual: str = "") -> str:
    return value if (value := params.get(name, "")) in choices else usual
