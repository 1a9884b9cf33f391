"""Answers of a State that an earlier file brought before their recommendations."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from servanda.recommendations.imports.diffing import position_change
from servanda.recommendations.imports.matching import bare_number
from servanda.recommendations.models import Position, WaitingAnswer
from servanda.sources.candidates import PrintedPosition
from servanda.sources.candidates import Stand as PrintedStand
from servanda.sources.resolve import Resolved


class WaitingAnswers:
    """Answers that arrived before their recommendations, found by paragraph, or by a bare number if it is unique."""

    def __init__(self, symbols: set[str], new: Sequence[Resolved]):
        self.answers: dict[tuple[str, str], list[WaitingAnswer]] = defaultdict(list)
        for answer in WaitingAnswer.objects.current().filter(symbol__in=symbols):
            self.answers[answer.symbol, answer.paragraph].append(answer)
        self.endings = Counter((row.symbol, bare_number(row.paragraph)) for row in new)

    def of(self, row: Resolved) -> list[WaitingAnswer]:
        if exact := self.answers.get((row.symbol, row.paragraph)):
            return exact
        bare = (row.symbol, bare_number(row.paragraph))
        return self.answers.get(bare, []) if self.endings[bare] == 1 else []


def positions_of(answer: WaitingAnswer, pk: int, stated: Position | None) -> list[Position]:
    """The positions of a waiting answer. They belong to the batch that brought the answer, and are undone with it."""
    printed = PrintedPosition(
        PrintedStand(answer.stand), answer.words, answer.said_in, answer.said_in_paragraph, answer.comment
    )
    position, replaced = position_change([stated] if stated else [], printed, answer.date)
    if position is None:
        return []
    if replaced is not None:
        replaced.ended_by_id = answer.added_by_id
    position.recommendation_id, position.added_by_id = pk, answer.added_by_id
    return [position]


def source_of(answer: WaitingAnswer, pk: int) -> tuple:
    identity = f"{answer.symbol}#{answer.paragraph}"
    return pk, answer.added_by_id, None, "addendum", identity, answer.digest, answer.where, answer.raw
