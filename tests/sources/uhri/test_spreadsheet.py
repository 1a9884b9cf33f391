"""UHRI's spreadsheet: sixteen columns, two misspelt, lists inside of cells, dates as serial numbers."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from servanda.sources.candidates import Stand, Unreadable
from servanda.sources.detect import Shape, detect
from servanda.sources.sheets import reader as sheet_reader
from servanda.sources.uhri import json_export as uhri_json
from servanda.sources.uhri import spreadsheet as uhri_xlsx
from tests.paths import SOURCES
from tests.sources import make_fixtures
from tests.sources.make_fixtures import XLSX_HEADERS


def written(path: Path, headers: tuple) -> Path:
    make_fixtures.write_xlsx(path, make_fixtures.uhri_records(4)[:2], headers)
    return path


def test_the_spreadsheet_says_what_the_json_says():
    """All but what it has no column for: the cycle and the document's id."""
    rows = list(uhri_xlsx.read(SOURCES / "uhri_export.xlsx"))
    records = list(uhri_json.read(SOURCES / "uhri_export.json"))
    assert len(rows) == 40
    for row, record in zip(rows, records, strict=True):
        for field in ("kind", "countries", "body", "symbol", "paragraph", "texts", "published", "listed", "session",
                      "recommending", "position", "labels", "external", "problems"):  # fmt: skip
            assert getattr(row, field) == getattr(record, field), field


def test_rows_are_numbered_as_the_spreadsheet_program_numbers_them():
    assert [row.where for row in uhri_xlsx.read(SOURCES / "uhri_export.xlsx")][::39] == [
        "row 2",
        "row 41",
    ]


def test_headers_may_stand_in_any_order_below_a_title_and_be_spelt_right(tmp_path):
    path = tmp_path / "export.xlsx"
    records = make_fixtures.uhri_records(4)[:1]
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "Search results")
        headers = [(header.replace("Reccom", "Recom").upper(), key) for header, key in reversed(XLSX_HEADERS)]
        sheet.write_row(2, 0, [header for header, _key in headers])
        sheet.write_row(4, 0, [make_fixtures.xlsx_cell(records[0][key], key) for _header, key in headers])
    (found,) = uhri_xlsx.read(path)
    assert (found.where, found.paragraph, found.published) == ("row 5", "140.7", date(2025, 3, 24))
    assert (found.body, found.recommending) == ("UPR", ["Maldives", "Portugal"])


def test_missing_columns_are_named(tmp_path):
    headers = tuple(pair for pair in XLSX_HEADERS if pair[1] not in ("Text", "Symbol"))
    with pytest.raises(Unreadable, match="lacks these columns: Text, Document Symbol"):
        list(uhri_xlsx.read(written(tmp_path / "export.xlsx", headers)))


def test_doubled_columns_are_named(tmp_path):
    headers = (*XLSX_HEADERS, ("Recommending body", "Body"))
    with pytest.raises(Unreadable, match="twice: Recommending Body"):
        list(uhri_xlsx.read(written(tmp_path / "export.xlsx", headers)))


def test_an_export_without_rows_says_so(tmp_path):
    make_fixtures.write_xlsx(tmp_path / "export.xlsx", [])
    with pytest.raises(Unreadable, match="contains no records."):
        list(uhri_xlsx.read(tmp_path / "export.xlsx"))


def test_a_text_that_excel_has_cut_is_named(tmp_path):
    record = make_fixtures.uhri_records(4)[0] | {"Text": "a" * 32_767}
    make_fixtures.write_xlsx(tmp_path / "export.xlsx", [record])
    (found,) = uhri_xlsx.read(tmp_path / "export.xlsx")
    assert [(problem.field, problem.fatal) for problem in found.problems] == [("Text", False)]


def test_120_rows_in_the_real_shape_are_read(shared_data):
    found = list(uhri_xlsx.read(shared_data / "recs/uhri_export_fixture/uhri_export_shape_120.xlsx"))
    assert len(found) == 120
    assert found[0].where == "row 2"
    assert (found[0].body, found[0].session, found[0].published) == ("UPR", 28, date(2018, 1, 4))
    assert found[0].position.stand == Stand.NOTED
    assert not any(candidate.problems for candidate in found)


def test_columns_that_a_ministry_added_make_it_a_sheet_that_is_mapped(tmp_path):
    path = tmp_path / "export.xlsx"
    records = make_fixtures.uhri_records(4)[:3]
    own = ("Status in our ministry", "Lead", "Comments")
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, [*(header for header, _key in XLSX_HEADERS), *own])
        for number, record in enumerate(records, 1):
            cells = [make_fixtures.xlsx_cell(record[key], key) for _header, key in XLSX_HEADERS]
            sheet.write_row(number, 0, [*cells, "Ongoing", "Ministry of Justice", "x"])
    assert detect(path) == Shape.SHEET
    mapping = sheet_reader.suggest_mapping([*(header for header, _key in XLSX_HEADERS), *own])
    rows = sheet_reader.read(
        path, {field: header for field, header in mapping.items() if header not in own}, separator=";"
    )
    for row, record in zip(rows, uhri_xlsx.read(path), strict=True):
        for field in ("kind", "countries", "body", "symbol", "paragraph", "published", "listed", "session",
                      "recommending", "position", "labels", "external", "problems"):  # fmt: skip
            assert getattr(row, field) == getattr(record, field), field
        assert list(row.texts.values()) == list(record.texts.values())


def test_a_spreadsheet_without_further_columns_is_that_of_the_index():
    assert detect(SOURCES / "uhri_export.xlsx") == Shape.UHRI_XLSX
