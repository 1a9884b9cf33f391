"""Comments on cells of a spreadsheet: shown in the preview, and taken as notes or left."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.kit.files.cell_comments import CellComment, at_place, cell_comments
from servanda.people.models import Instance
from servanda.recommendations import tasks
from servanda.recommendations.models import Note, Recommendation
from servanda.trail.models import Event
from tests import make
from tests.house.answers import source_of

CHOICES = {"sender": "Ministry", "column_0": "external sheet", "column_1": "text en"}
BODY = {"constant_country": "SVN", "constant_body": "CRC", "separator": ";"}
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"


def workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, ["Code", "Text"])
        sheet.write_row(1, 0, ["R1", "Build schools in every region."])
        sheet.write_row(2, 0, ["R2", "Hire more judges."])
        sheet.write_comment("B2", "Ask the ministry <b>first</b>.", {"author": "Ana Primer"})
        sheet.write_comment("A1", "Codes of 2024.")
    return file.getvalue()


def opendocument() -> bytes:
    note = "<dc:creator>Ana</dc:creator><text:p>One.</text:p><text:p>Two.</text:p>"
    content = f"""<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
     xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><table:table table:name="List">
     <table:table-row table:number-rows-repeated="3"/><table:table-row>
     <table:table-cell table:number-columns-repeated="2"/><table:table-cell>
     <office:annotation>{note}</office:annotation></table:table-cell>
     </table:table-row></table:table></office:document-content>"""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", content)
    return file.getvalue()


def stored(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "list.bin"
    path.write_bytes(content)
    return path


def test_the_notes_of_a_workbook_have_cell_author_and_text(tmp_path):
    found = cell_comments(stored(tmp_path, workbook()), "List")
    assert found == [
        CellComment(1, 0, "", "Codes of 2024."),
        CellComment(2, 1, "Ana Primer", "Ask the ministry <b>first</b>."),
    ]


def test_a_thread_takes_the_place_of_the_note_that_it_leaves_for_older_programs(tmp_path):
    path = stored(tmp_path, workbook())
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    relation = b'<Relationship Id="t1" Type="x/threadedComment" Target="../threadedComments/t.xml"/></Relationships>'
    parts[rels] = parts[rels].replace(b"</Relationships>", relation)
    thread = '<t:threadedComment ref="B2" personId="p1"><t:text>Agreed.</t:text></t:threadedComment>'
    parts["xl/threadedComments/t.xml"] = f'<t:all xmlns:t="{THREADS}">{thread}</t:all>'.encode()
    parts["xl/persons/person.xml"] = b'<all><person id="p1" displayName="Bo"/></all>'
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert cell_comments(path, "List")[1:] == [CellComment(2, 1, "Bo", "Agreed.")]


def test_the_annotations_of_an_opendocument_sheet_count_repeated_rows_and_cells(tmp_path):
    path = stored(tmp_path, opendocument())
    assert cell_comments(path, "List") == [CellComment(4, 2, "Ana", "One.\nTwo.")]
    assert cell_comments(path, "Other") == []


@pytest.mark.parametrize("content", [b"Code;Text\n", b"PK\x03\x04broken", b""])
def test_what_is_no_workbook_has_no_comments(tmp_path, content):
    assert cell_comments(stored(tmp_path, content), "List") == []


@pytest.fixture
def workbook_sent() -> bytes:
    return workbook()


@pytest.fixture
def batch(client, vocabulary, workbook_sent) -> Batch:
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN", "languages": "en,fr"})
    client.force_login(make.user("coordinator"))
    file = SimpleUploadedFile("list.xlsx", workbook_sent)
    client.post(reverse("desk:receive_files"), {"files": file, "publish": "on"})
    sent = Batch.objects.latest("pk")
    client.post(reverse("desk:map_columns", args=[sent.key]), CHOICES | BODY)
    client.post(reverse("desk:map_values", args=[sent.key]))
    return looked_at(sent)


def looked_at(sent: Batch) -> Batch:
    tasks.preview_import.func(str(sent.key))
    sent.refresh_from_db()
    assert sent.state == Batch.State.PREVIEWED, sent.message
    return sent


def press(client, sent: Batch, name: str, **fields) -> str:
    return source_of(client.post(reverse(f"desk:{name}", args=[sent.key]), fields, follow=True))


def applied(client, sent: Batch) -> None:
    press(client, sent, "apply_import", publish="on")
    tasks.apply_import.func(str(sent.key))
    sent.refresh_from_db()
    assert sent.state == Batch.State.APPLIED, sent.message


@pytest.mark.django_db
def test_the_preview_shows_row_column_and_text_and_says_that_they_are_not_imported(client, batch):
    page = source_of(client.get(reverse("desk:show_import", args=[batch.key])))
    for shown in ("The file has 2 comments on cells.", "They are not imported.", "Ana Primer", "Codes of 2024."):
        assert shown in page
    assert "row 2, column “<bdi>Text</bdi>”" in page
    assert "<b>first</b>" not in page
    applied(client, batch)
    assert not Note.objects.exists()


@pytest.mark.django_db
@pytest.mark.database
def test_taken_comments_become_notes_of_their_records_and_are_undone_with_the_import(client, batch):
    press(client, batch, "take_comments", take="1")
    looked_at(batch)
    assert "1 is imported as an internal note" in source_of(client.get(reverse("desk:show_import", args=[batch.key])))
    applied(client, batch)
    note = Note.objects.get()
    assert note.text == "Comment of Ana Primer in the column “Text”: Ask the ministry first."
    assert note.recommendation == Recommendation.objects.get(texts__text__startswith="Build schools")
    assert Event.objects.filter(action="import-comments-decided").exists()
    press(client, batch, "undo_import")
    assert not Note.objects.exists()


@pytest.mark.django_db
def test_a_choice_can_be_changed_before_the_file_is_applied(client, batch):
    press(client, batch, "take_comments", take="1")
    looked_at(batch)
    press(client, batch, "take_comments")
    looked_at(batch)
    assert batch.cell_comments.count() == 2
    applied(client, batch)
    assert not Note.objects.exists()
    press(client, batch, "take_comments", take="1")
    batch.refresh_from_db()
    assert not batch.takes_comments


@pytest.mark.parametrize("place", ["A9999999999", "A1048577", "XFE1", "ZZZZZZZZ1"])
def test_a_place_outside_a_sheet_is_no_comment(place):
    assert list(at_place(place, "Ana", "Look.")) == []


def test_the_last_cell_of_a_sheet_has_a_place():
    assert [(found.row, found.column) for found in at_place("XFD1048576", "", "Look.")] == [(1_048_576, 16_383)]


def commented_workbook() -> bytes:
    """Comments on a title, in a row, on an empty row, on rows that are refused, and in other sheets."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, ["Code", "Text"])
        sheet.write_row(1, 0, ["R1", "Build schools in every region."])
        sheet.write_row(3, 0, ["R2", ""])
        for cell, words in {"A1": "On the title.", "B2": "In a row.", "A3": "No row.", "A4": "Refused."}.items():
            sheet.write_comment(cell, words)
        hidden, other = book.add_worksheet("Old"), book.add_worksheet("Drafts")
        hidden.hide()
        hidden.write_comment("A1", "Hidden.")
        other.write_comment("C7", "Not chosen.")
    return file.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("workbook_sent", [commented_workbook()])
