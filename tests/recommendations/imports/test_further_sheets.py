"""Several sheets of one workbook: one import, one judgment, one undo."""

import json
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from servanda.intake.models import Batch, FurtherSheet, SenderMapping, StagedCell
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Instance, User
from servanda.planning.models import Action, ActionRecommendation
from servanda.recommendations.imports import findings, further_sheets, mapping, pipeline
from servanda.recommendations.imports.sheet_names import SheetChoice, body_and_cycle_in
from servanda.recommendations.models import Recommendation, SourceRecord, TextVersion
from servanda.vocab.lookup import Lookup
from tests import make
from tests.importing_make import receive
from tests.once import built_once
from tests.sheets_make import ACTIONS, HEAD, rows_of, three_bodies, with_actions, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
COLUMNS = {"external sheet": "Id", "text": "Recommendation", "body": "Body", "country": "Country"}
ADDED = {"external sheet": "Rec. no.", "action": "Action", "action status": "Status", "due": "Due date"}
TABLES = (Recommendation, SourceRecord, TextVersion, Action, ActionRecommendation)
BUILD, TRAIN = ["12", "Build a wing", "", "2031-12-31"], ["11", "Train teachers", "", ""]


@built_once
def coordinator(loaded_once) -> User:
    Instance.objects.update_or_create(pk=1, defaults={"state_code": "SVN", "languages": "en,fr"})
    return make.user(Role.COORDINATOR)


def numbers() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in TABLES}


def chosen(content: bytes, *names: str, by: User, sender: str = "Ministry", columns=None, constants=None) -> Batch:
    """A workbook with the columns of its first sheet and the further sheets that are to be read."""
    batch = receive(content, "list.xlsx", by=by)
    mapping.save_mapping(batch=batch, sender=sender, columns=columns or COLUMNS, constants=constants or {}, by=by)
    choices = [SheetChoice(name, *body_and_cycle_in(name, Lookup())) for name in names]
    further_sheets.choose_further_sheets(batch=batch, choices=choices, by=by)
    return batch


def with_columns(batch: Batch, *, by: User, columns=None) -> Batch:
    """Choose the columns of the sheet of actions."""
    further = further_sheets.next_unmapped(batch)
    further_sheets.save_sheet_columns(further=further, columns=columns or ADDED, constants={}, by=by)
    return batch


def previewed(batch: Batch) -> Counter:
    batch.refresh_from_db()
    pipeline.preview_batch(batch)
    assert batch.state == Batch.State.PREVIEWED, batch.message
    return Counter(batch.rows.values_list("verdict", flat=True))


def applied(batch: Batch, *, accept_refused: bool = False) -> Counter:
    pipeline.claim(batch, accept_refused=accept_refused)
    verdicts = pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.message
    return Counter({verdict.value: count for verdict, count in verdicts.items()})


def actions_of(record: Recommendation) -> list[str]:
    return sorted(ActionRecommendation.objects.filter(recommendation=record).values_list("action__title", flat=True))


def record(identity: str) -> Recommendation:
    return Recommendation.objects.live().get(sources__external_id=identity)


@pytest.mark.database
def test_three_sheets_with_the_same_columns_are_one_import_and_one_undo(coordinator):
    before = numbers()
    batch = chosen(three_bodies(), "CERD", "CRC", by=coordinator)
    assert previewed(batch) == {"new": 9}
    assert findings.incoming(batch).sheets == [("CEDAW", 3), ("CERD", 2), ("CRC", 4)]
    assert findings.incoming(batch).rows == 9
    assert applied(batch) == {"new": 9}
    bodies = Counter(Recommendation.objects.live().values_list("body__code", flat=True))
    assert bodies == {"CEDAW": 3, "CERD": 2, "CRC": 4}
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert numbers() == before
    assert previewed(batch) == {"new": 9}
    assert applied(batch) == {"new": 9}


def test_rows_are_named_by_sheet_and_row(coordinator):
    batch = chosen(three_bodies(), "CERD", by=coordinator)
    previewed(batch)
    assert list(batch.rows.values_list("where", flat=True)) == [
        "sheet “CEDAW”, row 2",
        "sheet “CEDAW”, row 3",
        "sheet “CEDAW”, row 4",
        "sheet “CERD”, row 2",
        "sheet “CERD”, row 3",
    ]


