"""Follow-up in figures: by voice and status, by body, theme, goal and institution, over time, and where it is silent.

The voices stand beside each other and are never merged; that of the mechanism counts only where it assesses. Every
number is one that the list of records finds by the filters named with it. What is counted over the whole register is
kept under its stamp and for its audience.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.people.models import Institution, User
from servanda.planning.models import Assignment
from servanda.progress.dashboard.cross_tabulation import ALL, Crossed, Statuses, crossed, dimension_facets
from servanda.progress.dashboard.trend import Month, months_of
from servanda.progress.models import Common, Voice
from servanda.progress.records.facets import APART, ASSESSED, UPDATE, VOICES, WITH, progress_facets
from servanda.progress.updates.inactivity import LONG, Heard, Numbers, institutions_heard, numbers_heard
from servanda.recommendations.counting import counts
from servanda.recommendations.counting.counts import Audience, Tally
from servanda.recommendations.counting.related_counts import count_conditions
from servanda.recommendations.filters.external_facets import ConditionFacet
from servanda.recommendations.filters.facet_options import Names, read_names
from servanda.recommendations.filters.facets import WITHOUT, Facet, LabelFacet
from servanda.recommendations.records import id_sets
from servanda.recommendations.register.figures import shown_keys

OF_ALL = ""  # under which facets of conditions say how many records there are
VALUES = (*Common.values, WITHOUT)
NAMES = {common.value: common.label for common in Common} | {WITHOUT: gettext_lazy("Not assessed")}
WORTH_KEEPING = 500  # records; below that, counting takes no time
type Counted = tuple[Tally, Crossed, list[Month], Numbers]


@dataclass(frozen=True, slots=True)
class Cell:
    """One number, and the filters by which the list of records finds that many."""

    label: object
    count: int
    asked: Mapping[str, str] | None  # None: the list has no filter for it


@dataclass(frozen=True, slots=True)
class VoiceLine:
    voice: Voice
    cells: Sequence[Cell]  # one for each status, then what is not assessed

    @property
    def is_shown(self) -> bool:
        """Not the mechanism's where none of the bodies assesses."""
        return self.voice != Voice.MECHANISM or any(cell.count for cell in self.cells)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One body, theme, goal or institution: how many records, and how many of each status in each voice."""

    dimension: str
    key: str
    label: object
    numbers: Statuses

    @property
    def total(self) -> Cell:
        return Cell(self.label, self.numbers[ALL][ALL], {self.dimension: self.key})

    def speaks(self, voice: str) -> bool:
        """Whether somebody assesses these records in this voice, or may do so."""
        return voice != Voice.MECHANISM or bool(self.numbers[voice].total())

    def cells(self, voice: str) -> list[Cell]:
        """Made when they are asked for: a page shows a few lines of one voice."""
        counted = self.numbers[voice]
        return [Cell(NAMES[value], counted[value], {self.dimension: self.key, voice: value}) for value in VALUES]


@dataclass(frozen=True, slots=True)
class Breakdown:
    key: str
    title: str
    heading: str
    lines: Sequence[FigureRow]


@dataclass(frozen=True, slots=True)
class Share:
    """How many records have something, and how many lack it."""

    label: str
    present: Cell
    missing: Cell
    total: int

    @property
    def percent(self) -> int:
        return round(100 * self.present.count / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Dashboard:
    total: Cell
    voices: Sequence[VoiceLine]
    disagreements: Cell
    shares: Sequence[Share]
    silences: Sequence[Cell]
    breakdowns: Sequence[Breakdown]
    months: Sequence[Month]
    heard: Sequence[Heard]


def dashboard_of(audience: Audience, user: User, *, on: date) -> Dashboard:
    """Over all that this reader may see."""
    names = read_names()
    facets, labels = progress_facets(audience, user, on=on), dimension_facets(names)

    def compute() -> Counted:
        led, seen = leads_open_to(audience), audience.visible.order_by().values("pk")
        by_dimension = crossed(audience.visible, led, labels)
        tally = tally_of(audience.visible, [facet for facet in facets if facet.key not in Voice.values], led)
        months = months_of(seen, until=on)
        numbers = numbers_heard(led.filter(recommendation__in=seen), audience, user, on=on)
        return tally | voices_in(by_dimension), by_dimension, months, numbers

    tally, by_dimension, months, numbers = kept(audience, "dashboard", facets, compute)
    leads = share_led(tally, says_without=audience.bodies is None)
    breakdowns = list(breakdowns_of(by_dimension, labels, names))
    return put_together(tally, facets, breakdowns, months, institutions_heard(numbers), {}, leads)


def dashboard_of_institution(institution: Institution, audience: Audience, user: User, *, on: date) -> Dashboard:
    """Over the records that one institution leads on."""
    led = leads_open_to(audience).filter(institution=institution)
    found = audience.visible.filter(pk__in=led.values("recommendation_id"))
    if (pks := id_sets.ids_of(found)) is not None:
        found = id_sets.with_ids(pks)
    there = found.order_by().values("pk") if pks is None else id_sets.ids(pks)
    facets = progress_facets(audience, user, on=on, within=there)
    tally = tally_of(found, facets, led)
    heard = numbers_heard(led.filter(recommendation__in=there), audience, user, on=on)
    within = {"lead": institution.code}
    return put_together(tally, facets, [], months_of(there, until=on), institutions_heard(heard), within)


def kept(audience: Audience, name: str, facets: Sequence[Facet], compute: Callable[[], Counted]) -> Counted:
    if not counts.is_worth_keeping(WORTH_KEEPING):
        return compute()
    return counts.kept_under(f"{counts.key_of(counts.stamp(), audience, facets)}:{name}", compute)


def leads_open_to(audience: Audience) -> QuerySet:
    led = Assignment.objects.current().leading().order_by()
    return led if audience.bodies is None else led.filter(recommendation__body__code__in=audience.bodies)


def tally_of(found: QuerySet, facets: Sequence[ConditionFacet], led: QuerySet) -> Tally:
    """All totals in one question: those of the facets, and how many have a lead."""
    sets = {WITH: Q(pk__in=led.values("recommendation_id"))}
    own = ConditionFacet(key="lead", title="", options={}, without="", sets=sets, rest={WITHOUT: (OF_ALL, WITH)})
    return count_conditions({"": found}, {"": [*facets, own]}, {})[""]


def voices_in(by_dimension: Crossed) -> Tally:
    """Each record is of one body, so these together are all."""
    numbers: dict[str, Counter[str | int | bool | None]] = {voice: Counter() for voice in Voice.values}
    for line in by_dimension["body"].values():
        for voice, counted in numbers.items():
            counted.update(line[voice])
    return numbers


def put_together(
    tally: Tally,
    facets: Sequence[ConditionFacet],
    breakdowns: Sequence[Breakdown],
    months: Sequence[Month],
    heard: Sequence[Heard],
    within: Mapping[str, str],
    leads: Share | None = None,
) -> Dashboard:
    """`within` are the filters that all of it stands under."""
    by_key = {facet.key: facet for facet in facets}
    total = tally["lead"][OF_ALL]

    def cell(key: str, value: str, label: object = "") -> Cell:
        return Cell(label or label_of(by_key[key], value), tally[key][value], {**within, key: value})

    lines = [VoiceLine(voice, [cell(voice.value, value) for value in VALUES]) for voice in Voice]
    return Dashboard(
        total=Cell(_("Records"), total, within),
        voices=[line for line in lines if line.is_shown],
        disagreements=cell(VOICES, APART),
        shares=list(shares_of(cell, total, leads)),
        silences=[cell(UPDATE, WITHOUT, _("Never")), *(cell(UPDATE, f"older-{days}") for days in LONG)],
        breakdowns=breakdowns,
        months=months,
        heard=heard,
    )


def shares_of(cell: Callable[..., Cell], total: int, leads: Share | None) -> Iterator[Share]:
    labels = {
        "action": _("An action"),
        "indicator": _("An indicator"),
        UPDATE: _("An update"),
        "evidence": _("Evidence"),
    }
    if leads is not None:
        yield leads
    for key, label in labels.items():
        yield Share(label, cell(key, WITH), cell(key, WITHOUT), total)
    yield Share(_("An assessment of any voice"), cell(VOICES, ASSESSED), cell(VOICES, WITHOUT), total)


def share_led(tally: Tally, *, says_without: bool) -> Share:
    """The list offers those without to nobody who cannot tell them from those whose internal side is closed."""
    numbers = tally["lead"]
    missing = Cell("", numbers[WITHOUT], {"lead": WITHOUT} if says_without else None)
    return Share(_("An institution that leads"), Cell("", numbers[WITH], None), missing, numbers[OF_ALL])


def label_of(facet: Facet, value: str) -> object:
    return facet.without if value == WITHOUT else facet.options[value].label


def breakdowns_of(found: Crossed, labels: Sequence[LabelFacet], names: Names) -> Iterator[Breakdown]:
    """Bodies and institutions by the number of their records, themes too; the goals in their own order."""
    bodies = {str(pk): named for pk, named in names.bodies.items()}
    yield by_number("body", _("By body"), _("Body"), bodies, found["body"])
    titles = {"theme": _("By theme"), "sdg": _("By Sustainable Development Goal")}
    for facet in labels:
        terms = {str(facet.options[key].stored[0]): (key, facet.options[key].label) for key in shown_keys(facet)}
        made = by_number(facet.key, titles[facet.key], str(facet.title), terms, found.get(facet.key, {}))
        yield in_order(made, list(terms.values())) if facet.key == "sdg" else made
    places = {str(pk): (code, name) for pk, code, name in names.institutions}
    yield by_number("lead", _("By leading institution"), _("Institution"), places, found["lead"])


def by_number(
    key: str, title: str, heading: str, names: Mapping[str, tuple[str, object]], found: Mapping[str, Statuses]
) -> Breakdown:
    lines = [FigureRow(key, *names[pk], numbers) for pk, numbers in found.items() if pk in names]
    return Breakdown(key, title, heading, sorted(lines, key=lambda line: (-line.numbers[ALL][ALL], line.key)))


def in_order(breakdown: Breakdown, names: Sequence[tuple[str, object]]) -> Breakdown:
    places = {key: at for at, (key, _label) in enumerate(names)}
    lines = sorted(breakdown.lines, key=lambda line: places[line.key])
    return replace(breakdown, lines=lines)
