"""Finds similar records in the background; a person confirms or rejects them.

The result for two records depends only on them and on public records, so that records which a person may not see do
not influence which others are shown to them as similar.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.language.comparison.relations import (
    TWIN_ACROSS,
    Judged,
    Reading,
    Relation,
    relate,
)
from servanda.language.comparison.subjects import COSINE as COSINE_OF_SUBJECT
from servanda.language.comparison.subjects import Subjects
from servanda.language.vectors.encoder import Vectors
from servanda.language.vectors.nearest import best_pairs, pairs_above, word_pairs
from servanda.people.models import User
from servanda.recommendations.models import Likeness, Recommendation, TextVersion, by_language
from servanda.recommendations.search.vector_index import vectors_of
from servanda.trail.models import Event

NEAREST = 12  # how many others are compared with each public record
SHARED_WORDS = 0.6  # TF-IDF similarity from which on two texts are compared whatever their vectors are
MOST = 8_000  # records of one State that are compared with each other
AT_ONCE = 1_000

type Pair = tuple[int, int]


@dataclass(slots=True)
class Compared:
    """The records of one State, ordered by id."""

    pks: list[int]
    readings: list[Reading]
    vectors: Vectors
    is_public: np.ndarray

    def rows_in(self, language: str, *, public_only: bool) -> np.ndarray:
        in_language = np.array([reading.language == language for reading in self.readings], dtype=bool)
        return np.flatnonzero(in_language & self.is_public if public_only else in_language)

    @property
    def languages(self) -> list[str]:
        return sorted({reading.language for reading in self.readings})

    @property
    def subjects(self) -> Subjects:
        """Weights of words; from public records, because hidden ones must not decide what others are shown."""
        return Subjects(self.readings[row] for row in np.flatnonzero(self.is_public).tolist())


def compare_all() -> int:
    """Compare the records of each State again; returns the number of similar pairs."""
    states = Recommendation.objects.kept().order_by().values_list("country", flat=True).distinct()
    return sum(compare_records_of(country) for country in list(states))


def compare_records_of(country: int | None) -> int:
    """Save which records of a State are similar; returns the number of pairs. Decisions of people are kept."""
    records = Recommendation.objects.kept().filter(country=country)
    public = Recommendation.objects.public().filter(country=country)
    if public.count() > MOST:
        return 0
    if records.count() > MOST:
        records = public  # the number of hidden records must not decide whether these are compared
    judged = likenesses(gather(records))
    save_likenesses(records, judged)
    return len(judged)


def gather(records: QuerySet[Recommendation]) -> Compared:
    """The original text of each record, or the first of its texts, with its vector."""
    texts = originals(records)
    pks, vectors = vectors_of(sorted(texts))
    public = set(Recommendation.objects.public().filter(pk__in=records.values("pk")).values_list("pk", flat=True))
    keys = [int(pk) for pk in pks]
    is_public = np.array([pk in public for pk in keys], dtype=bool)
    return Compared(keys, [texts[pk] for pk in keys], vectors, is_public)


def originals(records: QuerySet[Recommendation]) -> dict[int, Reading]:
    rows = TextVersion.objects.current().filter(recommendation__in=records.values("pk"), form=TextVersion.Form.FULL)
    in_order = rows.order_by("recommendation", "-is_original", "language", "pk")
    texts: dict[int, Reading] = {}
    for pk, text, language in in_order.values_list("recommendation", "text", "language").iterator():
        texts.setdefault(pk, Reading(text, language))
    return texts


def likenesses(compared: Compared) -> dict[Pair, tuple[Judged, float]]:
    judged: dict[Pair, tuple[Judged, float]] = {}
    subjects = compared.subjects
    for first, second, is_best in candidates(compared):
        cosine = round(float(compared.vectors[first] @ compared.vectors[second]), 4)
        own, other = compared.readings[first], compared.readings[second]
        judgment = relate(own, other, cosine=cosine, is_best=is_best or None)
        if judgment.relation == Relation.NONE and subjects.are_same(own, other, cosine=cosine):
            judgment = replace(judgment, relation=Relation.RELATED)
        pair = (compared.pks[min(first, second)], compared.pks[max(first, second)])
        if judgment.relation != Relation.NONE and not (pair in judged and judged[pair][0].is_duplicate):
            judged[pair] = (judgment, cosine)
    return judged


def candidates(compared: Compared) -> Iterator[tuple[int, int, bool]]:
    """Pairs of rows worth comparing, and whether each is the other's best match in its language."""
    vectors = compared.vectors
    public = np.flatnonzero(compared.is_public)
    for first, second, _cosine in pairs_above(vectors[public], at_least=COSINE_OF_SUBJECT, at_most=NEAREST):
        yield int(public[first]), int(public[second]), False
    for row in np.flatnonzero(~compared.is_public).tolist():
        near = np.flatnonzero(vectors @ vectors[row] >= COSINE_OF_SUBJECT)
        yield from ((row, neighbour, False) for neighbour in near.tolist() if neighbour != row)
    for language in compared.languages:
        rows = compared.rows_in(language, public_only=True)
        texts = [compared.readings[row].normal for row in rows]
        for first, second in word_pairs(texts, at_least=SHARED_WORDS, at_most=NEAREST):
            yield int(rows[first]), int(rows[second]), False
    for language, other_language in combinations(compared.languages, 2):
        rows_here = compared.rows_in(language, public_only=True)
        rows_there = compared.rows_in(other_language, public_only=True)
        for first, second, _cosine in best_pairs(vectors[rows_here], vectors[rows_there], at_least=TWIN_ACROSS):
            yield int(rows_here[first]), int(rows_there[second]), True


