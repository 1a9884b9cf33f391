"""What the register has now on the records of some rows, and what earlier rows of the file will add."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from servanda.intake.columns.kinds import SheetContext, SheetRow, folded
from servanda.people.access import Can, can
from servanda.people.models import answering_for
from servanda.planning.indicators.measurements import MeasurementValues
from servanda.planning.models import (
    Action,
    ActionInstitution,
    ActionRecommendation,
    Assignment,
    Indicator,
    IndicatorRecommendation,
    Measurement,
)
from servanda.planning.sheets.decisions import NewAction, NewIndicator, Orders
from servanda.planning.sheets.institutions import Directory, MeantInstitution
from servanda.planning.sheets.numbers import read_currency
from servanda.planning.sheets.plans import NewPlan, Plans
from servanda.recommendations.models import Recommendation

type AnyAction = NewAction | Action
type AnyIndicator = NewIndicator | Indicator


@dataclass(slots=True)
class Earlier:
    """What the rows read so far will add."""

    parts: dict[tuple[int, str], tuple[str, date | None]] = field(default_factory=dict)  # record, institution
    leads: dict[int, MeantInstitution] = field(default_factory=dict)
    actions: dict[tuple[str, int | NewPlan | None], NewAction] = field(default_factory=dict)
    answers: set[tuple[int, int]] = field(default_factory=set)  # record, identity of the action
    indicators: dict[str, NewIndicator] = field(default_factory=dict)
    abouts: set[tuple[int, int]] = field(default_factory=set)
    values: dict[int, list[MeasurementValues]] = field(default_factory=lambda: defaultdict(list))


IN_BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]{1,20}?)\s*[)\]]")


class Importing:
    """The state shared by all rows of one import: names, plans, actions and indicators as they were at its start."""

    def __init__(self, context: SheetContext):
        self.context = context
        self.directory = Directory(context)
        self.orders = Orders()
        self.earlier = Earlier()
        self.readers: dict[int, frozenset[int]] = {}

    @classmethod
    def of(cls, context: SheetContext) -> "Importing":
        if "planning" not in context.memory:
            context.memory["planning"] = cls(context)
        return context.memory["planning"]

    @cached_property
    def may_assign(self) -> bool:
        return self.context.by is None or can(self.context.by, Can.ASSIGN)

    @cached_property
    def may_plan(self) -> bool:
        return self.context.by is None or can(self.context.by, Can.EDIT_PLAN)

    @cached_property
    def currency_of_header(self) -> str:
        """The currency of "Presupuesto (EUR)", or ""."""
        mapping = self.context.batch.mapping
        columns = mapping.columns.filter(field="budget") if mapping else ()
        currencies = [read_currency(word) for column in columns for word in IN_BRACKETS.findall(column.header)]
        return next(filter(None, currencies), "")

    @cached_property
    def plans(self) -> Plans:
        return Plans()

    @cached_property
    def actions(self) -> dict[tuple[str, int | NewPlan | None], Action]:
        actions = Action.objects.kept().order_by("-pk")
        return {(folded(action.title), action.plan_id): action for action in actions}

    @cached_property
    def leads_of_actions(self) -> dict[int, int]:
        return dict(ActionInstitution.objects.filter(part="lead").values_list("action_id", "institution_id"))

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        return {folded(indicator.name): indicator for indicator in Indicator.objects.kept().order_by("-pk")}

    @cached_property
    def values(self) -> dict[int, list[Measurement]]:
        """Values of the whole country by indicator: a file of recommendations has no others."""
        by_indicator: dict[int, list[Measurement]] = defaultdict(list)
        for measurement in Measurement.objects.headline().filter(indicator__in=Indicator.objects.kept()):
            by_indicator[measurement.indicator_id].append(measurement)
        return by_indicator

    def read_by(self, institution: int) -> frozenset[int]:
        """The institutions on whose behalf an institution may read restricted records."""
        if institution not in self.readers:
            self.readers[institution] = answering_for({institution})
        return self.readers[institution]


class Register:
    """The records of some rows as they are now, read in a fixed number of queries."""

    def __init__(self, rows: Sequence[SheetRow], importing: Importing):
        self.importing = importing
        records = {row.record for row in rows if row.record}
        self.assignments: dict[int, list[Assignment]] = defaultdict(list)
        for assignment in Assignment.objects.filter(recommendation__in=records, ended_at=None).select_related(
            "institution"
        ):
            self.assignments[assignment.recommendation_id].append(assignment)
        self.readers = readers_of(records)
        self.answers = pairs_of(ActionRecommendation, "action_id", records)
        self.abouts = pairs_of(IndicatorRecommendation, "indicator_id", records)

    def is_closed_to(self, row: SheetRow, institution: int | None) -> bool:
        """Whether the record is restricted to other institutions."""
        readers = self.readers.get(row.record or 0)
        if readers is None:
            return False
        return institution is None or not readers & self.importing.read_by(institution)


def readers_of(records: Iterable[int]) -> dict[int, set[int]]:
    """Restricted record -> the institutions that are named to see it."""
    restricted = Recommendation.objects.filter(
        pk__in=records, confidentiality=Recommendation.Confidentiality.RESTRICTED
    )
    by_record: dict[int, set[int]] = {}
    for record, institution in restricted.order_by().values_list("pk", "restricted_to"):
        by_record.setdefault(record, set()).update({institution} - {None})
    return by_record


def pairs_of(
    model: type[ActionRecommendation | IndicatorRecommendation], name: str, records: Iterable[int]
) -> set[tuple[int, int]]:
    return set(model.objects.filter(recommendation__in=records).values_list("recommendation_id", name))
