"""Word tables for translators: sent, filled in outside of the system, read when they come back, decided."""

import shutil
from copy import deepcopy
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.reporting.models import ReturnedTable, SectionTranslation, SentTable
from servanda.reporting.reports.services import write_section
from servanda.reporting.translation_tables import services as deeds
from servanda.reporting.translation_tables.comparing import HEADING, compared
from servanda.reporting.translation_tables.writing import send_table
from servanda.reporting.translations.services import review_translation, why_not_review
from tests import make, reports_make, word_edits
from tests.once import built_once
from tests.reports_make import translated
from tests.word_check import W, faults
from tests.word_edits import paragraph_with, replace_words, run, tracked

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 29, 10, tzinfo=UTC)
LAW = "The law of 2024 protects victims of trafficking. [^1]"
LOI = "La loi de 2024 protège les victimes de la traite. [^1]"
SECOND = "Second **paragraph** with & < >."


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def french(coordinator) -> SectionTranslation:
    report = reports_make.report(coordinator, title="Our report")
    write(report.sections.get(key="method"), f"{LAW}\n\n{SECOND}\n\n- first\n- second", coordinator)
    return reports_make.into(report, "fr", coordinator).sections.get(section__key="method")


def write(section, text: str, by):
    section.refresh_from_db()
    return write_section(section=section, text=text, seen=section.version, by=by)


def fresh(translation) -> SectionTranslation:
    related = ("into__report", "section__report__clearance")
    return SectionTranslation.objects.select_related(*related).get(pk=translation.pk)


def sent(translation, by) -> bytes:
    with send_table(into=translation.into, by=by, at=AT) as file:
        return file.read()


def target_of(body, source: str):
    """The cell beside the one with this source text."""
    return list(paragraph_with(body, source).iterancestors(f"{W}tr"))[0].findall(f"{W}tc")[-1]


def fill(source: str, *lines: str):
    """Write these lines into the cell beside the source."""

    def change(body):
        cell = target_of(body, source)
        first = cell.find(f"{W}p")
        for paragraph in cell.findall(f"{W}p")[1:]:
            cell.remove(paragraph)
        for element in first.findall(f"{W}r"):
            first.remove(element)
        empty = deepcopy(first)
        for number, line in enumerate(lines):
            paragraph = deepcopy(empty) if number else first
            paragraph.append(run(line))
            if number:
                cell.append(paragraph)

    return change


def filled(content: bytes, *changes) -> bytes:
    for change in changes:
        content = word_edits.edited(content, change)
    return content


def returned(translation, content: bytes, by, name: str = "translated.docx") -> ReturnedTable:
    return deeds.read_table(into=translation.into, file=ContentFile(content), name=name, by=by)


def shown(table: ReturnedTable):
    row = table.sections.select_related("translation__section", "translation__into").get()
    return compared(row, row.translation)


def accept(table: ReturnedTable, by, *places: int) -> None:
    row = table.sections.get()
    seen = fresh(row.translation).version
    deeds.accept_returned_translation(returned=row, places=places, seen=seen, by=by)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_file_is_sound_and_has_a_row_for_each_paragraph(french, coordinator, language):
    translation = french
    if language == "ar":
        into = reports_make.into(french.into.report, "ar", coordinator)
        translation = into.sections.get(section__key="method")
    content = sent(translation, coordinator)
    assert faults(content) == []
    rows = SentTable.objects.get().rows
    assert [row[1] for row in rows if row[0] == "method"][1:] == [LAW, SECOND, "- first", "- second"]
    body = word_edits.parts_of(content)["word/document.xml"].decode()
    assert ("<w:bidi/>" in body) == (language == "ar")
    assert sent(translation, coordinator)
    assert SentTable.objects.count() == 1


def test_a_table_that_was_not_filled_in_changes_nothing(french, coordinator):
    table = returned(french, sent(french, coordinator), coordinator)
    assert (table.sections.count(), table.remarks, table.missing) == (0, [], 0)


