"""How fast pages are while slow connections send a byte at a time, half of them heads and half of them bodies."""

import time
from collections.abc import Callable

from bench.demonstration import server
from bench.grown import Grower, seeds
from bench.slow_connections import p95, slow_connections

TINY = {"connections": 8, "pages": 20, "records": 40}
BAR = 1_000  # ms


def run(report: Callable[..., None], *, connections: int = 64, pages: int = 300, records: int = 1_000) -> None:
    Grower(seeds()).grow_to(records)
    with server() as port:
        idle = p95(port, pages)
        with slow_connections(port, connections) as closed:
            time.sleep(2)
            slow = p95(port, pages)
    report(f"{pages} pages, nobody else: p95 ms", idle)
    report(f"{pages} pages, {connections} slow connections: p95 ms", slow, f"{BAR}", ok=slow <= BAR)
    report("of the second to the first", slow / idle)
    report("slow connections that the server closed", len(closed))
