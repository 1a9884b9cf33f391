"""An instance that pulls from many: the directory of its peers, the comparison and what was accepted, as pages."""

import json
import time
from collections.abc import Callable, Iterator
from itertools import batched
from statistics import quantiles

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from servanda.exchange.models import Parcel, Peer, Received
from servanda.exchange.peers.comparing import DIMENSIONS
from servanda.exchange.peers.counting import GOALS, THEMES, recount
from servanda.kit.server.memory import freeze_loaded_objects
from servanda.network.models import MechanismProfile, PeerAnswer
from servanda.network.peer_answers.searching import SEARCH, tokens_of
from servanda.people.access import Role
from servanda.vocab.models import Country, Term
from tests import make

MOST_P95, MOST_QUERIES, TIMES = 300, 20, 20  # milliseconds, of one page, how often each is asked for
MOST_SECONDS = 2  # to count one peer
AT_ONCE = 5_000
BODIES = ("UPR", "CEDAW", "CRC", "CCPR", "CAT", "CERD", "CESCR", "CRPD", "CMW", "CED")
STANDS, STATUSES = ("supported", "noted", "", "partly"), ("", "started", "partial full", "full", "unknown")
TEXT = "Ratify the Convention, amend its law and train judges and police officers on article {}."


def hub_pages(report: Callable[..., None], *, peers: int, of_each: int) -> None:
    person, started = make.user(Role.COORDINATOR), time.perf_counter()
    grow(peers, of_each)
    report(f"{peers} peers with {of_each:,} accepted records each, s", time.perf_counter() - started)
    slowest = max(counting_time(peer) for peer in Peer.objects.all())
    report("one peer counted, s", slowest, f"at most {MOST_SECONDS}", ok=slowest <= MOST_SECONDS)
    freeze_loaded_objects()  # as the server does after it has started
    client = Client()
    client.force_login(person)
    some = "&".join(f"peer={key}" for key in Peer.objects.values_list("key", flat=True)[:4])
    addresses = {
        "directory": "/exchange/directory/",
        "directory, last page": f"/exchange/directory/?page={-(-peers // 50)}",
        "directory, words": "/exchange/directory/?words=mechanism 1",
        "directory of profiles": "/desk/network/",
        **{f"comparison by {code}": f"/exchange/compare/?by={code}&{some}" for code in DIMENSIONS},
        "search by words": "/exchange/search/?words=judges article 17",
        "search by a common word and a filter": "/exchange/search/?words=convention&status=full&stand=noted",
        "accepted records": "/exchange/received/",
        "accepted records of a peer": f"/exchange/received/?{some.split('&')[0]}",
    }
    for name, address in addresses.items():
        measure_page(report, client, name, address)


def counting_time(peer: Peer) -> float:
    started = time.perf_counter()
    recount(peer)
    return time.perf_counter() - started


def measure_page(report: Callable[..., None], client: Client, name: str, address: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    report(f"hub: {name}, queries", len(captured), f"at most {MOST_QUERIES}", ok=len(captured) <= MOST_QUERIES)
    times = []
    for _time in range(TIMES):
        started = time.perf_counter()
        client.get(address)
        times.append(1000 * (time.perf_counter() - started))
    p95 = quantiles(times, n=20)[-1]
    report(f"hub: {name}, p95 in ms", p95, f"at most {MOST_P95}", ok=p95 <= MOST_P95)


def grow(peers: int, of_each: int) -> None:
    countries = list(Country.objects.filter(is_state=True).order_by("pk")) or [make.country()]
    terms = [*labels(THEMES), *labels(GOALS)]
    for number in range(peers):
        name, origin = f"Mechanism {number + 1} (invented)", f"https://mechanism-{number}.example"
        fields = {"fingerprint": f"{number:040d}", "kinds": "recommendation profile", "published_at": timezone.now()}
        peer = Peer.objects.create(name=name, origin=origin, **fields)
        key = f"{origin}/exchange/profile/1"
        country = countries[number % len(countries)]
        MechanismProfile.objects.create(name=name, country=country, origin=key, received_on=timezone.localdate())
        grow_records(peer, country, of_each, terms)


def labels(taxonomy: str) -> list[Term]:
    found = list(Term.objects.filter(taxonomy__code=taxonomy, is_artefact=False).order_by("pk")[:200])
    return found or [make.term(f"{taxonomy} {number}", taxonomy=taxonomy) for number in range(1, 18)]


def grow_records(peer: Peer, country: Country, count: int, terms: list[Term]) -> None:
    moment = timezone.now()
    parcel = Parcel.objects.create(
        peer=peer,
        name="feed",
        sha256="0" * 64,
        fingerprint=peer.fingerprint,
        sequence=count,
        published_at=moment,
        received_at=moment,
    )
    for numbers in batched(range(count), AT_ONCE):
        answers = PeerAnswer.objects.bulk_create(answers_of(peer, country, numbers))
        SEARCH.write((row.pk, tokens_of(row.code, row.language, row.text)) for row in answers)
        through = PeerAnswer.themes.through
        through.objects.bulk_create(
            through(peeranswer_id=row.pk, term_id=terms[(7 * row.pk + step * 91) % len(terms)].pk)
            for row in answers
            for step in range(2)
        )
        Received.objects.bulk_create(
            Received(
                peer=peer,
                parcel=parcel,
                object_id=row.origin,
                kind="recommendation",
                code=row.code,
                title=row.text,
                content=json.dumps({"stand": row.stand}),
                state=Received.State.ACCEPTED,
                changed_at=moment,
            )
            for row in answers
        )


def answers_of(peer: Peer, country: Country, numbers: tuple[int, ...]) -> Iterator[PeerAnswer]:
    today = timezone.localdate()
    for number in numbers:
        yield PeerAnswer(
            origin=f"{peer.origin}/exchange/recommendation/A-{number}",
            site=peer.origin,
            sender=peer.name,
            country=country,
            code=f"A-{number}",
            body=BODIES[number % len(BODIES)],
            language="en",
            text=TEXT.format(number),
            stand=STANDS[number % len(STANDS)],
            government=STATUSES[number % len(STATUSES)],
            changed_on=today,
        )
