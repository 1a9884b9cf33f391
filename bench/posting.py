"""Focal points save updates at the same time through a real server; afterwards each must be in the database."""

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
from bench.followed import grow_follow_up
from bench.grown import Grower, seeds
from servanda.people.models import User
from servanda.planning.models import Assignment
from servanda.progress.models import Update

TINY = {"seconds": 1, "records": 40, "writers": 4}
WRITERS = {"postgresql": 50, "sqlite": 20}
FORM = "application/x-www-form-urlencoded"
TOKEN = "t" * 32  # of the CSRF cookie and field, which a browser gets with the form


def run(report: Callable[..., None], *, seconds: int = 120, records: int = 1_000, writers: int = 0) -> None:
    """With as many writers as the database takes, unless it is said how many."""
    Grower(seeds()).grow_to(records)
    grow_follow_up(records)
    at_once = [Writer(*person) for person in people(writers or WRITERS[connection.vendor])]
    connection.close()
    with server() as port:
        write_at_once(at_once, port, seconds)
    report_results(report, at_once, seconds)


def people(number: int) -> list[tuple[str, int, int, str]]:
    """For each writer: session cookie, pk of the institution, pk and code of a record that is assigned to it."""
    rows = []
    for person in User.objects.filter(role="", appointments__function="principal").order_by("pk").distinct():
        institution_pk = person.current_appointments[0].institution_id
        record = (
            Assignment.objects.filter(institution=institution_pk)
            .values_list("recommendation", "recommendation__code")
            .first()
        )
        client = Client(headers={"host": "localhost"})
        client.force_login(person)
        rows.append((client.cookies[settings.SESSION_COOKIE_NAME].value, institution_pk, *record))
    # Where there are fewer people than writers, some are logged in twice.
    return [rows[index % len(rows)] for index in range(number)]


@dataclass(slots=True)
class Writer:
    cookie: str
    institution_pk: int
    record: int
    code: str
    answers: Counter = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    saved: dict[int, str] = field(default_factory=dict)  # texts of updates that the server confirmed, by pk
    handed_in: set[int] = field(default_factory=set)

    def write(self, port: int, until: float) -> None:
        """Start an update, save it, submit it, and go on with the next until the time is over."""
        http = HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < until:
            fields = {"institution": self.institution_pk, "codes": self.code, "form_key": uuid4()}
            location = self.post(http, reverse("desk:start_update"), fields)
            pk = int(location.rstrip("/").split("/")[-2]) if "/updates/" in location else 0
            for seen in (1, 2):
                text = f"{seen} {uuid4()}"
                fields = {
                    "text": text,
                    "language": "en",
                    "shows": "process",
                    "seen": seen,
                    "recommendations": self.record,
                }
                deed = {"deed": "submit"} if seen == 2 else {"deed": "save"}
                if pk and self.post(http, reverse("desk:save_update", args=[pk]), {**fields, **deed}):
                    self.saved[pk] = text
                    self.handed_in |= {pk} if seen == 2 else set()
        http.close()

    def post(self, http: HTTPConnection, address: str, fields: dict) -> str:
        """The address that a successful POST redirects to; empty otherwise."""
        headers = {"cookie": f"{settings.SESSION_COOKIE_NAME}={self.cookie}; csrftoken={TOKEN}", "content-type": FORM}
        start = time.perf_counter()
        try:
            http.request("POST", address, urlencode({**fields, "csrfmiddlewaretoken": TOKEN}), headers)
            response = http.getresponse()
            response.read()
        except (OSError, HTTPException):
            http.close()
            self.answers["none"] += 1
            return ""
        self.milliseconds.append((time.perf_counter() - start) * 1000)
        self.answers[response.status] += 1
        return response.headers.get("location", "") if response.status == 302 else ""


def write_at_once(writers: list[Writer], port: int, seconds: int) -> None:
    until = time.monotonic() + seconds
    threads = [Thread(target=writer.write, args=(port, until)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def report_results(report: Callable[..., None], writers: list[Writer], seconds: int) -> None:
    answers = sum((writer.answers for writer in writers), Counter())
    saved = {pk: text for writer in writers for pk, text in writer.saved.items()}
    stored = dict(Update.objects.filter(pk__in=saved).values_list("pk", "text"))
    lost = sum(stored.get(pk) != text for pk, text in saved.items())
    handed_in = {pk for writer in writers for pk in writer.handed_in}
    forgotten = len(handed_in) - Update.objects.filter(pk__in=handed_in, state__in=Update.HANDED_IN).count()
    failed = sum(number for status, number in answers.items() if status == "none" or status >= 500)
    others = {status: number for status, number in answers.items() if status != 302}
    what = f"{len(writers)} writers at once for {seconds} s"
    report(f"{what}: deeds done", answers[302])
    report(f"{what}: answers other than that", str(others or "none"))
    report(f"{what}: 5xx or no answer", failed, "0", ok=failed == 0)
    report(f"{what}: updates written", len(saved))
    report(f"{what}: updates lost or with other words", lost, "0", ok=bool(saved) and lost == 0)
    report(f"{what}: handed in and not so kept", forgotten, "0", ok=bool(handed_in) and forgotten == 0)
    report(
        f"{what}: p95 ms",
        quantiles([milliseconds for writer in writers for milliseconds in writer.milliseconds], n=20)[-1],
    )
