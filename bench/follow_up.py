"""The desk and the pages of follow-up at two sizes, for a coordinator and for a focal point, through the whole stack.

`SERVANDA_BENCH_FOLLOW_UP` says how many recommendations there are at the larger size; all else goes with it.
"""

import os
import time
from collections.abc import Callable, Iterable
from statistics import median, quantiles

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.followed import Followed, follow
from bench.grown import Grower, seeds
from servanda.people.models import User
from servanda.recommendations.counts import touch

LARGEST = int(os.environ.get("SERVANDA_BENCH_FOLLOW_UP", "10000"))
TIMES = 20
MOST_QUESTIONS, SLOWEST, GROWTH = 20, 300, 2  # questions to the database; milliseconds; times as long
ASKED = "?government=partial&update=older-180"
OURS = {"desk", "dashboard", "dashboard of an institution"}  # pages with a bar in milliseconds


def run(report: Callable[..., None]) -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    grower, took = Grower(seeds()), {}
    for size in (LARGEST // 10, LARGEST):
        start = time.perf_counter()
        grower.grow_to(size)
        there = follow(size)
        report(f"{size:,} records with their follow-up grown, s", time.perf_counter() - start)
        for who, person in (("coordinator", there.coordinator), ("focal point", there.focal_point)):
            for name, address in pages(there).items():
                what, is_largest = f"{size:,}, {who}: {name}", size == LARGEST
                took[size, who, name] = measure(report, person, address, what, name, is_largest=is_largest)
    for (size, who, name), longest in took.items():
        if size == LARGEST and name in OURS:
            growth = longest / took[LARGEST // 10, who, name]
            report(
                f"{who}: {name}, times as long for ten times as much",
                growth,
                f"at most {GROWTH}",
                ok=growth <= GROWTH,
            )


def pages(there: Followed) -> dict[str, str]:
    return {
        "desk": reverse("desk:home"),
        "dashboard": reverse("desk:follow_up") + "?of=all",
        "dashboard of an institution": reverse("desk:institution_follow_up", args=[there.institution.pk]),
        "register": reverse("desk:register"),
        "register by status and last update": reverse("desk:register") + ASKED,
        "record": reverse("desk:record", args=[there.record.code]),
        "follow-up of a record": reverse("desk:record_follow_up", args=[there.record.code]),
        "updates": reverse("desk:updates"),
        "actions": reverse("desk:actions"),
        "rounds": reverse("desk:rounds"),
    }


def measure(report, person: User, address: str, what: str, name: str, *, is_largest: bool) -> float:
    """The 95th percentile with counts kept, in milliseconds."""
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    if client.get(address).status_code == 403:
        return 0
    cold, warm = timed(client, [address] * 5, before=touch), timed(client, [address] * TIMES)
    p95, has_bar = quantiles(warm, n=20)[-1], is_largest and name in OURS
    report(f"{what}, p50 ms", median(warm))
    report(f"{what}, p95 ms", p95, f"at most {SLOWEST}" if has_bar else "", ok=p95 <= SLOWEST if has_bar else None)
    report(f"{what}, right after a change, ms", median(cold))
    asked = questions(client, address)
    report(f"{what}, questions", asked, f"at most {MOST_QUESTIONS}", ok=asked <= MOST_QUESTIONS)
    return p95


def timed(client: Client, addresses: Iterable[str], *, before: Callable = bool) -> list[float]:
    took = []
    for address in addresses:
        before()
        start = time.perf_counter()
        response = client.get(address)
        took.append((time.perf_counter() - start) * 1000)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
    return took


def questions(client: Client, address: str) -> int:
    """With nothing kept, which asks the most."""
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len([one for one in captured if one["sql"].startswith(("SELECT", "INSERT", "UPDATE"))])
