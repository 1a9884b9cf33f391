"""Answer sheets come back from a computer without a connection: read whatever was done to them, taken over."""

import io
from datetime import date
from zipfile import ZipFile

import docx
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from servanda.desk.sheets import views
from servanda.intake import tasks
from servanda.intake.sheets import services as sheets
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.progress.models import AnswerSheet, Update
from servanda.progress.rounds import answer_sheet_writing
from servanda.progress.rounds.answer_sheet import as_day, blocks
from servanda.progress.rounds.answer_sheet_kind import AnswerSheets
from servanda.progress.rounds.answer_sheet_writing import WRITERS
from servanda.progress.updates.services import save_update, submit_update
from servanda.recommendations.models import TextVersion
from tests import make
from tests.once import built_once
from tests.rounds_make import request as make_request
from tests.rounds_make import sheet_cells, workbook

pytestmark = pytest.mark.django_db
LETTER = {"letter": "12/2026", "letter_date": date(2026, 3, 1)}


@built_once
def asked():
    return make_request(make.institution("ministry"), [make.recommendation("First."), make.recommendation("Second.")])


@built_once
def focal_point(asked):
    return make.user(Role.FOCAL_POINT, asked.institution)


def written(asked, person, format: str, language: str = "en") -> io.BytesIO:
    with translation.override(language), WRITERS[format](asked, blocks(asked, to=person, language=language)) as file:
        return io.BytesIO(file.read())


def word(asked, person, language: str = "en"):
    return docx.Document(written(asked, person, "docx", language))


def row_of(table, name: str):
    return next(row for row in table.rows if f"{{{name}}}" in row.cells[0].text)