def test_translations_come_back_as_a_draft_after_a_person_accepts_them(french, coordinator):
    content = filled(
        sent(french, coordinator), fill("The law", LOI), fill("Second", "Deuxième **paragraphe**.", "Fin.")
    )
    table = returned(french, content, coordinator)
    assert fresh(french).text == ""
    assert [(row.place, row.proposed) for row in shown(table).changes] == [
        (0, LOI),
        (1, "Deuxième **paragraphe**.\nFin."),
    ]
    accept(table, coordinator, 0)
    translation = fresh(french)
    assert (translation.text, translation.state, translation.changed_by) == (LOI, "draft", coordinator)
    row = table.sections.get()
    deeds.undo_returned_translation(returned=row, by=coordinator)
    assert fresh(french).text == ""
    accept(table, coordinator, 0, 1)
    assert fresh(french).text == f"{LOI}\n\nDeuxième **paragraphe**.\nFin."
    with pytest.raises(Refused, match="Another user"):
        deeds.refuse_returned_translation(returned=row, by=coordinator)


def test_a_reviewed_translation_becomes_a_draft_again(french, coordinator):
    translated(french, [LOI, "Deuxième.", "- un", "- deux"], coordinator)
    colleague = make.user(Role.COORDINATOR)
    review_translation(translation=fresh(french), seen=fresh(french).version, by=colleague)
    content = filled(sent(french, coordinator), fill("Second", "Second paragraphe."))
    table = returned(french, content, coordinator)
    assert [(row.present, row.proposed) for row in shown(table).changes] == [("Deuxième.", "Second paragraphe.")]
    assert deeds.accept_returned_table(table=table, by=coordinator) == 1
    assert (fresh(french).state, fresh(french).reviewed_by) == ("draft", None)
    assert why_not_review(fresh(french), coordinator).startswith("You translated this section")


def test_a_paragraph_that_changed_meanwhile_is_named_and_its_translation_stays_outdated(french, coordinator):
    content = filled(sent(french, coordinator), fill("The law", LOI), fill("- first", "- premier"))
    new_law = LAW.replace("2024", "2025")
    write(french.section, f"{new_law}\n\n{SECOND}\n\n- second", coordinator)
    table = returned(french, content, coordinator)
    changes = shown(table).changes
    assert [(row.source, row.translated_from, row.is_outdated) for row in changes] == [(new_law, LAW, True)]
    assert shown(table).lost == [("- first", "- premier")]
    with pytest.raises(Refused, match="without a look"):
        deeds.accept_returned_table(table=table, by=coordinator)
    accept(table, coordinator, 0)
    assert fresh(french).text == LOI
    assert fresh(french).shown_state == "outdated"


def test_what_was_translated_here_meanwhile_is_a_conflict_and_both_are_shown(french, coordinator):
    content = filled(sent(french, coordinator), fill("The law", LOI))
    translated(french, ["La loi protège."], coordinator)
    table = returned(french, content, coordinator)
    changes = shown(table).changes
    assert [(row.place, row.present, row.proposed, row.is_conflict) for row in changes] == [
        (0, "La loi protège.", LOI, True)
    ]
    row = table.sections.get()
    with pytest.raises(ChangedMeanwhile, match="Open the page again"):
        deeds.accept_returned_translation(returned=row, places=[0], seen=1, by=coordinator)
    with pytest.raises(Refused, match="Select at least one"):
        accept(table, coordinator)
    deeds.refuse_returned_translation(returned=row, by=coordinator)
    assert fresh(french).text == "La loi protège."


