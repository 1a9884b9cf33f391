"""An instance that pulls from many: the directory of its peers, the comparison and what was accepted, as pages."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.times import report_times
from servanda.exchange.accepted.counting import GOALS, THEMES, recount
from servanda.exchange.models import Parcel, Peer, Received
from servanda.exchange.registers.comparing import DIMENSIONS
from servanda.kit.server.memory import freeze_loaded_objects
from servanda.network.models import MechanismProfile, PeerAnswer
from servanda.network.peer_answers.searching import SEARCH, tokens_of
from servanda.people.access import Role
from servanda.vocab.models import Country, Term
from tests import make

MOST_P95, MOST_QUERIES = 300, 20  # milliseconds, of one page
MOST_SECONDS = 2  # to count one peer
AT_ONCE = 5_000
BODIES = ("UPR", "CEDAW", "CRC", "CCPR", "CAT", "CERD", "CESCR", "CRPD", "CMW", "CED")
STANDS, STATUSES = ("supported", "noted", "", "partly"), ("", "started", "partial full", "full", "unknown")
TEXT = "Ratify the Convention, amend its law and train judges and police officers on article {}."


def hub_pages(report: Callable[..., None], *, peers: int, of_each: int, times: int) -> None:
    """With so many peers, and accepted records of each. Each page is asked for so many times."""
    person, started = make.user(Role.COORDINATOR), time.perf_counter()
    grow(peers, of_each)
    report(f"{peers} peers with {of_each:,} accepted records each, s", time.perf_counter() - started)
    slowest = max(counting_time(peer) for peer in Peer.objects.all())
    report("one peer counted, s", slowest, f"at most {MOST_SECONDS}", ok=slowest <= MOST_SECONDS)
    freeze_loaded_objects()  # as the server does after it has started
    client = Client(SERVER_NAME="localhost")
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
        measure_page(report, client, name, address, times)


def counting_time(peer: Peer) -> float:
    started = time.perf_counter()
    recount(peer)
    return time.perf_counter() - started


def measure_page(report: Callable[..., None], client: Client, name: str, address: str, times: int) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    report(f"hub: {name}, queries", len(captured), f"at most {MOST_QUERIES}", ok=len(captured) <= MOST_QUERIES)
    milliseconds, worked = [], time.process_time()
    for _time in range(times):
        started = time.perf_counter()
        client.get(address)
        milliseconds.append(1000 * (time.perf_counter() - started))
    report_times(report, f"hub: {name}", milliseconds, MOST_P95, worked=time.process_time() - worked)


def grow(peers: int, of_each: int) -> None:
    """The records of the first peer are made, those of the others are copies of them in the database."""
    countries = list(Country.objects.filter(is_state=True).order_by("pk")) or [make.country()]
    first: Peer | None = None
    for number in range(peers):
        name, origin = f"Mechanism {number + 1} (invented)", f"https://mechanism-{number}.example"
        fields = {"fingerprint": f"{number:040d}", "kinds": "recommendation profile", "published_at": timezone.now()}
        peer = Peer.objects.create(name=name, origin=origin, **fields)
        key = f"{origin}/exchange/profile/1"
        country = countries[number % len(countries)]
        MechanismProfile.objects.create(name=name, country=country, origin=key, received_on=timezone.localdate())
        parcel = Parcel.objects.create(
            peer=peer,
            name="feed",
            sha256="0" * 64,
            fingerprint=peer.fingerprint,
            sequence=of_each,
            published_at=timezone.now(),
            received_at=timezone.now(),
        )
        if first is None:
            make_records(peer, parcel, country, of_each, [*labels(THEMES), *labels(GOALS)])
            first = peer
        else:
            copy_records(first, peer, parcel, country)
        index_records(peer)


def labels(taxonomy: str) -> list[Term]:
    found = list(Term.objects.filter(taxonomy__code=taxonomy, is_artefact=False).order_by("pk")[:200])
    return found or [make.term(f"{taxonomy} {number}", taxonomy=taxonomy) for number in range(1, 18)]


def make_records(peer: Peer, parcel: Parcel, country: Country, count: int, terms: list[Term]) -> None:
    answers = PeerAnswer.objects.bulk_create(answers_of(peer, country, range(count)), batch_size=AT_ONCE)
    through = PeerAnswer.themes.through
    through.objects.bulk_create(
        [
            through(peeranswer_id=row.pk, term_id=terms[(7 * row.pk + step * 91) % len(terms)].pk)
            for row in answers
            for step in range(2)
        ],
        batch_size=AT_ONCE,
    )
    Received.objects.bulk_create(
        [
            Received(
                peer=peer,
                parcel=parcel,
                object_id=row.origin,
                kind="recommendation",
                code=row.code,
                title=row.text,
                content=json.dumps({"stand": row.stand}),
                state=Received.State.ACCEPTED,
                changed_at=parcel.received_at,
            )
            for row in answers
        ],
        batch_size=AT_ONCE,
    )


def copy_records(first: Peer, peer: Peer, parcel: Parcel, country: Country) -> None:
    moved = ("replace({}, %s, %s)", [first.origin, peer.origin])
    values = {"origin": moved, "site": ("%s", [peer.origin]), "sender": ("%s", [peer.name])}
    copy_rows(PeerAnswer, values | {"country_id": ("%s", [country.pk])}, "site = %s", first.origin)
    values = {"object_id": moved, "peer_id": ("%s", [peer.pk]), "parcel_id": ("%s", [parcel.pk])}
    copy_rows(Received, values, "peer_id = %s", first.pk)
    answers, through = PeerAnswer._meta.db_table, PeerAnswer.themes.through._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {through} (peeranswer_id, term_id) SELECT new.id, linked.term_id FROM {answers} AS old"
            f" JOIN {answers} AS new ON new.code = old.code AND new.site = %s"
            f" JOIN {through} AS linked ON linked.peeranswer_id = old.id WHERE old.site = %s",
            [peer.origin, first.origin],
        )


def copy_rows(model: type[Model], changed: dict[str, tuple[str, list]], where: str, value: object) -> None:
    """Rows of a table again, with other values in some columns."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    read = [changed[name][0].format(name) if name in changed else name for name in columns]
    given = [part for name in columns if name in changed for part in changed[name][1]]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(read)} FROM {table} WHERE {where}",
            [*given, value],
        )


def index_records(peer: Peer) -> None:
    rows = PeerAnswer.objects.filter(site=peer.origin).values_list("pk", "code", "language", "text")
    SEARCH.write((pk, tokens_once(code, language, text)) for pk, code, language, text in rows)


tokens_once = lru_cache(maxsize=20_000)(tokens_of)


def answers_of(peer: Peer, country: Country, numbers: Iterable[int]) -> Iterator[PeerAnswer]:
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
