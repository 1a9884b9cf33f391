"""Invented workbooks of several sheets."""

from collections.abc import Mapping, Sequence
from io import BytesIO

import xlsxwriter

HEAD = ["Id", "Recommendation", "Body", "Country"]
ACTIONS = ["Rec. no.", "Action", "Status", "Due date"]


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Each sheet with its rows, of which the first has the names of the columns."""
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return content.getvalue()


def rows_of(body: str, numbers: Sequence[int], *, prefix: str = "") -> list[list[str]]:
    return [
        HEAD,
        *(
            [f"{prefix}{number}", f"Build {body} school number {number} in the valley.", body, "SVN"]
            for number in numbers
        ),
    ]


def three_bodies() -> bytes:
    """One sheet for each body, all with the same columns."""
    return workbook(
        {
            "CEDAW": rows_of("CEDAW", [1, 2, 3], prefix="W"),
            "CERD": rows_of("CERD", [1, 2], prefix="R"),
            "CRC": rows_of("CRC", [1, 2, 3, 4], prefix="C"),
        }
    )


def with_actions(*actions: Sequence[str], numbers: Sequence[int] = (11, 12)) -> bytes:
    return workbook({"Recommendations": rows_of("CRC", numbers), "Actions": [ACTIONS, *actions]})
