"""The stations of a recommendation by the kind of its mechanism, and their names: the only table of both.

In the Universal Periodic Review a State supports or notes each recommendation (Human Rights Council resolution 5/1,
annex, paragraph 32). It takes no position on recommendations of other mechanisms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Station(StrEnum):
    """What has happened to a record, in the usual order."""

    RECEIVED = "received"
    ANSWERED = "answered"
    ASSIGNED = "assigned"
    PLANNED = "planned"
    REPORTED = "reported"
    ASSESSED = "assessed"
    CLOSED = "closed"  # by the mechanism, which has ended its supervision


type Words = Mapping[Station, "StrOrPromise"]

USUAL: Words = {
    Station.RECEIVED: pgettext_lazy("station of a record", "Received"),
    Station.ASSIGNED: pgettext_lazy("station of a record", "Assigned"),
    Station.PLANNED: pgettext_lazy("station of a record", "Planned"),
    Station.REPORTED: pgettext_lazy("station of a record", "Reported"),
    Station.ASSESSED: pgettext_lazy("station of a record", "Assessed"),
}
MEASURES: Words = {
    **USUAL,
    Station.PLANNED: pgettext_lazy("station of a record", "Measures planned"),
    Station.REPORTED: pgettext_lazy("station of a record", "Measures reported"),
}
JUDGMENT: Words = {**MEASURES, Station.RECEIVED: pgettext_lazy("station of a record", "Judgment received")}


@dataclass(frozen=True, slots=True)
class Procedure:
    """The stations of the records of a mechanism. `words` has their names; they come in the order of `Station`."""

    words: Words

    @property
    def takes_positions(self) -> bool:
        return Station.ANSWERED in self.words

    @property
    def stations(self) -> "list[tuple[Station, StrOrPromise]]":
        return [(station, self.words[station]) for station in Station if station in self.words]


REVIEW = Procedure({**USUAL, Station.ANSWERED: pgettext_lazy("station of a record", "Answered")})
OTHERS = Procedure(USUAL)
BY_KIND: Mapping[str, Procedure] = {  # by `Body.kind`; other kinds have OTHERS
    "upr": REVIEW,
    "court": Procedure(JUDGMENT),
    "commission": Procedure(MEASURES),
}
# The Committee of Ministers supervises action plans and action reports until it adopts a final resolution.
SUPERVISION = Procedure(
    {
        **JUDGMENT,
        Station.PLANNED: pgettext_lazy("station of a record", "Action planned"),
        Station.REPORTED: pgettext_lazy("station of a record", "Action reported"),
        Station.CLOSED: pgettext_lazy("station of a record", "Closed"),
    }
)
BY_CODE: Mapping[str, Procedure] = {"ECtHR-CM": SUPERVISION}

KINDS_WITH_POSITIONS = tuple(kind for kind, procedure in BY_KIND.items() if procedure.takes_positions)


def procedure_of(*, kind: str, code: str = "") -> Procedure:
    return BY_CODE.get(code) or BY_KIND.get(kind, OTHERS)
