"""The editor of a report of 40 sections: its pages, and the save of one section, by hand and by the browser.

`records` are cited and have updates, from which the editor offers facts.
"""

from collections.abc import Callable
from time import perf_counter, process_time

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.follow_up import count_queries, timed
from bench.report_files import grow
from bench.times import report_times
from servanda.kit.server.memory import freeze_loaded_objects
from servanda.people.access import Role
from servanda.people.models import User
from servanda.recommendations.models import Recommendation
from servanda.reporting.models import Report, ReportSection
from tests import make, progress_make

TINY = {"records": 10, "words": 300, "charts": 2, "sections": 4, "times": 2}
MAX_QUERIES, MAX_P95 = 20, 200  # per page; milliseconds


def run(
    report: Callable[..., None],
    *,
    records: int = 1_000,
    words: int = 10_700,
    charts: int = 40,
    sections: int = 40,
    times: int = 40,
) -> None:
    written = Report.objects.get(key=grow(records, words, charts, sections))
    section = written.sections.exclude(content="matrix").first()
    place = make.institution("bench")
    for record in Recommendation.objects.order_by("pk")[: records // 3]:
        progress_make.update(record, place, state="published")
    writer = make.user(Role.FOCAL_POINT, place)
    ReportSection.objects.filter(pk=section.pk).update(institution=place)
    freeze_loaded_objects()  # as the server does after it has started
    for who, person in (("coordinator", User.objects.filter(role=Role.COORDINATOR).last()), ("writer", writer)):
        client = Client(headers={"host": "localhost"})
        client.force_login(person)
        for name, address in pages(written, section).items():
            worked = process_time()
            milliseconds = timed(client, [address] * times)
            report_times(report, f"{who}: {name}", milliseconds, MAX_P95, worked=process_time() - worked)
            count = count_queries(client, address)
            report(f"{who}: {name}, queries", count, f"at most {MAX_QUERIES}", ok=count <= MAX_QUERIES)
        saves(report, client, section, who, times)


def pages(written: Report, section: ReportSection) -> dict[str, str]:
    editor = reverse("desk:write_section", args=[written.key, section.key])
    return {
        "report": reverse("desk:report", args=[written.key]),
        "editor": editor,
        "editor with facts": f"{editor}?facts=updates",
    }


def saves(report: Callable[..., None], client: Client, section: ReportSection, who: str, times: int) -> None:
    address = reverse("desk:write_section", args=[section.report.key, section.key])
    for name, more, expected in (("save", {}, 302), ("save by the browser", {"autosave": "1"}, 200)):
        milliseconds, worked = [], process_time()
        for number in range(times):
            section.refresh_from_db()
            values = {"text": f"{section.text}\n\nSentence {number}.", "seen": section.version, **more}
            start = perf_counter()
            answer = client.post(address, values)
            milliseconds.append((perf_counter() - start) * 1000)
            if answer.status_code != expected:
                raise RuntimeError(f"{address} answered {answer.status_code}")
        report_times(report, f"{who}: {name}", milliseconds, MAX_P95, worked=process_time() - worked)
        section.refresh_from_db()
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            client.post(address, {"text": "Another text.", "seen": section.version, **more})
        count = len([query for query in captured if query["sql"].startswith(("SELECT", "INSERT", "UPDATE"))])
        report(f"{who}: {name}, queries", count, f"at most {MAX_QUERIES}", ok=count <= MAX_QUERIES)
