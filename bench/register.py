"""The first page of the register at three sizes, for the public and for a coordinator, through the whole stack.

At the smallest size also the processor time of a page of about a dozen records, which other load does not change.
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
MAX_QUERIES, MAX_UNFILTERED, MAX_FILTERED = 25, 150, 800  # queries per page; milliseconds
DOZEN, MAX_DOZEN, DOZEN_PAGES = 12, 35, 25  # records; milliseconds of processor time; pages for the median
THEME = "theme=equality-non-discrimination"
WORDS = ("torture", "education", "detention", "women", "trafficking")
COMMONEST = "right"  # in half of all records
ADDRESSES = {"public": "/recommendations/", "coordinator": "/desk/register/"}


def run(report: Callable[..., None], *, records: int = 250_000, times: int = 5) -> None:
    """Each page is fetched `times` times."""
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
                page_of_a_dozen(report, client, address, who, DOZEN_PAGES if times > 1 else 1)
            warm[who, size] = pages(report, client, address, f"{size:,}, {who}", times, is_largest=size == records)
    report("records and labels", f"{Recommendation.objects.count():,} and {Tagging.objects.count():,}")
    for who in ADDRESSES:
        growth = warm[who, records] / warm[who, records // 100]
        report(f"unfiltered, {who}: times as long for 100 times the records", growth)


def pages(report, client: Client, address: str, name: str, times: int, *, is_largest: bool) -> float:
    """The time of the unfiltered page with cached counts, in milliseconds."""

    def report_bar(what: str, value: float, bar: int) -> None:
        if is_largest:
            report(f"{name}: {what}", value, f"at most {bar}", ok=value <= bar)
        else:
            report(f"{name}: {what}", value)

    cold, warm = timed(client, [address] * times, before=invalidate_counts), timed(client, [address] * times)
    filtered = timed(client, [f"{address}?{THEME}&q={word}" for word in WORDS[:times]])
    commonest = timed(client, [f"{address}?{THEME}&q={COMMONEST}"] * times)
    report_bar("unfiltered, ms", warm, MAX_UNFILTERED)
    report_bar("unfiltered, right after a change, ms", cold, MAX_UNFILTERED)
    report_bar("one facet and one word, ms", filtered, MAX_FILTERED)
    report_bar("one facet and a word of half of all records, ms", commonest, MAX_FILTERED)
    queries = [count_queries(client, address), count_queries(client, f"{address}?{THEME}&q={COMMONEST}")]
    report(f"{name}: questions to the database", max(queries), "at most 25", ok=max(queries) <= MAX_QUERIES)
    return warm


def page_of_a_dozen(report, client: Client, address: str, who: str, times: int) -> None:
    """Measure the page of the theme whose number of records is nearest to a dozen, after three warm-up requests."""
    labels = Tagging.objects.filter(term__taxonomy__code="uhri-theme").order_by().values_list("term__code")
    sizes = {code: number for code, number in labels.annotate(Count("recommendation", distinct=True)) if code}
    code = min(sizes, key=lambda code: abs(sizes[code] - DOZEN), default="-")
    page = f"{address}?theme={code}"
    timed(client, [page] * 3)
    milliseconds = timed(client, [page] * times, clock=time.process_time)
    what = f"a page of {sizes.get(code, 0)} records, {who}: processor, ms"
    report(what, milliseconds, f"at most {MAX_DOZEN}", ok=milliseconds <= MAX_DOZEN)


def timed(
    client: Client,
    addresses: Iterable[str],
    *,
    before: Callable = bool,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """The median over the addresses, each fetched once, in milliseconds; `before` runs ahead of each, untimed."""
    milliseconds = []
    for address in addresses:
        before()
        start = clock()
        response = client.get(address)
        milliseconds.append((clock() - start) * 1000)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
    return median(milliseconds)


def count_queries(client: Client, address: str) -> int:
    """With an empty cache, which takes the most queries."""
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)
