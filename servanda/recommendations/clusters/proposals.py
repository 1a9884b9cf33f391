"""Proposed clusters: a tree of a State's records is computed in the background and cut on demand."""

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
NEARLY_THE_SAME = 0.5  # share of the pairs in either of two groups that are in both


@dataclass(slots=True)
class Proposal:
    lines: list[tuple[Recommendation, TextVersion | None]]
    name: str

    @property
    def language(self) -> str:
        """The language of its texts, and of its name, which is made of their words; "" where there are several."""
        languages = {text.language for _record, text in self.lines if text}
        return languages.pop() if len(languages) == 1 else ""


@dataclass(slots=True)
class Cited:
    sentence: str
    language: str
    record: Recommendation


@dataclass(slots=True)
class Proposals:
    """The result of one cut: how many clusters of each size, and those of one page."""

    height: float
    page: Page
    sizes: list[tuple[int, int | None, int]]  # from, to, how many clusters
    left_alone: int
    rejected: int  # number of clusters that are hidden because a person rejected them, or nearly the same ones
    shown: list[Proposal]


def draw_tree(country: Country) -> bool:
    """Compute the tree of a State's records; returns False where there are too many to compare."""
    records = Recommendation.objects.kept().filter(country=country)
    if records.count() > MOST:
        return False
    compared = gather(records)
    place = {pk: at for at, pk in enumerate(compared.pks)}
    apart = Likeness.objects.filter(decision=Likeness.Decision.REJECTED, one__in=compared.pks, other__in=compared.pks)
    pairs = [(place[first], place[second]) for first, second in apart.values_list("one", "other")]
    languages = [reading.language for reading in compared.readings]
    joins = tree_of(compared.vectors, languages, apart=pairs)
    ClusterTree.objects.update_or_create(
        country=country,
        defaults={
            "records": np.array(compared.pks, dtype=np.int64).tobytes(),
            "joins": joins.astype(np.float64).tobytes(),
        },
    )
    return True


def height_from(text: str) -> float:
    try:
        height = float(text)
    except ValueError:
        return CUT
    return min(max(height, LOWEST), HIGHEST) if height == height else CUT  # noqa: PLR0124 -- "nan" is no height


def proposals_of(tree: ClusterTree, *, height: float, number: int, beside: Recommendation | None = None) -> Proposals:
    """The clusters of one cut, the largest first, of records that are in no cluster yet; with `beside`, only those
    that contain this record. Clusters that a person rejected, or nearly the same ones, are left out."""
    all_groups = groups_of(tree, height)
    groups = not_rejected(all_groups, tree.country_id)
    wanted = [group for group in groups if beside is None or beside.pk in group]
    page = page_of(len(wanted), number=number, size=10)
    shown = wanted[slice_of(page)]
    counted = Counter(map(len, groups))
    sizes = [
        (least, most, sum(n for size, n in counted.items() if least <= size <= (most or size)))
        for least, most in SIZES
    ]
    grouped = sum(map(len, groups))
    left_alone, rejected = len(free_records(tree)) - grouped, len(all_groups) - len(groups)
    return Proposals(height, page, sizes, left_alone, rejected, described(shown))


def free_records(tree: ClusterTree) -> set[int]:
    pks = np.frombuffer(tree.records, dtype=np.int64).tolist()
    records = Recommendation.objects.kept().filter(country=tree.country_id)
    free = records.exclude(pk__in=ClusterMember.objects.current().values("recommendation"))
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
    """The groups without those that a person rejected, or nearly the same ones."""
    standing = RejectedProposal.records.through.objects.filter(rejectedproposal__taken_back_at=None)
    rows = standing.filter(recommendation__country=country).values_list("recommendation", "rejectedproposal")
    rejected_with: dict[int, list[int]] = defaultdict(list)
    sizes: Counter[int] = Counter()
    for record, rejected in rows:
        rejected_with[record].append(rejected)
        sizes[rejected] += 1
    return [group for group in groups if not is_nearly_rejected(group, rejected_with, sizes)]


def is_nearly_rejected(group: Collection[int], rejected_with: dict[int, list[int]], sizes: dict[int, int]) -> bool:
    """Whether a rejected group shares most of its pairs: a tighter or wider cut gives other groups of the same
    records."""
    shared = Counter(rejected for pk in group for rejected in rejected_with.get(pk, ()))
    return any(
        comb(shared_records, 2)
        >= NEARLY_THE_SAME * (comb(len(group), 2) + comb(sizes[rejected], 2) - comb(shared_records, 2))
        for rejected, shared_records in shared.items()
        if shared_records > 1
    )


def described(groups: Sequence[list[int]]) -> list[Proposal]:
    """The groups as proposals, each with the texts of its records and a name made of them."""
    everything = [pk for group in groups for pk in group]
    records = {
        record.pk: record for record in Recommendation.objects.filter(pk__in=everything).select_related("body")
    }
    texts = first_texts(list(records.values()))
    proposals = []
    for group in groups:
        other_texts = [texts[pk].text for pk in everything if pk in texts and pk not in group]
        lines = [(records[pk], texts.get(pk)) for pk in group]
        proposals.append(Proposal(lines, name_of(group, texts, other_texts)))
    return proposals


def name_of(group: Sequence[int], texts: dict[int, TextVersion], other_texts: Sequence[str]) -> str:
    """A name: the terms that distinguish the group from others, and its most central text."""
    pks, vectors = vectors_of(group)
    middle = texts.get(int(pks[medoid(vectors)])) if len(pks) else texts.get(group[0])
    if middle is None:
        return ""
    own = [texts[pk].text for pk in group if pk in texts and texts[pk].language == middle.language]
    terms = ", ".join(distinct_terms(own, other_texts, middle.language))
    return f"{terms}: {middle.text}"[:120] if terms else middle.text[:120]


def draft_of(records: Sequence[Recommendation], texts: dict[int, TextVersion]) -> list[Cited]:
    """The most central sentences of a cluster, each with its record."""
    by_pk = {record.pk: record for record in records}
    pks, vectors = vectors_of(list(by_pk))
    if not len(pks):
        return []
    chosen = [int(pks[at]) for at in central(vectors, SENTENCES)]
    return [Cited(first_sentence(texts[pk].text), texts[pk].language, by_pk[pk]) for pk in chosen if pk in texts]


def first_sentence(text: str) -> str:
    for mark in (". ", "؛ ", "; ", "。"):
        head, separator, _rest = text.partition(mark)
        if separator and len(head) > LONGEST_SENTENCE // 10:
            return head[:LONGEST_SENTENCE] + "."
    return text[:LONGEST_SENTENCE]
