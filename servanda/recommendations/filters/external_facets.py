"""What the list can be narrowed by that rooms above say of a record: rows of their own, or conditions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from servanda.recommendations.filters.facets import WITHOUT, Facet, MissingTextFacet, Tally
from servanda.vocab.models import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFacet(Facet):
    """What a room above says of a record in a row of its own, one for a record at most; `column` is of that row.
    Its counts are asked for each time and never kept: they may change with the day."""

    rows: QuerySet

    def condition(self, keys: Iterable[str]) -> Q:
        chosen = self.rows.filter((f"{self.column}__in", self.stored(keys)))
        found = Q(pk__in=chosen.values("recommendation_id"))
        if WITHOUT not in keys:
            return found
        there = self.rows.filter((f"{self.column}__isnull", False))
        return found | Q(~Exists(there.filter(recommendation=OuterRef("pk"))))

    def counts(self, tally: Tally) -> Counter[str]:
        counted = tally.get(self.key, {})
        numbers = Counter({key: counted.get(option.stored[0], 0) for key, option in self.options.items()})
        there = sum(number for value, number in counted.items() if value is not None)
        numbers[WITHOUT] = tally["total"][0] - there
        return numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFacet(Facet):
    """Sets of records that may overlap, each with its own condition, as rooms above say them.

    `rest` names those that are not counted: each is what is left of one set without another that is part of it, or
    of all records where the first has no name. `wholes` are such first ones that hold all records of some bodies, of
    most of which no row says anything: they are counted by their bodies. `day` is the day as seen from which they
    hold, for those that change with the days.
    """

    column: str = ""
    sets: Mapping[str, Q]
    rest: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    wholes: Mapping[str, QuerySet[Body]] = field(default_factory=dict)
    day: str = ""

    def condition(self, keys: Iterable[str]) -> Q:
        found = Q(pk__in=[])
        for key in keys:
            found |= self.sets[key]
        return found

    def counts(self, tally: Tally) -> Counter[str]:
        return Counter(tally.get(self.key, {}))


class SetFacet(ConditionFacet):
    """The same, shown once one of its sets is asked for."""


ON_REQUEST = (MissingTextFacet, SetFacet)
COUNTED_EACH_TIME = (RowFacet, *ON_REQUEST)
