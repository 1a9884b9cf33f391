"""Strangers who export the whole register again and again, each from an address of their own, and pages meanwhile."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from threading import Event, Thread

from bench.demonstration import server
from bench.grown import Grower, seeds
from bench.slow_connections import p95

TINY = {"exporters": 4, "pages": 20, "records": 40}
PAUSE = 0.5  # seconds until somebody who was refused tries again, which is sooner than they are told
TIMES = 2  # as slow as without exporters, at most


def run(report: Callable[..., None], *, exporters: int = 20, pages: int = 300, records: int = 2_000) -> None:
    Grower(seeds()).grow_to(records)
    with server() as port:
        p95(port, 10)
        idle = p95(port, pages)
        with at_work(port, exporters) as answers:
            time.sleep(5)
            busy = p95(port, pages)
    report(f"{pages} pages, nobody else: p95 ms", idle)
    report(f"{pages} pages, {exporters} exporters: p95 ms", busy, f"{TIMES} times", ok=busy <= TIMES * idle)
    report("exports made", answers[200], "1", ok=answers[200] > 0)
    report("exports refused for now (429)", answers[429])
    others = {status: number for status, number in answers.items() if status not in (200, 429)}
    report("other answers to exporters", str(others or "none"), "none", ok=not others)


@contextmanager
def at_work(port: int, exporters: int) -> Iterator[Counter[int]]:
    """Until the end of the block; gives the numbers of their answers by status."""
    is_over, answers = Event(), Counter()
    threads = [Thread(target=export, args=(port, f"127.0.1.{at + 1}", is_over, answers)) for at in range(exporters)]
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
        link = HTTPConnection("127.0.0.1", port, timeout=120, source_address=(address, 0))
        link.request("GET", "/recommendations.xlsx", headers={"Host": "localhost"})
        answer = link.getresponse()
        answer.read()
        answers[answer.status] += 1
        link.close()
        if answer.status == 429:
            is_over.wait(PAUSE)
