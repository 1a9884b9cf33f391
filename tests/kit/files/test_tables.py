import csv
import io
import json

import pytest
from python_calamine import CalamineWorkbook

from servanda.kit.files.tables import BYTE_ORDER_MARK, LONGEST_CELL, csv_lines, harmless, json_pieces, xlsx_file

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_cell_that_a_spreadsheet_would_calculate_is_made_harmless_in_csv(text):
    assert harmless(text) == f"'{text}"


def test_numbers_and_plain_texts_stay_as_they_are():
    assert [harmless(value) for value in (-5, "a-b", "", None)] == [-5, "a-b", "", None]


def test_a_csv_can_be_read_back_whole():
    rows = [["a", 'with "quotes", a comma\nand a line'], ["b", "حقوق"]]
    assert list(csv.reader(io.StringIO("".join(csv_lines(["x", "y"], rows))))) == [["x", "y"], *rows]


def test_a_csv_for_excel_says_that_it_is_utf_8():
    assert "".join(csv_lines(["x"], [], mark=BYTE_ORDER_MARK)).encode()[:3] == b"\xef\xbb\xbf"


def test_json_is_one_object_whatever_the_number_of_things():
    for number in (0, 1, 450):
        things = [{"n": n} for n in range(number)]
        assert json.loads("".join(json_pieces("things", things))) == {"things": things}


def read_back(header, rows) -> list[list]:
    with xlsx_file("list", header, rows) as file:
        return CalamineWorkbook.from_filelike(io.BytesIO(file.read())).get_sheet_by_index(0).to_python()


def test_a_workbook_holds_texts_and_no_formulas():
    assert read_back(["a", "b"], [[text, 3] for text in DANGEROUS[:4]]) == [
        ["a", "b"],
        *([text, 3.0] for text in DANGEROUS[:4]),
    ]


def test_a_text_too_long_for_excel_is_cut_and_says_so():
    cell = read_back(["a"], [["x" * 40_000]])[1][0]
    assert len(cell) == LONGEST_CELL
    assert cell.endswith("x…")
