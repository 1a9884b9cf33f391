"""What a spreadsheet says of follow-up: judged, written, undone."""

import csv
import io
import re
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from servanda.intake.columns.kinds import SheetContext, SheetRow, folded
from servanda.intake.models import Batch, MappedColumn, MappedValue, SenderMapping
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Instance, User
from servanda.progress.assessments import services as assessing
from servanda.progress.assessments.scales import load_scales
from servanda.progress.models import Assessment, Update, UpdateRecommendation
from servanda.progress.sheets.cells import choices, measures_of, propose
from servanda.progress.sheets.columns import FollowUpColumns
from servanda.progress.updates import services as updating
from servanda.recommendations.imports import mapping, pipeline
from servanda.recommendations.models import Note, Recommendation
from servanda.sources.sheets.reader import suggest_mapping
from tests import assessing_make as made
from tests import make
from tests.importing_make import receive
from tests.once import built_once

pytestmark = pytest.mark.django_db

SENDER = "Ministry of Made-up Affairs"
COLUMNS = {
    "external sheet": "Id",
    "code": "Code",
    "country": "State",
    "body": "Body",
    "symbol": "Symbol",
    "paragraph": "Paragraph",
    "text": "Text",
    "date": "Date",
    "status": "Status",
    "status date": "Status date",
    "percentage": "Percentage",
    "remarks": "Remarks",
    "measures": "Measures",
    "approved measures": "Approved measures",
}
FOLLOW_UP = ("status", "status date", "percentage", "remarks", "measures", "approved measures")


@built_once
def scales():
    make.country()
    make.body("CRC", "treaty-body")
    load_scales()


@pytest.fixture(autouse=True)
def loaded(scales):
    """For every test."""


@built_once
def ministry():
    return make.institution("made-up", name=SENDER)


@built_once
def coordinator() -> User:
    return make.user(Role.COORDINATOR, name="Cora")


def sheet(*rows: dict, by: User | None = None, sender: str = SENDER, name: str = "list.csv") -> Batch:
    lines = io.StringIO()
    writer = csv.DictWriter(lines, [*COLUMNS.values()], restval="")
    writer.writeheader()
    for number, row in enumerate(rows, 1):
        words = {"State": "SVN", "Body": "CRC", "Symbol": "CRC/C/SVN/CO/3-4", "Paragraph": str(number)}
        words["Text"] = f"Strengthen the schools of region {number} and train the teachers there."
        writer.writerow(words | row)
    batch = receive(lines.getvalue().encode("utf-8-sig"), name)
    batch.created_by = by
    batch.save(update_fields=["created_by"])
    saved, is_new = SenderMapping.objects.get_or_create(sender=sender)
    if is_new:
        MappedColumn.objects.bulk_create(
            MappedColumn(mapping=saved, field=field, header=header) for field, header in COLUMNS.items()
        )
    pipeline.use_mapping(batch=batch, mapping=saved)
    return batch


def meant(batch: Batch, column: str, printed: str, meaning: str) -> None:
    MappedValue.objects.create(
        mapping=batch.mapping, column=column, printed=printed, folded=folded(printed), meaning=meaning
    )


def outcomes(batch: Batch) -> dict[tuple[int, str], str]:
    return {(cell.number, cell.column): cell.outcome for cell in batch.cells.all()}


def explained(batch: Batch, column: str, number: int = 1) -> str:
    return batch.cells.get(number=number, column=column).message


def applied(batch: Batch) -> Batch:
    pipeline.preview_batch(batch)
    pipeline.claim(batch, accept_refused=True)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.message
    return batch


def test_a_status_becomes_an_unpublished_assessment_that_says_where_it_is_from(coordinator):
    batch = applied(sheet({"Status": "Réalisé"}, {"Status": "En cours", "Remarks": "The draft law is ready."}))
    full, started = Assessment.objects.order_by("recommendation__order_key")
    assert (full.voice, full.common, full.origin, full.brought_by) == ("government", "full", "imported", batch)
    assert (full.is_published, full.is_latest, full.date) == (False, False, timezone.localdate())
    assert (full.reason, started.reason) == ("From list.csv, row 2.", "The draft law is ready.")
    assert not Assessment.objects.public().exists()
    with pytest.raises(Refused, match="evidence of an outcome"):
        assessing.publish_assessment(assessment=full, by=coordinator)
    assessing.publish_assessment(assessment=started, by=coordinator)


