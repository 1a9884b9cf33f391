"""The first page of the register at three sizes, for the public and for a coordinator, through the whole stack.

At the smallest size also what a page of about a dozen records costs of the processor, whatever else the machine does.
"""

import time
from collections.abc import Callable, Iterable
from statistics import median

from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.grown import Grower, seeds
from servanda.people.models import User
from servanda.recommendations.counting.counts import invalidate_counts
from servanda.recommendations.models import Recommendation, Tagging
from tests.make import phone

TINY = {"records": 100, "times": 1}
MOST_QUESTIONS, UNFILTERED, FILTERED = 25, 150, 800  # questions to the database; milliseconds
DOZEN, OF_A_DOZEN, MEASURED = 12, 35, 25  # records; milliseconds of processor; pages of which the median counts
THEME = "theme=equality-non-discrimination"
WORDS = ("torture", "education", "detention", "women", "trafficking")
COMMONEST = "right"  # in half of all records
ADDRESSES = {"public": "/recommendations/", "coordinator": "/desk/register/"}


def run(report: Callable[..., None], *, records: int = 250_000, times: int = 5) -> None:
    """Each page is fetched so many times."""
    person = User.objects.create_user(email="bench@example.org", name="Bench", role="coordinator")
    phone(person)
    grower, warm = Grower(seeds()), {}
    for size in (records // 100, records // 10, records):
        start = time.perf_counter()
        grower.grow_to(size)
        report(f"{size:,} records grown, s", time.perf_counter() - start)
        for who, address in ADDRESSES.items():
            client = Client(headers={"host": "localhost"})
            if who == "coordinator":
                client.force_login(person)
            if size == records // 100:
                page_of_a_dozen(report, client, address, who, MEASURED if times > 1 else 1)
            warm[who, size] = pages(report, client, address, f"{size:,}, {who}", times, is_largest=size == records)
    report("records and labels", f"{Recommendation.objects.count():,} and {Tagging.objects.count():,}")
    for who in ADDRESSES:
        growth = warm[who, records] / warm[who, records // 100]
        report(f"unfiltered, {who}: times as long for 100 times the records", growth)


def pages(report, client: Client, address: str, name: str, times: int, *, is_largest: bool) -> float:
    """The time of the unfiltered page with counts kept, in milliseconds."""

    def said(what: str, value: float, bar: int) -> None:
        if is_largest:
            report(f"{name}: {what}", value, f"at most {bar}", ok=value <= bar)
        else:
            report(f"{name}: {what}", value)

    cold, warm = timed(client, [address] * times, before=invalidate_counts), timed(client, [address] * times)
    filtered = timed(client, [f"{address}?{THEME}&q={word}" for word in WORDS[:times]])
    commonest = timed(client, [f"{address}?{THEME}&q={COMMONEST}"] * times)
    said("unfiltered, ms", warm, UNFILTERED)
    said("unfiltered, right after a change, ms", cold, UNFILTERED)
    said("one facet and one word, ms", filtered, FILTERED)
    said("one facet and a word of half of all records, ms", commonest, FILTERED)
    asked = [questions(client, address), questions(client, f"{address}?{THEME}&q={COMMONEST}")]
    report(f"{name}: questions to the database", max(asked), "at most 25", ok=max(asked) <= MOST_QUESTIONS)
    return warm


def page_of_a_dozen(report, client: Client, address: str, who: str, times: int) -> None:
    """The page of one theme, of those the one that has most nearly a dozen records, once it is warm."""
    labels = Tagging.objects.filter(term__taxonomy__code="uhri-theme").order_by().values_list("term__code")
    sizes = {code: number for code, number in labels.annotate(Count("recommendation", distinct=True)) if code}
    code = min(sizes, key=lambda code: abs(sizes[code] - DOZEN), default="-")
    page = f"{address}?theme={code}"
    timed(client, [page] * 3)
    took = timed(client, [page] * times, clock=time.process_time)
    what = f"a page of {sizes.get(code, 0)} records, {who}: processor, ms"
    report(what, took, f"at most {OF_A_DOZEN}", ok=took <= OF_A_DOZEN)


def timed(
    client: Client,
    addresses: Iterable[str],
    *,
    before: Callable = bool,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """The median over the addresses, each fetched once, in milliseconds; `before` runs ahead of each, untimed."""
    took = []
    for address in addresses:
        before()
        start = clock()
        response = client.get(address)
        took.append((clock() - start) * 1000)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
    return median(took)


def questions(client: Client, address: str) -> int:
    """With nothing kept, which asks the most."""
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)
