"""The relation of two texts (same, near twins, related or none), and their differences.

Similarity alone is not enough: "Abolish the death penalty" and "Maintain the death penalty" have 0.93, as do ILO 169
and ILO 189. So two texts count as twins only if nothing differs that decides the meaning: numbers, treaties,
negations, direction, strength, right holders and, within one language, any word that is no synonym.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from servanda.language.comparison.concepts import (
    ALSO_RIGHTS,
    IN_PASSING,
    OPPOSED,
    Idea,
    Kind,
    Words,
    ideas_in,
    speaks_of_instruments,
    words_of,
)
from servanda.language.comparison.likeness import NEAR, body_span, near_equal, normal
from servanda.language.comparison.spelling import american, is_slip
from servanda.language.comparison.synonyms import synonyms
from servanda.language.words.decisive_words import LIGHT, WEIGHTY
from servanda.language.words.stems import stem

# Cosines of the encoder. Measured on 659 records in six languages: half of the translations are above .76 to .87,
# half of the nearest other records below .61, one in twenty above .79; within a language one in ten above .80.
RELATED, RELATED_ACROSS = 0.74, 0.68
TWIN_ACROSS = 0.45  # for pairs that are each other's best match in their languages: 0.995 of them are translations
TWIN_ALONE_ACROSS = 0.80  # for pairs where no others were compared
KEPT_PAIRS = 0.5  # share of neighbouring words: below, the same words in another order may have another meaning
FEW_WORDS = 6
LED, REACH = (
    4,
    12,
)  # words after a preposition of direction that are compared, and the range in which they are looked for
UNSPACED = frozenset({"zh", "ja", "ko", "th", "lo", "km", "my"})
OPENING = 8  # first words, in which a recommendation says how strongly it asks
MOST_SLIPS = 40_000  # pairs of words that are compared for typing errors
SHORT, LONG = 24, 60  # words: in longer texts translators omit and repeat more

_CLAUSE_ENDS = frozenset(",;:.،؛")
_WORDS_OF_DIRECTION = "from to before after against than by under into over de del des du a à desde hacia hasta vers"
_FROM_TO = frozenset(_WORDS_OF_DIRECTION.split())


class Relation(StrEnum):
    SAME = "same"
    TWIN = "twin"
    RELATED = "related"
    NONE = "none"


@dataclass(frozen=True)
class Reading:
    """A text with derived values for comparison, each computed on first use."""

    text: str
    language: str

    @cached_property
    def normal(self) -> str:
        return normal(self.text)

    @cached_property
    def words(self) -> Words:
        """The words without the number and the closing States; positions are those in the whole text."""
        start, end = body_span(self.text)
        words = words_of(self.text[start:end])
        return Words(words.spelt, tuple((first + start, last + start) for first, last in words.spans))

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Each word as written, with accents, by its normalised form."""
        places = zip(self.words.spelt, self.words.spans, strict=True)
        return {word: self.text[start:end].casefold() for word, (start, end) in places}

    @cached_property
    def stems(self) -> list[str]:
        synonyms_of_language = synonyms(self.language)
        return [
            synonyms_of_language.get(word_stem, word_stem)
            for word_stem in (self._stem(word) for word in self.words.spelt)
        ]

    def _stem(self, word: str) -> str:
        return stem(american(word) if self.language.startswith("en") else word, self.language)

    @cached_property
    def ideas(self) -> tuple[Idea, ...]:
        return tuple(ideas_in(self.words))

    @cached_property
    def clauses(self) -> Counter[tuple[str, ...]]:
        """The words between punctuation marks, in any order."""
        groups: list[list[str]] = []
        last = None
        for word, (start, end) in zip(self.stems, self.words.spans, strict=True):
            if last is None or not _CLAUSE_ENDS.isdisjoint(self.text[last:start]):
                groups.append([])
            groups[-1].append(word)
            last = end
        return Counter(map(tuple, groups))

    @cached_property
    def length(self) -> int:
        """The length in words; two Chinese characters count as one word."""
        return len(self.text) // 2 if self.is_unspaced else len(self.words.spelt)

    @cached_property
    def is_unspaced(self) -> bool:
        return self.language[:2] in UNSPACED


type Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """The result for a pair: the relation, the kinds of differences, and their positions in each text."""

    relation: Relation
    kinds: tuple[Kind, ...] = ()
    own_spans: tuple[Span, ...] = ()
    other_spans: tuple[Span, ...] = ()

    @property
    def is_duplicate(self) -> bool:
        return self.relation in {Relation.SAME, Relation.TWIN}


def relate(own: Reading, other: Reading, *, cosine: float, is_best: bool | None = None) -> Judged:
    """The relation of two texts; `is_best` says whether each is the other's nearest text in that language."""
    if own.language == other.language:
        return _within(own, other, cosine)
    return _across(own, other, cosine, is_best=is_best)


def _within(own: Reading, other: Reading, cosine: float) -> Judged:
    if own.normal and own.normal == other.normal:
        return Judged(Relation.SAME)
    if own.is_unspaced or other.is_unspaced:
        is_twin = near_equal(own.text, other.text) >= NEAR
        return Judged(Relation.TWIN if is_twin else _related(cosine, RELATED))
    corrected = _corrected(own, other)
    differing = [*_replaced(own, corrected), *_differing_ideas(own, corrected)]
    if not differing and own.stems and corrected.stems:
        if Counter(own.stems) == Counter(corrected.stems) and not _is_reordered(own.stems, corrected.stems):
            return Judged(Relation.SAME)
        if own.clauses == corrected.clauses or not _order_matters(own.stems, corrected.stems):
            return Judged(Relation.TWIN)
        differing = [(Kind.WORD, None, None)]
    return _judged(differing, own, other, _related(cosine, RELATED))


def _across(own: Reading, other: Reading, cosine: float, *, is_best: bool | None) -> Judged:
    differing = list(_differing_across(own, other))
    if is_best is not False and not differing and cosine >= (TWIN_ACROSS if is_best else TWIN_ALONE_ACROSS):
        return Judged(Relation.TWIN)
    return _judged(differing, own, other, _related(cosine, RELATED_ACROSS))


def _related(cosine: float, enough: float) -> Relation:
    return Relation.RELATED if cosine >= enough else Relation.NONE


type Difference = tuple[
    Kind, int | None, int | None
]  # the kind, the index of the word in the first and in the second text


def _judged(differing: Iterable[Difference], own: Reading, other: Reading, relation: Relation) -> Judged:
    differing = list(differing)
    return Judged(
        relation,
        tuple(sorted({kind for kind, _, _ in differing})),
        _spans(own.words, (own_index for _, own_index, _ in differing)),
        _spans(other.words, (other_index for _, _, other_index in differing)),
    )


def _spans(text_words: Words, at: Iterable[int | None]) -> tuple[Span, ...]:
    """The positions of words; adjacent ones are joined."""
    spans: list[Span] = []
    last = None
    for word in sorted({word for word in at if word is not None}):
        start, end = text_words.spans[word]
        if last == word - 1:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        last = word
    return tuple(spans)


def _corrected(own: Reading, other: Reading) -> Reading:
    """The second text with typing errors corrected by the first, or the other way round."""
    own_spellings, other_spellings = own.spellings, other.spellings
    only_own, only_other = (
        own_spellings.keys() - other_spellings.keys(),
        other_spellings.keys() - own_spellings.keys(),
    )
    if len(only_own) * len(only_other) > MOST_SLIPS:
        return other  # with so many differing words these are different texts
    by_letter: dict[str, list[str]] = {}  # typing errors rarely change the first letter
    for word in only_own:
        by_letter.setdefault(own_spellings[word][:1], []).append(word)
    slips = {
        word: candidate
        for word in only_other
        for candidate in by_letter.get(other_spellings[word][:1], ())
        if is_slip(own_spellings[candidate], other_spellings[word])
    }
    if not slips:
        return other
    corrected = Reading(other.text, other.language)
    spelt = tuple(slips.get(word, word) for word in other.words.spelt)
    vars(corrected)["words"] = Words(spelt, other.words.spans)
    return corrected