STATUSES = {
    "Réalisé": "full",
    "Non réalisé": "not-started",
    "En cours (30 %)": "started",
    "Mise en oeuvre": "full",
    "PARTIALLY IMPLEMENTED": "partial",
    "Cumplida": "full",
    "En proceso": "started",
    "Pendiente": "not-started",
    "Concluída": "full",
    "Em curso": "started",
    "منجز": "full",
    "في طور الإنجاز": "started",
    "غير منجز": "not-started",
    "Pleinement mis en œuvre": "full",
    "Concluído parcialmente": "partial",
    "Completed partially": "partial",
    "Réalisée à 60%": "",
    "Réalisée (100 %)": "full",
    "لم ينجز بعد": "not-started",
    "Não concluído": "not-started",
    "Ongoing. The audit was finished in 2024.": "started",
    "Done - law in force since 2025": "full",
    "Done - but the law is not in force": "",
    "Implemented: no": "",
    "Atrasado": "",
    "Somewhere between": "",
}


def test_words_for_a_status_are_proposed_in_five_languages():
    known = choices()
    expected = {printed: f"government/{common}" if common else "" for printed, common in STATUSES.items()}
    assert {printed: propose(printed, known) for printed in STATUSES} == expected


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Implementation status", "status"),
        ("État d'avancement", "status"),
        ("وضعية التنفيذ", "status"),
        ("avancement_pct", "percentage"),
        ("Observación", "remarks"),
        ("Mesures prises", "measures"),
        ("Fecha del estado", "status date"),
    ],
)
def test_headers_are_known_in_five_languages(header, field):
    assert suggest_mapping([header]) == {field: header}


def test_a_column_of_statuses_is_known_by_its_values():
    rows = [["Train judges.", "Réalisé"], ["Build schools.", "Non réalisé"]]
    assert mapping.suggest_mapping(["Texte", "etat"], rows)["status"] == "etat"


def test_a_value_that_is_not_known_or_not_wanted_is_left_out_with_all_that_hangs_on_it():
    batch = sheet(
        {"Status": "Perhaps", "Percentage": "30", "Remarks": "Ask."}, {"Status": "Done"}, {"Remarks": "Late."}
    )
    meant(batch, "status", "Done", "")
    applied(batch)
    assert outcomes(batch) == {
        (1, "status"): "left-out",
        (1, "percentage"): "left-out",
        (1, "remarks"): "imported",
        (2, "status"): "left-out",
        (3, "remarks"): "imported",
    }
    assert "Choose it on the page of values" in explained(batch, "status")
    assert "Recorded only together with a status, and no status is" in explained(batch, "percentage")
    assert "as chosen on the page of values" in explained(batch, "status", 2)
    assert not Assessment.objects.exists()


def test_remarks_without_a_status_become_internal_notes_that_go_with_the_import(coordinator):
    second = {"Remarks": "Ask again.", "Paragraph": "2", "Text": "Train the judges of the second region."}
    rows = [{"Remarks": "Ask the archive."}, second, second]
    batch = applied(sheet(*rows, by=coordinator))
    notes = Note.objects.order_by("recommendation__order_key").values_list("text", "author", "brought_by")
    assert list(notes) == [(text, coordinator.pk, batch.pk) for text in ("Ask the archive.", "Ask again.")]
    assert "internal note" in explained(batch, "remarks")
    again = applied(sheet(*rows, by=coordinator, name="again.csv"))
    assert set(outcomes(again).values()) == {"unchanged"}
    pipeline.undo_batch(batch=again, by=coordinator)
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert not Note.objects.exists()


