"""Pages of the desk and of follow-up at two sizes, for a coordinator and a focal point, through the whole stack.

`records` is the number of recommendations at the larger size; everything else grows with it. The record shown is the
one with the most updates. At the end everyone who owes an answer is reminded.
"""

import time
from collections.abc import Callable, Iterable
from itertools import islice
from statistics import median, quantiles

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.followed import FollowUpSample, grow_follow_up
from bench.grown import Grower, seeds
from servanda.kit.server.memory import freeze_loaded_objects
from servanda.people.models import User
from servanda.progress.models import Evidence, InputRound
from servanda.progress.rounds.reminders import send_input_reminders
from servanda.recommendations.counting.counts import invalidate_counts

TINY = {"records": 100, "times": 2, "first": 2}
MAX_QUERIES, MAX_P95, MAX_GROWTH = 20, 300, 2  # per page; milliseconds; times as long for ten times as many records
FILTER = "?government=partial&update=older-180"
PAGES_WITH_GROWTH_BAR = {"desk", "dashboard", "dashboard of an institution"}
MAX_SECONDS = 60  # to remind five hundred people


def run(report: Callable[..., None], *, records: int = 10_000, times: int = 20, first: int = 100) -> None:
    """Only the first `first` pages are measured."""
    grower, p95s = Grower(seeds()), {}
    for size in (records // 10, records):
        start = time.perf_counter()
        grower.grow_to(size)
        sample = grow_follow_up(size)
        freeze_loaded_objects()  # as the server does after it has started
        report(f"{size:,} records with their follow-up grown, s", time.perf_counter() - start)
        for who, person in (("coordinator", sample.coordinator), ("focal point", sample.focal_point)):
            for name, address in islice(pages(sample).items(), first):
                what, is_largest = f"{size:,}, {who}: {name}", size == records
                p95s[size, who, name] = measure(report, person, address, what, times, is_largest=is_largest)
    for (size, who, name), p95 in p95s.items():
        if size == records and name in PAGES_WITH_GROWTH_BAR:
            growth = p95 / p95s[records // 10, who, name]
            report(
                f"{who}: {name}, times as long for ten times as much",
                growth,
                f"at most {MAX_GROWTH}",
                ok=growth <= MAX_GROWTH,
            )
    remind(report, records)


def pages(sample: FollowUpSample) -> dict[str, str]:
    code, institution_pk = sample.record.code, sample.institution.pk
    action = sample.record.actions.order_by("pk").first()
    shown = sample.record.evidence.filter(is_public=True, updates__state="published").first()
    return {
        "desk": reverse("desk:home"),
        "dashboard": reverse("desk:follow_up") + "?of=all",
        "dashboard of an institution": reverse("desk:institution_follow_up", args=[institution_pk]),
        "register": reverse("desk:register"),
        "register by status and last update": reverse("desk:register") + FILTER,
        "record": reverse("desk:record", args=[code]),
        "follow-up of a record": reverse("desk:record_follow_up", args=[code]),
        "updates": reverse("desk:updates"),
        "updates of an institution": reverse("desk:updates") + f"?institution={sample.institution.code}",
        "update": reverse("desk:update", args=[sample.record.updates.order_by("-pk").first().pk]),
        "actions": reverse("desk:actions"),
        "actions over time": reverse("desk:action_timeline"),
        "action": reverse("desk:action", args=[action.code]),
        "indicators": reverse("desk:indicators"),
        "assessments": reverse("desk:assessments"),
        "rounds": reverse("desk:rounds"),
        "round": reverse("desk:round", args=[InputRound.objects.order_by("-pk").first().pk]),
        "what is asked of me": reverse("desk:asked"),
        "record for everybody": reverse("portal:recommendation", args=[code]),
        "evidence handed out": reverse("desk:evidence_file", args=[shown.key]),
    }


def measure(report, person: User, address: str, what: str, times: int, *, is_largest: bool) -> float:
    """The 95th percentile in milliseconds, with cached counts; 0 when this person may not open the page."""
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    if client.get(address).status_code == 403:
        return 0
    cold, warm = (
        timed(client, [address] * max(times // 4, 1), before=invalidate_counts),
        timed(client, [address] * times),
    )
    p95 = quantiles(warm, n=20)[-1]
    report(f"{what}, p50 ms", median(warm))
    report(
        f"{what}, p95 ms", p95, f"at most {MAX_P95}" if is_largest else "", ok=p95 <= MAX_P95 if is_largest else None
    )
    report(f"{what}, right after a change, ms", median(cold))
    queries = count_queries(client, address)
    report(f"{what}, questions", queries, f"at most {MAX_QUERIES}", ok=queries <= MAX_QUERIES)
    return p95


def remind(report: Callable[..., None], records: int) -> None:
    """Remind everyone who owes an answer: find them, write each mail in their language, record it in the trail.
    Another task sends the mails."""
    start = time.perf_counter()
    people = send_input_reminders(now=timezone.now().replace(hour=12))
    seconds = time.perf_counter() - start
    is_complete = people >= records // 20
    report(
        f"{people:,} people reminded, s", seconds, f"at most {MAX_SECONDS}", ok=is_complete and seconds <= MAX_SECONDS
    )
    evidence = Evidence.objects.exclude(file="")
    on_disk = sum(1 for piece in evidence.iterator() if piece.file.storage.exists(piece.file.name))
    report(f"{evidence.count():,} pieces of evidence, of these files in their place", on_disk)


def timed(client: Client, addresses: Iterable[str], *, before: Callable = bool) -> list[float]:
    milliseconds = []
    for address in addresses:
        before()
        start = time.perf_counter()
        response = client.get(address)
        b"".join(response)  # a file is read while it is streamed
        milliseconds.append((time.perf_counter() - start) * 1000)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
    return milliseconds


def count_queries(client: Client, address: str) -> int:
    """With an empty cache, which takes the most queries."""
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len([query for query in captured if query["sql"].startswith(("SELECT", "INSERT", "UPDATE"))])
