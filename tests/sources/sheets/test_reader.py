"""Any sheet through a mapping: encodings, separators, column names of five languages, formulas."""

import csv
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from servanda.sources.candidates import Candidate, Kind, Label, Stand, Unreadable
from servanda.sources.sheets import reader as sheet_reader
from tests.paths import SOURCES
from tests.sources import make_fixtures

MAC_ROMAN = SOURCES / "upr_info_mac_roman.csv"
ROWS = [["Texte", "Pays", "Organe"], ["Réformer l’état civil « sans délai »", "Côte d’Ivoire", "CRC"]]
MAPPING = {"text": "Texte", "country": "Pays", "body": "Organe"}


def written(
    path: Path, rows: list[list[str]], *, encoding: str = "utf-8", separator: str = ",", end: str = "\n"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator, lineterminator=end).writerows(rows)
    return path


def only(path: Path, mapping: dict[str, str], **options: object) -> Candidate:
    (found,) = sheet_reader.read(path, mapping, **options)
    return found


def problems(found: Candidate) -> list[tuple[str, bool]]:
    return [(problem.field, problem.fatal) for problem in found.problems]


def test_the_upr_info_export_is_read_in_mac_roman_with_bare_carriage_returns():
    sheet = sheet_reader.open_sheet(MAC_ROMAN)
    assert (sheet.encoding, sheet.separator) == ("mac_roman", ",")
    mapping = sheet_reader.suggest_mapping(sheet.headers)
    assert mapping == {
        "country": "To",
        "text": "Text",
        "recommending": "From",
        "position": "Response",
        "label action-category": "Action",
        "label upr-info-issue": "Issue",
        "session": "Session",
    }
    found = list(sheet_reader.read(MAC_ROMAN, mapping, constants={"body": "UPR", "cycle": "2", "language": "en"}))
    assert len(found) == 30
    assert [(row.where, row.body, row.cycle, row.session) for row in found[:2]] == [
        ("row 2", "UPR", 2, 20),
        ("row 3", "UPR", 2, 20),
    ]
    assert {"Côte d’Ivoire"} <= {state for row in found for state in row.recommending}
    assert any("so-called “erased” people" in row.texts["en"] for row in found)
    assert Counter(row.position.stand for row in found) == Counter(
        {"Accepted": Stand.SUPPORTED, "Noted": Stand.NOTED}[words]
        for words in (row.raw.split("\t")[7] for row in found)
    )


@pytest.mark.parametrize(
    ("encoding", "end", "named"),
    [
        ("utf-8", "\n", "utf-8"),
        ("utf-8-sig", "\r\n", "utf-8-sig"),
        ("utf-8", "\r", "utf-8"),
        ("utf-16", "\r\n", "utf-16"),
        ("utf-16-le", "\n", "utf-16-le"),
        ("utf-16-be", "\n", "utf-16-be"),
        ("cp1252", "\r\n", "cp1252"),
        ("cp1252", "\n", "cp1252"),
        ("mac_roman", "\r", "mac_roman"),
        ("mac_roman", "\n", "mac_roman"),
    ],
)
def test_the_encoding_is_told_by_the_bytes(tmp_path, encoding, end, named):
    path = written(tmp_path / "sheet.csv", ROWS, encoding=encoding, end=end)
    assert sheet_reader.open_sheet(path).encoding == named
    found = only(path, MAPPING)
    assert (found.texts[""], found.countries) == ("Réformer l’état civil « sans délai »", ["Côte d’Ivoire"])


def test_a_named_encoding_wins(tmp_path):
    path = written(tmp_path / "sheet.csv", [["Texte", "Pays"], ["Защита", "BLR"]], encoding="cp1251")
    assert only(path, {"text": "Texte", "country": "Pays"}, encoding="cp1251").texts == {"": "Защита"}


