"""A document that was sent: read in the background, mended by people, and in the register only once confirmed."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files import File

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import FollowUp, Recommendation, SourceRecord
from servanda.sources.models import DocumentReading, ReadUnit
from servanda.sources.units import editing as deeds
from servanda.sources.units.reading import read_into_units
from servanda.vocab.models import Body
from tests import make
from tests.once import built_once
from tests.sources import documents_make

pytestmark = pytest.mark.django_db


@built_once
def by():
    make.country()
    return make.user(Role.COORDINATOR)


def sent(path: Path, by) -> Batch:
    with path.open("rb") as content:
        batch = pipeline.receive_file(file=File(content), name=path.name, by=by)
    assert batch.shape == "document"
    read_into_units(batch)
    return batch


@built_once
def reading(by, tmp_path_factory) -> DocumentReading:
    Body.objects.filter(pk=make.body("CERD").pk).update(symbol_pattern="CERD/C/{ISO3}/CO/{n}")
    return DocumentReading.objects.get(
        batch=sent(documents_make.typed_docx(tmp_path_factory.mktemp("files") / "co.docx"), by)
    )


def numbers(reading: DocumentReading) -> list[str]:
    return list(reading.units.kept().values_list("number", flat=True))


def unit(reading: DocumentReading, number: str) -> ReadUnit:
    return reading.units.get(number=number)


def confirmed(reading: DocumentReading, by) -> Batch:
    deeds.confirm_units(reading=reading, numbering_is_right=False, by=by)
    batch = Batch.objects.get(pk=reading.batch_id)
    pipeline.preview_batch(batch)
    pipeline.start_applying(batch=batch, by=by, accept_refused=False, publish=True)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    return batch


def test_what_is_read_is_kept_and_nothing_is_in_the_register(reading):
    assert numbers(reading) == documents_make.NUMBERS
    assert (reading.symbol, reading.country, reading.language) == (documents_make.SYMBOL, "SVN", "en")
    assert unit(reading, "2(a)").is_follow_up
    assert unit(reading, "2(a)").heading_path[-1] == "Hate speech"
    assert reading.blocks.exists()
    assert not Recommendation.objects.exists()


def test_a_file_that_cannot_be_read_leaves_its_reason(by, tmp_path):
    batch = Batch(name="scan.pdf", shape="document", created_by=by, sha256="0" * 64)
    path = documents_make.page_without_text(tmp_path / "scan.pdf")
    with path.open("rb") as content:
        batch.file.save("scan.pdf", File(content))
    read_into_units(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.FAILED
    assert "contains only images of pages, no text. Send a version" in batch.message


def test_nothing_is_applied_before_it_is_confirmed(reading, by):
    with pytest.raises(Refused, match="Check and confirm the content found in this document"):
        pipeline.start_applying(batch=reading.batch, by=by, accept_refused=False, publish=True)


def test_confirmed_units_enter_with_symbol_paragraph_page_and_term_and_leave_again(reading, by):
    batch = confirmed(reading, by)
    records = {record.paragraph: record for record in Recommendation.objects.all()}
    assert sorted(records) == ["1", "2(a)", "2(b)"]  # 3 and 4 are obligations
    assert records["1"].kind == "observation"
    assert records["2(a)"].document.symbol == documents_make.SYMBOL
    source = SourceRecord.objects.get(recommendation=records["2(a)"])
    assert source.scheme == "document"
    assert "paragraph 2(a)" in source.where
    assert "within two years" in source.raw
    text = records["2(a)"].texts.get().text
    assert text.startswith("The Committee recommends that the State party:")
    pipeline.undo_batch(batch=batch, by=by)
    assert not Recommendation.objects.exists()


def test_applying_the_same_document_again_changes_nothing(reading, by, tmp_path):
    confirmed(reading, by)
    again = sent(documents_make.typed_docx(tmp_path / "again.docx"), by)
    deeds.confirm_units(reading=again.reading, numbering_is_right=False, by=by)
    again.refresh_from_db()
    pipeline.preview_batch(again)
    assert set(again.rows.values_list("verdict", flat=True)) == {"unchanged"}


def test_a_unit_is_split_at_its_empty_lines_and_each_part_keeps_its_mark(reading, by):
    read_unit = unit(reading, "2(a)")
    count = deeds.split_unit(
        unit=read_unit, text="Adopt a law;\n\n(c) Train judges;\r\n\r\nIt is concerned at delays.", version=1, by=by
    )
    assert count == 3
    found = list(reading.units.kept().values_list("number", "kind", "text"))
    assert found[1:4] == [
        ("2(a)", "recommendation", "Adopt a law;"),
        ("2(c)", "recommendation", "Train judges;"),
        ("2(a)", "concern", "It is concerned at delays."),
    ]


def test_without_an_empty_line_nothing_is_split(reading, by):
    with pytest.raises(Refused, match="empty line"):
        deeds.split_unit(unit=unit(reading, "1"), text="One line.", version=1, by=by)


def test_a_unit_is_joined_with_the_one_above(reading, by):
    deeds.join_unit(unit=unit(reading, "2(b)"), version=1, by=by)
    assert numbers(reading) == ["1", "2(a)", "3", "4"]
    assert "Collect data" in unit(reading, "2(a)").text


def test_the_first_unit_has_nothing_above_it(reading, by):
    with pytest.raises(Refused, match="no unit above"):
        deeds.join_unit(unit=unit(reading, "1"), version=1, by=by)


def test_what_is_left_out_can_be_taken_in_again(reading, by):
    deeds.drop_unit(unit=unit(reading, "1"), version=1, by=by)
    assert "1" not in numbers(reading)
    deeds.restore_unit(unit=unit(reading, "1"), version=2, by=by)
    assert "1" in numbers(reading)


def edited(unit: ReadUnit, by, **changed) -> None:
    kept = {
        "number": unit.number,
        "kind": unit.kind,
        "lead": unit.lead,
        "text": unit.text,
        "is_follow_up": unit.is_follow_up,
        "is_dissemination": unit.is_dissemination,
        "deadline_day": unit.deadline_day,
        "due": unit.due,
        "articles": unit.articles,
        "asked_by": unit.asked_by,
        "version": 1,
    }
    deeds.edit_unit(unit=unit, by=by, **{**kept, **changed})


def test_the_term_of_a_unit_goes_with_it_and_a_person_sets_its_day(reading, by):
    deeds.join_unit(unit=unit(reading, "3"), version=1, by=by)
    assert unit(reading, "2(b)").deadline == "within two years"
    deeds.restore_unit(unit=unit(reading, "3"), version=2, by=by)
    edited(unit(reading, "1"), by, is_follow_up=True, deadline_day=date(2027, 1, 31))
    confirmed(reading, by)
    follow_up = FollowUp.objects.get(recommendation__paragraph="1")
    assert (follow_up.words, follow_up.due_on) == ("", date(2027, 1, 31))


def test_the_second_of_two_people_is_told(reading, by):
    edited(unit(reading, "1"), by, kind="information")
    with pytest.raises(Refused, match="Another user has changed this unit since you opened this"):
        edited(unit(reading, "1"), by, kind="recommendation")
    assert unit(reading, "1").kind == "information"


def test_a_unit_without_text_is_refused(reading, by):
    with pytest.raises(Refused, match="Enter a text. To leave the unit out, select “Leave out”."):
        edited(unit(reading, "1"), by, text="  ")


def test_a_gap_is_asked_about(reading, by):
    deeds.drop_unit(unit=unit(reading, "3"), version=1, by=by)
    assert [gap.missing for gap in deeds.gaps_of(reading)] == [("3",)]
    with pytest.raises(Refused, match="Numbers are missing"):
        deeds.confirm_units(reading=reading, numbering_is_right=False, by=by)
    deeds.confirm_units(reading=reading, numbering_is_right=True, by=by)
    reading.refresh_from_db()
    assert reading.confirmed_by == by


def test_paragraphs_that_inform_stay_out_unless_they_are_asked_for(reading, by):
    edited(unit(reading, "1"), by, kind="information")
    batch = confirmed(reading, by)
    assert "1" not in Recommendation.objects.values_list("paragraph", flat=True)
    assert batch.state == Batch.State.APPLIED


def test_a_change_after_confirming_has_to_be_confirmed_again(reading, by):
    deeds.confirm_units(reading=reading, numbering_is_right=False, by=by)
    batch = Batch.objects.get(pk=reading.batch_id)
    pipeline.preview_batch(batch)
    edited(unit(reading, "1"), by, text="Another text.")
    batch.refresh_from_db()
    assert batch.state == Batch.State.UPLOADED
    assert not batch.rows.exists()
    with pytest.raises(Refused, match="Check and confirm the content found in this document"):
        pipeline.start_applying(batch=batch, by=by, accept_refused=False, publish=True)


def test_units_of_an_applied_import_stand(reading, by):
    confirmed(reading, by)
    with pytest.raises(Refused, match="Undo the import first"):
        edited(unit(reading, "1"), by, text="Another text.")


def test_a_document_without_body_and_symbol_is_not_confirmed(reading, by):
    described = DocumentReading(country="SVN")
    deeds.describe_document(reading=reading, described=described, by=by)
    with pytest.raises(Refused, match="Choose the body that issued the document, or enter the"):
        deeds.confirm_units(reading=reading, numbering_is_right=False, by=by)
