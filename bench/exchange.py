"""Exchange between instances: the check of objects, a parcel that goes out, and the same as it arrives in a file and
over the network.

The bars are those of a first exchange of a whole register. The check is compared with the dumbest way that could
work: to read the JSON and believe it.
"""

import ctypes
import gc
import json
import time
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from itertools import batched
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.utils import timezone

from bench.hub import hub_pages
from servanda.exchange.decisions import services as decisions
from servanda.exchange.feeds import pulling
from servanda.exchange.format.checking import FileChecks, check_file
from servanda.exchange.models import Parcel, Peer, Received, SigningKey
from servanda.exchange.parcels import services as parcels
from servanda.exchange.parcels.verifying import Archive, Index, verify_parcel
from servanda.exchange.sharing.feed import INDEX, ON_A_PAGE, refresh_shared, write_parcel
from servanda.people.access import Role
from servanda.recommendations.models import (
    Position,
    Recommendation,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
)
from tests import exchange_make, make
from tests.exchange_make import SITE, Sender, record, signature
from tests.feed_server import ParcelServer, feed_online

TINY = {"objects": 200, "records": 40, "peers": 3, "of_each": 20, "times": 2}
BYTES = 2_000  # of an object
CHECKED_A_SECOND, MOST_SECONDS, MOST_MEGABYTES, MOST_DAILY = 8_000, 60, 150, 2
TEXT = "The State should ratify the Convention, amend its law and train all judges and police officers. "
CHANGED = 200  # records of a day
AT_ONCE = 1_000  # rows of an insert


def run(
    report: Callable[..., None],
    *,
    objects: int = 20_000,
    records: int = 5_000,
    peers: int = 193,
    of_each: int = 5_000,
    times: int = 20,
) -> None:
    check_speed(report, objects)
    verify_speed(report, objects)
    by = make.user(Role.COORDINATOR)
    load_modules()
    make_records(records)
    started, memory = time.perf_counter(), megabytes_now()
    refresh_shared(site=SITE, on=timezone.now())
    parcel = written()
    going_out = time.perf_counter() - started
    report(
        f"parcel of {records:,} records written, s",
        going_out,
        f"at most {MOST_SECONDS}",
        ok=going_out <= MOST_SECONDS,
    )
    report("the parcel, MB", len(parcel) / 1e6)
    exchange_make.peer(Sender(), by, fingerprint=SigningKey.objects.get().fingerprint)
    started = time.perf_counter()
    exchange_make.receive(parcel, by)
    arriving = time.perf_counter() - started
    report("the parcel verified and stored, s", arriving, f"at most {MOST_SECONDS}", ok=arriving <= MOST_SECONDS)
    grown = most_megabytes() - memory
    report("memory for both, MB", grown, f"at most {MOST_MEGABYTES}", ok=grown <= MOST_MEGABYTES)
    over_the_network(report, by)
    decisions.decide_received(peer=Peer.objects.get(), rows=Received.objects.all(), state="accepted", by=by)
    a_day(report, by)
    hub_pages(report, peers=peers, of_each=of_each, times=times)


def load_modules() -> None:
    """What a worker has loaded long before: some 860 modules, which are no part of what an exchange takes."""
    record = make.recommendation()
    refresh_shared(site=SITE, on=timezone.now())
    written()
    record.delete()
    refresh_shared(site=SITE, on=timezone.now())


def make_records(number: int) -> None:
    """With what most records have beside their text: two translations, labels, a position, a State and a source."""
    rows = [make.recommendation(TEXT * 8, paragraph=str(place)) for place in range(number)]
    terms = [make.term(f"Theme {place}") for place in range(4)]
    state = make.country("HRV", "Croatia")
    texts = (TextVersion(recommendation=row, language=code, text=TEXT * 8) for row in rows for code in ("fr", "es"))
    TextVersion.objects.bulk_create(texts, batch_size=AT_ONCE)
    labels = (Tagging(recommendation=row, term=term, origin="person") for row in rows for term in terms)
    Tagging.objects.bulk_create(labels, batch_size=AT_ONCE)
    RecommendingState.objects.bulk_create(
        (RecommendingState(recommendation=row, country=state) for row in rows), batch_size=AT_ONCE
    )
    Position.objects.bulk_create((Position(recommendation=row, stand="noted") for row in rows), batch_size=AT_ONCE)
    sources = (SourceRecord(recommendation=row, scheme="uhri", external_id=str(row.pk), digest="1") for row in rows)
    SourceRecord.objects.bulk_create(sources, batch_size=AT_ONCE)