def test_a_note_of_an_import_tells_the_file_to_colleagues_only(client, coordinator):
    batch = applied(sheet({"Remarks": "Ask the archive."}))
    record = Recommendation.objects.get()
    client.force_login(coordinator)
    page = client.get(reverse("desk:record", args=[record.code])).content.decode()
    assert "Ask the archive." in page
    assert f"From the file {batch.name}" in re.sub(r"<[^>]+>|[\u2066-\u2069]", "", page)
    client.logout()
    assert "Ask the archive." not in client.get(record.get_absolute_url()).content.decode()


def test_the_meaning_of_a_value_is_that_of_the_sender():
    batch = sheet({"Status": "Done"})
    meant(batch, "status", "Done", "government/substantial")
    applied(batch)
    assert Assessment.objects.get().common == "substantial"


@pytest.mark.parametrize(
    ("printed", "day", "why"),
    [
        ("2024-05-01", date(2024, 5, 1), ""),
        ("01/05/2024", date(2024, 5, 1), ""),
        ("soon", None, "is not a date"),
        ("2098-01-01", None, "in the future"),
        ("2019-12-31", None, "before the recommendation"),
    ],
)
def test_a_status_has_its_day_or_that_of_the_import(printed, day, why):
    batch = applied(sheet({"Date": "2020-01-01", "Status": "Done", "Status date": printed}))
    assert Assessment.objects.get().date == (day or timezone.localdate())
    assert why in explained(batch, "status date")
    assert outcomes(batch)[1, "status date"] == ("left-out" if why else "imported")


def test_a_day_of_a_status_in_words_is_read_and_explained():
    batch = applied(
        sheet({"Status": "Done", "Status date": "dez/2024"}, {"Status": "Done", "Status date": "5 mai 2025"})
    )
    assert set(Assessment.objects.values_list("date", flat=True)) == {date(2024, 12, 31), date(2025, 5, 5)}
    assert explained(batch, "status date") == "“dez/2024” is read as 2024-12-31."
    assert explained(batch, "status date", 2) == ""


def test_what_a_status_says_beyond_its_meaning_is_kept_in_the_reason():
    """A sentence, or a word whose meaning a person chose."""
    batch = sheet({"Status": "The draft was sent to Parliament in May."}, {"Status": "Done"}, {"Status": "En cours"})
    meant(batch, "status", "The draft was sent to Parliament in May.", "government/started")
    meant(batch, "status", "Done", "government/substantial")
    applied(batch)
    assert list(Assessment.objects.order_by("recommendation__order_key").values_list("reason", flat=True)) == [
        "Status according to the file: The draft was sent to Parliament in May.",
        "Status according to the file: Done",
        "From list.csv, row 4.",
    ]


def test_a_percentage_that_a_spreadsheet_keeps_as_a_fraction_is_told_as_it_was_shown():
    applied(sheet({"Status": "En cours", "Percentage": "0,3"}))
    assert Assessment.objects.get().reason.endswith(": 0.3 (30 %)")


def test_the_percentage_is_kept_in_the_reason():
    applied(sheet({"Status": "En cours", "Percentage": "30", "Remarks": "Two of six."}))
    first, second = Assessment.objects.get().reason.split("\n")
    assert (first, second.rpartition(" ")[2]) == ("Two of six.", "30")


def test_the_same_status_is_recorded_once_and_a_new_one_stands_beside_it():
    applied(sheet({"Status": "En cours", "Remarks": "Two of six."}))
    record = Recommendation.objects.get()
    again = applied(sheet({"Code": record.code, "Status": "En cours"}, name="again.csv"))
    assert (outcomes(again)[1, "status"], Assessment.objects.count()) == ("unchanged", 1)
    applied(sheet({"Code": record.code, "Status": "Réalisé"}, name="later.csv"))
    assert sorted(Assessment.objects.values_list("common", flat=True)) == ["full", "started"]


def test_two_rows_that_contradict_each_other_are_explained():
    row = {"Paragraph": "1", "Text": "Strengthen the schools of region 1 and train the teachers there."}
    batch = applied(sheet(row | {"Status": "En cours"}, row | {"Status": "Réalisé"}, row | {"Status": "En cours"}))
    found = outcomes(batch)
    assert [found[number, "status"] for number in (1, 2, 3)] == ["imported", "left-out", "unchanged"]
    assert explained(batch, "status", 2).startswith("Row 2 ")
    assert Assessment.objects.count() == 1


