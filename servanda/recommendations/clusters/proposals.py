"""Clusters that the machine proposes: the tree of a State's records is made in the background, and cut when asked."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from servanda.kit.pages.listing import Page, page_of, slice_of
from servanda.language.vectors.clusters import (
    CUT,
    HIGHEST,
    LOWEST,
    MOST,
    central,
    cut,
    distinct_terms,
    medoid,
    tree_of,
)
from servanda.recommendations.clusters.comparing import first_texts, gather
from servanda.recommendations.models import (
    ClusterMember,
    ClusterTree,
    Likeness,
    Recommendation,
    RejectedProposal,
    TextVersion,
)
from servanda.recommendations.search.vector_index import vectors_of
from servanda.vocab.models import Country

SIZES = ((2, 2), (3, 5), (6, 10), (11, 20), (21, None))
SENTENCES = 5
LONGEST_SENTENCE = 400
NEARLY_THE_SAME = 0.5  # of all pairs in either of two groups, those that are in both


@dataclass(slots=True)
class Proposal:
    lines: list[tuple[Recommendation, TextVersion | None]]
    name: str

    @property
    def language(self) -> str:
        """That of its texts, out of whose words it is named; none where they are in several."""
        languages = {text.language for _record, text in self.lines if text}
        return languages.pop() if len(languages) == 1 else ""


@dataclass(slots=True)
class Cited:
    sentence: str
    language: str
    record: Recommendation


@dataclass(slots=True)
class Proposals:
    """What one cut comes to: how many clusters of which size, and those of one page."""

    height: float
    page: Page
    sizes: list[tuple[int, int | None, int]]  # from, to, how many clusters
    left_alone: int
    rejected: int  # clusters that are kept back, because a person said that they are none, or nearly the same
    shown: list[Proposal]


def draw_tree(country: Country) -> bool:
    """Work out in which order the records of a State join; not for more records than can be compared at once."""
    kept = Recommendation.objects.kept().filter(country=country)
    if kept.count() > MOST:
        return False
    there = gather(kept)
    place = {pk: at for at, pk in enumerate(there.pks)}
    apart = Likeness.objects.filter(decision=Likeness.Decision.REJECTED, one__in=there.pks, other__in=there.pks)
    pairs = [(place[one], place[other]) for one, other in apart.values_list("one", "other")]
    languages = [reading.language for reading in there.readings]
    joins = tree_of(there.vectors, languages, apart=pairs)
    ClusterTree.objects.update_or_create(
        country=country,
        defaults={
            "records": np.array(there.pks, dtype=np.int64).tobytes(),
            "joins": joins.astype(np.float64).tobytes(),
        },
    )
    return True


def height_asked(text: str) -> float:
    try:
        height = float(text)
    except ValueError:
        return CUT
    return min(max(height, LOWEST), HIGHEST) if height == height else CUT  # noqa: PLR0124 -- "nan" is no height


def proposals_of(tree: ClusterTree, *, height: float, number: int, beside: Recommendation | None = None) -> Proposals:
    """The clusters of one cut, the largest first, of records that are in the register and in no cluster yet; those
    alone that hold one record, where it is given, and none that a person rejected, or nearly so."""
    found = groups_of(tree, height)
    groups = not_rejected(found, tree.country_id)
    wanted = [group for group in groups if beside is None or beside.pk in group]
    page = page_of(len(wanted), number=number, size=10)
    shown = wanted[slice_of(page)]
    counted = Counter(map(len, groups))
    sizes = [
        (least, most, sum(n for size, n in counted.items() if least <= size <= (most or size)))
        for least, most in SIZES
    ]
    grouped = sum(map(len, groups))
    left_alone, rejected = len(free_records(tree)) - grouped, len(found) - len(groups)
    return Proposals(height, page, sizes, left_alone, rejected, described(shown))


def free_records(tree: ClusterTree) -> set[int]:
    pks = np.frombuffer(tree.records, dtype=np.int64).tolist()
    kept = Recommendation.objects.kept().filter(country=tree.country_id)
    free = kept.exclude(pk__in=ClusterMember.objects.current().values("recommendation"))
    return set(free.values_list("pk", flat=True)).intersection(pks)


def groups_of(tree: ClusterTree, height: float) -> list[list[int]]:
    pks = np.frombuffer(tree.records, dtype=np.int64).tolist()
    joins = np.frombuffer(tree.joins, dtype=np.float64).reshape(-1, 4)
    free = free_records(tree)
    groups: dict[int, list[int]] = {}
    for pk, group in zip(pks, cut(joins, height).tolist() if len(pks) > 1 else [1] * len(pks), strict=True):
        if pk in free:
            groups.setdefault(group, []).append(pk)
    return sorted((group for group in groups.values() if len(group) > 1), key=lambda group: (-len(group), group))


def not_rejected(groups: Sequence[list[int]], country: int) -> list[list[int]]:
    """Without those of which a person said that they do not belong together, in this or nearly this shape."""
    standing = RejectedProposal.records.through.objects.filter(rejectedproposal__taken_back_at=None)
    rows = standing.filter(recommendation__country=country).values_list("recommendation", "rejectedproposal")
    rejected_with: dict[int, list[int]] = defaultdict(list)
    sizes: Counter[int] = Counter()
    for record, rejected in rows:
        rejected_with[record].append(rejected)
        sizes[rejected] += 1
    return [group for group in groups if not is_nearly_rejected(group, rejected_with, sizes)]


def is_nearly_rejected(group: Collection[int], rejected_with: dict[int, list[int]], sizes: dict[int, int]) -> bool:
    """A tighter or a wider cut may give other clusters of the same records, so only most of the same pairs count."""
    shared = Counter(rejected for pk in group for rejected in rejected_with.get(pk, ()))
    return any(
        comb(both, 2) >= NEARLY_THE_SAME * (comb(len(group), 2) + comb(sizes[rejected], 2) - comb(both, 2))
        for rejected, both in shared.items()
        if both > 1
    )


def described(groups: Sequence[list[int]]) -> list[Proposal]:
    """Each with the texts of its records and a name made of them."""
    everything = [pk for group in groups for pk in group]
    records = {one.pk: one for one in Recommendation.objects.filter(pk__in=everything).select_related("body")}
    texts = first_texts(list(records.values()))
    made = []
    for group in groups:
        others = [texts[pk].text for pk in everything if pk in texts and pk not in group]
        lines = [(records[pk], texts.get(pk)) for pk in group]
        made.append(Proposal(lines, name_of(group, texts, others)))
    return made


def name_of(group: Sequence[int], texts: dict[int, TextVersion], others: Sequence[str]) -> str:
    """The words that tell it from the others, and the text in its middle."""
    pks, vectors = vectors_of(group)
    middle = texts.get(int(pks[medoid(vectors)])) if len(pks) else texts.get(group[0])
    if middle is None:
        return ""
    own = [texts[pk].text for pk in group if pk in texts and texts[pk].language == middle.language]
    terms = ", ".join(distinct_terms(own, others, middle.language))
    return f"{terms}: {middle.text}"[:120] if terms else middle.text[:120]


def draft_of(records: Sequence[Recommendation], texts: dict[int, TextVersion]) -> list[Cited]:
    """The most central sentences of a cluster, each with the record that it is taken from."""
    by_pk = {record.pk: record for record in records}
    pks, vectors = vectors_of(list(by_pk))
    if not len(pks):
        return []
    chosen = [int(pks[at]) for at in central(vectors, SENTENCES)]
    return [Cited(first_sentence(texts[pk].text), texts[pk].language, by_pk[pk]) for pk in chosen if pk in texts]


def first_sentence(text: str) -> str:
    for mark in (". ", "؛ ", "; ", "。"):
        head, found, _rest = text.partition(mark)
        if found and len(head) > LONGEST_SENTENCE // 10:
            return head[:LONGEST_SENTENCE] + "."
    return text[:LONGEST_SENTENCE]