def save_likenesses(records: QuerySet[Recommendation], judged_pairs: dict[Pair, tuple[Judged, float]]) -> None:
    """Save in short transactions; pairs that are no longer similar are deleted, unless a person decided on them."""
    rows = [
        Likeness(one_id=first, other_id=second, relation=judged.relation.value, cosine=cosine)
        for (first, second), (judged, cosine) in sorted(judged_pairs.items())
    ]
    stored = Likeness.objects.filter(one__in=records.values("pk"), decision=Likeness.Decision.OPEN)
    gone = [pk for pk, *pair in stored.values_list("pk", "one", "other") if tuple(pair) not in judged_pairs]
    for start in range(0, max(len(rows), len(gone)), AT_ONCE):
        with transaction.atomic():
            Likeness.objects.filter(pk__in=gone[start : start + AT_ONCE]).delete()
            Likeness.objects.bulk_create(
                rows[start : start + AT_ONCE],
                update_conflicts=True,
                unique_fields=["one", "other"],
                update_fields=["relation", "cosine"],
            )


@transaction.atomic
def confirm_likeness(*, likeness: Likeness, by: User) -> None:
    """Confirm that two records are similar. Raises `Refused` where that is already recorded."""
    locked, difference = decide(likeness, Likeness.Decision.CONFIRMED, by)
    Event.record("likeness-confirmed", locked.one, by=by, difference=difference)


@transaction.atomic
def reject_likeness(*, likeness: Likeness, by: User) -> None:
    """Record that two records are not similar: they are not suggested again, and stay apart in proposed clusters.

    Raises `Refused` where that is already recorded.
    """
    locked, difference = decide(likeness, Likeness.Decision.REJECTED, by)
    Event.record("likeness-rejected", locked.one, by=by, difference=difference)


@transaction.atomic
def reopen_likeness(*, likeness: Likeness, by: User) -> None:
    """Undo the decision on two records. Raises `Refused` where there is none."""
    locked, difference = decide(likeness, Likeness.Decision.OPEN, by)
    Event.record("likeness-reopened", locked.one, by=by, difference=difference)


def decide(likeness: Likeness, decision: str, by: User) -> tuple[Likeness, dict[str, list[str]]]:
    locked = Likeness.objects.select_for_update(of=["self"]).select_related("one", "other").get(pk=likeness.pk)
    if locked.decision == decision:
        raise Refused(_("This decision is already recorded."))
    previous, locked.decision = locked.decision, decision
    locked.decided_by, locked.decided_at = (by, timezone.now()) if decision else (None, None)
    locked.save(update_fields=["decision", "decided_by", "decided_at"])
    return locked, {"likeness": [previous, f"{locked.other.code} {decision}".strip()]}


def first_texts(records: Sequence[Recommendation]) -> dict[int, TextVersion]:
    """The text of each record that is shown to this reader."""
    rows = TextVersion.objects.current().filter(recommendation__in=records, form=TextVersion.Form.FULL)
    texts: dict[int, TextVersion] = {}
    for text in by_language(rows.order_by("pk")):
        texts.setdefault(text.recommendation_id, text)
    return texts