def test_a_workbook_of_which_one_sheet_is_read_names_rows_alone(coordinator):
    batch = chosen(three_bodies(), by=coordinator)
    assert previewed(batch) == {"new": 3}
    assert batch.rows.first().where == "row 2"


def test_the_name_of_a_sheet_tells_body_and_cycle_where_no_column_does(coordinator):
    head, columns = ["Id", "Recommendation", "Country"], {**COLUMNS}
    del columns["body"]
    sheets = {
        name: [head, [f"{name}-1", f"Open {name} house.", "SVN"]] for name in ("UPR 3", "CERD", "UPR, 4th cycle")
    }
    batch = chosen(
        workbook(sheets), "CERD", "UPR, 4th cycle", by=coordinator, columns=columns,
        constants={"body": "UPR", "cycle": "3", "date": "2020-01-31"},
    )  # fmt: skip
    applied(batch)
    found = Recommendation.objects.live().values_list("body__code", "review__cycle", "date__year")
    assert set(found) == {("UPR", 3, 2020), ("CERD", None, None), ("UPR", 4, None)}


def test_sheets_that_number_their_rows_anew_do_not_meet(coordinator):
    content = workbook({"CEDAW": rows_of("CEDAW", [1, 2, 3]), "CERD": rows_of("CERD", [1, 2, 3])})
    batch = chosen(content, "CERD", by=coordinator)
    assert previewed(batch) == {"new": 6}
    applied(batch)
    assert record("CERD: 2").body.code == "CERD"
    again = chosen(content, "CERD", by=coordinator)
    assert previewed(again) == {"unchanged": 6}


def test_one_conflicting_id_among_the_ids_of_a_sheet_is_refused_with_both_places(coordinator):
    second = rows_of("CEDAW", [1, 2, 3])
    second[3] = ["3", "Dig an altogether different well.", "CEDAW", "SVN"]
    batch = chosen(workbook({"A": rows_of("CEDAW", [1, 2, 3]), "B": second}), "B", by=coordinator)
    assert previewed(batch) == {"new": 3, "unchanged": 2, "refused": 1}
    assert "sheet “A”, row 4 of the file with a different text" in batch.rows.get(verdict="refused").reason


@pytest.mark.database
def test_actions_of_a_second_sheet_go_to_the_recommendations_of_the_first(coordinator):
    before = numbers()
    batch = with_columns(chosen(with_actions(BUILD, TRAIN, BUILD), "Actions", by=coordinator), by=coordinator)
    expected = previewed(batch)
    assert expected == {"new": 2, "joined": 2, "unchanged": 1}
    cells = Counter(batch.cells.values_list("column", "outcome"))
    assert cells["action", "imported"] == 2
    assert applied(batch) == expected
    assert (actions_of(record("12")), actions_of(record("11"))) == (["Build a wing"], ["Train teachers"])
    assert str(Action.objects.get(title="Build a wing").due_on) == "2031-12-31"
    assert Recommendation.objects.live().count() == 2
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert numbers() == before


def test_the_same_workbook_again_changes_nothing(coordinator):
    content = with_actions(BUILD, TRAIN)
    applied(with_columns(chosen(content, "Actions", by=coordinator), by=coordinator))
    before = numbers()
    again = chosen(content, "Actions", by=coordinator)
    assert further_sheets.next_unmapped(again) is None  # the columns of the sheet are kept for the sender
    assert previewed(again) == {"unchanged": 4}
    assert not again.cells.filter(outcome=StagedCell.Outcome.IMPORTED).exists()
    applied(again)
    assert numbers() == before


def test_actions_go_to_recommendations_that_are_in_the_register_already(coordinator):
    applied(chosen(with_actions(numbers=[12, 13]), by=coordinator))
    batch = with_columns(chosen(with_actions(BUILD, numbers=[14]), "Actions", by=coordinator), by=coordinator)
    assert previewed(batch) == {"new": 1, "joined": 1}
    assert batch.rows.get(verdict="joined").code == record("12").code
    applied(batch)
    assert actions_of(record("12")) == ["Build a wing"]
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert (Recommendation.objects.live().count(), Action.objects.count()) == (2, 0)


