"""Plans that a spreadsheet names and the register does not have: created with the import, and undone with it."""

import pytest

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import User
from servanda.planning.models import Action, Plan
from servanda.planning.plans import services as plans
from servanda.planning.sheets.columns import PlanningColumns
from servanda.planning.sheets.plans import free_code
from servanda.recommendations.imports import mapping, pipeline
from servanda.trail.models import Event
from tests import make
from tests.actions_make import action
from tests.importing_make import receive
from tests.once import built_once
from tests.sheets_make import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
HEAD = ["Id", "Text", "Body", "Country", "Actions", "Plan"]
COLUMNS = {
    "external sheet": "Id", "text": "Text", "body": "Body", "country": "Country", "action": "Actions", "plan": "Plan",
}  # fmt: skip
NATIONAL = "National action plan 2024-2028"
ROWS = [
    ["1", "Build schools in all regions.", "CRC", "SVN", "Build 40 schools", NATIONAL],
    ["2", "Protect the forests of the north.", "CRC", "SVN", "Plant trees", f"  {NATIONAL.upper()} "],
    ["3", "Open the archives to the public.", "CRC", "SVN", "Open archives", "Plan of the archives"],
]


@built_once
def coordinator(loaded_once) -> User:
    return make.user(Role.COORDINATOR)


def received(*, by: User, meanings: dict[str, str] | None = None, rows=ROWS):
    batch = receive(workbook({"List": [HEAD, *rows]}), "list.xlsx", by=by)
    mapping.save_mapping(batch=batch, sender="Ministry", columns=COLUMNS, constants={}, by=by)
    if meanings is not None:
        chosen = {("plan", printed): meaning for printed, meaning in meanings.items()}
        mapping.save_values(batch=batch, meanings=chosen, by=by)
    pipeline.preview_batch(batch)
    return batch


def applied(batch):
    pipeline.claim(batch, accept_refused=False)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == batch.State.APPLIED, batch.message
    return batch


def cells(batch) -> list[tuple[int, str, str]]:
    return list(batch.cells.filter(column="plan").values_list("number", "outcome", "message"))


def plans_of_actions() -> dict[str, str]:
    return {action.title: str(action.plan or "") for action in Action.objects.select_related("plan")}


def test_an_unknown_plan_can_be_created_mapped_or_left_out_on_the_page_of_values(coordinator):
    Plan.objects.create(code="archives", name="Archives for all")
    choices = mapping.values_of(received(by=coordinator))
    column = next(found for found in choices if found.column.code == "plan")
    assert column.choices == [("archives", "Archives for all"), ("+", "Create as a new plan")]
    assert [(value.printed, value.count, value.meaning) for value in column.values] == [
        (NATIONAL, 2, ""), ("Plan of the archives", 1, ""),
    ]  # fmt: skip
    assert column.column.creates == "Create a plan for each value that is “Not imported”"


def test_a_new_plan_is_created_once_for_all_rows_and_goes_with_the_import(coordinator):
    archives = Plan.objects.create(code="archives", name="Archives for all")
    batch = received(by=coordinator, meanings={NATIONAL: "+", "Plan of the archives": "archives"})
    assert not Plan.objects.exclude(pk=archives.pk).exists()  # a preview changes nothing
    assert cells(batch) == [
        (1, "imported", f"The plan “{NATIONAL}” is created."), (2, "imported", f"The plan “{NATIONAL}” is created."),
        (3, "imported", ""),
    ]  # fmt: skip
    applied(batch)
    made = Plan.objects.exclude(pk=archives.pk).get()
    assert (str(made.name), made.code, made.is_published) == (NATIONAL, "national-action-plan-2024-2028", False)
    assert plans_of_actions() == {
        "Build 40 schools": NATIONAL, "Plant trees": NATIONAL, "Open archives": "Archives for all",
    }  # fmt: skip
    assert Event.objects.filter(action="plan-added").count() == 1
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert list(Plan.objects.all()) == [archives]
    applied(received(by=coordinator))  # the meanings are kept for the sender
    assert plans_of_actions()["Plant trees"] == NATIONAL


def test_the_same_workbook_again_finds_the_plan_that_it_created(coordinator):
    meanings = {NATIONAL: "+", "Plan of the archives": ""}
    applied(received(by=coordinator, meanings=meanings))
    batch = received(by=coordinator)
    assert {outcome for _row, outcome, _message in cells(batch)} == {"unchanged", "left-out"}
    applied(batch)
    assert (Plan.objects.count(), Action.objects.count()) == (1, 3)


def test_an_action_without_its_plan_comes_in_with_the_reason(coordinator):
    batch = received(by=coordinator, meanings={NATIONAL: "", "Plan of the archives": ""})
    assert cells(batch)[0] == (1, "left-out", f"“{NATIONAL}” is not imported, as chosen on the page of values.")
    applied(batch)
    assert plans_of_actions() == dict.fromkeys(("Build 40 schools", "Plant trees", "Open archives"), "")
    assert not Plan.objects.exists()


@pytest.mark.database
def test_undo_leaves_a_plan_that_another_action_uses_by_now(coordinator):
    batch = applied(received(by=coordinator, meanings={NATIONAL: "+", "Plan of the archives": "+"}))
    other = action("Something else", plan=Plan.objects.get(name=NATIONAL))
    pipeline.undo_batch(batch=batch, by=coordinator)
    assert (list(Plan.objects.all()), list(Action.objects.all())) == ([other.plan], [other])


@pytest.mark.database
def test_a_plan_that_was_edited_since_stops_undo(coordinator):
    batch = applied(received(by=coordinator, meanings={NATIONAL: "+", "Plan of the archives": ""}))
    plan = Plan.objects.get()
    values = plans.PlanValues(code=plan.code, name=plan.name, is_published=True)
    plans.edit_plan(plan=plan, values=values, seen=plans.mark(plan), by=coordinator)
    with pytest.raises(Refused, match="Plans of this import were edited or published"):
        pipeline.undo_batch(batch=batch, by=coordinator)


def test_whoever_may_not_plan_creates_no_plan():
    focal_point = make.user(Role.FOCAL_POINT)
    batch = received(by=focal_point, meanings={NATIONAL: "+", "Plan of the archives": "+"})
    assert {outcome for _row, outcome, _message in cells(batch)} == {"left-out"}
    assert "You do not have permission to add actions. Ask the" in cells(batch)[0][2]


def test_the_abbreviation_of_a_plan_has_letters_also_where_its_name_has_none_of_the_latin_ones():
    assert free_code("الخطة الوطنية 2024-2028", set()) == "plan-2024-2028"
    assert free_code("National plan", {"national-plan"}) == "national-plan-2"


def test_a_name_that_is_too_long_for_a_plan_is_not_created(coordinator):
    name = "Plan " + "of the valley " * 15
    rows = [[*ROWS[0][:5], name]]
    batch = received(by=coordinator, meanings={" ".join(name.split()): "+"}, rows=rows)
    assert cells(batch)[0][1] == "left-out"
    assert "longer than 200 characters" in cells(batch)[0][2]


def test_only_columns_of_institutions_and_plans_offer_to_create():
    creating = {column.code for column in PlanningColumns().columns() if column.creates}
    assert creating == {"lead", "supporting", "responsible", "plan"}
