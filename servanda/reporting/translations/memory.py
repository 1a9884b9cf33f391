"""What was translated before: kept when a translation is reviewed, offered for the same or a similar text."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2s

from django.db.models import QuerySet
from django.utils import timezone
from rapidfuzz import fuzz, process

from servanda.language.documents.paragraph_kinds import sentences
from servanda.people.models import User
from servanda.reporting.models import MemorySegment, SectionTranslation

SAME, SIMILAR = 100, 75  # of 100: from which on an earlier text is offered
SHORTEST = 12  # characters: shorter texts say too little
MOST_OFFERED = 3
MOST_COMPARED = 20_000  # the newest ones
LONGER = 1.4  # times: a text that is longer or shorter by more cannot be similar enough


@dataclass(frozen=True, slots=True)
class Remembered:
    """An earlier translation, and how alike its source is: 100 for the same text."""

    segment: MemorySegment
    likeness: int
    is_sentence: bool = False  # one of the paragraph


def memory_key(text: str) -> str:
    """Equal for texts that differ in spaces and capitals only."""
    return blake2s(plain(text).encode(), digest_size=16).hexdigest()


def plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def memory_for(translation: SectionTranslation, user: User) -> QuerySet[MemorySegment]:
    """From reports that the person sees, in the same two languages, without the section itself."""
    rows = MemorySegment.objects.visible_to(user).exclude(translation=translation.pk)
    return rows.filter(source_language=translation.section.report.language, language=translation.into.language)


def exact_for(translation: SectionTranslation, sources: Iterable[str], user: User) -> dict[str, list[Remembered]]:
    """The newest translations of the same texts, by the key of the text; for all paragraphs with one query."""
    keys = {memory_key(source) for source in sources if len(source) >= SHORTEST}
    rows = memory_for(translation, user).filter(key__in=keys).order_by("-day", "-pk")
    found: defaultdict[str, dict[str, Remembered]] = defaultdict(dict)
    for row in rows.select_related("translation__section__report"):
        if len(found[row.key]) < MOST_OFFERED:
            found[row.key].setdefault(row.target, Remembered(row, SAME))
    return {key: list(offered.values()) for key, offered in found.items()}


def similar_to(translation: SectionTranslation, source: str, user: User) -> list[Remembered]:
    """The most similar texts of which there is a translation, and those of sentences of this text."""
    wanted = plain(source)
    if len(wanted) < SHORTEST:
        return []
    rows = memory_for(translation, user)
    parts = sentences(source)
    keys = [memory_key(part) for part in parts] if len(parts) > 1 else []
    lengths = (len(wanted) / LONGER, len(wanted) * LONGER)
    texts = rows.filter(length__range=lengths).order_by("-pk").values_list("pk", "source")[:MOST_COMPARED]
    scored = process.extract(source, dict(texts), scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=MOST_OFFERED * 2)
    likeness = {pk: int(score) for _text, score, pk in scored}
    of_sentences = list(rows.filter(key__in=keys).values_list("pk", flat=True)[: MOST_OFFERED * 2]) if keys else []
    found = MemorySegment.objects.filter(pk__in=[*likeness, *of_sentences])
    by_pk = {row.pk: row for row in found.select_related("translation__section__report")}
    offered: dict[str, Remembered] = {}
    for pk in dict.fromkeys([*likeness, *of_sentences]):
        row = by_pk[pk]
        offered.setdefault(row.target, Remembered(row, likeness.get(pk, SAME), is_sentence=pk not in likeness))
    return list(offered.values())[: MOST_OFFERED * 2]


def chosen_for(translation: SectionTranslation, source: str, number: int, user: User) -> Remembered | None:
    """The earlier translation with this key, if the person may use it here."""
    row = memory_for(translation, user).filter(pk=number).first()
    if row is None:
        return None
    likeness = int(fuzz.ratio(plain(row.source), plain(source)))
    return Remembered(row, likeness, is_sentence=likeness < SIMILAR)


def remember(translation: SectionTranslation) -> None:
    """Keep the paragraphs of a reviewed translation, and their sentences where both have as many, instead of those
    that were kept when it was reviewed before."""
    translation.memory.all().delete()
    source_language, language = translation.section.report.language, translation.into.language
    day = timezone.localdate()
    MemorySegment.objects.bulk_create(
        MemorySegment(
            translation=translation,
            source_language=source_language,
            language=language,
            key=memory_key(source),
            length=len(plain(source)),
            source=source,
            target=target,
            day=day,
        )
        for source, target in units_of(translation.segments)
    )


def units_of(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for source, target in pairs:
        if len(source) < SHORTEST or not target.strip():
            continue
        yield source, target
        of_source, of_target = sentences(source), sentences(target)
        if 1 < len(of_source) == len(of_target):
            yield from (pair for pair in zip(of_source, of_target, strict=True) if len(pair[0]) >= SHORTEST)