def test_a_row_may_name_a_record_by_its_reference_in_the_register(coordinator):
    applied(chosen(with_actions(numbers=[12]), by=coordinator))
    code = record("12").code
    batch = with_columns(
        chosen(with_actions([code, "Build a wing", "", ""], numbers=[14]), "Actions", by=coordinator), by=coordinator
    )
    applied(batch)
    assert actions_of(record("12")) == ["Build a wing"]


def test_rows_may_name_the_paragraph_of_the_first_sheet(coordinator):
    first = [["Para", *HEAD[1:]], ["7.1", "Open schools.", "CRC", "SVN"], ["7.2", "Open wells.", "CRC", "SVN"]]
    content = workbook({"List": first, "Actions": [ACTIONS, ["7.2", "Dig", "", ""]]})
    columns = {"paragraph": "Para", **{name: header for name, header in COLUMNS.items() if header != "Id"}}
    batch = chosen(content, "Actions", by=coordinator, columns=columns)
    further = further_sheets.next_unmapped(batch)
    assert further_sheets.look_into_further(further).suggestion["paragraph"] == "Rec. no."
    with_columns(batch, by=coordinator, columns={"paragraph": "Rec. no.", "action": "Action"})
    applied(batch)
    assert actions_of(Recommendation.objects.live().get(paragraph="7.2")) == ["Dig"]


def test_a_row_that_names_an_id_that_is_not_known_is_refused_by_sheet_and_row(coordinator):
    content = with_actions(BUILD, ["99", "Build a tower", "", ""], ["", "Build a bridge", "", ""])
    batch = with_columns(chosen(content, "Actions", by=coordinator), by=coordinator)
    assert previewed(batch) == {"new": 2, "joined": 1, "refused": 2}
    refused = list(batch.rows.filter(verdict="refused").values_list("where", "reason"))
    assert refused == [
        ("sheet “Actions”, row 3", "There is no recommendation “99”."),
        ("sheet “Actions”, row 4", "Enter the ID of the recommendation that this row belongs to."),
    ]
    assert set(batch.remarks.values_list("message", "places")) == {(reason, where) for where, reason in refused}
    applied(batch, accept_refused=True)
    assert list(Action.objects.values_list("title", flat=True)) == ["Build a wing"]


@pytest.mark.parametrize("printed", ["11; 12", "11, 12", "11\n12"])
def test_one_action_of_a_row_that_names_two_recommendations_answers_both(coordinator, printed):
    before = numbers()
    batch = with_columns(
        chosen(with_actions([printed, "Build a wing", "", "2031-12-31"]), "Actions", by=coordinator), by=coordinator
    )
    assert previewed(batch) == {"new": 2, "joined": 1}
    cells = list(batch.cells.order_by("column").values_list("number", "column", "outcome"))
    assert cells == [(3, "action", "imported"), (3, "due", "imported")]
    assert applied(batch) == {"new": 2, "joined": 1}
    assert (actions_of(record("11")), actions_of(record("12"))) == (["Build a wing"], ["Build a wing"])
    assert Action.objects.count() == 1
    again = chosen(with_actions([printed, "Build a wing", "", "2031-12-31"]), "Actions", by=coordinator)
    assert previewed(again) == {"unchanged": 3}
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert numbers() == before


def test_a_row_that_names_one_recommendation_that_is_known_and_one_that_is_not_is_refused(coordinator):
    batch = chosen(with_actions(["11; 99", "Build a wing", "", ""]), "Actions", by=coordinator)
    assert previewed(with_columns(batch, by=coordinator)) == {"new": 2, "refused": 1}
    assert batch.rows.get(verdict="refused").reason == "There is no recommendation “99”."


def test_a_column_of_several_ids_is_proposed_as_the_one_that_names_recommendations(coordinator):
    content = with_actions(["11; 12", "Build a wing", "", ""], ["12", "Train teachers", "", ""])
    batch = chosen(content, "Actions", by=coordinator)
    found = further_sheets.look_into_further(further_sheets.next_unmapped(batch)).suggestion
    assert found["external sheet"] == "Rec. no."


