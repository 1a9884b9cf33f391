"""The register in figures: how many records each value of a facet has, for what one audience may see."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.http import urlencode
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext_lazy, ngettext, npgettext_lazy
from django.utils.translation import gettext as _

from servanda.recommendations.counting import counts
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.filters.facets import WITHOUT, Facet, LabelFacet
from servanda.recommendations.models import Recommendation

MOST = 20
NAMED = 3  # values that the words for a picture name


@dataclass(frozen=True, slots=True)
class Plan:
    """How one facet is shown: its title, and whether its values keep their order or go by number."""

    title: object
    in_order: bool
    over_time: bool = False
    without_apart: bool = False  # the records without a value are a number of its own, not a bar beside the others


# By the keys of the facets, so that each row can lead to the list.
PLANS: Mapping[str, Plan] = {
    "body": Plan(gettext_lazy("Records by body"), in_order=False),
    "review": Plan(gettext_lazy("Records by review and cycle"), in_order=True),
    "year": Plan(gettext_lazy("Records by year"), in_order=True, over_time=True),
    "stand": Plan(gettext_lazy("Records by position of the State"), in_order=True),
    "theme": Plan(gettext_lazy("Records by theme"), in_order=False),
    "sdg": Plan(gettext_lazy("Records by Sustainable Development Goal"), in_order=True),
}

Kind = Recommendation.Kind
KINDS = {
    Kind.RECOMMENDATION: npgettext_lazy("under a number", "Recommendation", "Recommendations", "number"),
    Kind.OBSERVATION: npgettext_lazy(
        "under a number", "Concern or observation", "Concerns or observations", "number"
    ),
    Kind.PLEDGE: npgettext_lazy("under a number", "Voluntary pledge", "Voluntary pledges", "number"),
    Kind.OTHER: npgettext_lazy("under a number", "Other record", "Other records", "number"),
}


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    label: str
    count: int

    @property
    def is_without(self) -> bool:
        return self.key == WITHOUT


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart and its table."""

    key: str
    title: str
    heading: str
    over_time: bool
    rows: Sequence[Row]
    left_out: int  # values with fewer records than those shown
    without_apart: bool = False

    @property
    def columns(self) -> list[str]:
        return [self.heading, _("Records")]

    @property
    def drawn(self) -> Sequence[Row]:
        return [row for row in self.rows if not (self.without_apart and row.is_without)]

    @property
    def description(self) -> str:
        """A text alternative of the chart."""
        rows = [row for row in self.rows if not row.is_without] or self.rows
        most = sorted(rows, key=lambda row: -row.count)[:NAMED]
        named = get_text_list([f"{row.label} ({row.count})" for row in most], _("and"))
        number = len(self.drawn)
        return ngettext(
            "Chart with %(number)s bar. Most records: %(named)s.",
            "Chart with %(number)s bars. Most records: %(named)s.",
            number,
        ) % {"number": number, "named": named}


@dataclass(frozen=True, slots=True)
class Number:
    """One number, and the list behind it where there is one."""

    label: object
    count: int
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    numbers: Sequence[Number]
    figures: Sequence[Figure]

    def figure(self, key: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.key == key), None)


def overview_of(audience: Audience, facets: Sequence[Facet], more: Mapping[str, Plan] | None = None) -> Overview:
    """All figures, from the same counts as the list; `more` are facets of rooms above."""
    tally = counts.count_unfiltered(audience, facets)
    by_key = {facet.key: facet for facet in facets}
    plans = {**PLANS, **(more or {})}
    figures = [figure_of(by_key[key], tally, plan) for key, plan in plans.items() if key in by_key]
    return Overview(
        numbers=list(_numbers(by_key, tally)),
        figures=[figure for figure in figures if figure.rows],
    )


def _numbers(by_key: Mapping[str, Facet], tally: counts.Tally) -> Iterator[Number]:
    yield Number(_("Records"), tally["total"][0], "")
    for key, number in by_key["kind"].counts(tally).items():
        if number and key != WITHOUT:
            yield Number(KINDS[Kind(key)] % {"number": number}, number, f"?kind={key}")
    for key, label in (("body", _("Bodies")), ("recommending", _("Recommending States"))):
        numbers = by_key[key].counts(tally)
        yield Number(label, sum(1 for value, number in numbers.items() if number and value != WITHOUT))


def figure_of(facet: Facet, tally: counts.Tally, plan: Plan) -> Figure:
    numbers = facet.counts(tally)
    keys = [key for key in shown_keys(facet) if numbers[key]]
    by_number = sorted(keys, key=lambda key: -numbers[key])
    most = keys if plan.over_time else by_number[:MOST]
    shown = [key for key in keys if key in most] if plan.in_order else most
    without = [WITHOUT] if shown and facet.without and numbers[WITHOUT] else []
    return Figure(
        key=facet.key,
        title=str(plan.title),
        heading=str(facet.title),
        over_time=plan.over_time,
        rows=[Row(key, label_of(facet, key), numbers[key]) for key in shown + without],
        left_out=len(keys) - len(shown),
        without_apart=plan.without_apart,
    )


def shown_keys(facet: Facet) -> Sequence[str]:
    """Years in ascending order; of a taxonomy only the terms at the top, such as the goals of the SDGs."""
    if isinstance(facet, LabelFacet):
        return [key for key, option in facet.options.items() if len(facet.above[option.stored[0]]) == 1]
    return sorted(facet.options) if facet.key == "year" else list(facet.options)


def label_of(facet: Facet, key: str) -> str:
    return str(facet.without if key == WITHOUT else facet.options[key].label)


def shown_overview(overview: Overview, *, base: str, register: str) -> dict:
    """The context of the page: each number and each row links to the list at the address `register`."""
    figures = [shown_figure(figure, base, register) for figure in overview.figures]
    return {
        "numbers": [shown_number(number, register) for number in overview.numbers],
        "figures": figures,
        "register": register,
    }


def shown_number(number: Number, register: str) -> dict:
    href = "" if number.query is None else register + number.query
    return {"label": number.label, "count": number.count, "href": href}


def shown_figure(figure: Figure, base: str, register: str) -> dict:
    """A figure for the part `chart_with_table`; the address of the picture names its language."""
    rows = [
        {"label": row.label, "count": row.count, "href": f"{register}?{urlencode({figure.key: row.key})}"}
        for row in figure.rows
    ]
    return {
        "title": figure.title,
        "image_url": f"{base}{figure.key}.svg?{urlencode({'language': get_language()})}",
        "description": figure.description,
        "columns": figure.columns,
        "rows": rows,
        "download_url": f"{base}{figure.key}.csv",
        "left_out": figure.left_out,
        "key": figure.key,
    }