def _replaced(own: Reading, other: Reading) -> list[Difference]:
    """Words that only one of two texts has, if they decide what is requested or are too many."""
    only_own, only_other = _only_in(own.stems, other.stems), _only_in(other.stems, own.stems)
    heavy_here = [at for at in only_own if own.stems[at] not in LIGHT]
    heavy_there = [at for at in only_other if other.stems[at] not in LIGHT]
    if not heavy_here and not heavy_there:
        return []
    added = [own.stems[at] for at in heavy_here] + [other.stems[at] for at in heavy_there]
    longest = max(len(own.stems), len(other.stems), 1)
    is_small = (len(only_own) + len(only_other)) / longest <= 2 * (1 - NEAR) / (2 - NEAR)
    if is_small and not (heavy_here and heavy_there) and WEIGHTY.isdisjoint(added):
        return []
    return [(Kind.WORD, at, None) for at in heavy_here] + [(Kind.WORD, None, at) for at in heavy_there]


def _only_in(stems: list[str], other_stems: list[str]) -> list[int]:
    remaining = Counter(other_stems)
    only = []
    for at, word in enumerate(stems):
        if remaining[word]:
            remaining[word] -= 1
        else:
            only.append(at)
    return only


def _is_reordered(stems: list[str], other_stems: list[str]) -> bool:
    return _weighing(stems) != _weighing(other_stems)


def _order_matters(stems: list[str], other_stems: list[str]) -> bool:
    """Whether the order changes the meaning: few words are still adjacent, or other words follow "from" and "to"."""
    kept_pairs = _kept_pairs(stems, other_stems)
    if max(len(stems), len(other_stems)) <= FEW_WORDS:  # with so few words, articles between them are ignored
        kept_pairs = max(kept_pairs, _kept_pairs(_weighing(stems), _weighing(other_stems)))
    return kept_pairs < KEPT_PAIRS or _led(stems) != _led(other_stems)


def _kept_pairs(stems: list[str], other_stems: list[str]) -> float:
    pairs, others_pairs = Counter(zip(stems, stems[1:])), Counter(zip(other_stems, other_stems[1:]))  # noqa: B905 -- neighbours
    return sum((pairs & others_pairs).values()) / max(min(pairs.total(), others_pairs.total()), 1)


def _weighing(stems: list[str]) -> list[str]:
    return [word for word in stems if word not in LIGHT]


def _led(stems: list[str]) -> Counter:
    """The words after prepositions of direction, up to the fourth significant one. "According to" is ignored, and the
    protocol "of" and "to" a treaty are the same."""
    led: Counter = Counter()
    for at, (previous, word) in enumerate(zip(["", *stems], stems, strict=False)):
        direction = word if word in _FROM_TO and previous != "accord" else ""
        if previous == "protocol" and word in {"of", "to"}:
            direction = "protocol"
        if direction:
            led[direction, frozenset(_weighing(stems[at + 1 : at + 1 + REACH])[:LED])] += 1
    return led


def _by_name(ideas: Iterable[Idea]) -> dict[tuple[Kind, str], list[Idea]]:
    by_name: dict[tuple[Kind, str], list[Idea]] = {}
    for idea in ideas:
        by_name.setdefault((idea.kind, idea.name), []).append(idea)
    return by_name


def _differing_ideas(own: Reading, other: Reading) -> Iterable[Difference]:
    """Differing ideas within a language; for numbers and negations their frequency counts as well."""
    own_ideas, other_ideas = _by_name(own.ideas), _by_name(other.ideas)
    for key in own_ideas.keys() | other_ideas.keys():
        own_occurrences, other_occurrences = own_ideas.get(key, []), other_ideas.get(key, [])
        often = key[0] in {Kind.NUMBER, Kind.NEGATION}
        if (
            len(own_occurrences) != len(other_occurrences)
            if often
            else bool(own_occurrences) != bool(other_occurrences)
        ):
            yield from _at(key[0], own_occurrences, other_occurrences)


