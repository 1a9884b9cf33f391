"""How two texts belong together: one and the same, near twins, related, or not at all, and in what they differ.

Likeness alone does not tell: "Abolish the death penalty" and "Maintain the death penalty" are 0.93 alike, and so are
ILO 169 and ILO 189. So before two texts count as twins, nothing may differ that decides the meaning: a number, a
treaty, a negation, which way and how strongly, whose rights, and, within one language, any word that is no synonym.
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
TWIN_ACROSS = 0.45  # where each is the best of the other's language: 0.995 of such pairs are translations
TWIN_ALONE_ACROSS = 0.80  # where nobody looked for others
KEPT_PAIRS = 0.5  # of the neighbouring words: below, the same words in another order may say another thing
FEW_WORDS = 6
LED, REACH = 4, 12  # words behind one of direction that tell where it leads, and among how many they are sought
UNSPACED = frozenset({"zh", "ja", "ko", "th", "lo", "km", "my"})
OPENING = 8  # words in which a recommendation says how strongly it asks
MOST_SLIPS = 40_000  # pairs of words, each looked at for a slip
SHORT, LONG = 24, 60  # words: in longer texts translators leave out and repeat

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
    """A text with what is compared of it, each worked out when first asked for."""

    text: str
    language: str

    @cached_property
    def normal(self) -> str:
        return normal(self.text)

    @cached_property
    def words(self) -> Words:
        """Without the number and the closing States; the places are those of the whole text."""
        start, end = body_span(self.text)
        words = words_of(self.text[start:end])
        return Words(words.spelt, tuple((first + start, last + start) for first, last in words.spans))

    @cached_property
    def written(self) -> dict[str, str]:
        """Each word with its accents, by how the tables spell it."""
        places = zip(self.words.spelt, self.words.spans, strict=True)
        return {word: self.text[start:end].casefold() for word, (start, end) in places}

    @cached_property
    def stems(self) -> list[str]:
        same = synonyms(self.language)
        return [same.get(found, found) for found in (self._stem(word) for word in self.words.spelt)]

    def _stem(self, word: str) -> str:
        return stem(american(word) if self.language.startswith("en") else word, self.language)

    @cached_property
    def ideas(self) -> tuple[Idea, ...]:
        return tuple(ideas_in(self.words))

    @cached_property
    def clauses(self) -> Counter[tuple[str, ...]]:
        """The words between commas and the like, whatever their order."""
        found: list[list[str]] = []
        last = None
        for word, (start, end) in zip(self.stems, self.words.spans, strict=True):
            if last is None or not _CLAUSE_ENDS.isdisjoint(self.text[last:start]):
                found.append([])
            found[-1].append(word)
            last = end
        return Counter(map(tuple, found))

    @cached_property
    def length(self) -> int:
        """In words; two signs of Chinese are about one."""
        return len(self.text) // 2 if self.is_unspaced else len(self.words.spelt)

    @cached_property
    def is_unspaced(self) -> bool:
        return self.language[:2] in UNSPACED


type Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a pair: the relation, what kinds of things differ, and where in each text."""

    relation: Relation
    kinds: tuple[Kind, ...] = ()
    here: tuple[Span, ...] = ()
    there: tuple[Span, ...] = ()

    @property
    def is_duplicate(self) -> bool:
        return self.relation in {Relation.SAME, Relation.TWIN}


def relate(one: Reading, other: Reading, *, cosine: float, is_best: bool | None = None) -> Judged:
    """How two texts belong together; `is_best`: each is the nearest that the other has in that language."""
    if one.language == other.language:
        return _within(one, other, cosine)
    return _across(one, other, cosine, is_best=is_best)


def _within(one: Reading, other: Reading, cosine: float) -> Judged:
    if one.normal and one.normal == other.normal:
        return Judged(Relation.SAME)
    if one.is_unspaced or other.is_unspaced:
        is_twin = near_equal(one.text, other.text) >= NEAR
        return Judged(Relation.TWIN if is_twin else _related(cosine, RELATED))
    corrected = _corrected(one, other)
    differing = [*_replaced(one, corrected), *_differing_ideas(one, corrected)]
    if not differing and one.stems and corrected.stems:
        if Counter(one.stems) == Counter(corrected.stems) and not _is_reordered(one.stems, corrected.stems):
            return Judged(Relation.SAME)
        if one.clauses == corrected.clauses or not _says_another_thing(one.stems, corrected.stems):
            return Judged(Relation.TWIN)
        differing = [(Kind.WORD, None, None)]
    return _told(differing, one, other, _related(cosine, RELATED))


