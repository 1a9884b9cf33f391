"""Exchange between instances: the check of objects, a parcel that goes out, and the same parcel as it arrives.

The bars are those of a first exchange of a whole register. The check is compared with the dumbest way that could
work: to read the JSON and believe it.
"""

import json
import resource
import time
from collections.abc import Callable
from io import BytesIO

from django.utils import timezone

from servanda.exchange.format.checking import FileChecks, check_file
from servanda.exchange.models import Received, SigningKey
from servanda.exchange.peers import services
from servanda.exchange.sharing.feed import refresh_shared, write_parcel
from servanda.people.access import Role
from servanda.recommendations.models import Recommendation
from tests import exchange_make, make
from tests.exchange_make import SITE, Sender, record

TINY = {"objects": 200, "records": 40}
BYTES = 2_000  # of an object
CHECKED_A_SECOND, MOST_SECONDS, MOST_MEGABYTES, MOST_DAILY = 8_000, 60, 150, 2
TEXT = "The State should ratify the Convention, amend its law and train all judges and police officers. "
CHANGED = 200  # records of a day


def run(report: Callable[..., None], *, objects: int = 20_000, records: int = 5_000) -> None:
    check_speed(report, objects)
    by = make.user(Role.COORDINATOR)
    for number in range(records):
        make.recommendation(TEXT * 8, paragraph=str(number))
    started, memory = time.perf_counter(), megabytes()
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
    grown = megabytes() - memory
    report("memory for both, MB", grown, f"at most {MOST_MEGABYTES}", ok=grown <= MOST_MEGABYTES)
    services.decide_received(
        peer=exchange_make.Peer.objects.get(), rows=Received.objects.all(), state="accepted", by=by
    )
    a_day(report, by)


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
    changed = list(Recommendation.objects.values_list("pk", flat=True)[:CHANGED])
    Recommendation.objects.filter(pk__in=changed).update(stand="noted")
    started = time.perf_counter()
    refresh_shared(site=SITE, on=timezone.now())
    report(f"feed after {len(changed)} changes, s", time.perf_counter() - started)
    parcel = written()
    started = time.perf_counter()
    services.receive_parcel(file=BytesIO(parcel), name="parcel.zip", by=by)
    took = time.perf_counter() - started
    waiting = Received.objects.waiting().count()
    report("the parcel of the next day verified, s", took, f"at most {MOST_DAILY}", ok=took <= MOST_DAILY)
    report("objects to be reviewed after it", waiting, f"{len(changed)}", ok=waiting == len(changed))


def written() -> bytes:
    with write_parcel(site=SITE, on=timezone.now()) as file:
        return file.read()


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
