"""Translations of reports: the page of a section with 200 paragraphs, the memory of 20,000 paragraphs, and the terms
that are offered, beside the dumbest way: a label that occurs letter by letter.

`segments` is the size of the memory, `paragraphs` that of the section.
"""

import random
import re
import time
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from bench.follow_up import count_queries, timed
from bench.times import report_times
from servanda.kit.pages.markdown_segments import segments_of
from servanda.kit.server.memory import freeze_loaded_objects
from servanda.people.access import Role
from servanda.people.models import User
from servanda.reporting.models import MemorySegment, SectionTranslation
from servanda.reporting.reports.services import write_section
from servanda.reporting.translations.memory import exact_for, memory_key, plain, similar_to
from servanda.reporting.translations.terms import finder_of, offered_terms
from tests import make, reports_make
from tests.reporting.translations.sentences_with_terms import SENTENCES

TINY = {"segments": 200, "paragraphs": 10, "times": 2}
MAX_QUERIES, MAX_PAGE, MAX_SEARCH = 20, 200, 200  # milliseconds
SECTIONS = 40  # of the earlier reports
WORDS = re.findall(
    r"\w+",
    "law court police school health women children migrants budget plan measure adopted amended "
    "in of the and for with by national regional training judges prosecutors violence victims "
    "protection access services data report year programme implementation ministry institution "
    "rights education employment housing water rural persons ",
)


def run(report: Callable[..., None], *, segments: int = 20_000, paragraphs: int = 200, times: int = 40) -> None:
    chance = random.Random(21)
    by = make.user(Role.COORDINATOR)
    texts = remembered(segments, chance, by)
    shown = translation_of(paragraphs, texts, chance, by)
    freeze_loaded_objects()  # as the server does after it has started
    client = Client(headers={"host": "localhost"})
    client.force_login(by)
    places = [shown.section.report.key, "fr", shown.section.key]
    address = reverse("desk:translate_section", args=places)
    start = time.process_time()
    warm = timed(client, [address] * times)
    page = f"page of {paragraphs} paragraphs"
    report_times(report, page, warm, MAX_PAGE, worked=time.process_time() - start)
    queries = count_queries(client, address)
    report("page, queries", queries, f"at most {MAX_QUERIES}", ok=queries <= MAX_QUERIES)
    sources = segments_of(shown.section.text)
    search(report, shown, sources, by, times)
    terms(report)


def sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(8, 40))).capitalize() + "."


def remembered(count: int, chance: random.Random, by: User) -> list[str]:
    """So many paragraphs of earlier reports with their translations."""
    template = reports_make.template("Earlier", *(f"Section {number}" for number in range(SECTIONS)))
    into = reports_make.into(reports_make.report(by, template=template), "fr", by)
    sections = list(into.sections.all())
    texts = [sentence(chance) for _number in range(count)]
    MemorySegment.objects.bulk_create(
        MemorySegment(
            translation=sections[number % SECTIONS],
            source_language="en",
            language="fr",
            key=memory_key(text),
            length=len(plain(text)),
            source=text,
            target=f"{text} (fr)",
            day="2026-01-01",
        )
        for number, text in enumerate(texts)
    )
    return texts


def translation_of(paragraphs: int, texts: list[str], chance: random.Random, by: User) -> SectionTranslation:
    """A section: a third was translated before, a third is similar to that, a third is new."""
    made = reports_make.report(by)
    section = made.sections.get(key="method")
    rows = [new_or_known(number, texts, chance) for number in range(paragraphs)]
    write_section(section=section, text="\n\n".join(rows), seen=section.version, by=by)
    return reports_make.into(made, "fr", by).sections.get(section=section)


def new_or_known(number: int, texts: list[str], chance: random.Random) -> str:
    known = chance.choice(texts)
    return (known, f"{known[:-1]} in 2026.", sentence(chance))[number % 3]


def search(report: Callable[..., None], shown: SectionTranslation, sources: list[str], by: User, times: int) -> None:
    near, seconds, processor = 0, [], time.process_time()
    for source in sources[: max(times, 2)]:
        start = time.perf_counter()
        near += bool(similar_to(shown, source, by))
        seconds.append(1000 * (time.perf_counter() - start))
    search = "search of one paragraph in the memory"
    report_times(report, search, seconds, MAX_SEARCH, worked=time.process_time() - processor)
    report("paragraphs of which a similar one was found", near / len(seconds), "")
    start = time.perf_counter()
    found = len(exact_for(shown, sources, by))
    report(f"same texts of {len(sources)} paragraphs, ms", 1000 * (time.perf_counter() - start), "")
    report("paragraphs that were translated before", found, "")


def terms(report: Callable[..., None]) -> None:
    """Of made sentences in five languages, the terms that a person marked."""
    right = found = wanted = dumb_right = dumb_found = 0
    for language, text, marked in SENTENCES:
        other = "fr" if language != "fr" else "en"
        ours = {term.source for term in finder_of(language, other).found_in(text)}
        labels = {term.source for term in offered_terms(language, other)}
        dumb = {label for label in labels if label.casefold() in text.casefold()}
        right, found, wanted = right + len(ours & marked), found + len(ours), wanted + len(marked)
        dumb_right, dumb_found = dumb_right + len(dumb & marked), dumb_found + len(dumb)
    report("terms: recall", right / wanted, "")
    report("terms: precision", right / max(found, 1), "")
    report("terms, the dumbest way: recall", dumb_right / wanted, "")
    report("terms, the dumbest way: precision", dumb_right / max(dumb_found, 1), "")