def test_measures_become_drafts_of_the_sender_and_each_year_one_of_its_own(ministry, coordinator):
    batch = applied(sheet({"Measures": "2023: A law was drafted; 2024: It was passed."}, by=coordinator))
    first, second = Update.objects.order_by("pk")
    assert (first.institution, first.state, first.text) == (ministry, "draft", "A law was drafted")
    assert (second.start, second.end, second.text) == (date(2024, 1, 1), date(2024, 12, 31), "It was passed.")
    assert (first.from_file, first.brought_by, first.written_by) == (True, batch, coordinator)
    assert Update.objects.visible_to(coordinator).count() == 2
    focal = make.user(Role.FOCAL_POINT, ministry)
    make.assignment(Recommendation.objects.get(), ministry)
    assert Update.objects.visible_to(focal).count() == 2
    updating.submit_update(update=first, by=focal)


def test_the_lead_institution_speaks_before_the_sender(ministry):
    record = make.recommendation()
    health = make.institution("health")
    make.assignment(record, health)
    applied(sheet({"Code": record.code, "Measures": "A plan was made."}))
    assert Update.objects.get().institution == health


def test_measures_without_an_institution_say_what_to_do():
    batch = applied(sheet({"Measures": "A plan was made."}))
    assert "Choose the column of the lead institution" in explained(batch, "measures")
    assert not Update.objects.exists()


def test_an_institution_that_no_longer_exists_or_may_not_see_the_record_says_nothing(ministry):
    secret = make.recommendation(confidentiality="restricted")
    secret.restricted_to.add(make.institution("justice"))
    batch = applied(sheet({"Code": secret.code, "Measures": "A plan was made."}))
    assert "has no access to this record. Add it to the institutions" in explained(batch, "measures")
    ministry.active_to = date(2020, 1, 1)
    ministry.save()
    batch = applied(sheet({"Measures": "A plan was made."}, name="closed.csv"))
    assert outcomes(batch)[1, "measures"] == "left-out"
    assert "may see" not in explained(batch, "measures")


def test_approved_measures_are_named_and_dated_and_published_by_somebody_else(ministry, coordinator):
    batch = applied(sheet({"Approved measures": "The law is in force."}, by=coordinator))
    update = Update.objects.get()
    assert (update.state, update.on_behalf, update.letter) == ("validated", True, "list.csv")
    assert (update.letter_date, update.steps.get().state) == (timezone.localdate(), "validated")
    with pytest.raises(Refused, match="Ask another coordinator"):
        updating.publish_update(update=update, by=coordinator)
    updating.publish_update(update=update, by=make.user(Role.COORDINATOR))
    with pytest.raises(Refused, match="Updates of this import were edited"):
        pipeline.undo_batch(batch=batch, by=coordinator)


def test_an_instance_that_asks_for_no_second_look_lets_the_importer_publish(ministry, coordinator):
    instance = Instance.current()
    instance.updates_need_publication = False
    instance.save()
    applied(sheet({"Approved measures": "The law is in force."}, by=coordinator))
    updating.publish_update(update=Update.objects.get(), by=coordinator)
    assert Update.objects.get().state == Update.State.PUBLISHED


@pytest.mark.database
def test_the_same_measure_is_recorded_once(ministry):
    row = {"Paragraph": "1", "Text": "Strengthen the schools of region 1 and train the teachers there."}
    batch = applied(sheet(row | {"Measures": "A plan."}, row | {"Measures": "2023: A plan.; 2024: A law."}))
    assert outcomes(batch)[2, "measures"] == "imported"
    assert "1 is already recorded" in explained(batch, "measures", 2)
    record = Recommendation.objects.get()
    again = applied(sheet({"Code": record.code, "Measures": "A law."}, name="again.csv"))
    assert (outcomes(again)[1, "measures"], Update.objects.count()) == ("unchanged", 2)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("A plan; a law.", [("A plan; a law.", None)]),
        ("Since then: 2023: A plan", [("Since then: 2023: A plan", None)]),
        ("Before.\n2021-2023: A plan\n15/03/2024 – A law", [("Before.", None), ("A plan", 2021), ("A law", 2024)]),
        ("31/02/2024: A plan", [("31/02/2024: A plan", None)]),
        ("في 2023: خطة", [("خطة", 2023)]),
        ("٢٠٢٣: مشروع قانون؛ ٢٠٢٤: إحالته", [("مشروع قانون", 2023), ("إحالته", 2024)]),
    ],
)
def test_a_cell_of_measures_is_cut_where_a_year_or_a_day_begins_one(cell, found):
    assert [(measure.text, measure.start and measure.start.year) for measure in measures_of(cell)] == found