def saved(document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def sent(asked, content: bytes, by, name: str = "answers.xlsx", **letter) -> AnswerSheet:
    """Received and read, as the job does it."""
    file = ContentFile(content, name=name)
    batch = sheets.send_sheet(kind=AnswerSheets(), file=file, name=name, subject=asked, values=letter, by=by)
    tasks.preview_sheet.enqueue(str(batch.key))
    return AnswerSheet.objects.select_related("batch").get(batch=batch)


def taken_over(made: AnswerSheet, by, *, accept_refused: bool = False) -> None:
    sheets.start_sheet(batch=made.batch, options={"accept_refused": accept_refused})
    tasks.apply_sheet.enqueue(str(made.batch.key), by.pk, {}, "")
    made.batch.refresh_from_db()


def verdicts(made: AnswerSheet) -> list[str]:
    return list(made.batch.rows.values_list("verdict", flat=True))


def codes(asked) -> list[str]:
    return [item.recommendation.code for item in asked.items.all()]


HEADER = ["code", "text", "obstacles", "figures", "start", "end"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_word_file_that_was_filled_in_becomes_drafts(asked, focal_point, language):
    document = word(asked, focal_point, language)
    first, second = document.tables
    row_of(first, "text").cells[1].paragraphs[0].add_run("We passed “a law”.")
    row_of(first, "start").cells[1].paragraphs[0].add_run("1.2.2026")
    row_of(second, "text").cells[1].paragraphs[0].add_run("Nothing yet.")
    made = sent(asked, saved(document), focal_point, "answers.docx")
    assert verdicts(made) == ["new", "new"]
    taken_over(made, focal_point)
    update = Update.objects.get(recommendations__code=codes(asked)[0])
    assert (update.text, update.start, update.state, update.request) == (
        "We passed “a law”.",
        date(2026, 2, 1),
        "draft",
        asked,
    )


def test_the_sheet_is_in_the_language_that_was_chosen_and_right_to_left_in_arabic(asked, focal_point):
    TextVersion.objects.create(recommendation=asked.items.first().recommendation, language="ar", text="النص.")
    document = word(asked, focal_point, "ar")
    body = document.element.body
    assert "النص." in document.tables[0].rows[1].cells[1].text
    assert document.tables[0]._tbl.tblPr.find(qn("w:bidiVisual")) is not None
    assert body.findall(f".//{qn('w:bidi')}")
    assert body.findall(f".//{qn('w:vanish')}")


def test_what_was_asked_in_english_is_not_turned_in_an_arabic_sheet(asked, focal_point):
    asked.round.question = "Answer each question, with figures."
    document = word(asked, focal_point, "ar")
    inside = row_of(document.tables[0], "question").cells[1].paragraphs[0]
    above = next(paragraph for paragraph in document.paragraphs if paragraph.text == asked.round.question)
    assert [bool(paragraph._p.xpath("w:pPr/w:bidi")) for paragraph in (above, inside)] == [False, False]
    to_fill_in = row_of(document.tables[0], "text").cells[1].paragraphs[0]
    assert to_fill_in._p.xpath("w:pPr/w:bidi")


def test_tracked_changes_are_read_as_if_they_were_accepted(asked, focal_point):
    document = word(asked, focal_point)
    paragraph = row_of(document.tables[0], "text").cells[1].paragraphs[0]._p
    for tag, content in (("del", "<w:delText>Old</w:delText>"), ("ins", "<w:t>New words.</w:t>")):
        change = f'<w:{tag} {nsdecls("w")} w:id="1" w:author="A"><w:r>{content}</w:r></w:{tag}>'
        paragraph.append(parse_xml(change))
    made = sent(asked, saved(document), focal_point, "answers.docx")
    assert made.batch.rows.get().summary == "New words."


def test_paragraphs_of_an_answer_that_were_joined_are_one(asked, focal_point):
    document = word(asked, focal_point)
    cell = row_of(document.tables[0], "text").cells[1]
    for words in ("We adopted ", "the law."):
        cell.add_paragraph(words)
    end = parse_xml(f'<w:rPr {nsdecls("w")}><w:del w:id="1" w:author="A"/></w:rPr>')
    cell.paragraphs[-2]._p.get_or_add_pPr().append(end)
    made = sent(asked, saved(document), focal_point, "answers.docx")
    assert made.batch.rows.get().summary == "We adopted the law."


def test_columns_that_were_added_and_keys_that_were_deleted_do_no_harm(asked, focal_point):
    first, second = codes(asked)
    rows = [["Answers of the ministry"], ["who", *HEADER], ["Ana", first.replace("-", "–"), "A law."]]
    rows += [["Bo", second.lower(), "", "", "", ""], ["a remark below the table"]]
    made = sent(asked, workbook(rows), focal_point)
    assert [(row.verdict, row.code) for row in made.batch.rows.all()] == [("new", first)]
    assert "have no answer" in made.batch.message


def test_a_reference_that_was_lost_is_found_by_the_hidden_key(asked, focal_point):
    item = asked.items.first()
    made = sent(asked, workbook([["key", *HEADER], [str(item.pk), "", "A law."]]), focal_point)
    assert made.batch.rows.get().code == item.recommendation.code


def test_the_words_of_the_sheet_are_known_in_every_language(asked, focal_point):
    with translation.override("fr"):
        header = sheet_cells()
    made = sent(asked, workbook([header, [codes(asked)[0], "", "", "Une loi."]]), focal_point)
    assert verdicts(made) == ["new"]


def test_what_makes_no_sense_is_refused_where_it_stands(asked, focal_point):
    first, second = codes(asked)
    rows = [HEADER, ["SVN-UPR-9-1", "A law."], ["", "A law."], [first, "", "No money."]]
    rows += [[second, "A law.", "", "", "soon"], [second, "A law.", "", "", "2026-03-01", "2026-02-01"]]
    made = sent(asked, workbook(rows), focal_point)
    reasons = list(made.batch.rows.values_list("where", "reason"))
    words = [
        "is not part of the request",
        "Enter the reference of the record for this answer.",
        "Enter",
        "not a date",
        "Enter an end date that is not before the start date.",
    ]
    assert [where for where, _reason in reasons] == [f"Answers, row {number}" for number in range(2, 7)]
    assert [word for word, (_where, reason) in zip(words, reasons, strict=True) if word not in reason] == []
    with pytest.raises(Refused, match="5 rows are refused"):
        sheets.start_sheet(batch=made.batch, options={})


def test_a_record_that_is_answered_twice_in_one_file_is_refused_the_second_time(asked, focal_point):
    first = codes(asked)[0]
    assert verdicts(sent(asked, workbook([HEADER, [first, "A."], [first, "B."]]), focal_point)) == ["new", "refused"]


def test_the_same_file_again_changes_nothing_and_a_mended_one_changes_the_draft(asked, focal_point):
    first = codes(asked)[0]
    taken_over(sent(asked, workbook([HEADER, [first, "A law."]]), focal_point), focal_point)
    assert verdicts(sent(asked, workbook([HEADER, [first, "A law."]]), focal_point)) == ["unchanged"]
    made = sent(asked, workbook([HEADER, [first, "Two laws."]]), focal_point)
    assert verdicts(made) == ["changed"]
    taken_over(made, focal_point)
    assert Update.objects.get().text == "Two laws."
    sheets.undo_sheet(batch=made.batch, by=focal_point)
    assert Update.objects.get().text == "A law."


def test_a_draft_that_stands_on_the_sheet_comes_back_unchanged(asked, focal_point):
    taken_over(sent(asked, workbook([HEADER, [codes(asked)[0], "A law.\nAnd a plan."]]), focal_point), focal_point)
    for format in WRITERS:
        again = sent(asked, written(asked, focal_point, format).read(), focal_point, f"answers.{format}")
        assert verdicts(again) == ["unchanged"], format


def test_undo_withdraws_the_drafts_and_leaves_what_was_changed_since(asked, focal_point):
    first, second = codes(asked)
    made = sent(asked, workbook([HEADER, [first, "A law."], [second, "A plan."]]), focal_point)
    taken_over(made, focal_point)
    draft = Update.objects.get(recommendations__code=second)
    record = draft.recommendations.get()
    data = {"text": "Another plan.", "obstacles": "", "figures": "", "language": "en", "start": None, "end": None}
    save_update(update=draft, seen=draft.version, **data, recommendations=[record], actions=[], by=focal_point)
    assert sheets.undo_sheet(batch=made.batch, by=focal_point) == 1
    assert [update.text for update in Update.objects.kept()] == ["Another plan."]


def test_what_was_handed_in_or_written_meanwhile_is_refused(asked, focal_point):
    first, second = codes(asked)
    made = sent(asked, workbook([HEADER, [first, "A law."], [second, "A plan."]]), focal_point)
    other = sent(asked, workbook([HEADER, [second, "Quicker."]]), focal_point)
    taken_over(other, focal_point)
    taken_over(made, focal_point)
    assert verdicts(made) == ["new", "refused"]
    submit_update(update=Update.objects.get(recommendations__code=first), by=focal_point)
    assert verdicts(sent(asked, workbook([HEADER, [first, "Again."]]), focal_point)) == ["refused"]


def test_the_coordinator_enters_answers_by_letter_on_behalf_of_the_institution(asked):
    coordinator, first = make.user(Role.COORDINATOR), codes(asked)[0]
    earlier = make_request(asked.institution, [asked.items.first().recommendation], due_on=date(2026, 1, 31))
    with pytest.raises(Refused, match="Enter the number of the letter that contained the answers."):
        sent(asked, workbook([HEADER, [first, "A law."]]), coordinator)
    made = sent(asked, workbook([HEADER, [first, "A law."]]), coordinator, **LETTER)
    taken_over(made, coordinator)
    update = Update.objects.get()
    assert (update.on_behalf, update.letter, update.state) == (True, "12/2026", "validated")
    assert (asked.items.first().answered_at is None, earlier.items.get().answered_at) == (False, None)
    sheets.undo_sheet(batch=made.batch, by=coordinator)
    assert not Update.objects.kept().exists()


def test_a_stranger_sends_no_answers(asked):
    with pytest.raises(Refused, match="Only the coordinator and people who write for this"):
        sent(asked, workbook([HEADER]), make.user(Role.FOCAL_POINT, make.institution("agency")))


def test_a_record_that_was_restricted_since_stands_on_no_sheet_and_is_as_one_that_was_never_asked(asked, focal_point):
    record = asked.items.first().recommendation
    record.confidentiality = "restricted"
    record.save()
    for person in (focal_point, make.user(Role.COORDINATOR)):
        assert record.code not in [block.code for block in blocks(asked, to=person, language="en")]
    made = sent(asked, workbook([HEADER, [record.code, "A law."]]), focal_point)
    assert "is not part of the request" in made.batch.rows.get().reason


def test_a_text_that_begins_like_a_formula_stays_a_text(asked, focal_point):
    made = sent(asked, workbook([HEADER, [codes(asked)[0], "'=1+1"]]), focal_point)
    taken_over(made, focal_point)
    Update.objects.update(text="=1+1")
    with ZipFile(written(asked, focal_point, "xlsx")) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist() if name.startswith("xl/worksheets"))


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "answers.xlsx"), (b"Dear all", "answers.txt"), (b"PK\x03\x04broken", "answers.docx")]
)
def test_a_file_that_is_none_of_ours_fails_with_a_sentence(asked, focal_point, content, name):
    made = sent(asked, content, focal_point, name)
    assert made.batch.state == "failed"
    assert made.batch.message
    assert not made.batch.file


