"""Which translation belongs to which paragraph, also after the section was changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from hashlib import blake2s

from rapidfuzz import fuzz

from servanda.kit.pages.markdown_segments import segments_of


@dataclass(slots=True)
class Segment:
    """A paragraph of the section with its translation, and the text from which that was made."""

    place: int
    source: str
    target: str = ""
    translated_from: str = ""

    @property
    def key(self) -> str:
        return key_of(self.source)

    @property
    def is_changed(self) -> bool:
        """Whether the paragraph has changed since it was translated."""
        return bool(self.target.strip()) and self.translated_from != self.source

    @property
    def is_translated(self) -> bool:
        return bool(self.target.strip()) and not self.is_changed


def key_of(source: str) -> str:
    """Short, and equal for the same paragraph only."""
    return blake2s(source.encode(), digest_size=8).hexdigest()


def aligned(text: str, pairs: Sequence[Sequence[str]]) -> list[Segment]:
    """The paragraphs of the text, each with its translation among these pairs of a paragraph and its translation.

    A paragraph that was changed keeps its translation, marked by what it was made from; translations of two that were
    joined stay together. Those of deleted paragraphs are left out.
    """
    rows = [Segment(place, source) for place, source in enumerate(segments_of(text))]
    before = [source for source, _target in pairs]
    matcher = SequenceMatcher(None, before, [row.source for row in rows], autojunk=False)
    for step, start, end, new_start, new_end in matcher.get_opcodes():
        if step == "equal":
            for row, (source, target) in zip(rows[new_start:new_end], pairs[start:end], strict=True):
                row.target, row.translated_from = target, source
        elif step == "replace":
            replaced(rows[new_start:new_end], [pair for pair in pairs[start:end] if pair[1].strip()])
    return rows


def replaced(rows: Sequence[Segment], pairs: Sequence[Sequence[str]]) -> None:
    """As many paragraphs as before are in the same order; otherwise each translation goes where the text is most
    alike."""
    for place, (source, target) in enumerate(pairs):
        row = rows[place] if len(rows) == len(pairs) else max(rows, key=partial(likeness, source))
        row.target = f"{row.target}\n\n{target}" if row.target else target
        row.translated_from = f"{row.translated_from}\n\n{source}" if row.translated_from else source


def likeness(source: str, row: Segment) -> float:
    return fuzz.ratio(source, row.source)
