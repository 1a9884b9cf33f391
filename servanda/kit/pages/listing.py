"""Paged lists: Django's pages for a known number of rows, their addresses, and the filter above them."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy

ALL = gettext_lazy("All")
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


def rows_on(page: Page, found: QuerySet) -> QuerySet:
    """The rows of a page, in the order of the list. Their keys are read first: it takes the database five times as
    long to sort thousands of whole rows."""
    keys = list(found.values_list("pk", flat=True)[slice_of(page)])
    return found.model._default_manager.filter(pk__in=keys).order_by(*found.query.order_by)


def pager(page: Page, query: Mapping[str, object] | None = None) -> dict:
    """The context of `parts/pager.html`: the page, and the addresses of the previous and next one, empty at the ends.

    They repeat the query; "page" keeps its position in it, or else comes last.
    """
    previous = page.previous_page_number() if page.has_previous() else None
    behind = page.next_page_number() if page.has_next() else None
    return {"page": page, "previous_url": page_address(previous, query), "next_url": page_address(behind, query)}


def page_address(number: int | None, query: Mapping[str, object] | None = None) -> str:
    return f"?{urlencode({**(query or {}), 'page': number})}" if number else ""


@dataclass(frozen=True, slots=True)
class SelectBox:
    """A box in the form above a list, `parts/list_filters.html`. `every` is the word for no choice; without it, the
    first option stands for that."""

    name: str
    label: object
    options: list[tuple[str, object]]
    chosen: str
    every: object


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """The values of the form above a list; invalid values filter nothing."""

    number: int = 1

    @property
    def is_narrow(self) -> bool:
        """Whether any value is not the usual one; the order of a list narrows nothing."""
        values = [field for field in fields(self) if field.name not in ("number", "order")]
        return any(getattr(self, field.name) != field.default for field in values)

    def box(self, name: str, label: object, options: Iterable[tuple[str, object]], every: object = ALL) -> SelectBox:
        """The box of one of the values, with what is chosen in it."""
        return SelectBox(name, label, list(options), getattr(self, name), every)

    def query(self) -> dict[str, str]:
        """The parameters that addresses of other pages and of downloads repeat."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value and name != "number"}


def by_code(rows: Iterable, name: str = "name") -> Iterable[tuple[str, object]]:
    """Options of a box for rows that are chosen by their code."""
    return ((row.code, getattr(row, name)) for row in rows)


def words_in(params: QueryDict, name: str = "words") -> str:
    return " ".join(params.get(name, "").replace("\0", "").split())[:LONGEST_WORDS]


def choice_in(params: QueryDict, name: str, choices: Container[str], usual: str = "") -> str:
    return value if (value := params.get(name, "")) in choices else usual
