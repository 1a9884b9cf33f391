"""Find the column by which rows of a further sheet name recommendations of the first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from servanda.intake.models import Batch
from servanda.recommendations.imports.judging import bare_words
from servanda.recommendations.imports.reading import read_first
from servanda.recommendations.imports.suggesting_columns import ENOUGH, counts_up
from servanda.recommendations.imports.supplements import several

MOST_ROWS = 5_000  # of the first sheet that are compared
WORDS_OF_A_TEXT = 5


@dataclass(slots=True)
class Names:
    """How the first sheet names its recommendations: field -> values; and their texts."""

    by_field: dict[str, set[str]] = field(default_factory=lambda: {"external sheet": set(), "paragraph": set()})
    texts: set[str] = field(default_factory=set)


def names_in(batch: Batch) -> Names:
    names = Names()
    for row in islice(read_first(batch), MOST_ROWS):
        names.by_field["external sheet"].add(row.external.get("sheet", ""))
        names.by_field["paragraph"].add(row.paragraph)
        names.texts.update(bare_words(text) for text in row.texts.values())
    return names


def link_of(values: Mapping[str, Sequence[str]], texts: Sequence[str], names: Names) -> dict[str, str]:
    """The field and the column by which the rows name recommendations of the first sheet; nothing where the rows have
    texts of their own, or name none."""
    if any(holds_other_texts(values[header], names.texts) for header in texts):
        return {}
    candidates = [
        (share, not counts_up(cells), -place, name, header)
        for place, (header, cells) in enumerate(values.items())
        for name, known in names.by_field.items()
        if (share := share_in(cells, known)) >= ENOUGH
    ]
    return {max(candidates)[3]: max(candidates)[4]} if candidates else {}


def share_in(values: Sequence[str], known: set[str]) -> float:
    return sum(all(name in known for name in several(value)) for value in values) / len(values) if values else 0


def holds_other_texts(values: Sequence[str], known: set[str]) -> bool:
    """Whether these are mostly texts that the first sheet does not have."""
    others = sum(len(value.split()) >= WORDS_OF_A_TEXT and bare_words(value) not in known for value in values)
    return others > ENOUGH * len(values)
