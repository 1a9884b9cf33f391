"""Slovenia's documents through the importer: any order, one register; nothing doubled, everything undone."""

import json
from collections import defaultdict

import pytest
from django.db import connection

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.recommendations.editing import texts
from servanda.recommendations.imports import apply_undo, mapping, pipeline, row_decisions
from servanda.recommendations.imports.publishing import records_to_publish
from servanda.recommendations.labels import services as labels
from servanda.recommendations.models import (
    Position,
    Recommendation,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
    WaitingAnswer,
)
from tests import make
from tests.importing_make import bring, bring_document, receive, uhri, uhri_record
from tests.paths import SLOVENIA
from tests.sources import make_fixtures
from tests.suggesting_make import suggestion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]


def whole_register() -> list[tuple]:
    """Everything that a reader of the register can see, without the order in which it came."""
    beside = [
        rows_of(TextVersion, "language", "text"),
        rows_of(Tagging, "term__taxonomy__code", "term__code"),
        rows_of(RecommendingState, "country__code"),
        rows_of(Position, "stand", "symbol", "comment"),
        rows_of(SourceRecord, "scheme"),
    ]
    records = Recommendation.objects.kept().order_by("code").values_list("pk", "code", "stand", "body__code")
    return [(*facts, *(rows[pk] for rows in beside)) for pk, *facts in records]


def rows_of(model, *fields: str) -> dict[int, list[tuple]]:
    """What is said now beside each record, in one order."""
    rows = defaultdict(list)
    for pk, *values in model.objects.current().values_list("recommendation_id", *fields):
        rows[pk].append(tuple(values))
    return defaultdict(list, {pk: sorted(some) for pk, some in rows.items()})


def test_report_addendum_list_and_index_make_one_register_in_any_order():
    files = {
        "report": (SLOVENIA / "upr4-report.pdf").read_bytes(),
        "addendum": (SLOVENIA / "upr4-addendum.pdf").read_bytes(),
        "list": (SLOVENIA / "upr4-thematic-list.docx").read_bytes(),
        "index": json.dumps(make_fixtures.uhri_records(4)).encode(),
    }
    outcomes = []
    # Of any two, each comes first once. That a report comes first is what all other tests here begin with.
    for order in (("list", "report", "addendum", "index"), ("index", "addendum", "report", "list")):
        batches = [bring(files[name], name) for name in order]
        outcomes.append(whole_register())
        for batch in reversed(batches):
            pipeline.undo_batch(batch=batch, by=None)
        assert not Recommendation.objects.exists()
    first, second = outcomes
    assert len(first) == 254
    assert [row for row, other in zip(first, second, strict=True) if row != other] == []


@pytest.mark.database
def test_the_same_file_again_changes_nothing():
    content = uhri(uhri_record(1), uhri_record(2))
    bring(content)
    before = whole_register()
    again = receive(content, "again")
    pipeline.preview_batch(again)
    assert [row.verdict for row in again.rows.all()] == ["unchanged", "unchanged"]
    pipeline.claim(again, accept_refused=False)
    pipeline.apply_batch(again)
    assert whole_register() == before
    assert SourceRecord.objects.count() == 2


@pytest.mark.database
def test_a_corrected_text_is_a_change_and_not_a_new_record():
    bring(uhri(uhri_record(1)))
    batch = receive(uhri(uhri_record(1, Text="1. Made up for a test: strengthen every school.")), "corrected")
    pipeline.preview_batch(batch)
    row = batch.rows.get()
    assert row.verdict == "changed"
    assert "strengthen every school" in row.difference
    pipeline.claim(batch, accept_refused=False)
    pipeline.apply_batch(batch)
    record = Recommendation.objects.get()
    assert record.texts.current().get().text == "Made up for a test: strengthen every school."
    pipeline.undo_batch(batch=batch, by=None)
    assert record.texts.current().get().text == "Made up for a test: strengthen schools in region 1."


@pytest.mark.database
def test_nothing_is_seen_before_the_switch_and_everything_after_it():
    batch = receive(uhri(uhri_record(1), uhri_record(2)), "file")
    pipeline.claim(batch, accept_refused=False)
    verdicts = sum((found for _done, found in pipeline.write_chunks(batch)), start=pipeline.Counter())
    assert Recommendation.objects.count() == 2
    assert not Recommendation.objects.live().exists()
    pipeline.finish_applying(batch, verdicts)
    assert Recommendation.objects.public().count() == 2