def test_an_edited_source_a_strange_row_and_a_deleted_one_are_named(french, coordinator):
    def add_row(body):
        table = body.find(f"{W}tbl")
        row = deepcopy(table.findall(f"{W}tr")[-1])
        for mark in list(row.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
            mark.getparent().remove(mark)
        for text in row.iter(f"{W}t"):
            text.text = "Our own row"
        table.append(row)

    def delete_row(body):
        row = list(paragraph_with(body, "- first").iterancestors(f"{W}tr"))[0]
        row.getparent().remove(row)

    content = filled(sent(french, coordinator), fill("The law", LOI), replace_words("Second", "Third"))
    table = returned(french, filled(content, add_row, delete_row), coordinator)
    assert table.missing == 1
    assert sorted(remark[0] for remark in table.remarks) == ["source", "unknown"]
    assert any("Our own row" in text for _kind, _key, text in table.remarks)
    assert any(text.startswith("Third") for _kind, _key, text in table.remarks)
    assert [row.proposed for row in shown(table).changes] == [LOI]


def test_a_row_without_its_mark_is_known_by_its_source(french, coordinator):
    def lose_marks(body):
        for mark in list(body.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
            if not mark.get(f"{W}name", "").startswith("_Copy_"):
                mark.getparent().remove(mark)

    content = filled(sent(french, coordinator), fill("The law", LOI), lose_marks)
    table = returned(french, content, coordinator)
    assert [row.proposed for row in shown(table).changes] == [LOI]


def test_tracked_changes_are_read_as_accepted(french, coordinator):
    def change(body):
        fill("The law", "La loi ")(body)
        paragraph = target_of(body, "The law").find(f"{W}p")
        paragraph.append(tracked("ins", run("nouvelle")))
        paragraph.append(tracked("del", run("ancienne", deleted=True)))

    table = returned(french, filled(sent(french, coordinator), change), coordinator)
    assert [row.proposed for row in shown(table).changes] == ["La loi nouvelle"]


def test_a_heading_comes_back(french, coordinator):
    heading = french.section.heading
    table = returned(french, filled(sent(french, coordinator), fill(heading, "Méthode suivie")), coordinator)
    assert [(row.place, row.proposed) for row in shown(table).changes] == [(HEADING, "Méthode suivie")]
    accept(table, coordinator, HEADING)
    assert fresh(french).heading == "Méthode suivie"


def test_files_of_others_damaged_ones_and_macros_are_refused_with_a_sentence(french, coordinator):
    content = sent(french, coordinator)
    other = reports_make.report(coordinator, title="Another report")
    write(other.sections.get(key="method"), LAW, coordinator)
    spanish = reports_make.into(other, "es", coordinator).sections.first()
    parts = word_edits.parts_of(content)
    for bad, sentence in (
        (content[:500], "damaged"),
        (b"%PDF-1.7", "not a Word file"),
        (word_edits.packed(parts | {"word/vbaProject.bin": b"x"}), "contains macros"),
        (sent(spanish, coordinator), "for another translation: “Another report”, es"),
        (filled(content, replace_words("Our report", "Our report"), lose_copy), "not a translation table"),
    ):
        if sentence == "not a translation table":
            bad = word_edits.packed(
                {name: part for name, part in word_edits.parts_of(bad).items() if name != "docProps/custom.xml"}
                | {"_rels/.rels": word_edits.parts_of(bad)["_rels/.rels"].replace(b"custom-properties", b"none")}
            )
        with pytest.raises(FieldRefused, match=sentence):
            returned(french, bad, coordinator)
    returned(french, content, coordinator)
    with pytest.raises(FieldRefused, match=r"already read as translated\.docx"):
        returned(french, content, coordinator, name="again.docx")


def lose_copy(body) -> None:
    for mark in list(body.iter(f"{W}bookmarkStart")):
        if mark.get(f"{W}name", "").startswith("_Copy_"):
            mark.getparent().remove(mark)


def test_only_who_translates_sends_and_sees_tables(french, coordinator):
    stranger = make.user(Role.FOCAL_POINT, make.institution("moh"))
    with pytest.raises(Refused, match="permission to translate"):
        send_table(into=french.into, by=stranger, at=AT)
    table = returned(french, sent(french, coordinator), coordinator)
    assert not ReturnedTable.objects.visible_to(stranger).exists()
    translator = make.user(Role.FOCAL_POINT, make.institution("mfa"))
    type(french.into).objects.filter(pk=french.into.pk).update(translator=translator)
    assert list(ReturnedTable.objects.visible_to(translator)) == [table]
    assert returned(french, filled(sent(french, translator), fill("The law", LOI)), translator).sections.exists()


def test_libreoffice_keeps_the_rows(french, coordinator, tmp_path):
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    content = filled(sent(french, coordinator), fill("The law", LOI), fill("Second", "Deuxième.", "Fin."))
    table = returned(french, word_edits.saved_by_libreoffice(content, tmp_path), coordinator)
    assert [row.proposed for row in shown(table).changes] == [LOI, "Deuxième.\nFin."]
    assert (table.remarks, table.missing) == ([], 0)


def test_an_outdated_translation_is_sent_along_and_what_replaces_it_is_up_to_date(french, coordinator):
    translated(french, ["Ancienne traduction."], coordinator)
    write(french.section, LAW.replace("2024", "2026"), coordinator)
    content = filled(sent(french, coordinator), fill("The law", LOI))
    rows = [row for row in SentTable.objects.get().rows if row[0] == "method"]
    assert rows[1][2] == "Ancienne traduction."
    table = returned(french, content, coordinator)
    (change,) = shown(table).changes
    assert (change.is_conflict, change.is_outdated) == (False, False)
    accept(table, coordinator, 0)
    assert fresh(french).shown_state == "draft"


def fill_title(words: str):
    def change(body):
        cell = body.find(f"{W}tbl").findall(f"{W}tr")[1].findall(f"{W}tc")[-1]
        cell.find(f"{W}p").append(run(words))

    return change


@pytest.mark.database
def test_the_title_of_the_report_is_translated_in_the_table_and_undone(french, coordinator):
    report = french.into.report
    content = filled(sent(french, coordinator), fill_title("Notre rapport"), fill("The law", LOI))
    assert SentTable.objects.get().rows[0] == ["report-title", "Our report", ""]
    table = returned(french, content, coordinator)
    row = table.sections.get(translation=None)
    assert [(change.place, change.source, change.proposed) for change in compared(row, None).changes] == [
        (HEADING, "Our report", "Notre rapport")
    ]
    with pytest.raises(Refused, match="Select at least one"):
        deeds.accept_returned_translation(returned=row, places=[], seen=french.into.version, by=coordinator)
    with pytest.raises(ChangedMeanwhile, match="Open the page again"):
        deeds.accept_returned_translation(returned=row, places=[HEADING], seen=9, by=coordinator)
    assert deeds.accept_returned_table(table=table, by=coordinator) == 2
    assert report.translations.get().title == "Notre rapport"
    deeds.undo_returned_translation(returned=row, by=coordinator)
    assert report.translations.get().title == ""
    accepted = report.translations.get()
    deeds.accept_returned_translation(returned=row, places=[HEADING], seen=accepted.version, by=coordinator)
    report.translations.update(title="Un autre titre")
    with pytest.raises(Refused, match="The title was changed since"):
        deeds.undo_returned_translation(returned=row, by=coordinator)


def test_a_title_that_was_translated_here_meanwhile_needs_a_look(french, coordinator):
    content = filled(sent(french, coordinator), fill_title("Notre rapport"))
    type(french.into).objects.filter(pk=french.into.pk).update(title="Rapport")
    table = returned(french, content, coordinator)
    row = table.sections.get()
    assert [change.is_conflict for change in compared(row, None).changes] == [True]
    with pytest.raises(Refused, match="without a look"):
        deeds.accept_returned_table(table=table, by=coordinator)