def test_a_job_that_was_killed_goes_on_and_writes_nothing_twice(asked, focal_point, monkeypatch):
    first, second = codes(asked)
    made = sent(asked, workbook([HEADER, [first, "A law."], [second, "A plan."]]), focal_point)
    sheets.start_sheet(batch=made.batch, options={})
    usual = sheets.apply_row

    def dies_at_the_second(kind, row, run):
        if row.number == 2:
            raise KeyboardInterrupt
        usual(kind, row, run)

    monkeypatch.setattr(sheets, "apply_row", dies_at_the_second)
    made.batch.refresh_from_db()
    with pytest.raises(KeyboardInterrupt):
        sheets.apply_sheet(batch=made.batch, by=focal_point)
    monkeypatch.setattr(sheets, "apply_row", usual)
    tasks.apply_sheet.enqueue(str(made.batch.key), focal_point.pk, {}, "")
    assert sorted(Update.objects.values_list("text", flat=True)) == ["A law.", "A plan."]


@pytest.mark.parametrize("given", ["2026-02-01", "1.2.2026", "01/02/2026", "٠١/٠٢/٢٠٢٦", "2026–02–01"])
def test_days_are_read_as_people_write_them(given):
    assert as_day("From", given) == date(2026, 2, 1)


def test_drafts_stand_on_the_sheet_of_those_who_write_them_only(asked, focal_point):
    taken_over(sent(asked, workbook([HEADER, [codes(asked)[0], "A secret plan."]]), focal_point), focal_point)
    for person, shown in ((focal_point, True), (make.user(Role.COORDINATOR), False)):
        given = [block.given.get("text") for block in blocks(asked, to=person, language="en")]
        assert ("A secret plan." in given) is shown
    reader = make.user(Role.READER, asked.institution)
    assert not AnswerSheet.objects.visible_to(reader).exists()
    assert not AnswerSheet.objects.visible_to(make.user(Role.COORDINATOR)).exists()


