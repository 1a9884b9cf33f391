"""Compares what was accepted of several peers: how many records by body, theme, goal, position or status."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.exchange.accepted.counting import ALL, BODY, GOALS, POSITION, RECORDS, SDG, STATUS, THEME
from servanda.exchange.models import Peer, PeerCount
from servanda.progress.models import Common
from servanda.recommendations.models import Stand
from servanda.vocab.models import Body, Term

MOST_PEERS = 4  # side by side
OLD = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """How many accepted records of one theme, body or status there are."""

    label: str
    total: int  # of all peers
    counts: Sequence[int]  # of the chosen peers, in their order


@dataclass(frozen=True, slots=True)
class Note:
    """What makes the figures of one peer hard to compare."""

    peer: Peer
    records: int
    without: Mapping[str, int]  # by dimension
    bodies: int

    @property
    def without_theme(self) -> int:
        return self.without[THEME]

    @property
    def without_goal(self) -> int:
        return self.without[SDG]

    @property
    def without_status(self) -> int:
        return self.without[STATUS]

    def reasons(self, by: str, *, on: date) -> list[str]:
        """Why it is not comparable by this dimension."""
        if not self.records:
            return [_("No recommendations from it were accepted.")]
        found = []
        if 2 * self.without[by] > self.records:
            found.append(MISSING[by] % {"share": round(100 * self.without[by] / self.records)})
        if by != BODY and self.bodies == 1:
            found.append(_("All its records are of one body."))
        if self.peer.records_on and self.peer.records_on < on - OLD:
            found.append(_("Its records have not changed for more than a year."))
        return found


MISSING = {
    BODY: gettext_lazy("%(share)d%% of its records name no body."),
    THEME: gettext_lazy("%(share)d%% of its records have no theme."),
    SDG: gettext_lazy("%(share)d%% of its records have no Sustainable Development Goal."),
    POSITION: gettext_lazy("%(share)d%% of its records have no position."),
    STATUS: gettext_lazy("%(share)d%% of its records have no status."),
}


def by_name(names: Mapping[str, object]) -> Callable[[str], str]:
    return lambda code: str(names.get(code, code))


@dataclass(frozen=True)
class Dimension:
    name: Promise
    label: Callable[[set[str]], Callable[[str], str]]  # for the values that occur


def body_names(codes: set[str]) -> Callable[[str], str]:
    """A body that this system does not know is named by its code."""
    return by_name({body.code: body.short for body in Body.objects.filter(code__in=codes)})


def term_names(pks: set[str]) -> Callable[[str], str]:
    return by_name({str(term.pk): term for term in Term.objects.filter(pk__in=pks)})


def goal_names(codes: set[str]) -> Callable[[str], str]:
    goals = Term.objects.filter(taxonomy__code=GOALS, code__in=codes)
    return by_name({goal.code: f"{goal.code}. {goal}" for goal in goals})


DIMENSIONS = {
    BODY: Dimension(gettext_lazy("Body"), body_names),
    THEME: Dimension(gettext_lazy("Theme"), term_names),
    SDG: Dimension(gettext_lazy("Sustainable Development Goal"), goal_names),
    POSITION: Dimension(gettext_lazy("Position of the State"), lambda _values: by_name(dict(Stand.choices))),
    STATUS: Dimension(
        gettext_lazy("Status according to the Government"), lambda _values: by_name(dict(Common.choices))
    ),
}


def values_of(dimension: str, peers: Sequence[Peer]) -> QuerySet:
    """The values with the most records first, each with the numbers of the chosen peers."""
    per_peer = {f"of_{place}": Sum("number", filter=Q(peer=peer)) for place, peer in enumerate(peers)}
    found = PeerCount.objects.filter(dimension=dimension).order_by().values_list("value")
    return found.annotate(total=Sum("number"), **per_peer).order_by("-total", "value")


def compared(dimension: str, lines: Sequence[tuple]) -> list[ComparedValue]:
    label = DIMENSIONS[dimension].label({value for value, *_numbers in lines})
    return [
        ComparedValue(label(value), total, [number or 0 for number in numbers]) for value, total, *numbers in lines
    ]


def notes(peers: Sequence[Peer]) -> list[Note]:
    found: dict[int, dict[str, int]] = {peer.pk: {} for peer in peers}
    bodies = dict.fromkeys(found, 0)
    rows = PeerCount.objects.filter(peer__in=found, dimension__in=[RECORDS, BODY]).order_by()
    for peer, dimension, value, number in rows.values_list("peer", "dimension", "value", "number"):
        if dimension == RECORDS:
            found[peer][value] = number
        else:
            bodies[peer] += 1
    return [note_of(peer, found[peer.pk], bodies[peer.pk]) for peer in peers]


def note_of(peer: Peer, numbers: Mapping[str, int], bodies: int) -> Note:
    records = numbers.get(ALL, 0)
    return Note(peer, records, {code: records - numbers.get(code, 0) for code in DIMENSIONS}, bodies)
