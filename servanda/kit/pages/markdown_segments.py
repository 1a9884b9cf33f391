"""The paragraphs of a Markdown text, one by one, as translators work on them."""

import re
from collections.abc import Iterable

ITEM = re.compile(r"[-*+]\s|\d{1,9}[.)]\s")
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
    source."""
    parts: list[str] = []
    was_item = False
    for source, target in pairs:
        if not target.strip():
            continue
        is_item = bool(item_mark(source))
        if parts:
            parts.append("\n" if was_item and is_item else "\n\n")
        parts.append(target.strip("\n"))
        was_item = is_item
    return "".join(parts)