def test_a_wrong_encoding_says_where_and_what_to_do(tmp_path):
    path = written(tmp_path / "sheet.csv", ROWS, encoding="cp1252")
    with pytest.raises(Unreadable, match="not readable as utf-8 from line 1 on. Save it in UTF-8"):
        list(sheet_reader.read(path, MAPPING, encoding="utf-8"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_told_by_the_rows(tmp_path, separator):
    rows = [["Text", "Country"], ["Adopt, and apply; the law | now", "Peru"], ["Ratify, then report", "Chile"]]
    path = written(tmp_path / "sheet.csv", rows, separator=separator)
    found = list(sheet_reader.read(path, {"text": "Text", "country": "Country"}))
    assert sheet_reader.open_sheet(path).separator == separator
    assert [row.texts[""] for row in found] == ["Adopt, and apply; the law | now", "Ratify, then report"]


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (["Recommendation", "State under review", "Symbol", "Paragraph"], ["text", "country", "symbol", "paragraph"]),
        (["Recommandation", "Pays concerné", "Cote", "Réponse"], ["text", "country", "symbol", "position"]),
        (["Recomendación", "País", "Mecanismo", "Sesión"], ["text", "country", "body", "session"]),
        (["Recomendação", "Estado avaliado", "Órgão", "Resposta"], ["text", "country", "body", "position"]),
        (["نص التوصية", "الدولة", "الهيئة", "رقم الفقرة"], ["text", "country", "body", "paragraph"]),
        (["Texte (fr)", "Texto_es", "النص (العربية)", "TEXT EN"], ["text fr", "text es", "text ar", "text en"]),
    ],
)  # fmt: skip
def test_column_names_of_five_languages_are_understood(headers, fields):
    assert sheet_reader.suggest_mapping(headers) == dict(zip(fields, headers, strict=True))


def test_a_header_that_is_not_understood_is_left_to_a_person():
    assert sheet_reader.suggest_mapping(["Axe", "Sous-axe", "", "Text"]) == {"text": "Text"}


def test_every_field_of_a_candidate_can_be_filled(tmp_path):
    values = {
        "text en": "30. Adopt the law",
        "text fr": "Adopter la loi",
        "country": "Peru;Chile",
        "body": "CRC",
        "symbol": "CRC/C/PER/CO/6-7",
        "paragraph": "30",
        "date": "12/02/2025",
        "listed": "2025-03-03",
        "cycle": "3",
        "session": "36th",
        "recommending": "Spain\nItaly",
        "position": "Partially accepted",
        "position comment": "By 2027",
        "kind": "Concern",
        "comment": "Law 12 is\nin parliament",
        "document": "41a0b08f",
        "order": "25",
        "label uhri-theme": "Right to food; Right to health",
        "label axes": "Axe 1",
        "external didh": "R22",
    }
    path = written(tmp_path / "sheet.csv", [list(values), list(values.values())])
    found = only(path, {field: field for field in values})
    assert found.texts == {"en": "Adopt the law", "fr": "Adopter la loi"}
    assert (found.countries, found.body, found.symbol) == (["Peru", "Chile"], "CRC", "CRC/C/PER/CO/6-7")
    assert (found.paragraph, found.order, found.document_id) == ("30", 25, "41a0b08f")
    assert (found.published, found.listed) == (date(2025, 2, 12), date(2025, 3, 3))
    assert (found.cycle, found.session, found.recommending) == (3, 36, ["Spain", "Italy"])
    assert (found.position.stand, found.position.words) == (Stand.PARTLY, "Partially accepted")
    assert (found.position.comment, found.comment) == ("By 2027", "Law 12 is\nin parliament")
    assert found.kind == Kind.OBSERVATION
    assert found.labels == [
        Label("uhri-theme", "Right to food"),
        Label("uhri-theme", "Right to health"),
        Label("axes", "Axe 1"),
    ]
    assert (found.external, found.problems) == ({"didh": "R22"}, [])


def test_a_list_may_have_a_separator_of_its_own(tmp_path):
    path = written(
        tmp_path / "sheet.csv", [["Text", "To", "Issue"], ["Adopt", "Peru", "Detention,Torture; and others"]]
    )
    found = only(path, {"text": "Text", "country": "To", "label upr-info-issue": "Issue"}, separator=",")
    assert [label.text for label in found.labels] == ["Detention", "Torture; and others"]


def test_a_voluntary_pledge_is_a_pledge_and_no_answer(tmp_path):
    path = written(
        tmp_path / "s.csv", [["Text", "To", "From", "Response"], ["Adopt", "Peru", "Peru", "Voluntary Pledge"]]
    )
    found = only(path, sheet_reader.suggest_mapping(["Text", "To", "From", "Response"]))
    assert (found.kind, found.position, found.recommending) == (Kind.PLEDGE, None, [])


def test_a_constant_holds_where_a_cell_is_empty(tmp_path):
    path = written(tmp_path / "sheet.csv", [["Text", "To"], ["Adopt", ""], ["Ratify", "Chile"]])
    found = sheet_reader.read(
        path, {"text": "Text", "country": "To"}, constants={"country": "Peru", "symbol": "A/HRC/59/15"}
    )
    assert [(row.countries, row.symbol) for row in found] == [(["Peru"], "A/HRC/59/15"), (["Chile"], "A/HRC/59/15")]


