"""Tables of other systems become files of the format; what cannot be converted is named and nothing is written."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from servanda.exchange.format.checking import check_file

pytestmark = pytest.mark.usefixtures("vocabulary")
ORIGIN = "https://mechanism.example"
TABLES = {
    "taxonomies": "id,title\n1,Human rights body\n2,Cycle\n3,Recommending state\n4,SDGs\n5,Progress status\n6,X\n",
    "categories": (
        "id,title,short_title,reference,taxonomy_id,parent_id,date\n"
        "1,Human rights council (UPR),UPR,,1,,\n"
        "2,Universal Periodic Review 2024,UPR-2024,,2,1,2024-05-07\n"
        "3,Chile,,,3,,\n"
        "4,Reduced inequalities,,10,4,,\n"
        "5,In progress,,2,5,,\n"
        "6,Children,,,6,,\n"
        "7,Committee on the Rights of the Child,CRC,,1,,\n"
    ),
    "recommendations": (
        "id,title,description,reference,accepted,support_level,response,draft,is_archive\n"
        '1,Ratify,"Ratify the Convention, and its protocol (Chile)",UPR-2024-1,,2,By 2027,f,f\n'
        "2,Adopt a law on equal treatment,,CRC-2017-5,,,,f,f\n"
        "3,Not yet read,,UPR-2024-3,,,,t,f\n"
        "4,Reconsider,,UPR-2024-4,f,,,f,f\n"
    ),
    "recommendation_categories": "recommendation_id,category_id\n1,2\n1,3\n1,4\n1,6\n2,7\n4,1\n",
    "measures": (
        "id,title,reference,target_date,draft,is_archive\n"
        "1,Draft a bill,M-1,2027-06-30,f,f\n2,Train judges,M-2,soon,f,f\n3,Old,M-3,,f,t\n"
    ),
    "measure_categories": "measure_id,category_id\n1,5\n",
    "recommendation_measures": "recommendation_id,measure_id\n1,1\n3,1\n2,2\n",
    "progress_reports": "id,title\n1,First report\n",
}


@pytest.fixture
def folder(tmp_path) -> Path:
    for name, content in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(content)
    return tmp_path


@pytest.fixture
def convert(tmp_path, capsys):
    def run(source: Path, **options) -> tuple[dict[str, dict], str]:
        output = tmp_path / "out.jsonld"
        call_command("convert_to_exchange", source, output, origin=ORIGIN, country="SVN", **options)
        content = output.read_bytes()
        assert check_file(content).is_valid
        return {value["code"]: value for value in json.loads(content)["@graph"]}, capsys.readouterr().out

    return run


def test_tables_of_impact_oss_become_recommendations_and_actions(convert, folder):
    objects, notes = convert(folder)
    assert list(objects) == ["UPR-2024-1", "CRC-2017-5", "UPR-2024-4", "M-1", "M-2"]
    first = objects["UPR-2024-1"]
    assert first["id"] == f"{ORIGIN}/exchange/recommendation/UPR-2024-1"
    assert (first["body"], first["country"], first["date"]) == ("UPR", "SVN", "2024-05-07")
    assert first["texts"] == [{"language": "en", "text": "Ratify the Convention, and its protocol (Chile)"}]
    assert (first["stand"], first["recommending"]) == ("supported", ["CHL"])
    assert first["positions"] == [{"stand": "supported", "comment": "By 2027"}]
    assert first["labels"] == [{"taxonomy": "sdg", "code": "10"}]
    assert (objects["CRC-2017-5"]["body"], objects["UPR-2024-4"]["stand"]) == ("CRC", "noted")
    assert "stand" not in objects["CRC-2017-5"]
    assert objects["M-1"] | {"recommendations": ["UPR-2024-1"], "due_on": "2027-06-30"} == objects["M-1"]
    assert [objects[code]["status"] for code in ("M-1", "M-2")] == ["in-progress", "planned"]
    assert "Recommendations that are drafts or archived: 1" in notes
    assert "Actions without a known status, written as planned: 1" in notes
    assert "Target dates that are not dates: 1" in notes
    assert "Progress reports, which have no kind in the format: 1" in notes


def test_a_folder_without_its_main_table_says_which_file_is_missing(convert, tmp_path):
    with pytest.raises(CommandError, match=r"no file recommendations\.csv in the folder"):
        convert(tmp_path)


def test_a_row_without_a_body_is_named_and_nothing_is_written_unless_it_is_left_out(convert, folder):
    (folder / "recommendation_categories.csv").write_text("recommendation_id,category_id\n1,1\n4,1\n")
    with pytest.raises(CommandError, match="Faults: 1"):
        convert(folder)
    assert not (folder / "out.jsonld").exists()
    objects, notes = convert(folder, leave_out=True)
    assert "CRC-2017-5: No body is named" in notes
    assert "CRC-2017-5" not in objects
    assert objects["M-2"]["recommendations"] == []
    assert "CRC-2017-5" in convert(folder, body="CRC")[0]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("taxonomies", "title"),
        ("categories", "taxonomy_id"),
        ("recommendations", "reference"),
        ("recommendation_categories", "category_id"),
        ("measures", "id"),
        ("recommendation_measures", "measure_id"),
    ],
)
def test_a_table_without_a_column_says_which_is_missing(convert, folder, table, column):
    path = folder / f"{table}.csv"
    path.write_text(TABLES[table].replace(column, "other", 1))
    with pytest.raises(CommandError, match=f"{table}.csv has no column “{column}”"):
        convert(folder)


def test_an_empty_table_that_is_not_needed_has_no_rows(convert, folder):
    (folder / "measures.csv").write_text("")
    (folder / "recommendation_measures.csv").write_text("")
    objects, _said = convert(folder, body="UPR")
    assert not [code for code in objects if code.startswith("measure-")]


def test_rows_that_are_shorter_than_the_others_have_empty_cells(convert, folder):
    (folder / "recommendations.csv").write_text(TABLES["recommendations"] + "5,Train the police\n")
    (folder / "measures.csv").write_text(TABLES["measures"] + "4,Train the police\n")
    objects, _said = convert(folder, body="UPR")
    assert {"Train the police"} <= {value["texts"][0]["text"] for value in objects.values() if "texts" in value}
    assert objects["measure-4"]["title"] == "Train the police"


def test_rows_without_any_text_are_named_by_their_number(convert, folder, capsys):
    (folder / "recommendations.csv").write_text(TABLES["recommendations"] + "5\n")
    (folder / "measures.csv").write_text(TABLES["measures"] + "4\n")
    with pytest.raises(CommandError, match="Faults: 2"):
        convert(folder, body="UPR")
    output = capsys.readouterr().out
    assert "#5: The record has no text." in output
    assert "measure-4 title: Enter a text." in output


def test_what_the_format_refuses_is_a_fault(convert, folder):
    path = folder / "recommendations.csv"
    path.write_text(path.read_text().replace("CRC-2017-5", "UPR-2024-1"))
    with pytest.raises(CommandError, match="Faults"):
        convert(folder)
    assert not (folder / "out.jsonld").exists()
    assert list(convert(folder, leave_out=True)[0]) == ["UPR-2024-1", "UPR-2024-4", "M-1", "M-2"]


def test_a_plain_spreadsheet_becomes_recommendations(convert, tmp_path):
    sheet = tmp_path / "list.csv"
    sheet.write_text(
        "Paragraph;Recommendation;Recommending State;Response;Body;Date\n"
        "140.1;Ratify the Optional Protocol to the Convention against Torture;Chile;Supported;UPR;2024-05-07\n"
        "140.2;Combattre la violence domestique et protéger les victimes;France;Noted;UPR;2024-05-07\n"
        ";Adopt a national action plan on business and human rights;;;CESCR;2023-03-10\n"
        ";Adopt a law against all forms of discrimination against women;;;CESCR;2023-03-10\n"
    )
    objects, notes = convert(sheet)
    assert list(objects) == ["SVN-UPR-2024-140.1", "SVN-UPR-2024-140.2", "SVN-CESCR-2023-x", "SVN-CESCR-2023-x~2"]
    assert objects["SVN-UPR-2024-140.2"]["texts"][0]["language"] == "fr"
    assert objects["SVN-UPR-2024-140.2"]["recommending"] == ["FRA"]
    assert [value.get("stand") for value in objects.values()] == ["supported", "noted", None, None]
    assert "Recommendation: text" in notes


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"origin": "ftp://mechanism.example"}, "begins with https"),
        ({"country": "XXQ"}, "XXQ"),
        ({"body": "NOBODY"}, "NOBODY"),
    ],
)
def test_a_wrong_option_says_what_to_enter(tmp_path, options, sentence):
    (tmp_path / "list.csv").write_text("Text;Body\nRatify;CRC\n")
    options = {"origin": ORIGIN, "country": "SVN", **options}
    with pytest.raises(CommandError, match=sentence):
        call_command("convert_to_exchange", tmp_path / "list.csv", tmp_path / "out.jsonld", **options)


def test_a_sheet_without_texts_says_how_to_name_the_column(convert, tmp_path):
    (tmp_path / "list.csv").write_text("Name;Telephone\nA;1\nB;2\n")
    with pytest.raises(CommandError, match="has no column of texts"):
        convert(tmp_path / "list.csv")


def test_what_is_removed_from_texts_is_noted(convert, tmp_path):
    source = tmp_path / "list.csv"
    texts = [
        "Ratify<script>alert(1)</script> it.",
        "Adopt&lt;script&gt;x&lt;/script&gt; a law.",
        "Train\u202e judges.",
    ]
    source.write_text("Code,Body,Recommendation\n" + "".join(f"A-{n},UPR,{text}\n" for n, text in enumerate(texts)))
    objects, notes = convert(source)
    assert [value["texts"][0]["text"] for value in objects.values()] == [
        "Ratify it.",
        "Adopt a law.",
        "Train judges.",
    ]
    assert "Rows from which scripts or styles were removed: 2" in notes
    assert "Rows from which marks that turn the direction of the text were removed: 1" in notes