@pytest.mark.database
def test_what_many_rows_brought_is_counted_before_anybody_asks(monkeypatch):
    """Or PostgreSQL takes a new register for empty; SQLite does not count."""
    monkeypatch.setattr(pipeline, "WORTH_COUNTING", 3)
    bring(uhri(*[uhri_record(number) for number in range(1, 4)]))
    counted = rows_that_postgresql_believes_in()
    assert counted in (None, 3)
    assert (counted is None) == (connection.vendor == "sqlite")
    bring(uhri(uhri_record(4)), "few")
    assert rows_that_postgresql_believes_in() == counted


def rows_that_postgresql_believes_in() -> int | None:
    if connection.vendor == "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::int FROM pg_class WHERE relname = %s", [Recommendation._meta.db_table])
        return cursor.fetchone()[0]


@pytest.mark.database
def test_a_killed_job_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr("servanda.recommendations.imports.reading.CHUNK", 3)
    batch = receive(uhri(*[uhri_record(n) for n in range(1, 11)]), "file")
    pipeline.claim(batch, accept_refused=False)
    chunks = pipeline.write_chunks(batch)
    next(chunks), next(chunks)
    chunks.close()
    batch.refresh_from_db()
    assert batch.done == 6
    pipeline.apply_batch(batch)
    assert Recommendation.objects.public().count() == 10
    assert SourceRecord.objects.count() == 10


def test_a_refused_row_stops_the_file_unless_the_rest_is_wanted():
    content = uhri(uhri_record(1), uhri_record(2, Text=""), uhri_record(3))
    batch = receive(content, "file")
    pipeline.preview_batch(batch)
    refused = batch.rows.get(verdict="refused")
    assert refused.where == "record 2"
    assert "text" in refused.reason
    with pytest.raises(Refused, match="1 row is refused"):
        pipeline.start_applying(batch=batch, by=make.user("coordinator"), accept_refused=False, publish=True)
    pipeline.start_applying(batch=batch, by=make.user("coordinator"), accept_refused=True, publish=True)
    pipeline.apply_batch(batch)
    assert Recommendation.objects.public().count() == 2


def test_a_refused_row_on_the_command_line_leaves_nothing_behind():
    batch = receive(uhri(uhri_record(1), uhri_record(2, Text="")), "file")
    pipeline.claim(batch, accept_refused=False)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.FAILED
    assert not Recommendation.objects.exists()


def test_a_truncated_file_says_where_it_broke_and_leaves_nothing_behind():
    batch = receive(uhri(uhri_record(1), uhri_record(2))[:-300], "file")
    pipeline.claim(batch, accept_refused=False)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.FAILED
    assert "record" in batch.message
    assert not Recommendation.objects.exists()


def test_only_the_wanted_State_is_read():
    batch = bring(uhri(uhri_record(1), uhri_record(2, Countries=["Peru"], Symbol="CRC/C/PER/CO/4-5")), country="PER")
    assert [record.country.code for record in Recommendation.objects.all()] == ["PER"]
    assert batch.total == 1


def test_a_position_that_comes_before_its_recommendation_waits_for_it():
    bring_document("upr4-addendum.pdf")
    assert not Recommendation.objects.exists()
    bring_document("upr4-report.pdf")
    assert Recommendation.objects.exclude(stand="pending").filter(stand="supported").exists()
    assert Position.objects.filter(symbol="A/HRC/59/15/Add.1").exists()


def test_labels_that_the_machine_suggests_are_nothing_that_was_built_on_an_import():
    batch = bring(uhri(uhri_record()))
    suggestion(Recommendation.objects.get(), make.term("Water", taxonomy="national-plan"))
    pipeline.undo_batch(batch=batch, by=None)
    apply_undo.clean_leftovers()
    assert not Recommendation.objects.exists()


@pytest.mark.database
def test_an_import_on_which_something_was_built_is_not_undone():
    first = bring(uhri(uhri_record(1)))
    bring(uhri(uhri_record(1, Text="1. Corrected text, made up for a test.")), "second")
    with pytest.raises(Refused, match="Undo that change first"):
        pipeline.undo_batch(batch=first, by=None)