def test_a_number_that_contradicts_its_column_stays_in_the_text(tmp_path):
    path = written(tmp_path / "sheet.csv", [["Text", "Para", "To"], ["7. Adopt", "140.7", "Peru"]])
    found = only(path, {"text": "Text", "paragraph": "Para", "country": "To"})
    assert (found.paragraph, found.texts[""]) == ("140.7", "7. Adopt")


@pytest.mark.parametrize("value", ["=cmd|' /C calc'!A0", "+ more shelters", "- adopt the law", "@home care"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_value_that_looks_like_a_formula_is_text(tmp_path, ending, value):
    path = tmp_path / f"sheet.{ending}"
    if ending == "csv":
        written(path, [["Text", "To"], [value, "Peru"]])
    else:
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as workbook:
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, ["Text", "To"])
            sheet.write_row(1, 0, [value, "Peru"])
    assert only(path, {"text": "Text", "country": "To"}).texts == {"": value}


def test_of_a_formula_only_the_value_is_read_and_numbers_read_as_printed(tmp_path):
    path = tmp_path / "sheet.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Notes")
        sheet = workbook.add_worksheet("Data")
        sheet.write_row(0, 0, ["Text", "To", "Session", "Date"])
        sheet.write_formula(1, 0, '=HYPERLINK("https://example.org")', None, "Adopt the law")
        sheet.write_row(1, 1, ["Peru", 36])
        sheet.write_datetime(1, 3, date(2025, 2, 12), workbook.add_format({"num_format": "dd/mm/yyyy"}))
    assert sheet_reader.open_sheet(path, sheet="Data").sheets == ("Notes", "Data")
    found = only(path, sheet_reader.suggest_mapping(["Text", "To", "Session", "Date"]), sheet="Data")
    assert (found.texts, found.session, found.published) == ({"": "Adopt the law"}, 36, date(2025, 2, 12))
    with pytest.raises(Unreadable, match="no sheet “Other”. Its sheets: Notes, Data"):
        sheet_reader.open_sheet(path, sheet="Other")


def test_missing_doubled_and_unknown_columns_are_named(tmp_path):
    path = written(tmp_path / "sheet.csv", [["Text", "To", "To"], ["Adopt", "Peru", "Chile"]])
    with pytest.raises(Unreadable, match="lacks these columns: Symbol"):
        list(sheet_reader.read(path, {"text": "Text", "symbol": "Symbol"}))
    with pytest.raises(Unreadable, match="twice: To"):
        list(sheet_reader.read(path, {"text": "Text", "country": "To"}))
    with pytest.raises(Unreadable, match="contains unknown fields: colour"):
        list(sheet_reader.read(path, {"text": "Text", "colour": "Text"}))


def test_rows_that_cannot_be_imported_are_named_and_the_others_read(tmp_path):
    rows = [["Text", "To"], ["Adopt", "Peru"], ["", "Peru"], ["", ""], ["Ratify", "Peru", "moved"], ["Report", ""]]
    found = list(sheet_reader.read(written(tmp_path / "s.csv", rows), {"text": "Text", "country": "To"}))
    assert [(row.where, problems(row)) for row in found] == [
        ("row 2", []),
        ("row 3", [("text", True)]),
        ("row 5", [("row", True)]),
        ("row 6", []),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"One line of text without columns", "no columns"),
        (b"Text,To\n", "has column names, but no rows"),
    ],
)
def test_a_file_without_a_table_says_what_is_missing(tmp_path, content, message):
    path = tmp_path / "sheet.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=message):
        list(sheet_reader.read(path, {"text": "Text"}))


def test_a_title_above_the_table_is_not_its_header(tmp_path):
    rows = [["Recommendations 2025"], [], ["Text", "To"], ["Adopt", "Peru"], ["Ratify", "Peru"], ["Report", "Peru"]]
    path = written(tmp_path / "sheet.csv", rows)
    assert sheet_reader.open_sheet(path).headers == ["Text", "To"]


def test_nul_bytes_in_a_sheet_do_not_stop_it(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"Text,To\nAdopt\x00 the law,Peru\nRatify,Peru\n")
    assert [row.texts[""] for row in sheet_reader.read(path, {"text": "Text", "country": "To"})] == [
        "Adopt the law",
        "Ratify",
    ]


def test_slovenia_comes_through_a_sheet_without_loss(tmp_path):
    path = written(tmp_path / "sheet.csv", make_fixtures.upr_info_rows(4))
    found = list(sheet_reader.read(path, sheet_reader.suggest_mapping(make_fixtures.UPR_INFO_HEADERS)))
    printed = [(state, row["position"]) for row in make_fixtures.truth(4)
               for state in make_fixtures.recommending(row["text"])]  # fmt: skip
    assert [row.recommending for row in found] == [[state] for state, _position in printed]
    assert Counter(row.position.stand.value for row in found) == Counter(
        position.lower() for _state, position in printed
    )