def test_what_is_added_to_a_refused_recommendation_is_refused_with_it(coordinator):
    first = rows_of("CRC", [11])
    first.append(["12", "Open wells.", "Committee of Nowhere", "SVN"])
    batch = chosen(workbook({"List": first, "Actions": [ACTIONS, BUILD]}), "Actions", by=coordinator)
    assert previewed(with_columns(batch, by=coordinator)) == {"new": 1, "refused": 2}
    reason = batch.rows.get(number=3).reason
    assert [part for part in ("“12”", "sheet “List”, row 3") if part not in reason] == []


@pytest.mark.database
def test_an_id_that_several_sheets_have_is_refused_as_ambiguous(coordinator):
    content = workbook(
        {
            "CEDAW": rows_of("CEDAW", [1, 2]),
            "CERD": rows_of("CERD", [1, 2]),
            "Actions": [ACTIONS, ["1", "Build a wing", "", ""], ["CERD: 2", "Train teachers", "", ""]],
        }
    )
    batch = with_columns(chosen(content, "CERD", "Actions", by=coordinator), by=coordinator)
    assert previewed(batch) == {"new": 4, "refused": 1, "joined": 1}
    assert "“1” identifies several recommendations in the file. Use a" in batch.rows.get(verdict="refused").reason
    applied(batch, accept_refused=True)
    assert actions_of(record("CERD: 2")) == ["Train teachers"]


def test_a_sheet_of_actions_is_read_after_the_recommendations_that_it_names(coordinator):
    content = workbook(
        {
            "CEDAW": rows_of("CEDAW", [1], prefix="W"),
            "Actions": [ACTIONS, ["R1", "Build a wing", "", ""]],
            "CERD": rows_of("CERD", [1], prefix="R"),
        }
    )
    batch = with_columns(chosen(content, "Actions", "CERD", by=coordinator), by=coordinator)
    assert previewed(batch) == {"new": 2, "joined": 1}
    assert findings.incoming(batch).sheets == [("CEDAW", 1), ("Actions", 1), ("CERD", 1)]


def test_what_is_added_to_a_recommendation_of_another_State_is_counted_with_it(coordinator):
    first = [*rows_of("CRC", [11]), ["12", "Open wells.", "CRC", "PER"]]
    batch = chosen(workbook({"List": first, "Actions": [ACTIONS, BUILD, TRAIN]}), "Actions", by=coordinator)
    Batch.objects.filter(pk=batch.pk).update(country="SVN")
    assert previewed(with_columns(batch, by=coordinator)) == {"new": 1, "joined": 1}
    assert (batch.total, batch.elsewhere, findings.incoming(batch).rows) == (2, 2, 4)


@pytest.mark.parametrize("decision", ["new", "same", ""])
def test_what_is_added_to_a_row_that_is_to_be_confirmed_waits_with_it(coordinator, decision):
    applied(chosen(with_actions(numbers=[12]), by=coordinator))
    first = [HEAD, ["12", "Dig an altogether different well.", "CRC", "SVN"]]
    batch = chosen(workbook({"List": first, "Actions": [ACTIONS, BUILD]}), "Actions", by=coordinator)
    assert previewed(with_columns(batch, by=coordinator)) == {"proposed": 1, "joined": 1}
    assert set(batch.cells.values_list("outcome", "message")) == {("left-out", "Confirm the row first.")}
    batch.rows.filter(verdict="proposed").update(decision=decision)
    applied(batch)
    assert Action.objects.count() == (1 if decision else 0)
    assert Recommendation.objects.live().count() == (2 if decision == "new" else 1)


def test_two_senders_with_the_same_workbook_do_not_meet(coordinator):
    content = with_actions(BUILD)
    applied(with_columns(chosen(content, "Actions", by=coordinator), by=coordinator))
    others = workbook(
        {"List": [HEAD, ["11", "Plant trees along every road.", "CRC", "SVN"]], "Actions": [ACTIONS, BUILD]}
    )
    batch = chosen(others, "Actions", by=coordinator, sender="Agency")
    assert further_sheets.next_unmapped(batch).sheet == "Actions"
    assert previewed(with_columns(batch, by=coordinator)) == {"new": 1, "refused": 1}
    assert batch.rows.get(verdict="refused").reason == "There is no recommendation “12”."