def _at(kind: Kind, own_occurrences: Iterable[Idea], other_occurrences: Iterable[Idea]) -> Iterable[Difference]:
    yield from ((kind, at, None) for idea in own_occurrences for at in range(idea.start, idea.end + 1))
    yield from ((kind, None, at) for idea in other_occurrences for at in range(idea.start, idea.end + 1))


_IN_THE_OPENING = {Kind.STRENGTH, Kind.NEGATION, Kind.DIRECTION}


def _differing_across(own: Reading, other: Reading) -> Iterable[Difference]:
    """Differences across languages in what a translator would keep; in longer texts fewer of them count."""
    own_ideas, other_ideas = _kept_in_translation(own), _kept_in_translation(other)
    yield from _opposed(own_ideas, other_ideas)
    is_spoken = not own.is_unspaced and not other.is_unspaced  # the tables contain no Chinese
    longest = max(own.length, other.length)
    for kind in _TRANSLATED if is_spoken else (Kind.NUMBER,):
        only_own = {key: ideas for key, ideas in own_ideas.items() if key[0] == kind and key not in other_ideas}
        only_other = {key: ideas for key, ideas in other_ideas.items() if key[0] == kind and key not in own_ideas}
        name_other_treaties = (
            kind == Kind.TREATY and bool(only_own or only_other) and _name_treaties(own_ideas, other_ideas)
        )
        if name_other_treaties or _weighs(
            kind, {*only_own}, {*only_other}, longest if is_spoken else max(longest, SHORT + 1)
        ):
            yield from _at(kind, (idea for ideas in only_own.values() for idea in ideas), [])
            yield from _at(kind, [], (idea for ideas in only_other.values() for idea in ideas))


_TRANSLATED = (Kind.NUMBER, Kind.TREATY, Kind.NEGATION, Kind.STRENGTH, Kind.HOLDER, Kind.PLACE)
# "Sustain", "keep moving": expressed in too many ways for one that is missing on one side to count.
_LOOSE = {(Kind.STRENGTH, "continue"), *((Kind.HOLDER, name) for name in IN_PASSING)}


def _weighs(kind: Kind, only_own: set, only_other: set, longest: int) -> bool:
    """Whether differences count: in short texts anything missing on one side, in long ones only replacements."""
    if longest <= SHORT:
        return bool((only_own | only_other) - _LOOSE) or bool(only_own and only_other)
    return bool(only_own and only_other) and (longest <= LONG or kind in {Kind.TREATY, Kind.STRENGTH})


def _name_treaties(*texts: dict) -> bool:
    """Whether each text names a treaty, so that differing ones were not just omitted by a translator."""
    return all(any(kind == Kind.TREATY for kind, _name in ideas) for ideas in texts)


def _kept_in_translation(reading: Reading) -> dict[tuple[Kind, str], list[Idea]]:
    is_about_treaties = speaks_of_instruments(reading.words)
    return _by_name(
        idea
        for idea in reading.ideas
        if (idea.kind not in _IN_THE_OPENING or idea.start < OPENING)
        and (is_about_treaties or idea.kind != Kind.TREATY or idea.name not in ALSO_RIGHTS)
    )


def _opposed(own_ideas: dict, other_ideas: dict) -> Iterable[Difference]:
    own_directions = {name: ideas for (kind, name), ideas in own_ideas.items() if kind == Kind.DIRECTION}
    other_directions = {name: ideas for (kind, name), ideas in other_ideas.items() if kind == Kind.DIRECTION}
    for pair in OPPOSED:
        for direction, back in (pair, pair[::-1]):
            if (
                direction in own_directions
                and direction not in other_directions
                and back in other_directions
                and back not in own_directions
            ):
                yield from _at(Kind.DIRECTION, own_directions[direction], other_directions[back])