def over_the_network(report: Callable[..., None], by: object) -> None:
    """The same feed fetched page by page: the first time, and after the changes of a day."""
    with feed_online(ParcelServer) as server:
        settings.PEERS_INSIDE = [server.site]
        refresh_shared(site=server.site, on=timezone.now())
        server.parcel, memory = written(server.site), megabytes_now()
        fingerprint = SigningKey.objects.get().fingerprint
        peer = exchange_make.peer(server.sender, by, fingerprint=fingerprint, is_pulled=True)
        took = pulled(peer)
        arrived = Received.objects.filter(peer=peer)
        report("first pull, s", took, f"at most {MOST_SECONDS}", ok=took <= MOST_SECONDS)
        grown, count = most_megabytes() - memory, arrived.count()
        report("memory for it, MB", grown, f"at most {MOST_MEGABYTES}", ok=grown <= MOST_MEGABYTES)
        expected = Recommendation.objects.public().count()
        report("objects that arrived", count, f"{expected}", ok=count == expected)
        changed = list(Recommendation.objects.values_list("pk", flat=True)[:CHANGED])
        Recommendation.objects.filter(pk__in=changed).update(stand="accepted")
        refresh_shared(site=server.site, on=timezone.now())
        server.parcel = written(server.site)
        took = pulled(peer)
        report(f"pull of {len(changed)} changes, s", took, f"at most {MOST_DAILY}", ok=took <= MOST_DAILY)
        arrived.delete()
        Parcel.objects.filter(peer=peer).delete()
        peer.delete()


def pulled(peer: Peer) -> float:
    """Seconds of a pull. Raises `AssertionError` where it did not succeed."""
    started = time.perf_counter()
    pulling.pull_feed(peer=peer, on=timezone.now())
    peer.refresh_from_db()
    assert not peer.pull_problem, peer.pull_problem
    return time.perf_counter() - started


def verify_speed(report: Callable[..., None], objects: int) -> None:
    """Signatures, hashes and the check of the format, from a ZIP of signed pages."""
    sender = Sender()
    padding = "x" * (BYTES - len(json.dumps(record())))
    for number in range(objects):
        sender.tell("Create", record(f"A-{number}", texts=[{"language": "en", "text": padding}]))
    files = sender.files(list(batched(sender.items, ON_A_PAGE)))
    parts = files | {f"{name}.jws": signature(content, sender.key) for name, content in files.items()}
    peer = Peer(origin=SITE, fingerprint=sender.fingerprint, kinds="recommendation")
    with NamedTemporaryFile(suffix=".zip") as file:
        file.write(exchange_make.zipped(parts))
        file.flush()
        with closing(Archive(Path(file.name))) as archive:
            started = time.perf_counter()
            content, signed = archive.signed(INDEX)
            found = verify_parcel(archive, content, signed, Index(content), peer, on=timezone.now())
            speed = objects / (time.perf_counter() - started)
    bar = f"at least {CHECKED_A_SECOND}"
    report("signed objects of 2 kB verified a second", speed, bar, ok=speed >= CHECKED_A_SECOND)
    report("of them received", len(found.changes), f"{objects}", ok=len(found.changes) == objects)


def check_speed(report: Callable[..., None], objects: int) -> None:
    padding = "x" * (BYTES - len(json.dumps(record())))
    values = [record(f"A-{number}", texts=[{"language": "en", "text": padding}]) for number in range(objects)]
    content = json.dumps(values[: min(objects, 9_000)]).encode()
    checks, started = FileChecks(), time.perf_counter()
    faults = [fault for value in values for fault in checks.faults_of(value)]
    speed = objects / (time.perf_counter() - started)
    report("objects of 2 kB checked a second", speed, f"at least {CHECKED_A_SECOND}", ok=speed >= CHECKED_A_SECOND)
    started = time.perf_counter()
    findings = check_file(content)
    whole = time.perf_counter() - started
    started = time.perf_counter()
    json.loads(content)
    trivial = time.perf_counter() - started
    report("a file read and checked, objects a second", findings.total / whole)
    report("the same only read as JSON, objects a second", findings.total / trivial)
    report("faults found in objects without any", len(faults), "0", ok=not faults)


def a_day(report: Callable[..., None], by: object) -> None:
    """The parcel after the changes of a day: the unchanged objects are in it too, and have to be passed over."""
    refresh_shared(site=SITE, on=timezone.now())  # it was shared under another address before
    known = list(Recommendation.objects.order_by("pk").values_list("pk", flat=True))
    changed = known[:: max(1, len(known) // CHANGED)][:CHANGED]
    Recommendation.objects.filter(pk__in=changed).update(stand="noted")
    started = time.perf_counter()
    refresh_shared(site=SITE, on=timezone.now())
    took = time.perf_counter() - started
    report(f"feed after {len(changed)} changes, s", took, f"at most {MOST_DAILY}", ok=took <= MOST_DAILY)
    parcel = written()
    started = time.perf_counter()
    parcels.receive_parcel(file=BytesIO(parcel), name="parcel.zip", by=by)
    took = time.perf_counter() - started
    waiting = Received.objects.waiting().count()
    report("the parcel of the next day verified, s", took, f"at most {MOST_DAILY}", ok=took <= MOST_DAILY)
    report("objects to be reviewed after it", waiting, f"{len(changed)}", ok=waiting == len(changed))


def written(site: str = SITE) -> bytes:
    with write_parcel(site=site, on=timezone.now()) as file:
        return file.read()


def megabytes_now() -> float:
    """What is in memory now. The most is counted anew from here, and what earlier parts no longer need is given back
    to the system, so that they do not hide this one."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    return kilobytes("VmRSS") / 1024


def most_megabytes() -> float:
    return kilobytes("VmHWM") / 1024


def kilobytes(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
