"""Sheets as ministries keep them, and as a hostile sender makes them."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation

from servanda.kit.files import plain_text
from servanda.sources.candidates import Unreadable
from servanda.sources.sheets import reader as sheet_reader

HEAD = ["Text", "", "Status"]
WITHOUT_COLOURS = ["Text", "column 2", "Status"]
DAMAGED = "list.xlsx is damaged or incomplete. Download it again, or save it again as XLSX."


def workbook(path: Path, rows: list[list[str]], *, colour: str = "") -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet, style = book.add_worksheet("List"), book.add_format({"bg_color": colour} if colour else {})
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write(number, column, cell, style if number and column == 2 else None)
    return path


def changed(path: Path, part: str, change) -> Path:
    """The same workbook with one part of it changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def titles_or_reason(path: Path, **options: str) -> list[str] | str:
    """All rows are read, and the titles returned; or the sentence for the person."""
    try:
        sheet = sheet_reader.open_sheet(path, **options)
        list(sheet.rows)
    except Unreadable as problem:
        return str(problem)
    return sheet.headers


def test_columns_have_the_same_titles_in_every_language_of_the_reader(tmp_path):
    path = workbook(tmp_path / "list.xlsx", [HEAD, ["Build schools.", "x", "a"]], colour="#00AA00")
    titles = sheet_reader.open_sheet(path).headers
    with translation.override("ar"):
        sheet = sheet_reader.open_sheet(path)
        assert sheet.headers == titles
        assert next(sheet.rows)[1][-1] == "green"
    with translation.override("fr"):
        assert list(sheet_reader.read(path, {"text": "Text", "comment": titles[1]}))[0].comment == "x"


def test_a_title_is_no_longer_than_a_mapping_keeps(tmp_path):
    path = workbook(tmp_path / "list.xlsx", [["Text", "Body", "H" * 5000], ["Build.", "CRC", "x"]], colour="#00AA00")
    headers = sheet_reader.open_sheet(path).headers
    assert max(map(len, headers)) <= 200
    assert len(headers) == 4


@pytest.mark.parametrize(
    "change",
    [
        lambda part: part.replace(b"<fills", b"<fills><&broken;"),
        lambda part: part.replace(b'fillId="', b'fillId="x'),
        lambda part: b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><styleSheet>&b;</styleSheet>',
    ],
)
def test_a_workbook_whose_styles_are_broken_has_no_colours_or_says_that_it_is_damaged(tmp_path, change):
    path = workbook(tmp_path / "list.xlsx", [HEAD, ["Build schools.", "x", "a"]], colour="#00AA00")
    changed(path, "xl/styles.xml", change)
    assert titles_or_reason(path) in (WITHOUT_COLOURS, DAMAGED)


def test_entities_that_multiply_are_refused_quickly(tmp_path):
    path = workbook(tmp_path / "list.xlsx", [HEAD, ["Build schools.", "x", "a"]], colour="#00AA00")
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">{levels}]>'.encode()
    changed(path, "xl/styles.xml", lambda part: bomb + part.partition(b"?>")[2].replace(b"<fonts", b"&l9;<fonts"))
    assert titles_or_reason(path) in (WITHOUT_COLOURS, DAMAGED)


def open_document(path: Path, table: str) -> Path:
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f"<office:document-content{spaces}>{body}</office:document-content>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def cells(*texts: str) -> str:
    return "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
    )


def test_an_open_document_sheet_is_read(tmp_path):
    both = (cells("Text", "Body"), cells("Build.", "CRC"))
    rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in both)
    path = open_document(tmp_path / "list.ods", f'<table:table table:name="S">{rows}</table:table>')
    assert sheet_reader.open_sheet(path).headers == ["Text", "Body"]


@pytest.mark.parametrize("repeated", ["many", "-5", "1e9", "99999999999999999999"])
def test_a_sheet_with_an_absurd_number_of_repeated_cells_is_refused(tmp_path, repeated):
    cell = f'<table:table-cell table:number-columns-repeated="{repeated}"><text:p>x</text:p></table:table-cell>'
    path = open_document(
        tmp_path / "list.ods",
        f'<table:table table:name="S"><table:table-row>{cells("Text", "Body")}{cell}</table:table-row></table:table>',
    )
    with pytest.raises(Unreadable):
        list(sheet_reader.open_sheet(path).rows)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "cp1256", "cp1250"])
@pytest.mark.parametrize("written", ["utf-8", "cp1256", "utf-8-sig", "utf-16"])
def test_a_wrong_encoding_that_a_person_names_is_no_fault_of_the_program(tmp_path, written, encoding):
    path = tmp_path / "list.csv"
    path.write_bytes("Text;Body\nبناء مدارس;CRC\n".encode(written))
    found = titles_or_reason(path, encoding=encoding)
    if written == encoding:
        assert found == ["Text", "Body"]
    else:
        assert isinstance(found, list) or found.startswith("list.csv")