@pytest.mark.parametrize(("cycle", "rows"), [(1, 17_892), (2, 16_085)])
def test_the_real_upr_info_export_is_read(shared_data, cycle, rows):
    path = shared_data / f"recs/upr_info/upr_info_cycle{cycle}.csv"
    mapping = sheet_reader.suggest_mapping(sheet_reader.open_sheet(path).headers)
    found = list(sheet_reader.read(path, mapping, constants={"body": "UPR"}))
    assert len(found) == rows
    assert not any(row.problems for row in found)
    assert {row.cycle for row in found} == {cycle}
    actions = {label.text for row in found for label in row.labels if label.scheme == "action-category"}
    issues = {label.text for row in found for label in row.labels if label.scheme == "upr-info-issue"}
    assert actions == {"1", "2", "3", "4", "5"}
    assert 40 < len(issues) <= 54


SENTENCES = {
    "cp1250": "Okrepiti prizadevanja za zaščito pravic otrok in mladostnikov v šolah in zagotoviti žrtvam zatočišča",
    "cp1251": "Усилить защиту прав детей и обеспечить доступ к образованию во всех регионах страны",
    "cp1252": "Renforcer la protection des droits de l’enfant et garantir l’accès à l’éducation dans les régions",
    "cp1256": "تعزيز حماية حقوق الطفل وضمان الحصول على التعليم في جميع المناطق",
}


@pytest.mark.parametrize(("encoding", "sentence"), SENTENCES.items())
def test_old_encodings_are_told_by_their_letters(tmp_path, encoding, sentence):
    path = tmp_path / "sheet.csv"
    path.write_bytes(f"Text;To\n{sentence};SVN\n".encode(encoding))
    assert next(sheet_reader.read(path, {"text": "Text", "country": "To"})).texts == {"": sentence}


@pytest.mark.parametrize(
    ("encoding", "sentence"),
    [
        ("cp1252", "Reforçar o financiamento das casas de abrigo para vítimas de violência em todas as regiões."),
        ("cp1252", "Não iniciada"),
        ("cp1252", "Garantizar la educación de todas las niñas y niños en situación de vulnerabilidad"),
        ("cp1252", "Säkerställa tillgång till utbildning för alla barn på skolor"),
        ("cp1250", "Osigurati pristup obrazovanju za svu djecu, uključujući djecu s teškoćama u razvoju"),
        ("cp1250", "Zapewnić dostęp do edukacji dla wszystkich dzieci, w tym dzieci z niepełnosprawnościami"),
        ("cp1250", "Zajistit přístup ke vzdělání pro všechny děti, včetně dětí se zdravotním postižením"),
        ("cp1250", "Biztosítani kell az oktatáshoz való hozzáférést, különös figyelemmel a szegénységben élőkre"),
        ("cp1250", "Să asigure accesul la educaţie pentru toţi copiii şi să întărească protecţia drepturilor"),
    ],
)
def test_western_and_central_european_letters_are_not_taken_for_each_other(tmp_path, encoding, sentence):
    path = tmp_path / "sheet.csv"
    path.write_bytes(f"Text;To\n{sentence};SVN\n".encode(encoding))
    assert next(sheet_reader.read(path, {"text": "Text", "country": "To"})).texts == {"": sentence}


def test_a_file_of_two_encodings_is_told(tmp_path):
    path = tmp_path / "sheet.csv"
    lines = ["Text;To", *["Protéger les écoles;SVN"] * 5]
    path.write_bytes("\n".join(lines).encode() + "\nProtéger les forêts;SVN\n".encode("cp1252"))
    with pytest.raises(Unreadable, match="mixes two encodings: line 7"):
        sheet_reader.open_sheet(path)