@pytest.mark.database
def test_a_near_equal_text_without_a_paragraph_waits_for_a_person():
    bring_document("upr4-report.pdf")
    record = Recommendation.objects.get(code="SVN-UPR-4-140.1")
    text = record.texts.current().get().text
    batch = receive(
        uhri(
            uhri_record(
                1, Body="- UPR", Symbol="", Text=text.replace("the", "The", 1), UprCycle="4",
                UprRecommendingCountry=[state.country.name.data["en"] for state in record.recommending.all()],
            )
        ),
        "file",
    )  # fmt: skip
    pipeline.preview_batch(batch)
    row = batch.rows.get()
    assert (row.verdict, row.code) == ("proposed", "SVN-UPR-4-140.1")
    row_decisions.decide_rows(batch=batch, numbers=[1], decision="same", by=make.user("coordinator"))
    pipeline.start_applying(batch=batch, by=make.user("coordinator"), accept_refused=False, publish=True)
    pipeline.apply_batch(batch)
    assert record.sources.current().count() == 2
    assert Recommendation.objects.count() == 254


def corrected_meanwhile(batch, record: Recommendation) -> str:
    """What the import says after a person has corrected the text that its preview showed."""
    coordinator = make.user("coordinator")
    text = record.texts.current().get()
    texts.write_text(
        recommendation=record, version=record.version, language=text.language, form=text.form, is_original=True,
        text="Corrected by a person.", is_machine=False, is_reviewed=False, source=text.source, by=coordinator,
    )  # fmt: skip
    pipeline.start_applying(batch=batch, by=coordinator, accept_refused=False, publish=True)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert record.texts.current().get().text == "Corrected by a person."
    return batch.message


def test_a_text_that_a_person_corrected_after_the_check_is_not_replaced():
    bring(uhri(uhri_record(1)))
    batch = receive(uhri(uhri_record(1, Text="1. Made up for a test: strengthen every school.")), "corrected")
    pipeline.preview_batch(batch)
    message = corrected_meanwhile(batch, Recommendation.objects.get())
    assert "was “Changed” and is now “Unchanged”" in message  # a file does not replace a person's text


COLUMNS = {"external sheet": "Id", "text": "Recommendation", "body": "Body", "country": "Country"}


def checked_sheet(*rows: str, by) -> Batch:
    batch = receive("\n".join(["Id;Recommendation;Body;Country", *rows]).encode(), "list.csv", by=by)
    mapping.save_mapping(batch=batch, sender="Ministry", columns=COLUMNS, constants={}, by=by)
    batch.refresh_from_db()
    pipeline.preview_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEWED, batch.message
    return batch


def test_a_row_to_be_confirmed_shows_both_texts_and_replaces_no_other_one():
    coordinator = make.user("coordinator")
    pipeline.start_applying(
        batch=(first := checked_sheet("7;Build more schools in every region.;CRC;Slovenia", by=coordinator)),
        by=coordinator, accept_refused=False, publish=True,
    )  # fmt: skip
    pipeline.apply_batch(first)
    batch = checked_sheet("7;Protect the rights of all migrant workers.;CRC;Slovenia", by=coordinator)
    row = batch.rows.get()
    assert row.verdict == "proposed"
    assert "Build more schools" in row.difference
    assert "Protect the rights" in row.difference
    row_decisions.decide_rows(batch=batch, numbers=[1], decision="same", by=coordinator)
    assert "which was edited since" in corrected_meanwhile(batch, Recommendation.objects.get())


def test_rows_whose_language_is_not_recognised_are_counted_among_those_that_become_public():
    batch = checked_sheet(
        "1;Build more schools in every region.;CRC;Slovenia", "2;12345 67;CRC;Slovenia", by=make.user("coordinator")
    )
    assert sorted(batch.rows.values_list("languages", flat=True)) == ["", "en"]
    assert records_to_publish(batch) == 2


@pytest.mark.database
def test_another_import_waits_while_one_is_applied():
    first, second = receive(uhri(uhri_record(1)), "first"), receive(uhri(uhri_record(2)), "second")
    pipeline.claim(first, accept_refused=False)
    with pytest.raises(Refused, match="first"):
        pipeline.claim(second, accept_refused=False)