def _across(one: Reading, other: Reading, cosine: float, *, is_best: bool | None) -> Judged:
    differing = list(_differing_across(one, other))
    if is_best is not False and not differing and cosine >= (TWIN_ACROSS if is_best else TWIN_ALONE_ACROSS):
        return Judged(Relation.TWIN)
    return _told(differing, one, other, _related(cosine, RELATED_ACROSS))


def _related(cosine: float, enough: float) -> Relation:
    return Relation.RELATED if cosine >= enough else Relation.NONE


type Difference = tuple[Kind, int | None, int | None]  # the kind, the word here, the word there


def _told(differing: Iterable[Difference], one: Reading, other: Reading, relation: Relation) -> Judged:
    differing = list(differing)
    return Judged(
        relation,
        tuple(sorted({kind for kind, _, _ in differing})),
        _spans(one.words, (here for _, here, _ in differing)),
        _spans(other.words, (there for _, _, there in differing)),
    )


def _spans(words: Words, at: Iterable[int | None]) -> tuple[Span, ...]:
    """The places of words, those side by side as one."""
    spans: list[Span] = []
    last = None
    for word in sorted({word for word in at if word is not None}):
        start, end = words.spans[word]
        if last == word - 1:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        last = word
    return tuple(spans)


def _corrected(one: Reading, other: Reading) -> Reading:
    """The second text with its words spelt as in the first, where one of the two is mistyped."""
    here, there = one.written, other.written
    mine, theirs = here.keys() - there.keys(), there.keys() - here.keys()
    if len(mine) * len(theirs) > MOST_SLIPS:
        return other  # so many words are not mistyped: these are two texts
    by_letter: dict[str, list[str]] = {}  # no slip changes the first
    for word in mine:
        by_letter.setdefault(here[word][:1], []).append(word)
    slips = {
        word: meant
        for word in theirs
        for meant in by_letter.get(there[word][:1], ())
        if is_slip(here[meant], there[word])
    }
    if not slips:
        return other
    corrected = Reading(other.text, other.language)
    spelt = tuple(slips.get(word, word) for word in other.words.spelt)
    vars(corrected)["words"] = Words(spelt, other.words.spans)
    return corrected


def _replaced(one: Reading, other: Reading) -> list[Difference]:
    """Words that only one of two texts of a language has, if they decide what is asked or are too many."""
    here, there = _only_in(one.stems, other.stems), _only_in(other.stems, one.stems)
    heavy_here = [at for at in here if one.stems[at] not in LIGHT]
    heavy_there = [at for at in there if other.stems[at] not in LIGHT]
    if not heavy_here and not heavy_there:
        return []
    added = [one.stems[at] for at in heavy_here] + [other.stems[at] for at in heavy_there]
    longest = max(len(one.stems), len(other.stems), 1)
    is_small = (len(here) + len(there)) / longest <= 2 * (1 - NEAR) / (2 - NEAR)
    if is_small and not (heavy_here and heavy_there) and WEIGHTY.isdisjoint(added):
        return []
    return [(Kind.WORD, at, None) for at in heavy_here] + [(Kind.WORD, None, at) for at in heavy_there]


def _only_in(stems: list[str], others: list[str]) -> list[int]:
    left = Counter(others)
    only = []
    for at, word in enumerate(stems):
        if left[word]:
            left[word] -= 1
        else:
            only.append(at)
    return only


def _is_reordered(stems: list[str], others: list[str]) -> bool:
    return _weighing(stems) != _weighing(others)


def _says_another_thing(stems: list[str], others: list[str]) -> bool:
    """Whether the order matters: hardly two words still side by side, or other words behind "from" and "to"."""
    kept = _kept_pairs(stems, others)
    if max(len(stems), len(others)) <= FEW_WORDS:  # an article must not come between two of so few
        kept = max(kept, _kept_pairs(_weighing(stems), _weighing(others)))
    return kept < KEPT_PAIRS or _led(stems) != _led(others)


def _kept_pairs(stems: list[str], others: list[str]) -> float:
    pairs, others_pairs = Counter(zip(stems, stems[1:])), Counter(zip(others, others[1:]))  # noqa: B905 -- neighbours
    return sum((pairs & others_pairs).values()) / max(min(pairs.total(), others_pairs.total()), 1)


def _weighing(stems: list[str]) -> list[str]:
    return [one for one in stems if one not in LIGHT]


