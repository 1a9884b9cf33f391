"""Compares what was accepted of several peers: how many records by body, theme, position or status."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from servanda.exchange.models import Peer
from servanda.network.models import PeerAnswer
from servanda.progress.models import Common
from servanda.recommendations.models import Stand
from servanda.vocab.models import Body, Term

MOST_PEERS = 4  # side by side


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
    without_theme: int
    without_status: int
    newest: object


def by_name(names: Mapping[str, object]) -> Callable[[str], str]:
    return lambda code: str(names.get(code, code))


@dataclass(frozen=True)
class Dimension:
    field: str
    name: Promise
    label: Callable[[set[str]], Callable[[str], str]]  # for the values that occur


def body_names(codes: set[str]) -> Callable[[str], str]:
    """A body that this system does not know is named by its code."""
    return by_name({body.code: body.short for body in Body.objects.filter(code__in=codes)})


def term_names(pks: set[str]) -> Callable[[str], str]:
    return by_name({str(term.pk): term for term in Term.objects.filter(pk__in=pks)})


DIMENSIONS = {
    "body": Dimension("body", _("Body"), body_names),
    "theme": Dimension("themes", _("Theme"), term_names),
    "position": Dimension("stand", _("Position of the State"), lambda _values: by_name(dict(Stand.choices))),
    "status": Dimension(
        "government", _("Status according to the Government"), lambda _v: by_name(dict(Common.choices))
    ),
}


def compared(rows: QuerySet[PeerAnswer], dimension: Dimension, peers: Sequence[Peer]) -> list[ComparedValue]:
    """The groups with the most records first. A record with several themes or statuses is counted in each."""
    per_site = {f"of_{number}": Count("pk", filter=Q(site=peer.origin)) for number, peer in enumerate(peers)}
    grouped = rows.order_by().values_list(dimension.field).annotate(Count("pk"), **per_site)
    sums: dict[str, Counter[int]] = {}
    for value, *counts in grouped:
        for code in codes_in(dimension, value):
            sums.setdefault(code, Counter()).update(dict(enumerate(counts)))
    label = dimension.label(set(sums))
    lines = [
        ComparedValue(label(code), numbers[0], [numbers[place + 1] for place in range(len(peers))])
        for code, numbers in sums.items()
    ]
    return sorted(lines, key=lambda line: (-line.total, line.label))


def codes_in(dimension: Dimension, value: object) -> list[str]:
    """The groups of a record; none where the peer sent nothing about it."""
    if value in (None, ""):
        return []
    return str(value).split() if dimension.field == "government" else [str(value)]


def notes(rows: QuerySet[PeerAnswer], peers: Sequence[Peer]) -> list[Note]:
    of_sites = rows.filter(site__in=[peer.origin for peer in peers]).order_by().values("site")
    found = {
        row["site"]: row
        for row in of_sites.annotate(
            records=Count("pk"), unstated=Count("pk", filter=Q(government="")), newest=Max("changed_on")
        )
    }
    themed = dict(of_sites.exclude(themes=None).values_list("site").annotate(Count("pk", distinct=True)))
    return [
        Note(
            peer,
            row["records"] if row else 0,
            row["records"] - themed.get(peer.origin, 0) if row else 0,
            row["unstated"] if row else 0,
            row["newest"] if row else None,
        )
        for peer in peers
        for row in [found.get(peer.origin)]
    ]
