"""The parts of a section that was divided since a Word file was made: which changes of the file belong to which."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from servanda.reporting.models import ReportSection, ReturnedSection, SectionDivision, WordReturn
from servanda.reporting.returns.comparing import kept_in, paragraphs_of

type Divisions = Mapping[int, Sequence[SectionDivision]]


@dataclass(frozen=True, slots=True)
class Part:
    """A section of today with its part of what was sent and of what came back. Every returned text is in one of the
    parts; `is_uncertain` if a text at its border may belong to its neighbour."""

    section: ReportSection
    sent: str
    proposed: str
    is_uncertain: bool = False

    @property
    def is_changed(self) -> bool:
        return self.sent != self.proposed


def divisions_since(word_return: WordReturn) -> Divisions:
    """By section, how it was divided since the file was made, in their order; in one query."""
    rows = SectionDivision.objects.filter(section__report=word_return.report_id, at__gt=word_return.copy.at)
    found: defaultdict[int, list[SectionDivision]] = defaultdict(list)
    for row in rows.select_related("made__report"):
        found[row.section_id].append(row)
    return found


def parts_of(returned: ReturnedSection, divisions: Divisions) -> list[Part]:
    """One for a section that was not divided, in their order in the report."""
    return divided(Part(returned.sent.section, returned.sent.text, returned.text), divisions)


def divided(part: Part, divisions: Divisions) -> list[Part]:
    behind: list[Part] = []
    for division in divisions.get(part.section.pk, []):
        part, second = cut(part, division)
        behind = [*divided(second, divisions), *behind]
    return [part, *behind]


def cut(part: Part, division: SectionDivision) -> tuple[Part, Part]:
    base, returned = paragraphs_of(part.sent), paragraphs_of(part.proposed)
    place, is_found = split_in_sent(base, paragraphs_of(division.first), paragraphs_of(division.second))
    at, is_certain = split_in_returned(base, returned, place)
    is_certain = is_certain and not is_heading_changed(base[:place], returned, division)
    is_uncertain = part.is_uncertain or not (is_found and is_certain)
    return (
        Part(part.section, joined(base[:place]), joined(returned[:at]), is_uncertain),
        Part(division.made, joined(base[place:]), joined(returned[at:]), is_uncertain),
    )


def is_heading_changed(before: Sequence[str], returned: Sequence[str], division: SectionDivision) -> bool:
    """Whether the file has another heading for the second part, which has it as its title instead of in its text."""
    heading = before[-1] if before and before[-1].startswith("#") else ""
    return bool(heading) and heading not in returned and heading not in paragraphs_of(division.first)


def split_in_sent(base: Sequence[str], first: Sequence[str], second: Sequence[str]) -> tuple[int, bool]:
    """Where the second part begins in what was sent, and whether a paragraph of it was found there."""
    kept = kept_in(list(base), [*first, *second])
    behind = [place for place, found in kept.items() if found >= len(first)]
    if behind:
        return min(behind), True
    return max(kept, default=len(base) - 1) + 1, False


def split_in_returned(base: Sequence[str], returned: Sequence[str], place: int) -> tuple[int, bool]:
    """Where the second part begins in what came back, if it begins before this paragraph of what was sent; and
    whether that is certain. Paragraphs that were changed on both sides of the border go where they are most alike."""
    kept = kept_in(list(base), list(returned))
    before = max((old for old in kept if old < place), default=-1)
    behind = min((old for old in kept if old >= place), default=len(base))
    start = kept[before] + 1 if before >= 0 else 0
    end = kept.get(behind, len(returned))
    first, second = base[before + 1 : place], base[place:behind]
    if start == end or not second:
        return end, bool(first) or start == end
    if not first:
        return start, True
    best = max(range(start, end + 1), key=lambda at: likeness(first, returned[start:at], second, returned[at:end]))
    return best, end - start == len(first) + len(second)


def likeness(first: Iterable[str], one: Iterable[str], second: Iterable[str], other: Iterable[str]) -> float:
    return sum(
        SequenceMatcher(None, "\n".join(old).split(), "\n".join(new).split(), autojunk=False).ratio()
        for old, new in ((first, one), (second, other))
    )


def joined(paragraphs: Sequence[str]) -> str:
    return "\n\n".join(paragraphs) + "\n" if paragraphs else ""
