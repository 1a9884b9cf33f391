"""Tables in the head of a letter as PDF: a label on the left, and beside it a cell whose lines wrap in its column."""

from collections.abc import Iterator, Sequence

from servanda.sources.documents.letters.heads import OWN_REFERENCE, ROLE
from servanda.sources.files.document_text import TextLine

SAME_PLACE, LEAST_INDENT = 4, 80  # points


def table_rows(lines: Sequence[TextLine], largest: float) -> set[int]:
    """The lines of the first page with which a row of such a table begins; `largest` is the largest distance between
    two lines of one paragraph. Only a table that names a mandate or the reference of a letter counts."""
    found: set[int] = set()
    for run in close_runs(lines, largest):
        margin = min(lines[place].left for place in run)
        column = column_of([lines[place] for place in run], margin)
        if not column:
            continue
        inside = [place for place in run if is_at(lines[place], margin) or is_at(lines[place], column)]
        text = " ".join(lines[place].text for place in inside)
        if OWN_REFERENCE.search(text) or ROLE.search(text):
            found |= {place for place in inside if is_at(lines[place], margin)}
    return found


def close_runs(lines: Sequence[TextLine], largest: float) -> Iterator[list[int]]:
    """The lines of the first page with positions, parted where the distance is that of paragraphs."""
    run: list[int] = []
    for place, line in enumerate(lines):
        if line.page > 1 or not line.right:
            break
        if run and not 0 < lines[run[-1]].foot - line.foot <= largest:
            yield run
            run = []
        run.append(place)
    if run:
        yield run


def column_of(run: Sequence[TextLine], margin: float) -> float:
    """Where the lines begin that go on in the column; 0 where there are none. The line above reaches into it."""
    wrapped = [
        line.left
        for above, line in zip(run, run[1:], strict=False)
        if line.left - margin >= LEAST_INDENT and above.right > line.left
    ]
    is_one = bool(wrapped) and max(wrapped) - min(wrapped) <= SAME_PLACE
    return min(wrapped) if is_one else 0.0


def is_at(line: TextLine, left: float) -> bool:
    return abs(line.left - left) <= SAME_PLACE
