"""What a preview says of a row is what applying does with it."""

import pytest

from servanda.intake.models import Batch
from servanda.people.models import Instance
from servanda.recommendations.imports import checking, findings, pipeline
from servanda.recommendations.imports.reading import scheme_of
from servanda.recommendations.models import Recommendation, SourceRecord, TextVersion
from tests import make
from tests.importing_make import receive, uhri, uhri_record
from tests.judging_make import PLACE, previewed_and_applied, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]


def current_texts() -> list[str]:
    return sorted(TextVersion.objects.current().values_list("text", flat=True))


def test_the_same_ids_of_two_senders_never_meet():
    batch = sheet({"Id": "1", "Text": "Build schools in all regions."}, sender="Ministry of Schools")
    other = sheet({"Id": "1", "Text": "Protect the forests of the north."}, sender="Ministry of Forests")
    assert previewed_and_applied(batch) == (["new"], ["new"])
    assert previewed_and_applied(other) == (["new"], ["new"])
    assert current_texts() == ["Build schools in all regions.", "Protect the forests of the north."]
    assert scheme_of(batch) != scheme_of(other)


def test_an_id_of_one_sender_with_another_text_waits_for_a_person():
    previewed_and_applied(sheet({"Id": "1", "Text": "Build schools in all regions."}))
    batch = sheet({"Id": "1", "Text": "Protect the forests of the north."})
    pipeline.preview_batch(batch)
    assert [row.verdict for row in batch.rows.all()] == ["proposed"]
    assert "is different" in batch.rows.get().reason


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
    pipeline.preview_batch(batch)
    previewed_and_applied(sheet({"Id": "1", "Text": "Build more schools in all regions of the country."}))
    pipeline.claim(batch, accept_refused=False)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.FAILED
    assert "row 2" in batch.message
    assert "Check the file again" in batch.message
    assert current_texts() == ["Build more schools in all regions of the country."]


def test_an_import_that_was_interrupted_ends_as_one_that_was_not(monkeypatch):
    monkeypatch.setattr("servanda.recommendations.imports.reading.CHUNK", 2)
    rows = [
        PLACE | {"Text": "Build schools."},
        PLACE | {"Text": "Train teachers."},
        PLACE | {"Text": "Build schools.", "Theme": "Right to education"},
        {"Id": "7", "Text": "Protect forests."},
        {"Id": "7", "Text": "Protect forests.", "Theme": "Right to health"},
    ]
    batch = sheet(*rows)
    pipeline.preview_batch(batch)
    pipeline.claim(batch, accept_refused=False)
    chunks = pipeline.write_chunks(batch)
    next(chunks), next(chunks)
    chunks.close()
    batch.refresh_from_db()
    pipeline.apply_batch(batch)
    assert current_texts() == ["Build schools.", "Protect forests.", "Train teachers."]
    assert Recommendation.objects.filter(taggings__term__code="right-to-education").count() == 1


INDEX = {
    "en": "1. Strengthen the protection of children in all schools of the country and train teachers.",
    "es": "1. Refuerce la protección de los niños en todas las escuelas del país y forme al profesorado.",
    "fr": "1. Renforcer la protection des enfants dans toutes les écoles du pays et former les enseignants.",
    "ar": "1. تعزيز حماية الأطفال في جميع مدارس البلد وتدريب المعلمين على حقوق الطفل.",
}


def test_four_languages_of_one_record_are_kept_where_only_english_is_set_up():
    Instance.objects.update_or_create(pk=1, defaults={"languages": "en"})
    for language, text in INDEX.items():
        batch = receive(uhri(uhri_record(1, Text=text)), f"export-full-{language}.json")
        previewed_and_applied(batch)
    record = Recommendation.objects.get()
    texts = dict(record.texts.current().values_list("language", "text"))
    assert texts == {language: text.removeprefix("1. ") for language, text in INDEX.items()}


def test_the_preview_counts_the_languages_that_came_and_names_the_new_ones():
    Instance.objects.update_or_create(pk=1, defaults={"languages": "en"})
    records = [uhri_record(number, Text=text) for number, text in enumerate(INDEX.values(), 1)]
    batch = receive(uhri(*records), "file")
    pipeline.preview_batch(batch)
    incoming = findings.incoming(batch)
    assert dict(incoming.languages) == {"en": 1, "es": 1, "fr": 1, "ar": 1}
    assert sorted(incoming.new_languages) == ["ar", "es", "fr"]


def test_a_text_of_unknown_language_replaces_none():
    previewed_and_applied(sheet({"Id": "1", "Text": "Xyloq brant elvish omiq dorast palvet."}))
    batch = sheet({"Id": "1", "Text": "Xyloq brant elvish omiq dorast palvets."})
    previewed_and_applied(batch)
    assert len(current_texts()) == 2


def test_rows_in_are_the_sum_of_verdicts_and_rows_of_other_States():
    records = [
        uhri_record(1),
        uhri_record(2, Countries=["Peru"], Symbol="CRC/C/PER/CO/4-5"),
        uhri_record(3, Countries=[], Symbol=""),
        uhri_record(4, Countries=["Atlantis"], Symbol=""),
    ]
    batch = receive(uhri(*records), "file", country="SVN")
    pipeline.preview_batch(batch)
    assert sum(findings.verdict_counts(batch).values()) + batch.elsewhere == 4
    assert list(batch.rows.values_list("where", "verdict")) == [
        ("record 1", "new"),
        ("record 3", "refused"),
        ("record 4", "refused"),
    ]


def test_rows_without_a_State_are_this_State_where_a_person_says_so():
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN"})
    batch = receive(uhri(uhri_record(1, Countries=[], Symbol="")), "file")
    pipeline.preview_batch(batch)
    assert findings.incoming(batch).without_state == 1
    checking.assume_country(batch=batch, by=make.user("coordinator"))
    pipeline.preview_batch(batch)
    assert [row.verdict for row in batch.rows.all()] == ["new"]
    pipeline.claim(batch, accept_refused=False)
    pipeline.apply_batch(batch)
    assert Recommendation.objects.live().get().country.code == "SVN"


def test_a_cycle_or_a_session_without_a_body_is_of_the_UPR():
    previewed_and_applied(sheet({"Id": "1", "Text": "Build schools.", "Body": "", "Cycle": "3"}))
    assert Recommendation.objects.get().body.code == "UPR"


def test_a_sheet_with_references_of_this_register_adds_to_its_records():
    previewed_and_applied(sheet({"Id": "1", "Text": "Build schools.", "Paragraph": "12"}))
    code = Recommendation.objects.get().code
    batch = sheet(
        {"Code": code, "State": "", "Body": "", "Theme": "Right to education"},
        {"Code": "SVN-CRC-1999-1", "Theme": "Right to education"},
        sender="This register",
    )
    assert previewed_and_applied(batch) == (["changed", "refused"], ["changed", "refused"])
    assert Recommendation.objects.get().taggings.current().get().term.code == "right-to-education"
