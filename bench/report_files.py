"""How long the files of a long report take to make, and how much memory: 10,700 words, 300 recommendations cited, 40
charts, an annex of 1,000 rows.

Each file is made in a new process, a fork of this one, so that memory of earlier ones does not count. `run` takes
smaller numbers.
"""

import random
import re
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from bench.forks import in_a_fork

TINY = {"records": 20, "words": 300, "charts": 2}
SEED, DAY = 21, date(2026, 11, 29)
CITED = 0.3  # share of the records that the text cites
MAX_SECONDS = {"docx without charts": 3, "docx": 8, "pdf": 15}
MAX_MEGABYTES = 250
READ_BACK = "docx read back"
PROSE = (
    "the Government adopted a national strategy on equal access to education and health care for all persons in"
    " rural areas which the ministry implements together with local authorities and civil society"
)


def run(report: Callable[..., None], *, records: int = 1_000, words: int = 10_700, charts: int = 40) -> None:
    key = grow(records, words, charts)
    for what in ("idle", "docx without charts", "docx", "docx read back", "pdf", "html", "md", "xlsx"):
        figures = in_a_fork(measure, what, key)
        if what == "idle":
            idle = figures["megabytes"]
            continue
        limit = MAX_SECONDS.get(what)
        bar = f"at most {limit}" if limit else ""
        report(f"{what}, s", figures["seconds"], bar, ok=figures["seconds"] <= limit if limit else None)
        report(f"{what}, s of the processor", figures["processor"])
        more = figures["megabytes"] - idle
        report(f"{what}, memory above idle, MB", more, f"at most {MAX_MEGABYTES}", ok=more <= MAX_MEGABYTES)
        report(f"{what}, KB", figures["bytes"] / 1024)


def grow(records: int, words: int, charts: int, chapters: int = 10) -> str:
    from servanda.people.access import Role
    from servanda.reporting.reports import services
    from tests import indicator_make, make, reports_make

    chance = random.Random(SEED)
    made = [make.recommendation(sentence(chance, 30)) for _number in range(records)]
    template = reports_make.template("Mid-term report", *(f"Chapter {number}" for number in range(1, chapters + 1)))
    reports_make.section(template, "Annex", content="matrix", is_counted=False, key="annex")
    coordinator = make.user(Role.COORDINATOR)
    report = reports_make.report(coordinator, template=template, review=made[0].review)
    cited = [record.paragraph for record in made[: round(records * CITED)]]
    values = [measured(indicator_make, number, made[number % records]) for number in range(charts)]
    sections = list(report.sections.exclude(content="matrix"))
    for place, section in enumerate(sections):
        text = prose(chance, words // len(sections), cited[place :: len(sections)])
        section = services.write_section(section=section, text=text, seen=1, by=coordinator)
        for value in values[place :: len(sections)]:
            source = reports_make.source("measurements")
            fact = reports_make.fact(f"{value.value} per cent", key=str(value.pk))
            seen, text = section.version, section.text
            section = services.quote_fact(
                section=section, source=source, fact=fact, text=text, seen=seen, by=coordinator
            )
    return str(report.key)


def measured(indicator_make, number: int, record):
    indicator = indicator_make.indicator(f"BENCH-{number}", about=record, name=f"Share of persons, {number}")
    return [indicator_make.value(indicator, year, (year * number) % 97) for year in range(2018, 2026)][-1]


def prose(chance: random.Random, words: int, cited: list[str]) -> str:
    """Paragraphs of about 80 words; each cites some recommendations."""
    paragraphs = []
    for place in range(max(1, words // 80)):
        numbers = ", ".join(cited[place * 3 : place * 3 + 3])
        paragraphs.append(f"{sentence(chance, 78)} (recommendations {numbers})." if numbers else sentence(chance, 80))
    return "\n\n".join(paragraphs)


def sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(PROSE.split()) for _word in range(words)).capitalize()


def measure(what: str, key: str) -> dict:
    from django.utils import timezone

    from servanda.people.models import User
    from servanda.reporting.documents.contents import document_of, in_language_of
    from servanda.reporting.documents.files import WRITERS
    from servanda.reporting.models import Report

    report, user = Report.objects.get(key=key), User.objects.latest("pk")
    format, _space, without = what.partition(" ")
    start, worked, size = time.perf_counter(), time.process_time(), 0
    if what == READ_BACK:
        start, worked, size = read_back(report, user)
    elif what != "idle":
        at = datetime(DAY.year, DAY.month, DAY.day, tzinfo=timezone.get_default_timezone())
        with in_language_of(report):
            document = document_of(report, user, on=DAY, with_charts=not without)
            with WRITERS[format](document, at) as file:
                size = len(file.read())
    seconds, processor = time.perf_counter() - start, time.process_time() - worked
    return {"seconds": seconds, "processor": processor, "megabytes": peak(), "bytes": size}


def read_back(report, user) -> tuple[float, float, int]:
    """Read the file as if it came back unchanged; returns when that began, and its size."""
    from django.core.files.base import ContentFile
    from django.utils import timezone

    from servanda.reporting.documents.contents import document_of, in_language_of
    from servanda.reporting.documents.files import WRITERS
    from servanda.reporting.returns.copies import mark_copy
    from servanda.reporting.returns.receiving import read_word_return

    with in_language_of(report):
        document = document_of(report, user, on=DAY, with_charts=False)
        mark_copy(document, report, by=user)
        with WRITERS["docx"](document, timezone.now()) as file:
            content = file.read()
    start, worked = time.perf_counter(), time.process_time()
    read_word_return(report=report, file=ContentFile(content), name="report.docx", by=user)
    return start, worked, len(content)


def peak() -> float:
    """The most memory of this process since it began; `getrusage` would include that of its parent."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