def _led(stems: list[str]) -> Counter:
    """What stands behind words of direction, up to the fourth word behind it that is not small; "according to" leads
    nowhere, and the protocol of a treaty is the one to it."""
    led: Counter = Counter()
    for at, (before, word) in enumerate(zip(["", *stems], stems, strict=False)):
        way = word if word in _FROM_TO and before != "accord" else ""
        if before == "protocol" and word in {"of", "to"}:
            way = "protocol"
        if way:
            led[way, frozenset(_weighing(stems[at + 1 : at + 1 + REACH])[:LED])] += 1
    return led


def _by_name(ideas: Iterable[Idea]) -> dict[tuple[Kind, str], list[Idea]]:
    found: dict[tuple[Kind, str], list[Idea]] = {}
    for idea in ideas:
        found.setdefault((idea.kind, idea.name), []).append(idea)
    return found


def _differing_ideas(one: Reading, other: Reading) -> Iterable[Difference]:
    """Within a language every idea counts, a number and a negation as often as it is said."""
    here, there = _by_name(one.ideas), _by_name(other.ideas)
    for key in here.keys() | there.keys():
        mine, theirs = here.get(key, []), there.get(key, [])
        often = key[0] in {Kind.NUMBER, Kind.NEGATION}
        if len(mine) != len(theirs) if often else bool(mine) != bool(theirs):
            yield from _at(key[0], mine, theirs)


def _at(kind: Kind, mine: Iterable[Idea], theirs: Iterable[Idea]) -> Iterable[Difference]:
    yield from ((kind, at, None) for idea in mine for at in range(idea.start, idea.end + 1))
    yield from ((kind, None, at) for idea in theirs for at in range(idea.start, idea.end + 1))


_IN_THE_OPENING = {Kind.STRENGTH, Kind.NEGATION, Kind.DIRECTION}


def _differing_across(one: Reading, other: Reading) -> Iterable[Difference]:
    """Across languages: what a translator would keep. The longer the texts, the less of it."""
    here, there = _kept_in_translation(one), _kept_in_translation(other)
    yield from _opposed(here, there)
    is_spoken = not one.is_unspaced and not other.is_unspaced  # the tables hold no word of Chinese
    longest = max(one.length, other.length)
    for kind in _TRANSLATED if is_spoken else (Kind.NUMBER,):
        mine = {key: ideas for key, ideas in here.items() if key[0] == kind and key not in there}
        theirs = {key: ideas for key, ideas in there.items() if key[0] == kind and key not in here}
        name_other_treaties = kind == Kind.TREATY and bool(mine or theirs) and _name_treaties(here, there)
        if name_other_treaties or _weighs(
            kind, {*mine}, {*theirs}, longest if is_spoken else max(longest, SHORT + 1)
        ):
            yield from _at(kind, (idea for ideas in mine.values() for idea in ideas), [])
            yield from _at(kind, [], (idea for ideas in theirs.values() for idea in ideas))


_TRANSLATED = (Kind.NUMBER, Kind.TREATY, Kind.NEGATION, Kind.STRENGTH, Kind.HOLDER, Kind.PLACE)
# "Sustain", "keep moving": said in too many ways to be missed on one side.
_LOOSE = {(Kind.STRENGTH, "continue"), *((Kind.HOLDER, name) for name in IN_PASSING)}


def _weighs(kind: Kind, mine: set, theirs: set, longest: int) -> bool:
    """In short texts whatever is missing on one side; in long ones only what is replaced."""
    if longest <= SHORT:
        return bool((mine | theirs) - _LOOSE) or bool(mine and theirs)
    return bool(mine and theirs) and (longest <= LONG or kind in {Kind.TREATY, Kind.STRENGTH})


def _name_treaties(*texts: dict) -> bool:
    """Whether each of them names one: then the others are none that a translator left out."""
    return all(any(kind == Kind.TREATY for kind, _name in ideas) for ideas in texts)


def _kept_in_translation(reading: Reading) -> dict[tuple[Kind, str], list[Idea]]:
    is_about_treaties = speaks_of_instruments(reading.words)
    return _by_name(
        idea
        for idea in reading.ideas
        if (idea.kind not in _IN_THE_OPENING or idea.start < OPENING)
        and (is_about_treaties or idea.kind != Kind.TREATY or idea.name not in ALSO_RIGHTS)
    )


def _opposed(here: dict, there: dict) -> Iterable[Difference]:
    mine = {name: ideas for (kind, name), ideas in here.items() if kind == Kind.DIRECTION}
    theirs = {name: ideas for (kind, name), ideas in there.items() if kind == Kind.DIRECTION}
    for pair in OPPOSED:
        for way, back in (pair, pair[::-1]):
            if way in mine and way not in theirs and back in theirs and back not in mine:
                yield from _at(Kind.DIRECTION, mine[way], theirs[back])
