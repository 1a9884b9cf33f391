"""The figures of the dashboard: by voice and status, by body, theme, goal and institution, over time, and inactivity.

The voices are never merged; that of the mechanism counts only for bodies that assess. Every number equals what the
list of records finds with the filters given beside it. Counts over the whole register are cached by its stamp and
audience.
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
from servanda.progress.dashboard.cross_tabulation import ALL, Crossed, Statuses, cross_tabulate, dimension_facets
from servanda.progress.dashboard.trend import Month, months_of
from servanda.progress.models import Common, Voice
from servanda.progress.records.facets import APART, ASSESSED, UPDATE, VOICES, WITH, progress_facets
from servanda.progress.updates.inactivity import LONG, LastReport, Numbers, institutions_heard, numbers_heard
from servanda.recommendations.counting import counts
from servanda.recommendations.counting.conditions import CountedRecords, count_conditions, found_among
from servanda.recommendations.counting.counts import Tally
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.filters.external_facets import ConditionFacet
from servanda.recommendations.filters.facet_options import Names, read_names
from servanda.recommendations.filters.facets import WITHOUT, Facet, LabelFacet
from servanda.recommendations.records.id_sets import ids_of
from servanda.recommendations.register.figures import shown_keys

OF_ALL = ""  # the key under which condition facets report the number of records
VALUES = (*Common.values, WITHOUT)
NAMES = {common.value: common.label for common in Common} | {WITHOUT: gettext_lazy("Not assessed")}
WORTH_KEEPING = 500  # records; fewer are counted fast enough
type Counted = tuple[Tally, Crossed, list[Month], Numbers]


@dataclass(frozen=True, slots=True)
class Cell:
    """One number, and the filters by which the list of records finds that many."""

    label: object
    count: int
    filters: Mapping[str, str] | None  # None: the list has no filter for it


@dataclass(frozen=True, slots=True)
class VoiceLine:
    voice: Voice
    cells: Sequence[Cell]  # one for each status, then one for records without an assessment

    @property
    def is_shown(self) -> bool:
        """False for the mechanism if none of the bodies assesses."""
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
        """Whether these records have, or can have, assessments by this kind of assessor."""
        return voice != Voice.MECHANISM or bool(self.numbers[voice].total())

    def cells(self, voice: str) -> list[Cell]:
        """Built on demand: a page shows a few lines of one voice."""
        statuses = self.numbers[voice]
        return [Cell(NAMES[value], statuses[value], {self.dimension: self.key, voice: value}) for value in VALUES]


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
    heard: Sequence[LastReport]


def dashboard_of(audience: Audience, user: User, *, on: date) -> Dashboard:
    """The figures over all records that this reader may see."""
    names = read_names()
    facets, labels = progress_facets(audience, user, on=on), dimension_facets(names)

    def compute() -> Counted:
        led, visible = leads_open_to(audience), audience.visible.order_by().values("pk")
        by_dimension = cross_tabulate(audience.visible, led, labels)
        voiceless = [facet for facet in facets if facet.key not in Voice.values]
        tally = tally_of(CountedRecords(records=audience.visible), voiceless, led)
        months = months_of(visible, until=on)
        numbers = numbers_heard(led.filter(recommendation__in=visible), audience, user, on=on)
        return tally | voices_in(by_dimension), by_dimension, months, numbers

    tally, by_dimension, months, numbers = stored_counts(audience, "dashboard", facets, compute)
    leads = share_led(tally, says_without=audience.bodies is None)
    breakdowns = list(breakdowns_of(by_dimension, labels, names))
    return assemble(tally, facets, breakdowns, months, institutions_heard(numbers), {}, leads)


def dashboard_of_institution(institution: Institution, audience: Audience, user: User, *, on: date) -> Dashboard:
    """The figures over the records on which one institution leads."""
    led = leads_open_to(audience).filter(institution=institution)
    records = audience.visible.filter(pk__in=led.values("recommendation_id"))
    found = found_among(records, ids_of(records))
    record_ids = found.named()
    facets = progress_facets(audience, user, on=on, within=record_ids)
    tally = tally_of(found, facets, led)
    silent_numbers = numbers_heard(led.filter(recommendation__in=record_ids), audience, user, on=on)
    within = {"lead": institution.code}
    return assemble(tally, facets, [], months_of(record_ids, until=on), institutions_heard(silent_numbers), within)


def stored_counts(audience: Audience, name: str, facets: Sequence[Facet], compute: Callable[[], Counted]) -> Counted:
    if (mark := counts.stamp_if_worth_keeping(WORTH_KEEPING)) is None:
        return compute()
    return counts.kept_under(f"{counts.key_of(mark, audience, facets)}:{name}", compute)


def leads_open_to(audience: Audience) -> QuerySet:
    led = Assignment.objects.current().leading().order_by()
    return led if audience.bodies is None else led.filter(recommendation__body__code__in=audience.bodies)


def tally_of(found: CountedRecords, facets: Sequence[ConditionFacet], led: QuerySet) -> Tally:
    """All totals in one query: those of the facets, and how many records have a lead."""
    sets = {WITH: Q(pk__in=led.values("recommendation_id"))}
    lead_facet = ConditionFacet(
        key="lead", title="", options={}, without="", sets=sets, rest={WITHOUT: (OF_ALL, WITH)}
    )
    return count_conditions({"": found}, {"": [*facets, lead_facet]})[""]


def voices_in(by_dimension: Crossed) -> Tally:
    """Totals by voice: the sums over all bodies, as each record has exactly one body."""
    numbers: dict[str, Counter[str | int | bool | None]] = {voice: Counter() for voice in Voice.values}
    for line in by_dimension["body"].values():
        for voice, statuses in numbers.items():
            statuses.update(line[voice])
    return numbers


def assemble(
    tally: Tally,
    facets: Sequence[ConditionFacet],
    breakdowns: Sequence[Breakdown],
    months: Sequence[Month],
    heard: Sequence[LastReport],
    within: Mapping[str, str],
    leads: Share | None = None,
) -> Dashboard:
    """`within` are the filters that apply to all of the figures."""
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
        silences=[cell(UPDATE, WITHOUT, _("No update yet")), *(cell(UPDATE, f"older-{days}") for days in LONG)],
        breakdowns=breakdowns,
        months=months,
        heard=heard,
    )


def shares_of(cell: Callable[..., Cell], total: int, leads: Share | None) -> Iterator[Share]:
    labels = {
        "action": _("Action"),
        "indicator": _("Indicator"),
        UPDATE: _("Update"),
        "evidence": _("Evidence"),
    }
    if leads is not None:
        yield leads
    for key, label in labels.items():
        yield Share(label, cell(key, WITH), cell(key, WITHOUT), total)
    yield Share(_("Assessment"), cell(VOICES, ASSESSED), cell(VOICES, WITHOUT), total)


def share_led(tally: Tally, *, says_without: bool) -> Share:
    """The share with a lead. Without `says_without`, the number without one has no link: the list does not offer that
    filter to readers from whom some assignments are hidden."""
    numbers = tally["lead"]
    missing = Cell("", numbers[WITHOUT], {"lead": WITHOUT} if says_without else None)
    return Share(_("Lead institution"), Cell("", numbers[WITH], None), missing, numbers[OF_ALL])


def label_of(facet: Facet, value: str) -> object:
    return facet.without if value == WITHOUT else facet.options[value].label


def breakdowns_of(tables: Crossed, labels: Sequence[LabelFacet], names: Names) -> Iterator[Breakdown]:
    """Bodies, themes and institutions by the number of their records; the goals in their own order."""
    bodies = {str(pk): (code, name) for pk, (code, name, _short) in names.bodies.items()}
    yield by_number("body", _("By body"), _("Body"), bodies, tables["body"])
    titles = {"theme": _("By theme"), "sdg": _("By Sustainable Development Goal")}
    for facet in labels:
        terms = {str(facet.options[key].stored[0]): (key, facet.options[key].label) for key in shown_keys(facet)}
        breakdown = by_number(facet.key, titles[facet.key], str(facet.title), terms, tables.get(facet.key, {}))
        yield in_order(breakdown, list(terms.values())) if facet.key == "sdg" else breakdown
    institutions = {str(pk): (code, name) for pk, code, name in names.institutions}
    yield by_number("lead", _("By lead institution"), _("Institution"), institutions, tables["lead"])


def by_number(
    key: str, title: str, heading: str, names: Mapping[str, tuple[str, object]], statuses_of: Mapping[str, Statuses]
) -> Breakdown:
    lines = [FigureRow(key, *names[pk], numbers) for pk, numbers in statuses_of.items() if pk in names]
    return Breakdown(key, title, heading, sorted(lines, key=lambda line: (-line.numbers[ALL][ALL], line.key)))


def in_order(breakdown: Breakdown, names: Sequence[tuple[str, object]]) -> Breakdown:
    positions = {key: at for at, (key, _label) in enumerate(names)}
    lines = sorted(breakdown.lines, key=lambda line: positions[line.key])
    return replace(breakdown, lines=lines)
