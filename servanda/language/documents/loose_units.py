"""Units of documents without numbers: paragraphs with demands or concerns, with the items below them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from servanda.language.documents.deadlines import owed_by
from servanda.language.documents.marks import Sort, bullet_of, item_of
from servanda.language.documents.paragraph_kinds import Kind, kind_of
from servanda.language.documents.segments import (
    ANNOUNCES,
    CLOSED,
    LONGEST_HEADING,
    RECOMMENDS_TITLE,
    SHORTEST_PARAGRAPH,
    SUMMARY_TITLE,
    is_chapter,
    tidied,
)
from servanda.language.documents.units import Block, Layout, Unit, flag


def loose_units(blocks: Sequence[Block], layout: Layout = Layout.PARAGRAPHS) -> list[Unit]:
    """The units of a document without numbers: paragraphs with demands or concerns, with their items.

    Text below "Executive summary" only repeats other parts. In documents that only inform, every paragraph is a unit.
    """
    loose = Loose(layout)
    for place, block in enumerate(blocks):
        loose.add_block(replace(block, text=tidied(block.text)), place)
    flag(loose.units)
    return loose.units


@dataclass(slots=True)
class Loose:
    """Walks through paragraphs without numbers, keeping the sentence that introduces items."""

    layout: Layout
    units: list[Unit] = field(default_factory=list)
    lead: str = ""
    kind: Kind = Kind.INFORMATION
    in_summary: bool = False
    below_recommendations: bool = False  # a title such as "Recommendations for immediate action"

    def add_block(self, block: Block, place: int) -> None:
        text = block.text
        mark = bullet_of(text) or item_of(text, dotted_letters=self.below_recommendations)
        text_after_mark = mark.rest if mark else text
        if not text_after_mark:
            return
        if SUMMARY_TITLE.match(text) or is_chapter(text):
            self.in_summary, self.lead = SUMMARY_TITLE.match(text) is not None, ""
            self.below_recommendations = len(text) <= LONGEST_HEADING and RECOMMENDS_TITLE.search(text) is not None
        elif self.below_recommendations and mark and mark.sort == Sort.LETTER and not self.lead:
            self.add(Kind.RECOMMENDATION, text_after_mark, block, place)
        elif self.lead and (mark or text[:1].islower()):
            if self.units and self.units[-1].text == self.lead:
                self.units.pop()
            self.add(self.kind, text_after_mark, block, place, self.lead)
        elif CLOSED.search(text_after_mark) or (
            self.layout == Layout.INFORMATION and len(text_after_mark) > SHORTEST_PARAGRAPH
        ):
            self.lead = text_after_mark if ANNOUNCES.search(text_after_mark) else ""
            self.kind = self.kind_here(text_after_mark)
            self.add(self.kind, text_after_mark, block, place)

    def kind_here(self, text: str) -> Kind:
        return Kind.INFORMATION if self.in_summary or self.layout == Layout.INFORMATION else kind_of(text)

    def add(self, kind: Kind, text: str, block: Block, place: int, lead: str = "") -> None:
        is_kept = kind != Kind.INFORMATION or self.in_summary or self.layout == Layout.INFORMATION
        if is_kept or owed_by(text, is_answered=True):
            self.units.append(Unit("", kind, text, lead, page=block.page, first=place, last=place))