def test_each_comment_is_named_with_sheet_and_cell_and_whether_it_is_taken(client, batch, workbook_sent):
    press(client, batch, "take_comments", take="1")
    looked_at(batch)
    obstacles = dict(batch.cell_comments.values_list("text", "obstacle"))
    assert obstacles == {
        "On the title.": "Not imported: the cell is above the first row of the list.",
        "In a row.": "",
        "No row.": "Not imported: the row has no entries.",
        "Refused.": "Not imported: the row is refused.",
        "Hidden.": "Not imported: this sheet is hidden and is not imported.",
        "Not chosen.": "Not imported: this sheet is not imported.",
    }
    page = source_of(client.get(reverse("desk:show_import", args=[batch.key])))
    assert "1 is imported as an internal note" in page
    assert "They are imported as internal notes" not in page
    assert "Sheet “<bdi>Drafts</bdi>”, row 7, column “<bdi>C</bdi>”" in page
    assert page.index("Not chosen.") < page.index("In a row.") < page.index("Imported as a note.")
    press(client, batch, "apply_import", publish="on", accept_refused="on")
    tasks.apply_import.func(str(batch.key))
    assert Note.objects.get().text == "Comment in the column “Text”: In a row."


@pytest.mark.django_db
@pytest.mark.parametrize("workbook_sent", [commented_workbook()])
def test_comments_on_rows_about_another_state_are_named(client, batch):
    batch.country = "HRV"
    batch.save(update_fields=["country"])
    looked_at(batch)
    assert batch.cell_comments.get(row=2).obstacle == "Not imported: the row is about another State."


@pytest.mark.django_db
def test_all_comments_are_listed_on_pages(client, batch):
    make_comment = batch.cell_comments.model
    make_comment.objects.bulk_create(
        make_comment(batch=batch, sheet="List", row=row, column="A", text=f"Words {row}.") for row in range(10, 70)
    )
    address = reverse("desk:show_import", args=[batch.key])
    assert "?comments=2#comments-title" in source_of(client.get(address))
    assert "Words 69." in source_of(client.get(address, {"comments": "2"}))
