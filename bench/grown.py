"""A register grown for measuring: real recommendations, perturbed until there are enough of them.

Texts, States and positions come from ../shared/data when it is beside the project, else from Slovenia's
lists. Bodies and labels are as frequent as in the full UHRI export where its counts are known. Rows are
inserted directly, because only reading is measured.
"""

import csv
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from pathlib import Path

from django.db import connection, transaction

from bench.shared import DATA
from servanda.kit.database.bulk_rows import insert_rows
from servanda.language.words.tokens import tokens_of_texts
from servanda.recommendations.models import Recommendation, RecommendingState, Tagging, TextVersion
from servanda.recommendations.records import codes
from servanda.recommendations.search import fulltext
from servanda.sources.models import Document, Review
from servanda.vocab.models import Body, Country, Term
from tests.paths import TRUTH

LABELS_OF_ONE = {"uhri-theme": 3, "uhri-group": 1, "sdg": 2}  # six a record: 1.5 million for 250,000
STANDS = {"Accepted": "supported", "Noted": "noted", "Supported": "supported"}
KINDS = {"recommendation": 77, "observation": 22, "other": 1}
UNPUBLISHED, INTERNAL = 20, 50  # one record in so many is hidden from the public, in lists and in counts
BATCH = 5000
COLUMNS = (
    "id",
    "code",
    "code_stem",
    "kind",
    "country",
    "body",
    "review",
    "document",
    "paragraph",
    "order_key",
    "date",
    "year",
    "language",
    "stand",
    "confidentiality",
    "is_published",
)


@dataclass(slots=True)
class Seed:
    """One real recommendation: its text, the States, and the position that was taken on it."""

    text: str
    country: str
    recommending: str
    stand: str
    cycle: int
    year: int


def seeds() -> list[Seed]:
    folder = DATA / "recs" / "upr_info"
    return list(_from_upr_info(folder) if folder.is_dir() else _from_slovenia())