@pytest.mark.parametrize(
    ("changes", "verdict", "reason"),
    [
        ({"Body": "- Committee on Nothing"}, "refused", "Committee on Nothing"),
        ({"Countries": ["Atlantis"]}, "refused", "Atlantis"),
        ({"Themes": ["Right to nothing"]}, "new", "Right to nothing"),
        ({"PublicationDate": "2125-01-01T00:00:00"}, "new", "2125-01-01"),
        ({"Symbol": "X" * 200}, "refused", "too long"),
        ({"Text": ""}, "refused", "no text"),
    ],
)
def test_a_bad_field_is_named_in_the_preview(changes, verdict, reason):
    batch = receive(uhri(uhri_record(1, **changes)), "file")
    pipeline.preview_batch(batch)
    row = batch.rows.get()
    assert (row.verdict, row.where) == (verdict, "record 1")
    assert reason in row.reason


@pytest.mark.database
def test_scripts_and_nul_bytes_do_not_reach_the_register():
    bring(uhri(uhri_record(1, Text="1. Made up <script>alert(1)</script>\x00 for <b>a test</b> &amp; more")))
    assert TextVersion.objects.get().text == "Made up for a test & more"


def test_reservations_comes_in_marked_as_an_artefact():
    bring(uhri(uhri_record(1, Themes=["Reservations", "Right to education"])))
    assert sorted(Recommendation.objects.get().taggings.values_list("term__code", "term__is_artefact")) == [
        ("4", False),
        ("children", False),
        ("reservations", True),
        ("right-to-education", False),
    ]


def test_observations_are_records_of_their_own_kind():
    bring(uhri(uhri_record(1, AnnotationType="- Concerns/Observations"), uhri_record(2)))
    assert list(Recommendation.objects.order_by("paragraph").values_list("kind", flat=True)) == [
        "observation",
        "recommendation",
    ]


@pytest.mark.database
def test_natural_order_of_paragraphs():
    bring(uhri(*[uhri_record(number) for number in (10, 2, 1)]))
    assert list(Recommendation.objects.values_list("paragraph", flat=True)) == ["1", "2", "10"]


def test_a_label_that_a_person_removed_is_not_put_back_by_a_corrected_file():
    bring(uhri(uhri_record(1)))
    record = Recommendation.objects.get()
    labels.remove_label(tagging=record.taggings.get(term__code="children"), by=make.user("coordinator"))
    bring(uhri(uhri_record(1, Text="1. Corrected text, made up for a test.")), "second")
    assert "children" not in record.taggings.current().values_list("term__code", flat=True)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("list of 2025.docx", "list_of_2025.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\توصيات.json", "توصيات.json"),
        ("..", "file"),
        ("\0.json", "json"),
        ("x" * 300 + ".csv", "x" * 46 + ".csv"),
    ],
)
def test_a_name_from_outside_becomes_a_name_for_a_file(sent, stored):
    assert pipeline.stored_name(sent) == stored


def test_a_refusal_names_the_file_as_the_sender_did():
    with pytest.raises(Refused, match="minutes.json is empty"):
        receive(b"", "minutes.json")


def test_after_undo_of_an_addendum_nothing_of_it_waits():
    batch = bring_document("upr4-addendum.pdf")
    assert WaitingAnswer.objects.current().count() > 200
    pipeline.undo_batch(batch=batch, by=None)
    apply_undo.clean_leftovers()
    assert not WaitingAnswer.objects.exists()
    bring_document("upr4-report.pdf")
    assert not Position.objects.filter(symbol="A/HRC/59/15/Add.1").exists()
    assert not SourceRecord.objects.filter(scheme="addendum").exists()


def test_an_addendum_that_is_undone_and_not_cleared_away_yet_answers_nothing():
    batch = bring_document("upr4-addendum.pdf")
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.UNDONE, cleaned=False)
    assert not WaitingAnswer.objects.current().exists()


def test_a_file_with_a_corrected_text_brings_no_label_twice():
    bring(uhri(uhri_record(1)))
    record = Recommendation.objects.get()
    before = sorted(record.taggings.values_list("term__code", flat=True))
    assert len(before) > 2
    bring(uhri(uhri_record(1, Text="1. Corrected text, made up for a test.")), "second")
    assert record.texts.current().get().text == "Corrected text, made up for a test."
    assert sorted(record.taggings.values_list("term__code", flat=True)) == before
