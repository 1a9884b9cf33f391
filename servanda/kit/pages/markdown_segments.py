"""The paragraphs of a Markdown text, one by one, as translators work on them."""

import re
from collections.abc import Iterable

ITEM = re.compile(r"[-*+]\s|\d{1,9}[.)]\s")
OWN_MARK = re.compile(r"[•–—]\s+|\d{1,9}[.)]\s+")  # bullets and digits of other scripts make no list in Markdown
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def segments_of(markdown: str) -> list[str]:
    """Paragraphs, headings, tables, quotations and items of lists; code between fences is kept together."""
    segments: list[list[str]] = []
    fence, is_open = "", False
    for line in markdown.replace("\r\n", "\n").split("\n"):
        if fence:
            segments[-1].append(line)
            fence = "" if line.strip().startswith(fence) else fence
            is_open = bool(fence)
            continue
        if not line.strip():
            is_open = False
            continue
        if not is_open or ITEM.match(line):
            segments.append([])
        segments[-1].append(line.rstrip())
        is_open = True
        if opened := FENCE.match(line):
            fence = opened[1]
    return ["\n".join(lines) for lines in segments]


def item_mark(segment: str) -> str:
    """The sign with which an item of a list begins; empty for anything else."""
    match = ITEM.match(segment)
    return match[0] if match else ""


def join_segments(pairs: Iterable[tuple[str, str]]) -> str:
    """The translations as one text, without those that are empty. Items of a list follow each other as in the
    source, each with its mark."""
    parts: list[str] = []
    was_item = False
    for source, target in pairs:
        if not target.strip():
            continue
        is_item = bool(item_mark(source))
        if parts:
            parts.append("\n" if was_item and is_item else "\n\n")
        parts.append(as_item(target.strip("\n"), item_mark(source)))
        was_item = is_item
    return "".join(parts)


def as_item(target: str, mark: str) -> str:
    """The translation of an item with the mark of the source, if it has none that Markdown reads."""
    own = item_mark(target)
    if not mark or (own and own.isascii()):
        return target
    found = OWN_MARK.match(target)
    return mark + (target[found.end() :] if found else target)