def _from_upr_info(folder: Path) -> Iterator[Seed]:
    for path in sorted(folder.glob("upr_info_cycle*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                year = 2008 + int(row["session"]) // 3
                stand = STANDS.get(row["response"], "")
                yield Seed(row["text"], row["sur_iso3"], row["smr_iso3"], stand, int(row["cycle"]), year)


def _from_slovenia() -> Iterator[Seed]:
    for path in sorted(TRUTH.glob("*.truth.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            yield Seed(row["text"], "SVN", "", STANDS.get(row["position"], ""), 4, 2025)


@dataclass(slots=True)
class Weighted:
    """Draws things as often as they occur."""

    weights: dict[int, int]
    steps: list[int] = field(init=False)

    def __post_init__(self):
        self.steps = list(accumulate(self.weights.values()))

    def draw(self, chance: random.Random, number: int = 1) -> list[int]:
        return chance.choices(list(self.weights), cum_weights=self.steps, k=number)


def let_settle() -> None:
    """Do what a database does by itself some minutes after many rows have changed."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def occurrences() -> dict[str, dict[str, int]]:
    """How many records of the full export carry each body, theme and group; empty where that is not known."""
    path = DATA / "taxonomies" / "uhri_vocab.json"
    if not path.exists():
        return {"bodies": {}, "labels": {}}
    known = json.loads(path.read_text(encoding="utf-8"))
    labels = [*known["themes"], *known["affected_persons"]]
    return {
        "bodies": {row["label"]: row["export_count_2026_09"] or 1 for row in known["bodies"]},
        "labels": {row["label"].strip(): row["export_count_2026_09"] or 1 for row in labels},
    }


class Grower:
    """Grows an empty register step by step: about six labels for each recommendation."""

    def __init__(self, seeds: Sequence[Seed]):
        self.chance, self.size = random.Random(2026), 0
        known = occurrences()
        self.countries = dict(Country.objects.values_list("code", "pk"))
        self.seeds = [seed for seed in seeds if seed.country in self.countries]
        self.bodies = dict(Body.objects.values_list("pk", "code"))
        self.body = Weighted({pk: known["bodies"].get(code, 1) for pk, code in self.bodies.items()})
        self.terms = {scheme: Weighted(_weights(scheme, known["labels"])) for scheme in LABELS_OF_ONE}
        self.reviews: dict[tuple, tuple[int, int]] = {}

    def grow_to(self, size: int) -> None:
        for first in range(self.size + 1, size + 1, BATCH):
            with transaction.atomic():
                self._write(range(first, min(first + BATCH, size + 1)))
        self.size = size
        let_settle()

    def _write(self, pks: range) -> None:
        drawn = [(pk, self._seed(pk), self.body.draw(self.chance)[0]) for pk in pks]
        insert_rows(Recommendation, COLUMNS, [self._record(*draw) for draw in drawn])
        texts = [(pk, "en", seed.text, True) for pk, seed, _body in drawn]
        insert_rows(TextVersion, ("recommendation", "language", "text", "is_original"), texts)
        recommending = [
            (pk, self.countries[seed.recommending])
            for pk, seed, body in drawn
            if self._has_recommending_state(seed, body)
        ]
        insert_rows(RecommendingState, ("recommendation", "country"), recommending)
        labels = [(pk, term, "source", "uhri") for pk in pks for term in self._labels()]
        insert_rows(Tagging, ("recommendation", "term", "origin", "scheme"), labels)
        fulltext.write((pk, tokens_of_texts({"en": seed.text})) for pk, seed, _body in drawn)

    def _seed(self, pk: int) -> Seed:
        """A real record, the first time unchanged, later with the demand of another one appended."""
        seed, other = self.seeds[pk % len(self.seeds)], self.chance.choice(self.seeds)
        if pk < len(self.seeds):
            return seed
        text = f"{seed.text.rstrip('. ')}; {other.text[:1].lower()}{other.text[1:]}"
        return Seed(text, seed.country, other.recommending, other.stand, seed.cycle, seed.year)

    def _has_recommending_state(self, seed: Seed, body: int) -> bool:
        return self.bodies[body] == "UPR" and seed.recommending in self.countries

    def _labels(self) -> set[int]:
        near = self.chance.choice((-1, 0, 1))
        drawn = (self.terms[scheme].draw(self.chance, usual + near) for scheme, usual in LABELS_OF_ONE.items())
        return {term for terms in drawn for term in terms}

    def _record(self, pk: int, seed: Seed, body: int) -> tuple:
        code, is_upr = self.bodies[body], self.bodies[body] == "UPR"
        year = seed.year if is_upr else 2006 + (body * 7 + len(seed.country) + pk % 2 * 6) % 18
        cycle = seed.cycle if is_upr else 0
        review, document = self._review(body, seed.country, cycle, year)
        paragraph = f"{100 + year % 50}.{pk % 300}"
        stem = codes.stem(country=seed.country, body=code, cycle=cycle, year=year, paragraph=paragraph)
        order = codes.order_key(stem.removesuffix(f"-{paragraph}"), paragraph, pk)
        kind = self.chance.choices(list(KINDS), KINDS.values())[0]
        confidentiality = "public" if pk % INTERNAL else "internal"
        codes_and_kind = (pk, codes.nth(stem, pk), stem, kind)
        origin = (self.countries[seed.country], body, review, document, paragraph)
        dates = (order, date(year, 6, 1), year, "en", seed.stand if is_upr else "")
        return (*codes_and_kind, *origin, *dates, confidentiality, bool(pk % UNPUBLISHED))

    def _review(self, body: int, country: str, cycle: int, year: int) -> tuple[int, int]:
        key = (body, country, cycle, 0 if cycle else year)
        if key not in self.reviews:
            review = Review.objects.create(
                body_id=body, country_id=self.countries[country], cycle=cycle, year=0 if cycle else year
            )
            symbol = f"{self.bodies[body]}/{country}/{cycle or year}"
            document = Document.objects.create(symbol=symbol, review=review, body_id=body)
            self.reviews[key] = review.pk, document.pk
        return self.reviews[key]


def _weights(scheme: str, known: dict[str, int]) -> dict[int, int]:
    """By term, its count in the export; where that is not known, the n-th term weighs one n-th of the first."""
    terms = Term.objects.filter(taxonomy__code=scheme)
    return {term.pk: known.get(str(term.label), 1000 // rank) for rank, term in enumerate(terms, 1)}