@pytest.mark.parametrize("many", [40])
def test_more_rows_need_no_more_queries(coordinator, many):
    def queries(number: int) -> int:
        rows = [[str(place), f"Action {place}", "", ""] for place in range(number)]
        batch = chosen(
            with_actions(*rows, numbers=range(number)), "Actions", by=coordinator, sender=f"Sender {number}"
        )
        with_columns(batch, by=coordinator)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            previewed(batch)
        return len(captured)

    few = queries(4)
    assert queries(many) == few


def test_a_sheet_whose_columns_are_not_chosen_is_neither_checked_nor_applied(coordinator):
    batch = chosen(with_actions(BUILD), "Actions", by=coordinator)
    with pytest.raises(Refused, match="Choose the columns of the sheet “Actions” first"):
        pipeline.claim(batch, accept_refused=False)


def test_changed_columns_of_a_further_sheet_send_a_checked_file_back(coordinator):
    batch = with_columns(chosen(with_actions(BUILD), "Actions", by=coordinator), by=coordinator)
    previewed(batch)
    other = chosen(with_actions(TRAIN), "Actions", by=coordinator)
    further_sheets.save_sheet_columns(
        further=other.further_sheets.get(), columns={"external sheet": "Rec. no."}, constants={}, by=coordinator
    )
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (Batch.State.UPLOADED, 0)


def test_a_sheet_that_names_recommendations_is_proposed_as_one_that_adds_to_them(coordinator):
    batch = chosen(with_actions(BUILD, TRAIN), "Actions", by=coordinator)
    assert further_sheets.look_into_further(batch.further_sheets.get()).suggestion == ADDED


def test_a_sheet_of_recommendations_with_other_columns_is_proposed_as_such(coordinator):
    second = [
        ["Id", "Recommendation", "Committee", "Country"],
        ["R1", "Open a school in every village.", "CRC", "SVN"],
    ]
    batch = chosen(workbook({"A": rows_of("CRC", [1]), "B": second}), "B", by=coordinator)
    found = further_sheets.look_into_further(batch.further_sheets.get()).suggestion
    assert found == {
        "external sheet": "Id", "text": "Recommendation", "body": "Committee", "country": "Country",
    }  # fmt: skip


def run(name: str, *arguments) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_reads_several_sheets(coordinator, tmp_path):
    path, columns = tmp_path / "list.xlsx", tmp_path / "columns.json"
    path.write_bytes(with_actions(["12", "Build a wing", "half way", ""], TRAIN))
    columns.write_text(json.dumps({"columns": COLUMNS}))
    run("sender_mapping", "save", "Ministry", columns)
    command = ("import_file", path, "--mapping", "Ministry", "--sheet", "Recommendations", "--sheet", "Actions")
    with pytest.raises(CommandError, match="Choose the columns of the sheet “Actions” first"):
        run(*command)
    columns.write_text(json.dumps({"columns": ADDED, "values": {"action status": {"half way": "in-progress"}}}))
    run("sender_mapping", "save", "Ministry", columns, "--sheet", "Actions")
    assert run(*command, "--dry-run").splitlines()[0] == "2 new, 2 joined"
    assert run(*command).splitlines()[0] == "2 new, 2 joined"
    assert Action.objects.count() == 2
    assert "Ministry: Actions" in run("sender_mapping", "list")
    shown = json.loads(run("sender_mapping", "show", "Ministry", "--sheet", "Actions"))
    assert shown["columns"] == ADDED
    assert shown["values"] == {"action status": {"half way": "in-progress"}}
    assert Action.objects.get(title="Build a wing").status == Action.Status.IN_PROGRESS


def test_a_sheet_that_the_workbook_does_not_have_is_refused(coordinator):
    with pytest.raises(Refused, match="no sheet “Plan”"):
        chosen(three_bodies(), "Plan", by=coordinator)
    assert not FurtherSheet.objects.exists()
    assert SenderMapping.objects.count() == 1
