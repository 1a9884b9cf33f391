"""The head of a letter as a table in a PDF file: cells that wrap are joined in their column."""

from servanda.sources.documents.blocks import blocks_from_lines
from servanda.sources.documents.letters.heads import mandates_of, reference_in
from servanda.sources.files.document_text import TextLine

BODY = [
    "The teacher was taken from the school on the second day of the term by men of an",
    "office that nobody in the village had heard of before, and nobody has seen him in the",
    "weeks since then although his brother asks for him at each of the offices every day.",
]


def lines_of(rows, body=BODY):
    """Lines with their positions: rows that begin in the margin or, as tuples, in the column."""
    lines, foot = [], 700.0
    for row in rows:
        (left, text) = (300.0, row[0]) if isinstance(row, tuple) else (90.0, row)
        right = 480.0 if isinstance(row, tuple) else 490.0
        lines.append(TextLine(text, 1, left=left, right=right, foot=foot))
        foot -= 15
    foot -= 12
    for text in body:
        lines.append(TextLine(text, 1, left=90.0, right=520.0, foot=foot))
        foot -= 15
    return lines


def texts_of(rows):
    return [block.text for block in blocks_from_lines(lines_of(rows))]


def test_wrapped_cells_are_joined_in_their_column():
    rows = [
        "Reference UA TST 7/2026",
        "Reply due 4 May 2026",
        "Senders Special Rapporteur on the right to",
        ("food; Special Rapporteur on",),
        ("minority issues",),
        "Concerning A teacher taken from a",
        ("village school",),
    ]
    texts = texts_of(rows)
    assert texts[:4] == [
        "Reference UA TST 7/2026",
        "Reply due 4 May 2026",
        "Senders Special Rapporteur on the right to food; Special Rapporteur on minority issues",
        "Concerning A teacher taken from a village school",
    ]
    assert reference_in(texts) == "UA TST 7/2026"
    assert mandates_of(texts) == ["Special Rapporteur on the right to food", "Special Rapporteur on minority issues"]


def test_lines_that_are_no_head_of_a_letter_stay_one_paragraph():
    rows = [
        "The well of the village was closed by an",
        ("office that nobody there knew",),
        "and it was never opened.",
    ]
    assert texts_of(rows)[0].startswith(
        "The well of the village was closed by an office that nobody there knew and it"
    )
