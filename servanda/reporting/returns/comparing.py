"""Compares a returned section with the text that was sent and with the current text."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from servanda.recommendations.pages.history import word_difference
from servanda.reporting.documents.blocks import Block
from servanda.reporting.returns.chunks import chunks_of, sources_of, written

# Comparing words takes the square of their number: longer stretches are shown as replaced as a whole.
MOST_WORDS, MOST_WORDS_OF_ALL = 300, 6_000
LEAST_ALIKE = 1 / 3


def proposal_of(sent: str, returned: Sequence[Block], citations: Mapping[int, str], *, depth: int) -> str:
    """The text of a section with the changes that came back; the sent text itself if there are none."""
    sources, after = sources_of(sent, citations, depth=depth), chunks_of(returned)
    before = [(place, row.key) for place, source in enumerate(sources) for row in source.chunks]
    steps = SequenceMatcher(None, [key for _place, key in before], [row.key for row in after], autojunk=False)
    blocks = steps.get_matching_blocks()
    same = {new + step: before[start + step][0] for start, new, size in blocks for step in range(size)}
    if len(same) == len(before) == len(after):
        return sent
    kept = Counter(same.values())
    pieces: list[str] = []
    used: set[int] = set()
    for place, row in enumerate(after):
        source = same.get(place)
        if source is None or kept[source] < len(sources[source].chunks):
            pieces.append(written(row, citations, depth=depth))
        elif source not in used:
            used.add(source)
            pieces.append(sources[source].text)
    return "\n\n".join(pieces) + "\n" if pieces else ""


@dataclass(frozen=True, slots=True)
class Merged:
    """`both` counts the places that were changed here and in the file: both texts are kept, one below the other."""

    text: str
    both: int


def paragraphs_of(text: str) -> list[str]:
    return [part.strip("\n") for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def merged(sent: str, present: str, proposed: str) -> Merged:
    """Today's text with the changes of the file, paragraph by paragraph."""
    if present == sent:
        return Merged(proposed, 0)
    base, ours, theirs = paragraphs_of(sent), paragraphs_of(present), paragraphs_of(proposed)
    in_ours, in_theirs = kept_in(base, ours), kept_in(base, theirs)
    text: list[str] = []
    both = start = our_start = their_start = 0
    for place in [*sorted(in_ours.keys() & in_theirs.keys()), len(base)]:
        our_end, their_end = in_ours.get(place, len(ours)), in_theirs.get(place, len(theirs))
        old, our, their = base[start:place], ours[our_start:our_end], theirs[their_start:their_end]
        if our in (old, their):
            text += their
        elif their == old:
            text += our
        else:
            both += 1
            text += [*our, *their]
        text += base[place : place + 1]
        start, our_start, their_start = place + 1, our_end + 1, their_end + 1
    return Merged("\n\n".join(text) + "\n", both)


def kept_in(base: list[str], other: list[str]) -> dict[int, int]:
    """Where each unchanged paragraph of the base is in the other text."""
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {start + step: new + step for start, new, size in blocks for step in range(size)}


def paragraph_difference(old: str, new: str) -> list[tuple[str, str]]:
    """The words of two texts, each run marked "same", "gone" or "new"; paragraphs are matched first."""
    before, after = paragraphs_of(old), paragraphs_of(new)
    found: list[tuple[str, str]] = []
    words = 0
    for step, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            found += between(found, [("same", "\n\n".join(before[start:end]))])
            continue
        for gone, fresh in pairs_of(before[start:end], after[new_start:new_end]):
            words += (length := len(gone.split()) + len(fresh.split()))
            is_short = length <= 2 * MOST_WORDS and words <= MOST_WORDS_OF_ALL
            found += between(found, replaced(gone, fresh, word_by_word=is_short))
    return found


def replaced(gone: str, fresh: str, *, word_by_word: bool) -> list[tuple[str, str]]:
    """Word by word if the shorter text has enough words in common with the other; otherwise one below the other."""
    if not (gone and fresh):
        return [("gone", gone)] if gone else [("new", fresh)]
    pieces = word_difference(gone, fresh) if word_by_word else []
    same = sum(len(text) for kind, text in pieces if kind == "same" and not text.isspace())
    is_alike = same >= LEAST_ALIKE * min(len(gone), len(fresh))
    return pieces if is_alike else [("gone", gone), ("same", "\n\n"), ("new", fresh)]


def between(found: list[tuple[str, str]], more: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("same", "\n\n"), *more] if found else more


def pairs_of(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """Short stretches as they are, so that text that moved on to the next paragraph is found; of long ones, one
    paragraph beside the other."""
    gone, fresh = "\n\n".join(before), "\n\n".join(after)
    if max(len(gone.split()), len(fresh.split())) <= MOST_WORDS:
        return [(gone, fresh)]
    return list(zip_longest(before, after, fillvalue=""))
