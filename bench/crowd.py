"""Two hundred readers at once, through a real server: everyone gets an answer, and no one an error."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice
from statistics import quantiles
from threading import Thread

from django.db import connection
from django.urls import reverse

from bench.demonstration import server
from bench.grown import Grower, seeds
from servanda.recommendations.models import Recommendation

TINY = {"seconds": 1, "records": 40, "readers": 5}


def run(report: Callable[..., None], *, seconds: int = 60, records: int = 5_000, readers: int = 200) -> None:
    Grower(seeds()).grow_to(records)
    addresses = pages()
    connection.close()
    crowd = [Reader(number, addresses) for number in range(readers)]
    with server() as port:
        single_reader = Reader(0, addresses)
        single_reader.read(port, time.monotonic() + max(seconds / 6, 1))
        threads = [Thread(target=reader.read, args=(port, time.monotonic() + seconds)) for reader in crowd]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    answers = sum((reader.answers for reader in crowd), Counter())
    failed = sum(number for status, number in answers.items() if status == "none" or status >= 500)
    served = sum(answers.values()) / seconds
    what = f"{readers} readers at once for {seconds} s"
    report(f"{what}: pages a second", served)
    report(f"{what}: beside one reader", served / (sum(single_reader.answers.values()) / max(seconds / 6, 1)))
    report(f"{what}: 5xx or no answer", failed, "0", ok=failed == 0)
    report(
        f"{what}: p95 ms",
        quantiles([milliseconds for reader in crowd for milliseconds in reader.milliseconds], n=20)[-1],
    )


def pages() -> list[str]:
    """What a visitor opens: lists, a search, single records."""
    register = reverse("portal:register")
    codes = Recommendation.objects.public().order_by("pk").values_list("code", flat=True)[:40]
    lists = [register, f"{register}?q=children", f"{register}?page=2", reverse("portal:home")]
    return [*lists, *(reverse("portal:recommendation", args=[code]) for code in codes)]


@dataclass(slots=True)
class Reader:
    number: int
    addresses: list[str]
    answers: Counter = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)

    def read(self, port: int, until: float) -> None:
        http = HTTPConnection("127.0.0.1", port, timeout=60)
        for address in islice(cycle(self.addresses), self.number % len(self.addresses), None):
            if time.monotonic() >= until:
                break
            start = time.perf_counter()
            try:
                http.request("GET", address)
                response = http.getresponse()
                response.read()
            except (OSError, HTTPException):
                http.close()
                self.answers["none"] += 1
                continue
            self.milliseconds.append((time.perf_counter() - start) * 1000)
            self.answers[response.status] += 1
        http.close()
