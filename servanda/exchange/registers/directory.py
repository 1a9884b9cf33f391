"""The directory of peers: what was accepted of each, and where to read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from servanda.exchange.accepted.counting import ALL, RECORDS
from servanda.exchange.models import Peer, PeerCount
from servanda.kit.database.word_filters import has_word
from servanda.network.models import MechanismProfile, MechanismProfileQuerySet
from servanda.vocab.models import Country

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    peer: Peer
    records: int
    profile: MechanismProfile | None  # the first that was accepted of its own mechanism

    @property
    def country(self) -> Country | None:
        """The State that a person chose for the peer, or else that of its profile."""
        return self.peer.country or (self.profile.country if self.profile else None)


def find_peers(words: str) -> QuerySet[Peer]:
    found = Peer.objects.all()
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(has_word("name", word) | has_word("origin", word))
    own = PeerCount.objects.filter(peer=OuterRef("pk"), dimension=RECORDS, value=ALL).values("number")
    return found.annotate(records=Coalesce(Subquery(own), 0)).select_related("country").order_by("name", "pk")


def directory_rows(peers: Iterable[Peer], *, among: MechanismProfileQuerySet) -> list[DirectoryRow]:
    """One query for the profiles of all of them."""
    peers = list(peers)
    of_them = Q(pk__in=[])
    for peer in peers:
        of_them |= Q(origin__startswith=f"{peer.origin}/")
    profiles: dict[str, MechanismProfile] = {}
    own = among.exclude(origin__in=Peer.objects.profiles_of_others())
    for profile in own.filter(of_them).select_related("country").order_by("pk")[: 10 * len(peers)]:
        site = next(peer.origin for peer in peers if profile.origin.startswith(f"{peer.origin}/"))
        profiles.setdefault(site, profile)
    return [DirectoryRow(peer, vars(peer)["records"], profiles.get(peer.origin)) for peer in peers]