def test_a_tab_separated_file_and_one_with_a_byte_order_mark_are_read(tmp_path):
    path = tmp_path / "list.tsv"
    path.write_bytes("Text\tBody\nBuild schools.\tCRC\n".encode("utf-8-sig"))
    assert sheet_reader.open_sheet(path).headers == ["Text", "Body"]
    assert plain_text.encoding_of(path) == "utf-8-sig"


def test_a_header_of_blanks_is_a_numbered_column(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Text;   ;Body\nBuild.;x;CRC\n")
    assert sheet_reader.open_sheet(path).headers == ["Text", "column 2", "Body"]


def test_an_id_with_leading_zeros_keeps_them_and_a_number_is_printed_whole(tmp_path):
    path = workbook(tmp_path / "list.xlsx", [["Text", "Id", "Body"], ["Build.", "007", "CRC"], ["Train.", 7, "CRC"]])
    found = list(sheet_reader.read(path, {"text": "Text", "external sheet": "Id", "body": "Body"}))
    assert [row.external["sheet"] for row in found] == ["007", "7"]


def test_texts_of_forty_thousand_characters_are_read_from_a_text_file(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(f"Text;Body\n{'word ' * 8000};CRC\n")
    (row,) = sheet_reader.read(path, {"text": "Text", "body": "Body"})
    assert len(row.texts[""]) == 39_999


def test_a_row_with_a_coloured_cell_is_read_as_any_other(tmp_path):
    rows = [["Text", "Body", "Status"], ["Build schools.", "CRC", "done"]]
    path = workbook(tmp_path / "list.xlsx", rows, colour="#00AA00")
    (found,) = sheet_reader.read(path, {"text": "Text", "body": "Body", "comment": "Colour of “Status”"})
    assert (found.comment, found.problems) == ("green", [])


def test_a_coloured_row_with_a_cell_too_many_is_still_refused(tmp_path):
    rows = [["Text", "Body", "Status"], ["Build schools.", "CRC", "done", "beyond"]]
    path = workbook(tmp_path / "list.xlsx", rows, colour="#00AA00")
    (found,) = sheet_reader.read(path, {"text": "Text", "body": "Body"})
    assert [problem.field for problem in found.problems] == ["row"]


def test_a_block_of_titles_above_the_head_may_have_rows_of_two_cells(tmp_path):
    head = ["Nº", "Recomendación", "Órgano", "Institución principal", "Fecha límite"]
    rows = [
        ["MINISTERIO"],
        ["Matriz"],
        [],
        ["Responsable: Dirección", "Versión: 4"],
        [],
        head,
        ["1", "Crear escuelas."],
    ]
    assert sheet_reader.open_sheet(workbook(tmp_path / "list.xlsx", rows)).headers == head
    unknown = ["Sira", "Metin", "Kurum", "Makam", "Tarih"]
    rows = [["BAKANLIK", "2025"], [], unknown, ["1", "Okullar", "CRC", "x", "y"]]
    assert sheet_reader.open_sheet(workbook(tmp_path / "list.xlsx", rows)).headers == unknown


def test_cells_merged_over_rows_count_for_each_of_them(tmp_path):
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Text", "Body", "Action"])
        sheet.merge_range("A2:A4", "Build schools.")
        sheet.merge_range("B2:B3", "CRC")
        sheet.write_column(1, 2, ["Plan", "Budget", "Build", "Adopt"])
        sheet.write_row(4, 0, ["Plant trees.", "CRPD"])
    rows = list(sheet_reader.read(path, {"text": "Text", "body": "Body"}))
    assert [(row.texts[""], row.body) for row in rows] == [
        ("Build schools.", "CRC"), ("Build schools.", "CRC"), ("Build schools.", ""), ("Plant trees.", "CRPD"),
    ]  # fmt: skip


def test_a_row_with_nothing_but_follow_up_belongs_to_the_recommendation_above(tmp_path):
    head = ["Text", "Body", "Para", "Lead", "Actions", "Status"]
    rows = [
        ["Build schools.", "CRC", "12", "Ministry of Schools", "Plan", "ongoing"],
        ["", "", "", "", "Budget", ""],
        ["Plant trees.", "CRPD", "13", "", "Buy trees", ""],
        ["", "", "", "", "", ""],
        ["Total", "", "", "", "3 actions", ""],
    ]
    path = workbook(tmp_path / "list.xlsx", [head, *rows])
    mapping = dict(zip(["text", "body", "paragraph", "lead", "action", "status"], head, strict=True))
    found = list(sheet_reader.read(path, mapping))
    assert [
        (row.texts[""], row.body, row.paragraph, row.cells.get("lead"), row.cells["action"]) for row in found
    ] == [
        ("Build schools.", "CRC", "12", "Ministry of Schools", "Plan"),
        ("Build schools.", "CRC", "12", "Ministry of Schools", "Budget"),
        ("Plant trees.", "CRPD", "13", None, "Buy trees"),
        ("Total", "", "", None, "3 actions"),
    ]  # fmt: skip
    assert "status" not in found[1].cells
    assert [problem.message for problem in found[1].problems] == [
        "The row has no recommendation of its own and adds to the one above it."
    ]
    assert [problem.message for problem in found[3].problems] == ["The row contains totals, not a recommendation."]
