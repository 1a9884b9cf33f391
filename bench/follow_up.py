"""The desk and the pages of follow-up at two sizes, for a coordinator and for a focal point, through the whole stack.

`records` is how many recommendations there are at the larger size; all else goes with it. The record that is shown
is the one with the most updates. At last everybody who owes an answer is reminded.
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

from bench.followed import Followed, follow
from bench.grown import Grower, seeds
from servanda.kit.server.memory import freeze_loaded_objects
from servanda.people.models import User
from servanda.progress.models import Evidence, InputRound
from servanda.progress.rounds.reminders import send_input_reminders
from servanda.recommendations.counting.counts import invalidate_counts

TINY = {"records": 100, "times": 2, "first": 2}
MOST_QUESTIONS, SLOWEST, GROWTH = 20, 300, 2  # questions to the database; milliseconds; times as long
ASKED = "?government=partial&update=older-180"
GROWING = {"desk", "dashboard", "dashboard of an institution"}  # pages whose growth has a bar too
MOST_SECONDS = 60  # for reminding five hundred people


def run(report: Callable[..., None], *, records: int = 10_000, times: int = 20, first: int = 100) -> None:
    """Of the pages, only so many first ones."""
    grower, took = Grower(seeds()), {}
    for size in (records // 10, records):
        start = time.perf_counter()
        grower.grow_to(size)
        there = follow(size)
        freeze_loaded_objects()  # as the server does when it has started
        report(f"{size:,} records with their follow-up grown, s", time.perf_counter() - start)
        for who, person in (("coordinator", there.coordinator), ("focal point", there.focal_point)):
            for name, address in islice(pages(there).items(), first):
                what, is_largest = f"{size:,}, {who}: {name}", size == records
                took[size, who, name] = measure(report, person, address, what, times, is_largest=is_largest)
    for (size, who, name), longest in took.items():
        if size == records and name in GROWING:
            growth = longest / took[records // 10, who, name]
            report(
                f"{who}: {name}, times as long for ten times as much",
                growth,
                f"at most {GROWTH}",
                ok=growth <= GROWTH,
            )
    remind(report, records)


def pages(there: Followed) -> dict[str, str]:
    code, place = there.record.code, there.institution.pk
    action = there.record.actions.order_by("pk").first()
    shown = there.record.evidence.filter(is_public=True, updates__state="published").first()
    return {
        "desk": reverse("desk:home"),
        "dashboard": reverse("desk:follow_up") + "?of=all",
        "dashboard of an institution": reverse("desk:institution_follow_up", args=[place]),
        "register": reverse("desk:register"),
        "register by status and last update": reverse("desk:register") + ASKED,
        "record": reverse("desk:record", args=[code]),
        "follow-up of a record": reverse("desk:record_follow_up", args=[code]),
        "updates": reverse("desk:updates"),
        "updates of an institution": reverse("desk:updates") + f"?institution={there.institution.code}",
        "update": reverse("desk:update", args=[there.record.updates.order_by("-pk").first().pk]),
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
    """The 95th percentile with counts kept, in milliseconds."""
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
        f"{what}, p95 ms", p95, f"at most {SLOWEST}" if is_largest else "", ok=p95 <= SLOWEST if is_largest else None
    )
    report(f"{what}, right after a change, ms", median(cold))
    asked = questions(client, address)
    report(f"{what}, questions", asked, f"at most {MOST_QUESTIONS}", ok=asked <= MOST_QUESTIONS)
    return p95


def remind(report: Callable[..., None], records: int) -> None:
    """Everybody of whom something is asked hears of it: who it is, the words of each mail in their language, and the
    lines that tell of it. Sending the mails is the work of another task."""
    start = time.perf_counter()
    people = send_input_reminders(now=timezone.now().replace(hour=12))
    took = time.perf_counter() - start
    enough = people >= records // 20
    report(f"{people:,} people reminded, s", took, f"at most {MOST_SECONDS}", ok=enough and took <= MOST_SECONDS)
    kept = Evidence.objects.exclude(file="")
    on_disk = sum(1 for one in kept.iterator() if one.file.storage.exists(one.file.name))
    report(f"{kept.count():,} pieces of evidence, of these files in their place", on_disk)


def timed(client: Client, addresses: Iterable[str], *, before: Callable = bool) -> list[float]:
    took = []
    for address in addresses:
        before()
        start = time.perf_counter()
        response = client.get(address)
        b"".join(response)  # a file is read as it is handed out
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