MADE = [
    {"Status": "Réalisé", "Percentage": "100", "Measures": "2023: A law; 2024: A plan."},
    {"Status": "Perhaps", "Percentage": "10"},
    {"Status": "En cours", "Status date": "nonsense", "Remarks": "Late.", "Approved measures": "A decree."},
    {"Remarks": "Alone."},
    {"Measures": "A decree."},
    {
        "Paragraph": "1",
        "Text": "Strengthen the schools of region 1 and train the teachers there.",
        "Status": "Réalisé",
    },
    {},
]


def test_each_cell_that_is_not_empty_has_one_outcome_and_applying_does_what_the_preview_says(ministry):
    batch = applied(sheet(*MADE))
    filled = {
        (number, column)
        for number, row in enumerate(MADE, 1)
        for column in FOLLOW_UP
        if row.get(COLUMNS[column], "").strip()
    }
    cells = list(batch.cells.values_list("number", "column"))
    assert sorted(cells) == sorted(filled)
    imported = {key for key, outcome in outcomes(batch).items() if outcome == "imported"}
    assert Assessment.objects.count() == len([key for key in imported if key[1] == "status"]) == 2
    told = sum(int(explained(batch, column, number).split()[0]) for number, column in imported if "meas" in column)
    assert Update.objects.count() == told == 4


@pytest.mark.database
def test_undoing_removes_all_and_the_same_can_be_applied_again(ministry, coordinator):
    batch = applied(sheet(*MADE, by=coordinator))
    before = Assessment.objects.count(), Update.objects.count()
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert not any(model.objects.exists() for model in (Assessment, Update, UpdateRecommendation, Recommendation))
    applied(batch)
    assert (Assessment.objects.count(), Update.objects.count()) == before


def test_undoing_leaves_the_history_of_a_record_that_was_there(coordinator):
    record = make.recommendation()
    older = made.assessment(record, "started", date=date(2024, 1, 1))
    batch = applied(sheet({"Code": record.code, "Status": "Réalisé"}, by=coordinator))
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert list(Assessment.objects.latest()) == list(Assessment.objects.all()) == [older]


def publish(assessment, coordinator):
    assessing.publish_assessment(assessment=assessment, by=coordinator)


def complete(assessment, coordinator):
    shown = {"evidence": [made.evidence(assessment.recommendation)], "measurements": [], "act_is_outcome": False}
    assessing.complete_assessment(assessment=assessment, **shown, by=coordinator)


def take_back(assessment, coordinator):
    assessing.retract_assessment(assessment=assessment, reason="Wrong.", by=coordinator)


@pytest.mark.parametrize("deed", [publish, complete, take_back])
def test_what_was_done_with_an_assessment_since_keeps_the_import(coordinator, deed):
    batch = applied(sheet({"Status": "En cours"}, by=coordinator))
    deed(Assessment.objects.get(), coordinator)
    code = Recommendation.objects.get().code
    with pytest.raises(Refused, match=f"Assessments of this import were published, changed or withdrawn: {code}"):
        pipeline.undo_batch(batch=batch, by=coordinator)
    assert Assessment.objects.exists()


def by_hand_assessment(record):
    made.assessment(record)


def by_hand_contribution(record):
    made.contribution(record)


def by_hand_evidence(record):
    made.evidence(record)


@pytest.mark.parametrize("deed", [by_hand_assessment, by_hand_contribution, by_hand_evidence])
def test_what_people_added_to_a_record_of_the_import_keeps_it(coordinator, deed):
    batch = applied(sheet({"Status": "En cours"}, by=coordinator))
    record = Recommendation.objects.get()
    deed(record)
    with pytest.raises(Refused, match=f"Follow-up was added to records of this import: {record.code}"):
        pipeline.undo_batch(batch=batch, by=coordinator)


