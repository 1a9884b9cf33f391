"""Lists page by page: Django's pages of a length that the database knows, their addresses, and the filter above."""

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
    """What stands as `page` in an address; whatever is no number asks for the first."""
    text = params.get("page", "")
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 1


def page_of(total: int, *, number: int = 1, size: int = USUAL) -> Page:
    """The page asked for, or the nearest there is. It numbers the rows; `slice_of` reads them from any query."""
    return Paginator(range(total), size).get_page(max(1, number))


def slice_of(page: Page) -> slice:
    start = (page.number - 1) * page.paginator.per_page
    return slice(start, start + len(page))


def pager(page: Page, query: Mapping[str, object] | None = None) -> dict:
    """What a template with `parts/pager.html` needs: the page, and the addresses of those before and behind it, empty
    at the ends. They repeat the query; "page" stands in it where the query names it, else at its end."""
    before = page.previous_page_number() if page.has_previous() else None
    behind = page.next_page_number() if page.has_next() else None
    return {"page": page, "previous_url": page_address(before, query), "next_url": page_address(behind, query)}


def page_address(number: int | None, query: Mapping[str, object] | None = None) -> str:
    return f"?{urlencode({**(query or {}), 'page': number})}" if number else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """What the form above a list sends; what makes no sense filters nothing."""

    number: int = 1

    def query(self) -> dict[str, str]:
        """What the addresses of other pages and of files repeat."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value and name != "number"}


def words_in(params: QueryDict, name: str = "words") -> str:
    return " ".join(params.get(name, "").replace("\0", "").split())[:LONGEST_WORDS]


def choice_in(params: QueryDict, name: str, known: Container[str], usual: str = "") -> str:
    return value if (value := params.get(name, "")) in known else usual
