"""How much slower pages are while visitors export the whole register in a loop, each from its own address."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from threading import Event, Thread

from bench.demonstration import server
from bench.grown import Grower, seeds
from bench.slow_connections import p95

TINY = {"exporters": 4, "pages": 20, "records": 40, "before": 1}
PAUSE = 0.5  # seconds before a refused client tries again, which is less than the Retry-After that it was sent
MAX_SLOWDOWN = 2  # at most so many times the p95 without exporters


def run(
    report: Callable[..., None], *, exporters: int = 20, pages: int = 300, records: int = 2_000, before: int = 5
) -> None:
    """The exporters begin `before` seconds ahead of the pages."""
    Grower(seeds()).grow_to(records)
    with server() as port:
        p95(port, 10)
        idle = p95(port, pages)
        with exporting(port, exporters) as answers:
            time.sleep(before)
            busy = p95(port, pages)
    report(f"{pages} pages, nobody else: p95 ms", idle)
    report(
        f"{pages} pages, {exporters} exporters: p95 ms", busy, f"{MAX_SLOWDOWN} times", ok=busy <= MAX_SLOWDOWN * idle
    )
    report("exports made", answers[200], "1", ok=answers[200] > 0)
    report("exports refused for now (429)", answers[429])
    others = {status: number for status, number in answers.items() if status not in (200, 429)}
    report("other answers to exporters", str(others or "none"), "none", ok=not others)


@contextmanager
def exporting(port: int, exporters: int) -> Iterator[Counter[int]]:
    """Run the exporters until the end of the block; count their answers by status."""
    is_over, answers = Event(), Counter()
    threads = [
        Thread(target=export, args=(port, f"127.0.1.{number + 1}", is_over, answers)) for number in range(exporters)
    ]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def export(port: int, address: str, is_over: Event, answers: Counter[int]) -> None:
    while not is_over.is_set():
        http = HTTPConnection("127.0.0.1", port, timeout=120, source_address=(address, 0))
        http.request("GET", "/recommendations.xlsx", headers={"Host": "localhost"})
        response = http.getresponse()
        response.read()
        answers[response.status] += 1
        http.close()
        if response.status == 429:
            is_over.wait(PAUSE)