def queries_of(rows: int, name: str) -> int:
    batch = sheet(*({"Status": "En cours", "Measures": f"Law {number}."} for number in range(rows)), name=name)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        pipeline.preview_batch(batch)
    return len(queries)


def test_a_preview_asks_no_more_for_many_rows(ministry):
    assert queries_of(3, "few.csv") == queries_of(40, "many.csv")


def test_statuses_of_a_day_in_the_past_are_history(coordinator):
    row = {"Paragraph": "1", "Text": "Strengthen the schools of region 1 and train the teachers there."}
    days = [timezone.localdate() - timedelta(days=days) for days in (700, 30)]
    rows = [
        row | {"Status": word, "Status date": str(day)}
        for word, day in zip(("En cours", "Réalisé"), days, strict=True)
    ]
    applied(sheet(*rows))
    assert [(assessment.common, assessment.date) for assessment in Assessment.objects.order_by("date")] == [
        ("started", days[0]),
        ("full", days[1]),
    ]


def test_the_list_of_a_ministry_brings_the_status_of_every_row(shared_data, coordinator):
    make.country("MAR", "Morocco")
    content = (shared_data / "restricted" / "morocco_didh" / "records.csv").read_bytes()
    batch = receive(content, "records.csv")
    batch.created_by = coordinator
    batch.save(update_fields=["created_by"])
    names = {"text": "texte_fr", "external sheet": "id", "status": "etat", "percentage": "avancement_pct"}
    found = mapping.view_sheet(batch).suggestion
    assert {field: found.get(field) for field in ("status", "percentage")} == {
        "status": "etat",
        "percentage": "avancement_pct",
    }
    constants = {"country": "MAR", "body": "CRC"}
    mapping.save_mapping(sender="Delegation", columns=names, constants=constants, batch=batch, by=coordinator)
    applied(batch)
    cells = list(batch.cells.values_list("number", "column"))
    assert (len(cells), len(set(cells))) == (2 * 192, 2 * 192)
    counts = Counter(Assessment.objects.values_list("common", flat=True))
    outcomes_of_statuses = Counter(batch.cells.filter(column="status").values_list("outcome", flat=True))
    assert outcomes_of_statuses["imported"] == counts.total()
    assert counts == {"full": 72, "started": 103, "not-started": 17}
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("meaning", "outcome", "said_by"),
    [("health", "imported", "HEALTH"), ("+", "imported", "Ministry of Health"), ("", "left-out", "is not known")],
)
def test_the_lead_of_the_row_speaks_as_the_page_of_values_says(meaning, outcome, said_by):
    make.institution("health")
    batch = sheet({}, sender="Somebody")
    meanings = {("lead", folded("Ministry of Health")): meaning}
    context = SheetContext(batch=batch, on=timezone.localdate(), meanings=meanings)
    rows = [
        SheetRow(1, "row 2", {"lead": "Ministry of Health; Police", "measures": "A plan."}),
        SheetRow(2, "row 3", {"measures": "A law."}, first=1),
    ]
    cells = FollowUpColumns().judge(rows, context)
    assert [cell.outcome for cell in cells] == [outcome] * 2
    assert all(said_by in cell.message for cell in cells)


def test_the_only_responsible_institution_of_a_row_speaks_and_of_several_none():
    make.institution("health", name="Ministry of Health")
    make.institution("justice", name="Ministry of Justice")
    batch = sheet({}, sender="Somebody")
    context = SheetContext(batch=batch, on=timezone.localdate())
    rows = [
        SheetRow(1, "row 2", {"responsible": "Ministry of Health", "measures": "A plan."}),
        SheetRow(2, "row 3", {"responsible": "Ministry of Health; Ministry of Justice", "measures": "A law."}),
    ]
    cells = FollowUpColumns().judge(rows, context)
    assert [cell.outcome for cell in cells] == ["imported", "left-out"]
    assert "Ministry of Health" in cells[0].message
