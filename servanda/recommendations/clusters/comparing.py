"""Which records are alike: worked out in the background, confirmed or rejected by a person.

What is written of two records depends on them and on public records alone. So nothing that somebody may not see
decides whether two others are shown to them as twins.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.language.comparison.relations import (
    RELATED,
    RELATED_ACROSS,
    TWIN_ACROSS,
    Judged,
    Reading,
    Relation,
    relate,
)
from servanda.language.vectors.encoder import Vectors
from servanda.language.vectors.nearest import best_pairs, pairs_above, word_pairs
from servanda.people.models import User
from servanda.recommendations.models import Likeness, Recommendation, TextVersion, by_language
from servanda.recommendations.search.vector_index import vectors_of
from servanda.trail.models import Event

NEAREST = 12  # of the others, how many are looked at for each public record
SHARED_WORDS = 0.6  # of TF-IDF, from which two texts are compared whatever their vectors say
MOST = 8_000  # records of one State that are compared with each other
AT_ONCE = 1_000

type Pair = tuple[int, int]


@dataclass(slots=True)
class Compared:
    """The records of one State, in the order of their keys."""

    pks: list[int]
    readings: list[Reading]
    vectors: Vectors
    is_public: np.ndarray

    def rows_in(self, language: str, *, public_only: bool) -> np.ndarray:
        spoken = np.array([one.language == language for one in self.readings], dtype=bool)
        return np.flatnonzero(spoken & self.is_public if public_only else spoken)

    @property
    def languages(self) -> list[str]:
        return sorted({one.language for one in self.readings})


def compare_all() -> int:
    """Compare the records of each State anew; how many pairs are alike."""
    states = Recommendation.objects.kept().order_by().values_list("country", flat=True).distinct()
    return sum(compare_records_of(country) for country in list(states))


def compare_records_of(country: int | None) -> int:
    """Write which records of a State are alike; what a person decided stays."""
    kept = Recommendation.objects.kept().filter(country=country)
    public = Recommendation.objects.public().filter(country=country)
    if public.count() > MOST:
        return 0
    if kept.count() > MOST:
        kept = public  # how many are hidden must not decide whether these are compared
    found = likenesses(gather(kept))
    save_likenesses(kept, found)
    return len(found)


def gather(kept: QuerySet[Recommendation]) -> Compared:
    """The original text of each record, or the first of its texts, with its vector."""
    texts = originals(kept)
    pks, vectors = vectors_of(sorted(texts))
    public = set(Recommendation.objects.public().filter(pk__in=kept.values("pk")).values_list("pk", flat=True))
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


def likenesses(all_of_them: Compared) -> dict[Pair, tuple[Judged, float]]:
    judged: dict[Pair, tuple[Judged, float]] = {}
    for one, other, is_best in candidates(all_of_them):
        cosine = round(float(all_of_them.vectors[one] @ all_of_them.vectors[other]), 4)
        found = relate(all_of_them.readings[one], all_of_them.readings[other], cosine=cosine, is_best=is_best or None)
        pair = (all_of_them.pks[min(one, other)], all_of_them.pks[max(one, other)])
        if found.relation != Relation.NONE and not (pair in judged and judged[pair][0].is_duplicate):
            judged[pair] = (found, cosine)
    return judged


def candidates(all_of_them: Compared) -> Iterator[tuple[int, int, bool]]:
    """Pairs of rows worth comparing, and whether each is the best that the other has in that language."""
    vectors = all_of_them.vectors
    public = np.flatnonzero(all_of_them.is_public)
    for one, other, _cosine in pairs_above(vectors[public], at_least=RELATED_ACROSS, at_most=NEAREST):
        yield int(public[one]), int(public[other]), False
    for row in np.flatnonzero(~all_of_them.is_public).tolist():
        near = np.flatnonzero(vectors @ vectors[row] >= RELATED)
        yield from ((row, other, False) for other in near.tolist() if other != row)
    for language in all_of_them.languages:
        rows = all_of_them.rows_in(language, public_only=True)
        words = [all_of_them.readings[row].normal for row in rows]
        for one, other in word_pairs(words, at_least=SHARED_WORDS, at_most=NEAREST):
            yield int(rows[one]), int(rows[other]), False
    for language, other_language in combinations(all_of_them.languages, 2):
        here = all_of_them.rows_in(language, public_only=True)
        there = all_of_them.rows_in(other_language, public_only=True)
        for one, other, _cosine in best_pairs(vectors[here], vectors[there], at_least=TWIN_ACROSS):
            yield int(here[one]), int(there[other]), True


def save_likenesses(kept: QuerySet[Recommendation], found: dict[Pair, tuple[Judged, float]]) -> None:
    """In short transactions; a pair that is not alike any more goes, unless a person has spoken on it."""
    rows = [
        Likeness(one_id=one, other_id=other, relation=judged.relation.value, cosine=cosine)
        for (one, other), (judged, cosine) in sorted(found.items())
    ]
    stored = Likeness.objects.filter(one__in=kept.values("pk"), decision=Likeness.Decision.OPEN)
    gone = [pk for pk, *pair in stored.values_list("pk", "one", "other") if tuple(pair) not in found]
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
    """Say that two records are alike, so that it counts as said by a person."""
    held, told = decide(likeness, Likeness.Decision.CONFIRMED, by)
    Event.record("likeness-confirmed", held.one, by=by, difference=told)


@transaction.atomic
def reject_likeness(*, likeness: Likeness, by: User) -> None:
    """Say that two records are not alike; they are never suggested again, and stay apart in clusters."""
    held, told = decide(likeness, Likeness.Decision.REJECTED, by)
    Event.record("likeness-rejected", held.one, by=by, difference=told)


@transaction.atomic
def reopen_likeness(*, likeness: Likeness, by: User) -> None:
    """Take back what was said on two records."""
    held, told = decide(likeness, Likeness.Decision.OPEN, by)
    Event.record("likeness-reopened", held.one, by=by, difference=told)


def decide(likeness: Likeness, decision: str, by: User) -> tuple[Likeness, dict[str, list[str]]]:
    held = Likeness.objects.select_for_update(of=["self"]).select_related("one", "other").get(pk=likeness.pk)
    if held.decision == decision:
        raise Refused(_("Somebody has already said so."))
    before, held.decision = held.decision, decision
    held.decided_by, held.decided_at = (by, timezone.now()) if decision else (None, None)
    held.save(update_fields=["decision", "decided_by", "decided_at"])
    return held, {"likeness": [before, f"{held.other.code} {decision}".strip()]}


def first_texts(records: Sequence[Recommendation]) -> dict[int, TextVersion]:
    """The text of each record that is shown to this reader."""
    rows = TextVersion.objects.current().filter(recommendation__in=records, form=TextVersion.Form.FULL)
    texts: dict[int, TextVersion] = {}
    for text in by_language(rows.order_by("pk")):
        texts.setdefault(text.recommendation_id, text)
    return texts