def test_a_quotation_mark_that_is_not_closed_is_told_with_its_line(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(
        'Id;Text;To\n1;Build schools;SVN\n2;"Train teachers;SVN\n3;Plant trees;SVN\n4;"Adopt a law";SVN\n'
    )
    with pytest.raises(Unreadable, match="lines 3 to 5"):
        list(sheet_reader.read(path, {"text": "Text", "country": "To"}))


def test_a_cell_may_hold_line_breaks_and_separators(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text('Id;Text;To\n1;"Build schools;\nin the north; in the south";SVN\n')
    assert next(sheet_reader.read(path, {"text": "Text", "country": "To"})).texts == {
        "": "Build schools;\nin the north; in the south"
    }


def workbook_of(path, *named: tuple[str, list[list[str]], bool]):
    book = xlsxwriter.Workbook(path)
    for name, rows, is_hidden in named:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        page.hide() if is_hidden else page.activate()
    book.close()
    return path


def test_a_hidden_first_sheet_is_not_the_one_that_is_read(tmp_path):
    rows = [["Text", "To"], ["Build schools", "SVN"]]
    path = workbook_of(
        tmp_path / "s.xlsx", ("Lists", [["a", "b"], ["c", "d"]], True), ("Data", rows, False), ("Old", rows, False)
    )
    sheet = sheet_reader.open_sheet(path)
    assert (sheet.name, sheet.headers, sheet.other_sheets) == ("Data", ["Text", "To"], ["Lists", "Old"])


def test_a_head_of_two_rows_with_merged_cells_is_read(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "s.xlsx")
    page = book.add_worksheet()
    page.merge_range(0, 0, 1, 0, "Text")
    page.merge_range(0, 1, 0, 2, "Follow-up")
    page.write_row(1, 1, ["Status", "Date"])
    page.write_row(2, 0, ["Build schools", "Done", "2024"])
    book.close()
    sheet = sheet_reader.open_sheet(tmp_path / "s.xlsx")
    assert sheet.headers == ["Text", "Follow-up: Status", "Follow-up: Date"]
    assert [cells for _number, cells in sheet.rows] == [["Build schools", "Done", "2024"]]


def test_a_column_that_is_drawn_wider_by_merging_its_cells_has_one_row_of_titles(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "s.xlsx")
    page = book.add_worksheet()
    page.merge_range("A1:D1", "Ministry of Justice (invented)")
    for row, (number, text, status) in enumerate(
        [("N.º", "Recomendação", "Situação"), ("121.5", "Build schools", "Done"), ("121.6", "Train judges", "")], 2
    ):
        page.write(row, 0, number)
        page.merge_range(row, 1, row, 2, text)
        page.write(row, 3, status)
    book.close()
    sheet = sheet_reader.open_sheet(tmp_path / "s.xlsx")
    assert sheet.headers == ["N.º", "Recomendação", "column 3", "Situação"]
    assert [cells[:2] for _number, cells in sheet.rows] == [["121.5", "Build schools"], ["121.6", "Train judges"]]


def test_the_widest_sheet_is_opened_within_three_seconds(tmp_path):
    titles = [f"Column {number}" for number in range(16_384)]
    path = workbook_of(tmp_path / "s.xlsx", ("Data", [titles, ["x"] * 16_384], False))
    start = time.process_time()
    sheet = sheet_reader.open_sheet(path)
    assert time.process_time() - start < 3
    assert (len(sheet.headers), sheet.width) == (256, 16_384)


def test_the_body_is_taken_from_the_first_of_several_columns_that_names_one(tmp_path):
    path = written(tmp_path / "s.csv", [["Text", "Mechanism", "Committee"], ["Adopt", "Treaty bodies", "CRC"]])
    row = next(sheet_reader.read(path, {"text": "Text", "body": "Mechanism", "body 2": "Committee"}))
    assert (row.body, row.other_bodies) == ("Treaty bodies", ["CRC"])


def test_a_column_and_a_value_for_its_empty_cells_go_together(tmp_path):
    path = written(tmp_path / "s.csv", [["Text", "To"], ["Adopt", "Peru"], ["Ratify", ""]])
    found = sheet_reader.read(path, {"text": "Text", "country": "To"}, constants={"country": "Chile"})
    assert [row.countries for row in found] == [["Peru"], ["Chile"]]


def test_colours_of_cells_and_rows_are_columns_of_their_own(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "s.xlsx")
    green, red = (book.add_format({"bg_color": colour}) for colour in ("#00B050", "#FF0000"))
    page = book.add_worksheet()
    page.write_row(0, 0, ["Text", "To", "State of play"])
    page.write_row(1, 0, ["Build schools", "SVN"], green)
    page.write(1, 2, "x", green)
    page.write_row(2, 0, ["Train teachers", "SVN"])
    page.write(2, 2, "x", red)
    page.write_row(3, 0, ["Adopt a law", "SVN", "x"])
    book.close()
    sheet = sheet_reader.open_sheet(tmp_path / "s.xlsx")
    assert sheet.headers[3:] == ["Colour of the row", "Colour of “State of play”"]
    assert [cells[3:] for _number, cells in sheet.rows] == [["green", ""], ["", "red"], ["", ""]]
