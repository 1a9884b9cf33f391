"""A judgment of 300 pages, and a scan of as many: read within bounds, or refused with the place in the sentence."""

import time
import tracemalloc
from itertools import batched
from pathlib import Path
from textwrap import wrap

import pytest

from servanda.sources.candidates import Unreadable
from servanda.sources.documents import blocks
from servanda.sources.documents.reader import read_document
from tests.once import built_once
from tests.sources import documents_make
from tests.sources.judgments_make import MadeJudgment, made_judgments
from tests.sources.letters_make import SEEN

PAGES = 300
SECONDS = 60  # of processor; it takes a fifth of that
MEGABYTES = 400
FACT = "The Applicant states that he was arrested on 3 May 2016 by officers whose names are not known, number {n}."
LINES, WIDTH = 44, 84


def pages_of(judgment: MadeJudgment, number: int) -> list[list[str]]:
    """The masthead, as many pages of numbered facts, and the operative part, as lines of pages."""
    at = next(place for place, row in enumerate(judgment.rows) if row.startswith("90."))
    facts = [f"{n}. {FACT.format(n=n)}" for n in range(2, 90)] + [FACT.format(n=n) for n in range(number * 20)]
    first, last = (list(batched(lines_of(rows), LINES)) for rows in (judgment.rows[:at], judgment.rows[at:]))
    middle = list(batched(lines_of(facts), LINES))[: number - len(first) - len(last)]
    return [list(page) for page in (*first, *middle, *last)]


def lines_of(rows) -> list[str]:
    """Each paragraph with an empty line behind it."""
    return [line for row in rows for line in (*wrap(row, WIDTH), "")]


@built_once
def judgment() -> MadeJudgment:
    return next(made for made in made_judgments(SEEN) if " en " in made.name)


def test_points_and_the_day_are_read_within_bounds(judgment, tmp_path):
    pages = pages_of(judgment, PAGES)
    path = documents_make.text_pdf(tmp_path / "judgment.pdf", pages)
    start = time.process_time()
    reading = read_document(path)
    assert time.process_time() - start < SECONDS
    assert (len(pages), reading.adopted) == (PAGES, judgment.day)
    points = [unit for unit in reading.units if unit.deadline]
    assert [unit.number for unit in points] == [point.mark for point in judgment.points if point.term]
    assert [unit.page for unit in points] == [PAGES] * len(points)


def test_a_fifth_of_the_pages_takes_a_fifth_of_the_memory(judgment, tmp_path):
    """Tracing slows the reader down several times, so the whole judgment is not traced."""
    path = documents_make.text_pdf(tmp_path / "judgment.pdf", pages_of(judgment, PAGES // 5))
    tracemalloc.start()
    read_document(path)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    assert peak < MEGABYTES / 5


def test_a_longer_file_and_a_scan_are_refused_and_the_sentence_names_the_place(judgment, tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "MOST_PAGES", 20)
    long = documents_make.text_pdf(tmp_path / "long.pdf", pages_of(judgment, 30))
    with pytest.raises(Unreadable, match=r"long.pdf has 30 pages; at most 20 are read"):
        read_document(long)
    monkeypatch.undo()
    scan = documents_make.text_pdf(tmp_path / "scan.pdf", [[] for _page in range(PAGES)])
    start = time.monotonic()
    with pytest.raises(Unreadable, match=r"scan.pdf"):
        read_document(scan)
    assert time.monotonic() - start < SECONDS


def test_a_file_that_takes_too_long_is_stopped(judgment, tmp_path, monkeypatch):
    path: Path = documents_make.text_pdf(tmp_path / "slow.pdf", pages_of(judgment, 30))
    monkeypatch.setattr(blocks, "MOST_SECONDS", 0)
    with pytest.raises(Unreadable, match="slow.pdf"):
        read_document(path)
