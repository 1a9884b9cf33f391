"""Does the time of a response give away the words and the reference of a hidden record?

Requests for the hidden word, an absent one and another absent one take turns, so that all meet the same noise. The
figure is the larger median of the first two divided by the smaller; the other absent word shows how much is noise.
"""

import time
from collections.abc import Callable
from statistics import median

from django.test import Client
from django.urls import reverse

from bench.grown import Grower, seeds
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import Recommendation, TextVersion

TINY = {"records": 40, "times": 4}
HIDDEN, ABSENT, OTHER = "zanzibarquill", "zanzibarquoll", "zanzibarquelm"
BAR = 1.05


def run(report: Callable[..., None], *, records: int = 5_000, times: int = 1_000) -> None:
    Grower(seeds()).grow_to(records)
    code = hide_word()
    page = reverse("portal:register")
    api = reverse("api:recommendations")
    questions = {
        "a word, page": [f"{page}?q={word}" for word in (HIDDEN, ABSENT, OTHER)],
        "a word, API": [f"{api}?q={word}" for word in (HIDDEN, ABSENT, OTHER)],
        "a reference": [
            reverse("portal:recommendation", args=[reference]) for reference in (code, "SVN-99-901", "SVN-99-902")
        ],
    }
    for what, addresses in questions.items():
        hidden, absent, other = medians(addresses, times)
        ratio = max(hidden, absent) / min(hidden, absent)
        is_small = times < 100  # too few to say anything
        report(f"{what}: hidden beside absent, of {times}", ratio, f"at most {BAR}", ok=is_small or ratio <= BAR)
        report(f"{what}: absent beside absent", max(absent, other) / min(absent, other))
        report(f"{what}: ms", absent)


def hide_word() -> str:
    """Hide one record from the public, give it alone the word HIDDEN, and return its reference."""
    record = Recommendation.objects.order_by("pk").first()
    Recommendation.objects.filter(pk=record.pk).update(code="SVN-99-900", is_published=False)
    TextVersion.objects.filter(recommendation=record).update(text=f"Protect the {HIDDEN}.")
    reindex([record.pk])
    return "SVN-99-900"


def medians(addresses: list[str], times: int) -> list[float]:
    """Milliseconds for each address. They are requested in turn; the first three rounds warm up and do not count."""
    client = Client(headers={"host": "localhost"})
    milliseconds: dict[str, list[float]] = {address: [] for address in addresses}
    for number in range(times + 3):
        for address in addresses:
            start = time.perf_counter()
            client.get(address)
            if number >= 3:
                milliseconds[address].append((time.perf_counter() - start) * 1000)
    return [median(milliseconds[address]) for address in addresses]
