"""The page on which a person says what the columns of a sheet hold."""

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from servanda.intake.models import Batch, SenderMapping
from servanda.people.models import Instance
from servanda.recommendations.imports import pipeline
from tests import make
from tests.house.answers import source_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
ROWS = "Code;Recommandation;Mécanisme;Organe;Remplissage\nR1;Construire des écoles.;Organes de traités;CRC;x\n"


@pytest.fixture
def batch(client) -> Batch:
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN", "languages": "en,fr"})
    client.force_login(make.user("coordinator"))
    client.post(reverse("desk:receive_files"), {"files": SimpleUploadedFile("list.csv", ROWS.encode("utf-8-sig"))})
    return Batch.objects.get()


def page_of(batch: Batch) -> str:
    return reverse("desk:map_columns", args=[batch.key])


def choices(**changes) -> dict:
    fields = {"column_0": "external sheet", "column_1": "text fr", "column_2": "body", "column_3": "body"}
    return {"sender": "Ministry of Made-up Affairs", "separator": ";", "constant_country": "SVN"} | fields | changes


def check(batch: Batch) -> None:
    """What the job does that the page starts."""
    batch.refresh_from_db()
    pipeline.preview_batch(batch)


def test_each_column_is_shown_with_its_first_values_and_what_it_is_taken_for(client, batch):
    page = client.get(page_of(batch)).content.decode()
    assert "Construire des écoles." in page
    assert page.count('<option value="external sheet" selected>') == 1
    assert "Not imported: <bdi>Remplissage</bdi>" in page


def test_a_sheet_without_a_State_is_offered_that_of_this_system(client, batch):
    form = client.get(page_of(batch)).context["form"]
    assert form["constant_country"].value() == "SVN"


def test_the_sender_is_not_guessed_from_the_names_of_the_columns(client, batch):
    client.post(page_of(batch), choices())
    other = Batch.objects.create(name="other.csv", shape="sheet", sha256="0", created_by=batch.created_by)
    other.file.save("other.csv", ContentFile(ROWS.encode("utf-8-sig")))
    form = client.get(page_of(other)).context["form"]
    assert form["sender"].value() == ""
    assert "Ministry of Made-up Affairs" in client.get(page_of(other)).content.decode()


def test_the_body_may_be_in_several_columns(client, batch):
    client.post(page_of(batch), choices())
    fields = dict(SenderMapping.objects.get().columns.values_list("field", "header"))
    assert (fields["body"], fields["body 2"]) == ("Mécanisme", "Organe")


def test_a_column_and_a_value_for_its_empty_cells_are_kept_together(client, batch):
    client.post(page_of(batch), choices(column_4="country"))
    column = SenderMapping.objects.get().columns.get(field="country")
    assert (column.header, column.constant) == ("Remplissage", "SVN")


def test_two_columns_for_one_field_are_refused_with_both_names(client, batch):
    answer = client.post(page_of(batch), choices(column_4="external sheet"))
    assert answer.status_code == 422
    assert "Code, Remplissage" in answer.content.decode()
    assert not SenderMapping.objects.exists()


def test_the_first_rows_are_shown_as_they_will_be_before_the_file_is_checked(client, batch):
    answer = client.post(page_of(batch), choices(), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[0][0] == reverse("desk:map_values", args=[batch.key])
    assert "Construire des écoles." in page
    assert "CRC" in page
    check(batch)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.get().verdict) == (Batch.State.PREVIEWED, "new")


def test_an_import_shows_its_languages_and_can_be_checked_again(client, batch):
    client.post(page_of(batch), choices())
    check(batch)
    page = source_of(client.get(reverse("desk:show_import", args=[batch.key])))
    assert "1 row in the file." in page
    assert "French 1" in page
    answer = client.post(reverse("desk:preview_again", args=[batch.key]), follow=True)
    assert "The file is being checked again." in answer.content.decode()


def test_rows_without_a_State_become_those_of_this_one_at_the_press_of_a_button(client, batch):
    client.post(page_of(batch), choices(constant_country=""))
    check(batch)
    assert batch.rows.get().verdict == "refused"
    assert "1 row has no State" in client.get(reverse("desk:show_import", args=[batch.key])).content.decode()
    client.post(reverse("desk:assume_country", args=[batch.key]))
    check(batch)
    assert batch.rows.get().verdict == "new"


def page_with(client, content: str) -> str:
    file = SimpleUploadedFile("list.csv", content.encode("utf-8-sig"))
    client.post(reverse("desk:receive_files"), {"files": file})
    return page_of(Batch.objects.latest("pk"))


def offered(client, content: str) -> list[str]:
    form = client.get(page_with(client, content)).context["form"]
    return [column.field.value() for column in form.columns()]


def test_a_text_in_a_language_that_is_not_set_up_is_offered_as_text_in_it(client, batch):
    content = "Recommandation (fr);Recomendación (es);Body\nConstruire.;Construir.;CRC\n"
    assert offered(client, content) == ["text fr", "text es", "body"]
    page = client.get(page_with(client, content)).content.decode()
    assert page.count('<option value="text es" selected>') == 1


def test_numbers_from_one_without_a_document_are_ids_of_the_sender(client, batch):
    assert offered(client, "N°;Text;Body\n1;Build.;CRC\n2;Train.;CRC\n") == ["external sheet", "text", "body"]
    assert offered(client, "N°;Text;Symbol\n1;Build.;A/1\n2;Train.;A/1\n") == ["paragraph", "text", "symbol"]
    assert offered(client, "N°;Text;Body\n118.1;Build.;CRC\n118.2;Train.;CRC\n") == ["paragraph", "text", "body"]


def test_a_column_below_a_merged_title_is_recognised(client, batch):
    assert offered(client, "Text;Follow-up: Comment;Body\nBuild.;x;CRC\n") == ["text", "remarks", "body"]


def test_columns_of_colours_are_not_subtracted_from_those_that_cannot_be_mapped(client, batch, tmp_path):
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, green = book.add_worksheet(), book.add_format({"bg_color": "#00AA00"})
        sheet.write_row(0, 0, ["Text", "Body", "Status"])
        sheet.write_row(1, 0, ["Build.", "CRC"])
        sheet.write(1, 2, "done", green)
    client.post(reverse("desk:receive_files"), {"files": SimpleUploadedFile("list.xlsx", path.read_bytes())})
    answer = client.get(page_of(Batch.objects.latest("pk")))
    assert len(answer.context["form"].columns()) == 4
    assert "cannot be mapped" not in answer.content.decode()


def test_a_named_encoding_is_read_before_its_columns_are_saved(client, batch):
    file = SimpleUploadedFile("list.csv", "النص;الهيئة\nبناء مدارس;CRC\n".encode("cp1256"))
    client.post(reverse("desk:receive_files"), {"files": file})
    wrong = Batch.objects.latest("pk")
    shown = client.get(page_of(wrong)).context["form"]["columns_shown"].value()
    answer = client.post(page_of(wrong), choices(encoding="cp1251", columns_shown=shown))
    assert answer.status_code == 422
    assert "النص" not in [column.header for column in answer.context["form"].columns()]
    answer = client.post(page_of(wrong), choices(column_0="text", column_1="body", encoding="cp1256"), follow=True)
    assert "بناء مدارس" in answer.content.decode()


def test_an_encoding_that_the_file_is_not_in_is_told(client, batch):
    answer = client.post(page_of(batch), choices(encoding="utf-16"), follow=True)
    assert "is not readable as utf-16 from line 1 on" in answer.content.decode()
