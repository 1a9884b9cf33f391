"""Facets of rooms above, which know more of a record: rows of their own, or conditions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from servanda.recommendations.filters.facets import WITHOUT, Facet, MissingTextFacet, Tally
from servanda.vocab.models import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFacet(Facet):
    """A column of a row that a room above has for a record; a record has one at most.

    It is counted anew for each page, because the result may change with the day.
    """

    rows: QuerySet

    def condition(self, keys: Iterable[str]) -> Q:
        chosen = self.rows.filter((f"{self.column}__in", self.stored(keys)))
        found = Q(pk__in=chosen.values("recommendation_id"))
        if WITHOUT not in keys:
            return found
        with_value = self.rows.filter((f"{self.column}__isnull", False))
        return found | Q(~Exists(with_value.filter(recommendation=OuterRef("pk"))))

    def counts(self, tally: Tally) -> Counter[str]:
        counted = tally.get(self.key, {})
        numbers = Counter({key: counted.get(option.stored[0], 0) for key, option in self.options.items()})
        with_value = sum(number for value, number in counted.items() if value is not None)
        numbers[WITHOUT] = tally["total"][0] - with_value
        return numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFacet(Facet):
    """Sets of records that may overlap, each with its own condition.

    `rest` names the sets that are not counted themselves: each is a first set without a second one, which is a part
    of it; a first set without a name is all records. `wholes` are first sets of all records of some bodies, counted
    by body. `day` is the day for which the conditions hold, if they change from day to day.
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
    """Not counted, and shown only while one of its sets is chosen."""


ON_REQUEST = (MissingTextFacet, SetFacet)
COUNTED_EACH_TIME = (RowFacet, *ON_REQUEST)
