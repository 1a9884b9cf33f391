"""The register as a list: the records of a page, what it shows of each, and the facets beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from servanda.kit.pages.listing import SIZES, Page, page_of, slice_of
from servanda.language.words.highlight import pieces
from servanda.language.words.search_query import Query
from servanda.recommendations.counting import counts
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.filters.external_facets import COUNTED_EACH_TIME, ON_REQUEST
from servanda.recommendations.filters.facets import WITHOUT, Facet, review_title
from servanda.recommendations.filters.query import (
    GROUPINGS,
    SORTS,
    RegisterFilter,
    first_theme,
    narrow,
    read_filter,
)
from servanda.recommendations.filters.semantic import resolved
from servanda.recommendations.models import Recommendation
from servanda.recommendations.records import id_sets
from servanda.recommendations.register.related_results import did_you_mean, in_other_languages
from servanda.recommendations.register.row_parts import (
    read_parts,
)
from servanda.recommendations.register.rows import BESIDE_RECORD, Row, row_of
from servanda.recommendations.search import fulltext

if TYPE_CHECKING:
    pass

SHOWN_FIRST = 12
OPEN_FROM_THE_START = {"body", "review", "theme", "stand"}
MOST_UNDER_THEMES = 20_000  # the first theme of each is looked up one by one


@dataclass(slots=True)
class Listing:
    """One page of the register as one audience sees it."""

    filters: RegisterFilter
    page: Page
    groups: list[tuple[str, list[Row]]]
    facets: list[dict]
    chips: list[dict]
    choices: dict[str, list[dict]]
    several_countries: bool
    beside: list[Row] = field(default_factory=list)  # beneath few results: near to them, in other languages
    better: RegisterFilter | None = None  # a suggestion when nothing is found

    def rows(self) -> list[Row]:
        return [row for _heading, rows in self.groups for row in rows]

    @property
    def languages(self) -> list[str]:
        return [row.language for row in self.rows()]

    @property
    def previous_url(self) -> str:
        return self.filters.address(page=self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self.filters.address(page=self.page.next_page_number()) if self.page.has_next() else ""


def list_register(
    params: QueryDict,
    audience: Audience,
    facets: Sequence[Facet],
    *,
    machine: bool,
    beside: Mapping[str, Combinable] | None = None,
) -> Listing:
    """The page of an address; `machine` also shows labels that the machine suggests, `beside` are columns that a room
    above reads with each record."""
    filters = read_filter(params, facets)
    audience = audience.asking_for(filters.chosen)
    filters = resolved(filters, audience.visible)
    found = narrow(audience, filters, facets)
    pks = known_ids(filters, audience, found) if filters else None
    found = found if pks is None else id_sets.with_ids(pks)
    tally, apart = _tallies(filters, found, audience, facets, pks)
    page = page_of(tally["total"][0], number=filters.page, size=filters.size)
    if filters.by == "theme" and page.paginator.count > MOST_UNDER_THEMES:
        note = _("This list is too long to be grouped by theme. Add filters first.")
        filters = replace(filters, by="", notes=(*filters.notes, note))
    near = in_other_languages(filters, audience, facets, pks)
    rows = _rows(found, filters, page, machine=machine, beside=beside or {}, near=near)
    beneath = {row.record.pk: row for row in rows if row.record.pk in near}
    rows = [row for row in rows if row.record.pk not in beneath]
    if filters.query and filters.words_alone:
        for row in rows:
            row.text = with_marks(row.text, filters.query, row.language)
    return Listing(
        filters=filters,
        page=page,
        groups=[(heading, list(some)) for heading, some in groupby(rows, key=lambda row: row.heading)],
        facets=[shown for facet in facets if (shown := show_facet(facet, filters, apart.get(facet.key, tally)))],
        chips=_chips(filters, facets),
        choices=_choices(filters),
        several_countries=any(facet.key == "country" for facet in facets),
        beside=[beneath[pk] for pk in near],
        better=did_you_mean(filters, audience, facets) if page.paginator.count == 0 else None,
    )


def known_ids(filters: RegisterFilter, audience: Audience, found: QuerySet) -> id_sets.Pks | None:
    """The ids of what is found, unless they are too many to be named."""
    if filters.query and filters.near is None and not filters.chosen and audience.hidden is not None:
        return id_sets.ids_without_hidden(fulltext.matching(filters.query), audience.hidden, found)
    if filters.near is None or filters.words_alone:
        return id_sets.ids_of(found)
    return None if filters.chosen else list(filters.near)  # so few are soon found again


def addresses(listing: Listing, base: str) -> dict:
    """The address of the list, and of its downloads."""
    return {"base": base, "exports": base.rstrip("/"), "csv_for_excel": listing.filters.address(bom=1)}


def _tallies(filters: RegisterFilter, found: QuerySet, audience: Audience, facets: Sequence[Facet], pks):
    if not filters:
        return counts.count_unfiltered(audience, facets), {}
    lasting = {facet.key for facet in facets if not isinstance(facet, COUNTED_EACH_TIME)}
    if (
        not (filters.query or filters.like)
        and len(filters.chosen) == 1
        and filters.chosen.keys() <= lasting
        and (mark := counts.stamp_if_worth_keeping()) is not None
    ):
        kept = counts.count_kept(audience, facets, mark)
        return counts.count(found, facets, pks=pks), dict.fromkeys(filters.chosen, kept)
    return counts.count_chosen(audience, found, filters, facets, pks=pks)


def show_facet(facet: Facet, filters: RegisterFilter, tally: counts.Tally) -> dict | None:
    """The values that find something, and those chosen; None if there is nothing to choose."""
    chosen = filters.chosen.get(facet.key, ())
    if isinstance(facet, ON_REQUEST) and not chosen:
        return None
    numbers = facet.counts(tally)
    keys = [key for key in facet.options if numbers[key] > 0 or key in chosen]
    if not keys and not chosen:
        return None
    if not facet.in_order:
        keys.sort(key=lambda key: (key not in chosen, -numbers[key]))
    if facet.without and (numbers[WITHOUT] > 0 or WITHOUT in chosen):
        keys.insert(len(keys) if len(keys) < SHOWN_FIRST else SHOWN_FIRST - 1, WITHOUT)
    rest = filters.address(but=facet.key)
    options = [_option(facet, key, numbers[key], chosen, rest) for key in keys]
    return {
        "key": facet.key,
        "label": facet.title,
        "options": options[:SHOWN_FIRST],
        "more": options[SHOWN_FIRST:],
        "is_open": bool(chosen) or facet.key in OPEN_FROM_THE_START,
        "apart": _apart(facet, chosen, rest),
    }


def _apart(facet: Facet, chosen: Sequence[str], rest: str) -> list[dict]:
    """Links to the kinds that this list does not contain. Without numbers: these records change nothing in it."""
    if facet.key != "kind" or chosen:
        return []
    return [_option(facet, kind, 0, chosen, rest) for kind in Recommendation.Kind.apart()]


def _option(facet: Facet, key: str, number: int, chosen: Sequence[str], rest: str) -> dict:
    is_chosen = key in chosen
    values = [value for value in chosen if value != key] + ([] if is_chosen else [key])
    address = "&".join(filter(None, [rest.removeprefix("?"), urlencode([(facet.key, value) for value in values])]))
    label = facet.without if key == WITHOUT else facet.options[key].label
    return {"key": key, "label": label, "count": number, "is_chosen": is_chosen, "url": f"?{address}"}


def _chips(filters: RegisterFilter, facets: Sequence[Facet]) -> list[dict]:
    chips: list[dict] = []
    if filters.q:
        chips.append({"title": _("Search"), "label": filters.q, "url": filters.address(but="q")})
    if filters.like:
        chips.append({"title": _("Similar to"), "label": filters.like, "url": filters.address(but="like")})
    for facet in facets:
        chosen = filters.chosen.get(facet.key, ())
        rest = filters.address(but=facet.key)
        chips += [{"title": facet.title, **_option(facet, key, 0, chosen, rest)} for key in chosen]
    return chips


def filter_in_words(filters: RegisterFilter, facets: Sequence[Facet]) -> list[str]:
    """What the list is narrowed to, one line for each part."""
    values: dict[str, list[str]] = {}
    for chip in _chips(filters, facets):
        values.setdefault(str(chip["title"]), []).append(str(chip["label"]))
    return [f"{title}: {', '.join(labels)}" for title, labels in values.items()]


def _choices(filters: RegisterFilter) -> dict[str, list[dict]]:
    """The ways to show the list, for the select boxes above it."""
    sorts = {key: label for key, (label, _order) in SORTS.items()}
    if filters.near is not None:
        sorts["document"] = _("Nearest in meaning first")
    return {
        "sort": [_choice(key, label, filters.sort) for key, label in sorts.items()],
        "by": [_choice("", _("No headings"), filters.by)]
        + [_choice(key, label, filters.by) for key, (label, _order) in GROUPINGS.items()],
        "size": [_choice(str(size), str(size), str(filters.size)) for size in SIZES],
    }


def _choice(key: str, label: object, current: str) -> dict:
    return {"key": key, "label": label, "is_chosen": key == current}


def _rows(
    found: QuerySet,
    filters: RegisterFilter,
    page: Page,
    *,
    machine: bool,
    beside: Mapping[str, Combinable],
    near: Sequence[int],
) -> list[Row]:
    """Those of the page; those beneath it are read with them, since the list is at its budget of queries."""
    on_page = Q(pk__in=found.order_by(*filters.order()).values("pk")[slice_of(page)])
    on_page = on_page | Q(pk__in=near) if near else on_page
    shown = Recommendation.objects.filter(on_page).annotate(**beside).select_related(*BESIDE_RECORD)
    if filters.by == "theme":
        shown = shown.annotate(first_theme=first_theme("term__label"))
    records = list(shown.order_by(*filters.order()))
    read_parts(records, machine=machine)
    return [row_of(record, heading=_heading(record, filters.by)) for record in records]


def with_marks(text: str, query: Query, language: str) -> SafeString:
    """The text with the words of the search marked in it."""
    found = pieces(text, query, language)
    marked = (format_html("<mark>{}</mark>", piece) if is_hit else piece for piece, is_hit in found)
    return format_html_join("", "{}", ((piece,) for piece in marked))


def _heading(record, by: str) -> str:
    if by == "body":
        return str(record.body.name)
    if by == "review":
        review = record.review
        return str(review_title(record.body.short, review.cycle, review.year)) if review else _("No review")
    if by == "theme":
        return str(record.first_theme or _("No theme"))
    if by and not record.takes_position:
        return _("States take no position on these")
    return (record.get_stand_display() or _("No position recorded")) if by else ""
