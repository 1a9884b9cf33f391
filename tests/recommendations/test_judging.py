"""What a preview says of a row is what applying does with it."""

import csv
import io

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from servanda.intake.models import Batch, MappedColumn, SenderMapping
from servanda.people.models import Instance
from servanda.recommendations.models import Recommendation, SourceRecord, TextVersion
from servanda.recommendations.services import importing
from servanda.recommendations.services.reading import scheme_of
from tests.importing_make import receive, uhri, uhri_record

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("vocabulary")]
PLACE = {"Symbol": "CRC/C/SVN/CO/3-4", "Paragraph": "12"}
COLUMNS = {
    "external sheet": "Id",
    "country": "State",
    "body": "Body",
    "symbol": "Symbol",
    "paragraph": "Paragraph",
    "text": "Text",
    "recommending": "From",
    "label uhri-theme": "Theme",
    "cycle": "Cycle",
}


def sheet(*rows: dict, sender: str = "Ministry of Made-up Affairs") -> Batch:
    """A spreadsheet of a sender; cells that a row does not name are empty, but for State and body."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, [*COLUMNS.values()], restval="")
    writer.writeheader()
    writer.writerows({"State": "SVN", "Body": "CRC"} | row for row in rows)
    batch = receive(lines.getvalue().encode("utf-8-sig"), "list.csv")
    mapping, is_new = SenderMapping.objects.get_or_create(sender=sender)
    if is_new:
        MappedColumn.objects.bulk_create(
            MappedColumn(mapping=mapping, field=field, header=header) for field, header in COLUMNS.items()
        )
    importing.use_mapping(batch=batch, mapping=mapping)
    return batch


def previewed_and_applied(batch: Batch) -> tuple[list[str], list[str]]:
    """The verdict of each row as the preview says it and as applying found it."""
    importing.preview_batch(batch)
    promised = list(batch.rows.values_list("verdict", flat=True))
    importing.claim(batch, accept_refused=True)
    kept: list[str] = []
    for _done, found in importing.write_chunks(batch):
        kept += found.elements()
    importing.switch_on(batch, importing.Counter(kept))
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.message
    return promised, kept


def current_texts() -> list[str]:
    return sorted(TextVersion.objects.current().values_list("text", flat=True))


def test_the_same_ids_of_two_senders_never_meet():
    one = sheet({"Id": "1", "Text": "Build schools in all regions."}, sender="Ministry of Schools")
    other = sheet({"Id": "1", "Text": "Protect the forests of the north."}, sender="Ministry of Forests")
    assert previewed_and_applied(one) == (["new"], ["new"])
    assert previewed_and_applied(other) == (["new"], ["new"])
    assert current_texts() == ["Build schools in all regions.", "Protect the forests of the north."]
    assert scheme_of(one) != scheme_of(other)


def test_an_id_of_one_sender_with_another_text_waits_for_a_person():
    previewed_and_applied(sheet({"Id": "1", "Text": "Build schools in all regions."}))
    batch = sheet({"Id": "1", "Text": "Protect the forests of the north."})
    importing.preview_batch(batch)
    assert [row.verdict for row in batch.rows.all()] == ["proposed"]
    assert "another one" in batch.rows.get().reason


def test_a_slightly_corrected_text_of_one_id_is_a_change():
    previewed_and_applied(sheet({"Id": "1", "Text": "Build more schools in all the regions of the country."}))
    batch = sheet({"Id": "1", "Text": "Build more schools in all regions of the country."})
    assert previewed_and_applied(batch) == (["changed"], ["changed"])
    assert current_texts() == ["Build more schools in all regions of the country."]


def test_an_id_that_comes_twice_with_another_text_is_refused_and_replaces_nothing():
    batch = sheet({"Id": "1", "Text": "Build schools."}, {"Id": "1", "Text": "Protect forests."})
    assert previewed_and_applied(batch) == (["new", "refused"], ["new", "refused"])
    assert current_texts() == ["Build schools."]
    assert "row 2" in batch.rows.get(verdict="refused").reason


def test_an_id_of_the_index_that_comes_twice_with_another_text_is_refused():
    batch = receive(uhri(uhri_record(1), uhri_record(1, Text="1. Another text, made up for a test.")), "file")
    assert previewed_and_applied(batch) == (["new", "refused"], ["new", "refused"])
    assert current_texts() == ["Made up for a test: strengthen schools in region 1."]


def test_a_row_that_comes_twice_changes_nothing():
    row = {"Id": "1", "Text": "Build schools."}
    assert previewed_and_applied(sheet(row, row)) == (["new", "unchanged"], ["new", "unchanged"])
    assert SourceRecord.objects.count() == 1


def test_a_second_row_adds_its_language_its_label_and_its_State():
    words = "Build schools in all regions."
    batch = sheet(
        {
            "Symbol": "CRC/C/SVN/CO/3-4",
            "Paragraph": "12",
            "Text": words,
            "From": "Peru",
            "Theme": "Right to education",
        },
        {"Symbol": "CRC/C/SVN/CO/3-4", "Paragraph": "12", "Text": words, "From": "Chile", "Theme": "Right to health"},
    )
    assert previewed_and_applied(batch) == (["new", "joined"], ["new", "joined"])
    record = Recommendation.objects.get()
    assert sorted(state.country.code for state in record.recommending.current()) == ["CHL", "PER"]
    assert record.taggings.current().count() == 2
    assert record.sources.current().count() == 2


def test_the_same_file_again_changes_nothing_where_two_rows_made_one_record():
    words = "Build schools in all regions."
    rows = [
        {
            "Symbol": "CRC/C/SVN/CO/3-4",
            "Paragraph": "12",
            "Text": words,
            "From": "Peru",
            "Theme": "Right to education",
        },
        {"Symbol": "CRC/C/SVN/CO/3-4", "Paragraph": "12", "Text": words, "From": "Chile", "Theme": "Right to health"},
    ]
    previewed_and_applied(sheet(*rows))
    labels = set(Recommendation.objects.get().taggings.current().values_list("term__code", flat=True))
    promised, kept = previewed_and_applied(sheet(*rows))
    assert promised == kept
    assert set(Recommendation.objects.get().taggings.current().values_list("term__code", flat=True)) == labels
    assert current_texts() == [words]


def test_two_items_of_one_paragraph_are_two_records():
    batch = sheet(PLACE | {"Text": "Build schools."}, PLACE | {"Text": "Train teachers."})
    assert previewed_and_applied(batch) == (["new", "new"], ["new", "new"])
    assert current_texts() == ["Build schools.", "Train teachers."]


def test_two_items_of_one_paragraph_stay_as_they_are_when_their_file_comes_again():
    rows = [PLACE | {"Text": "Build schools."}, PLACE | {"Text": "Train teachers."}]
    previewed_and_applied(sheet(*rows))
    assert previewed_and_applied(sheet(*rows)) == (["unchanged", "unchanged"], ["unchanged", "unchanged"])
    assert Recommendation.objects.count() == 2


def test_a_register_that_changed_after_the_preview_stops_the_import():
    batch = sheet({"Id": "1", "Text": "Build more schools in all the regions of the country."})
    importing.preview_batch(batch)
    previewed_and_applied(sheet({"Id": "1", "Text": "Build more schools in all regions of the country."}))
    importing.claim(batch, accept_refused=False)
    importing.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.FAILED
    assert "row 2" in batch.message
    assert "Check the file again" in batch.message
    assert current_texts() == ["Build more schools in all regions of the country."]


def test_an_import_that_was_interrupted_ends_as_one_that_was_not(monkeypatch):
    monkeypatch.setattr("servanda.recommendations.services.reading.CHUNK", 2)
    rows = [
        PLACE | {"Text": "Build schools."},
        PLACE | {"Text": "Train teachers."},
        PLACE | {"Text": "Build schools.", "Theme": "Right to education"},
        {"Id": "7", "Text": "Protect forests."},
        {"Id": "7", "Text": "Protect forests.", "Theme": "Right to health"},
    ]
    batch = sheet(*rows)
    importing.preview_batch(batch)
    importing.claim(batch, accept_refused=False)
    chunks = importing.write_chunks(batch)
    next(chunks), next(chunks)
    chunks.close()
    batch.refresh_from_db()
    importing.apply_batch(batch)
    assert current_texts() == ["Build schools.", "Protect forests.", "Train teachers."]
    assert Recommendation.objects.filter(taggings__term__code="right-to-education").count() == 1


EXAMPLES = 125  # each of four files, two of them met again
TEXTS = ["Build schools.", "Build the schools.", "Train teachers.", "Bâtir des écoles dans toutes les régions."]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "Id": st.sampled_from(["", "1", "2"]),
            "Symbol": st.sampled_from(["", "CRC/C/SVN/CO/3-4"]),
            "Paragraph": st.sampled_from(["", "12", "13"]),
            "Text": st.sampled_from(["", *TEXTS]),
            "From": st.sampled_from(["", "Peru", "Chile"]),
            "Theme": st.sampled_from(["", "Right to education"]),
            "Cycle": st.sampled_from(["", "3"]),
            "Body": st.sampled_from(["CRC", "UPR"]),
        }
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.timeout(900)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=ROWS, second=ROWS)
def test_made_files_are_applied_as_they_were_previewed(first, second):
    """Two files in a row, so that the second meets a register; 500 files."""
    with transaction.atomic():
        Instance.objects.update_or_create(pk=1, defaults={"languages": "en"})
        for rows in (first, second):
            batch = sheet(*rows)
            promised, kept = previewed_and_applied(batch)
            assert sorted(promised) == sorted(kept)
            before = Recommendation.objects.live().count()
            again, once_more = previewed_and_applied(sheet(*rows))
            assert sorted(again) == sorted(once_more)
            assert "new" not in again or "refused" in promised or "proposed" in promised
            assert Recommendation.objects.live().count() == before or "proposed" in promised
        transaction.set_rollback(True)
