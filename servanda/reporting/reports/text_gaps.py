"""The gaps in a text: which there are, and that each keeps its reason while the text around it changes."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from servanda.reporting.models import AcceptedGap, ReportSection
from servanda.reporting.reports.answers import places_of
from servanda.reporting.reports.counting import plain_text
from servanda.reporting.reports.quoting import GAP
from servanda.sources.models import Question

LONGEST_REASON = 2_000  # characters, for a gap or a question without an answer
type Place = tuple[int, int]  # the number of a paragraph, and of the gap in it


@dataclass(frozen=True, slots=True)
class TextGap:
    """One gap, by the hash of its words, of the question that it is below, and of how many such gaps are before it.
    With a reason, it does not block clearance; `is_of_question` if that is the reason for which its question goes
    without an answer."""

    key: str
    sentence: str
    question: int | None = None
    reason: str = ""
    is_of_question: bool = False


def found_in(text: str, questions: Iterable[Question]) -> Iterator[TextGap]:
    for _place, gap in placed_in(text, questions):
        yield gap


def placed_in(text: str, questions: Iterable[Question]) -> Iterator[tuple[Place, TextGap]]:
    parts = text.split("\n\n")
    below = {place: key for key, (start, end) in places_of(parts, questions).items() for place in range(start, end)}
    before: Counter[tuple[str, int | None]] = Counter()
    for place, part in enumerate(parts):
        for number, words in enumerate(GAP.findall(part)):
            question = below.get(place)
            key = key_of(words, question, before[words, question])
            before[words, question] += 1
            yield (place, number), TextGap(key, f"[{plain_text(words)}]", question)


def key_of(words: str, question: int | None, before: int) -> str:
    """A gap below no question, before which there is none like it, has the hash of its words alone."""
    named = "\n\n".join([words, str(question or ""), str(before)]) if question or before else words
    return hashlib.sha256(named.encode()).hexdigest()


def keep_reasons(section: ReportSection, former: str) -> None:
    """Give each reason to the same gap in the present text. Of several gaps with the same words, a gap is the same if
    its paragraph stayed; a reason goes with the gap that a text has replaced."""
    rows = {row.key: row for row in section.accepted_gaps.all()}
    if not rows:
        return
    questions = list(section.questions.select_related("document", "asked_by"))
    old, new = (dict(placed_in(text, questions)) for text in (former, section.text))
    if not old:  # the text of a new section, whose reasons came with it
        return
    same = same_gaps(former, section.text, old, new)
    kept = {new[same[place]].key: rows[gap.key] for place, gap in old.items() if place in same and gap.key in rows}
    if {key: row.key for key, row in kept.items()} == {key: key for key in rows}:
        return
    section.accepted_gaps.all().delete()
    AcceptedGap.objects.bulk_create(
        AcceptedGap(section=section, key=key, reason=row.reason, by=row.by) for key, row in kept.items()
    )


def same_gaps(
    former: str, text: str, old: Mapping[Place, TextGap], new: Mapping[Place, TextGap]
) -> dict[Place, Place]:
    """Where each gap of the former text is in the present one: in the same paragraph, or else the only one left with
    these words."""
    matcher = SequenceMatcher(None, former.split("\n\n"), text.split("\n\n"), autojunk=False)
    stayed = {
        block.a + number: block.b + number for block in matcher.get_matching_blocks() for number in range(block.size)
    }
    same = {(place, number): (stayed[place], number) for place, number in old if place in stayed}
    left: defaultdict[str, list[Place]] = defaultdict(list)
    for place in new.keys() - set(same.values()):
        left[new[place].sentence].append(place)
    gone: Counter[str] = Counter(gap.sentence for place, gap in old.items() if place not in same)
    for place in old.keys() - same.keys():
        sentence = old[place].sentence
        if gone[sentence] == len(left[sentence]) == 1:
            same[place] = left[sentence][0]
    return same
