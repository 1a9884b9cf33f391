"""Counts the accepted recommendations of one peer: by body, theme, goal, position and status, and what is missing."""

from collections import Counter
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from servanda.exchange.models import Peer, PeerCount
from servanda.network.models import PeerAnswer

THEMES, GOALS = "uhri-theme", "sdg"  # taxonomies
BODY, THEME, SDG, POSITION, STATUS = "body", "theme", "sdg", "position", "status"
RECORDS = "records"  # how many there are in all, and how many of them have a theme, a goal, a position, a status
ALL = "all"


@transaction.atomic
def recount(peer: Peer) -> None:
    rows = PeerAnswer.objects.filter(site=peer.origin).order_by()
    counts = dict([*counted(rows), *counted_labels(peer.origin)])
    PeerCount.objects.filter(peer=peer).delete()
    PeerCount.objects.bulk_create(
        [
            PeerCount(peer=peer, dimension=dimension, value=value, number=number)
            for (dimension, value), number in counts.items()
        ],
        batch_size=500,
    )
    newest = rows.aggregate(newest=Max("changed_on"))["newest"]
    Peer.objects.filter(pk=peer.pk).update(records_on=newest, counted_at=timezone.now())


def counted(rows: QuerySet[PeerAnswer]) -> Iterator[tuple[tuple[str, str], int]]:
    """Numbers by dimension and value. A record with several themes, goals or statuses is in each."""
    yield (RECORDS, ALL), rows.count()
    for dimension, field in ((BODY, "body"), (POSITION, "stand")):
        numbers = Counter(dict(rows.values_list(field).annotate(Count("pk"))))
        del numbers[""]
        yield from (((dimension, value), number) for value, number in numbers.items())
        yield (RECORDS, dimension), numbers.total()
    statuses: Counter[str] = Counter()
    for codes, number in rows.exclude(government="").values_list("government").annotate(Count("pk")):
        statuses.update(dict.fromkeys(codes.split(), number))
        statuses[ALL] += number
    yield (RECORDS, STATUS), statuses.pop(ALL, 0)
    yield from (((STATUS, value), number) for value, number in statuses.items())


def counted_labels(site: str) -> Iterator[tuple[tuple[str, str], int]]:
    labels = PeerAnswer.themes.through.objects.filter(peeranswer__site=site).order_by()
    for dimension, taxonomy in ((THEME, THEMES), (SDG, GOALS)):
        named = set(labels.filter(term__taxonomy__code=taxonomy).values_list("peeranswer", "term", "term__code"))
        pairs = {(answer, code.partition(".")[0] if dimension == SDG else str(term)) for answer, term, code in named}
        yield (RECORDS, dimension), len({answer for answer, _value in pairs})
        numbers = Counter(value for _answer, value in pairs)
        yield from (((dimension, value), number) for value, number in numbers.items())
