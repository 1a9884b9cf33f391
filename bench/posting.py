"""Focal points who write at the same time, through a real server, for two minutes; then every row is looked for."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from statistics import quantiles
from threading import Thread
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from bench.demonstration import server
from bench.followed import follow
from bench.grown import Grower, seeds
from servanda.people.models import User
from servanda.planning.models import Assignment
from servanda.progress.models import Update

TINY = {"seconds": 1, "records": 40}
AT_ONCE = {"postgresql": 50, "sqlite": 20}
FORM = "application/x-www-form-urlencoded"
TOKEN = "t" * 32  # the pair of cookie and field that a browser would have got with the form


def run(report: Callable[..., None], *, seconds: int = 120, records: int = 1_000) -> None:
    Grower(seeds()).grow_to(records)
    follow(records)
    writers = [Writer(*one) for one in people(AT_ONCE[connection.vendor])]
    connection.close()
    with server() as port:
        write_at_once(writers, port, seconds)
    tell(report, writers, seconds)


def people(number: int) -> list[tuple[str, int, int, str]]:
    """The cookie of each, their institution, and a record that is assigned to it."""
    found = []
    for person in User.objects.filter(role="", appointments__function="principal").order_by("pk").distinct():
        place = person.current_appointments[0].institution_id
        record = (
            Assignment.objects.filter(institution=place).values_list("recommendation", "recommendation__code").first()
        )
        client = Client(headers={"host": "localhost"})
        client.force_login(person)
        found.append((client.cookies[settings.SESSION_COOKIE_NAME].value, place, *record))
    # More browsers than people: some are signed in twice, as with a phone beside the PC.
    return [found[at % len(found)] for at in range(number)]


@dataclass(slots=True)
class Writer:
    cookie: str
    place: int
    record: int
    code: str
    answers: Counter = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    told: dict[int, str] = field(default_factory=dict)  # what the server said that it had saved
    handed_in: set[int] = field(default_factory=set)

    def write(self, port: int, until: float) -> None:
        """Starts an update, saves it twice, hands it in; and the next."""
        link = HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < until:
            made = {"institution": self.place, "codes": self.code, "form_key": uuid4()}
            where = self.post(link, reverse("desk:start_update"), made)
            pk = int(where.rstrip("/").split("/")[-2]) if "/updates/" in where else 0
            for seen in (1, 2):
                words = f"{seen} {uuid4()}"
                said = {
                    "text": words,
                    "language": "en",
                    "shows": "process",
                    "seen": seen,
                    "recommendations": self.record,
                }
                deed = {"deed": "submit"} if seen == 2 else {"deed": "save"}
                if pk and self.post(link, reverse("desk:save_update", args=[pk]), {**said, **deed}):
                    self.told[pk] = words
                    self.handed_in |= {pk} if seen == 2 else set()
        link.close()

    def post(self, link: HTTPConnection, address: str, fields: dict) -> str:
        """Where the browser is sent when the deed is done; empty otherwise."""
        headers = {"cookie": f"{settings.SESSION_COOKIE_NAME}={self.cookie}; csrftoken={TOKEN}", "content-type": FORM}
        start = time.perf_counter()
        try:
            link.request("POST", address, urlencode({**fields, "csrfmiddlewaretoken": TOKEN}), headers)
            answer = link.getresponse()
            answer.read()
        except (OSError, HTTPException):
            link.close()
            self.answers["none"] += 1
            return ""
        self.took.append((time.perf_counter() - start) * 1000)
        self.answers[answer.status] += 1
        return answer.headers.get("location", "") if answer.status == 302 else ""


def write_at_once(writers: list[Writer], port: int, seconds: int) -> None:
    until = time.monotonic() + seconds
    threads = [Thread(target=writer.write, args=(port, until)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def tell(report: Callable[..., None], writers: list[Writer], seconds: int) -> None:
    answers = sum((writer.answers for writer in writers), Counter())
    told = {pk: words for writer in writers for pk, words in writer.told.items()}
    kept = dict(Update.objects.filter(pk__in=told).values_list("pk", "text"))
    lost = sum(kept.get(pk) != words for pk, words in told.items())
    handed_in = {pk for writer in writers for pk in writer.handed_in}
    forgotten = len(handed_in) - Update.objects.filter(pk__in=handed_in, state__in=Update.HANDED_IN).count()
    failed = sum(number for status, number in answers.items() if status == "none" or status >= 500)
    others = {status: number for status, number in answers.items() if status != 302}
    what = f"{len(writers)} writers at once for {seconds} s"
    report(f"{what}: deeds done", answers[302])
    report(f"{what}: answers other than that", str(others or "none"))
    report(f"{what}: 5xx or no answer", failed, "0", ok=failed == 0)
    report(f"{what}: updates written", len(told))
    report(f"{what}: updates lost or with other words", lost, "0", ok=bool(told) and lost == 0)
    report(f"{what}: handed in and not so kept", forgotten, "0", ok=bool(handed_in) and forgotten == 0)
    report(f"{what}: p95 ms", quantiles([one for writer in writers for one in writer.took], n=20)[-1])