def test_more_records_than_a_word_file_holds_come_in_several_files(client, asked, focal_point, monkeypatch):
    monkeypatch.setattr(views, "MOST_IN_WORD", 1)
    monkeypatch.setattr(answer_sheet_writing, "MOST_IN_WORD", 1)
    client.force_login(focal_point)
    answer = client.get(reverse("desk:answer_sheet", args=[asked.pk, "docx"]), {"language": "en"})
    content = io.BytesIO(b"".join(answer.streaming_content))
    with ZipFile(content) as parts:
        documents = [docx.Document(io.BytesIO(parts.read(name))) for name in parts.namelist()]
    assert [
        table.rows[0].cells[1].text.partition("{")[0] for document in documents for table in document.tables
    ] == codes(asked)
    second = documents[1]
    row_of(second.tables[0], "text").cells[1].paragraphs[0].add_run("Nothing yet.")
    assert verdicts(sent(asked, saved(second), focal_point, "answers-2.docx")) == ["new"]


def test_a_text_that_is_not_there_in_the_language_of_the_sheet_is_shown_in_its_original(focal_point, asked):
    record = asked.items.first().recommendation
    record.texts.update(language="fr", text="Ratifier.", is_original=False)
    TextVersion.objects.create(recommendation=record, language="es", text="Ratificar.", is_original=True)

    def shown(language: str) -> str:
        return next(block.text.text for block in blocks(asked, to=focal_point, language=language))

    assert [shown(language) for language in ("fr", "es", "ar")] == ["Ratifier.", "Ratificar.", "Ratificar."]
