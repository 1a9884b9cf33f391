"""Who answers, until when, by which actions and indicators: brought by a spreadsheet, undone with it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from servanda.intake.columns.kinds import SheetContext, SheetRow, folded
from servanda.intake.models import MappedValue, StagedCell
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Institution, Succession, User
from servanda.planning.actions import services as planning_actions
from servanda.planning.assignments import services as assigning
from servanda.planning.models import (
    Action,
    ActionRecommendation,
    Assignment,
    Indicator,
    IndicatorRecommendation,
    Measurement,
    Plan,
)
from servanda.planning.sheets.columns import PlanningColumns
from servanda.planning.sheets.institutions import Directory
from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from tests import make
from tests.judging_make import applied, sheet
from tests.once import built_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]

MORE = {
    "lead": "Lead",
    "supporting": "Partners",
    "responsible": "Organismes responsables",
    "due": "Due",
    "action": "Actions",
    "action status": "Status of the action",
    "budget": "Budget",
    "currency": "Currency",
    "plan": "Plan",
    "indicator": "Indicators",
    "indicator value": "Indicator value",
}
SCHOOLS = {"Id": "1", "Text": "Build schools in all regions."}
FORESTS = {"Id": "2", "Text": "Protect the forests of the north."}
NEXT_YEAR = timezone.localdate().year + 1


@built_once
def coordinator(loaded_once) -> User:
    return make.user(Role.COORDINATOR)


@built_once
def places(loaded_once) -> dict[str, Institution]:
    names = {"education": "Ministry of Education", "health": "Ministry of Health", "police": "National Police"}
    return {code: make.institution(code, name=name) for code, name in names.items()}


def bring(*rows: dict, by: User, sender: str = "Ministry of Made-up Affairs"):
    batch = sheet(*rows, more=MORE, by=by, sender=sender)
    return batch, {(number, column): (outcome, message) for number, column, outcome, message in applied(batch)}


def outcomes(cells: dict) -> dict:
    return {place: outcome for place, (outcome, _message) in cells.items()}


def means(batch, column: str, printed: str, meaning: str) -> None:
    MappedValue.objects.create(
        mapping=batch.mapping, column=column, printed=printed, folded=folded(printed), meaning=meaning
    )


def parts(text: str) -> list[tuple]:
    found = Assignment.objects.current().filter(recommendation__texts__text=text).distinct()
    return sorted(found.values_list("part", "institution__code"))


def undo(batch, by: User) -> None:
    pipeline.undo_batch(batch=batch, by=by)


def everything() -> dict[str, list]:
    """The state of the plan, row by row."""
    models = (Assignment, Action, ActionRecommendation, Indicator, IndicatorRecommendation, Measurement, Institution)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_lead_and_supporting_institutions_come_with_their_due_date(coordinator, places):
    row = {
        "Lead": "Ministry of Education",
        "Partners": "ministry of HEALTH; National Police",
        "Due": f"fin {NEXT_YEAR}",
    }
    batch, cells = bring(SCHOOLS | row, FORESTS, by=coordinator)
    assert outcomes(cells) == {(1, "lead"): "imported", (1, "supporting"): "imported", (1, "due"): "imported"}
    assert parts(SCHOOLS["Text"]) == [("lead", "education"), ("supporting", "health"), ("supporting", "police")]
    lead = Assignment.objects.leading().get()
    assert (lead.due_on, lead.since) == (date(NEXT_YEAR, 12, 31), timezone.localdate())
    assert (lead.assigned_by, lead.brought_by) == (coordinator, batch)


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("MoJ / MoI", ["MoJ", "MoI"]),
        ("MoI & MoH", ["MoI", "MoH"]),
        ("MoJ, MoLSA", ["MoJ", "MoLSA"]),
        ("Ministry of Labour, Family and Social Affairs", ["Ministry of Labour, Family and Social Affairs"]),
        ("Department of Justice and Police", ["Department of Justice and Police"]),
        (
            "Ministry of Justice, Ministry of Labour, Family and Social Affairs",
            ["Ministry of Justice", "Ministry of Labour, Family and Social Affairs"],
        ),
        ("Judicial Council/Bar Association", ["Judicial Council", "Bar Association"]),
        (
            "Ministère de l’intérieur et de la sécurité et Ministère de la justice",
            ["Ministère de l’intérieur et de la sécurité", "Ministère de la justice"],
        ),
        ("Ministerio de Salud y Ministerio de Justicia", ["Ministerio de Salud", "Ministerio de Justicia"]),
        ("وزارة العدل، وزارة الداخلية", ["وزارة العدل", "وزارة الداخلية"]),
        ("وزارة العدل ووزارة الداخلية", ["وزارة العدل", "وزارة الداخلية"]),
        ("Education / National Police", ["Education", "National Police"]),
    ],
)
def test_several_institutions_of_a_cell_are_cut_only_where_a_further_one_begins(places, printed, names):
    assert Directory().split(printed) == names


def test_several_leads_of_a_cell_are_named_and_one_chosen_as_a_whole_stays_whole(coordinator, places):
    batch, cells = bring(SCHOOLS | {"Lead": "Ministry of Education / Ministry of Health"}, by=coordinator)
    assert parts(SCHOOLS["Text"]) == [("lead", "education"), ("supporting", "health")]
    undo(batch, coordinator)
    means(batch, "lead", "Ministry of Education / Ministry of Health", "police")
    applied(batch)
    assert parts(SCHOOLS["Text"]) == [("lead", "police")]


def test_measures_below_each_other_belong_to_the_recommendation_above_them(coordinator, places):
    more = {"Lead": "Ministry of Education", "Actions": "Buy land", "Status of the action": "ongoing"}
    rows = SCHOOLS | more, {"State": "", "Body": "", "Actions": "Build", "Status of the action": "not started"}
    before = everything()
    batch, cells = bring(*rows, by=coordinator)
    assert outcomes(cells) == {
        (1, "lead"): "imported", (1, "action"): "imported", (1, "action status"): "imported",
        (2, "lead"): "unchanged", (2, "action"): "imported", (2, "action status"): "imported",
    }  # fmt: skip
    assert list(batch.rows.values_list("verdict", flat=True)) == ["new", "unchanged"]
    assert Recommendation.objects.count() == 1
    assert set(Action.objects.values_list("title", "status", "parts__institution__code")) == {
        ("Buy land", "in-progress", "education"), ("Build", "planned", "education"),
    }  # fmt: skip
    undo(batch, coordinator)
    assert everything() == before


def test_of_responsible_institutions_none_becomes_the_lead(coordinator, places):
    row = {"Organismes responsables": "Ministry of Education; Ministry of Health"}
    _batch, cells = bring(SCHOOLS | row, by=coordinator)
    assert "The column does not show the lead institution: all are" in cells[1, "responsible"][1]
    assert parts(SCHOOLS["Text"]) == [("supporting", "education"), ("supporting", "health")]


def test_of_several_leads_the_first_leads_and_the_cell_says_so(coordinator, places):
    _batch, cells = bring(SCHOOLS | {"Lead": "Ministry of Education; Ministry of Health"}, by=coordinator)
    assert "The cell contains several institutions: the first is the" in cells[1, "lead"][1]
    assert parts(SCHOOLS["Text"]) == [("lead", "education"), ("supporting", "health")]


def test_an_unknown_name_is_left_out_and_created_if_so_chosen(coordinator, places):
    batch, cells = bring(SCHOOLS | {"Lead": "Agency of Lighthouses"}, by=coordinator)
    assert cells[1, "lead"] == (
        "left-out",
        "No institution is called “Agency of Lighthouses”. Choose one on the page of values.",
    )
    means(batch, "lead", "Agency of Lighthouses", "+")
    second, cells = bring(SCHOOLS | {"Lead": "Agency of Lighthouses"}, by=coordinator)
    assert outcomes(cells) == {(1, "lead"): "imported"}
    assert parts(SCHOOLS["Text"]) == [("lead", "agency-of-lighthouses")]
    undo(second, coordinator)
    assert not Institution.objects.filter(code="agency-of-lighthouses").exists()
    applied(second)
    assert parts(SCHOOLS["Text"]) == [("lead", "agency-of-lighthouses")]


def test_an_institution_that_is_used_elsewhere_stays_after_the_undo(coordinator):
    batch = sheet(SCHOOLS | {"Lead": "وكالة المنارات"}, more=MORE, by=coordinator)
    means(batch, "lead", "وكالة المنارات", "+")
    applied(batch)
    made = Institution.objects.get(code="institution")
    make.institution("below", parent=made)
    undo(batch, coordinator)
    assert Institution.objects.filter(pk=made.pk).exists()
    assert not Assignment.objects.exists()


def test_who_may_not_manage_people_creates_no_institution(places):
    reader = make.user(Role.READER)
    batch = sheet(SCHOOLS | {"Lead": "Agency of Lighthouses", "Partners": "Ministry of Health"}, more=MORE, by=reader)
    means(batch, "lead", "Agency of Lighthouses", "+")
    cells = applied(batch)
    assert [outcome for _number, _column, outcome, _message in cells] == ["left-out", "left-out"]
    assert "You do not have permission to create" in cells[0][3]
    assert "You do not have permission to assign institutions. Ask" in cells[1][3]
    assert not Assignment.objects.exists()


@pytest.mark.database
def test_two_senders_with_the_same_name_mean_different_institutions(coordinator, places):
    batch = sheet(SCHOOLS | {"Lead": "The Ministry"}, more=MORE, by=coordinator, sender="Department of Schools")
    other = sheet(FORESTS | {"Lead": "The Ministry"}, more=MORE, by=coordinator, sender="Department of Forests")
    means(batch, "lead", "The Ministry", "education")
    means(other, "lead", "The Ministry", "health")
    applied(batch)
    applied(other)
    assert parts(SCHOOLS["Text"]) == [("lead", "education")]
    assert parts(FORESTS["Text"]) == [("lead", "health")]


def test_names_are_proposed_from_codes_former_names_and_successors_and_never_between_two(places):
    old = make.institution("old", name="Office of Roads", active_to=date(2020, 1, 1))
    Succession.objects.create(predecessor=old, successor=places["police"], on=date(2020, 1, 2))
    places["health"].name = "Ministry of Health and Care"
    places["health"].save()
    directory = Directory()
    proposals = {
        "EDUCATION": "education",
        "Ministère": "",
        "Office of Roads": "police",
        "Ministry of Health": "health",
        "Ministry of Educatoin": "education",
        "Ministry": "",
    }
    assert {name: directory.propose(name) for name in proposals} == proposals


def test_another_lead_is_not_replaced(coordinator, places):
    record = make.recommendation(SCHOOLS["Text"])
    make.assignment(record, places["health"])
    row = {"Code": record.code, "Text": SCHOOLS["Text"], "Lead": "Ministry of Education", "Due": str(NEXT_YEAR)}
    _batch, cells = bring(row, by=coordinator)
    assert cells[1, "lead"][0] == "left-out"
    named = [name for name in ("Ministry of Health", "Ministry of Education") if name in cells[1, "lead"][1]]
    assert len(named) == 2
    assert cells[1, "due"][0] == "left-out"
    assert parts(SCHOOLS["Text"]) == [("lead", "health")]


def test_the_same_again_is_unchanged_and_ends_nothing(coordinator, places):
    row = {"Lead": "Ministry of Education", "Due": str(NEXT_YEAR), "Actions": "Build 40 schools", "Budget": "300 EUR"}
    row |= {"Indicators": "Schools", "Indicator value": "12", "Status of the action": "en cours", "Currency": "EUR"}
    bring(SCHOOLS | row, by=coordinator)
    before = everything()
    _batch, cells = bring(SCHOOLS | row, by=coordinator)
    assert set(outcomes(cells).values()) == {"unchanged"}, cells
    assert everything() == before


def test_a_past_due_date_comes_in_and_the_cell_says_so(coordinator, places):
    _batch, cells = bring(SCHOOLS | {"Lead": "Ministry of Education", "Due": "31/12/2020"}, by=coordinator)
    assert "is in the past" in cells[1, "due"][1]
    assert Assignment.objects.values_list("since", "due_on").get() == (date(2020, 12, 31), date(2020, 12, 31))


def test_an_unreadable_date_and_one_for_nothing_are_left_out(coordinator, places):
    _batch, cells = bring(
        SCHOOLS | {"Lead": "Ministry of Education", "Due": "as soon as possible"},
        FORESTS | {"Due": "2027"},
        by=coordinator,
    )
    assert cells[1, "due"] == (
        "left-out",
        "“as soon as possible” is not a date. Enter it as 31/12/2026, December 2026 or 2026.",
    )
    assert "This row contains no institution or action to which the" in cells[2, "due"][1]
    assert Assignment.objects.get().due_on is None


def test_actions_come_with_status_budget_due_date_plan_and_institutions(coordinator, places):
    Plan.objects.create(code="nap", name="National Plan")
    row = {
        "Lead": "Ministry of Education",
        "Partners": "Ministry of Health",
        "Due": f"{NEXT_YEAR}-06-30",
        "Actions": "Build 40 schools; Train teachers",
        "Status of the action": "Réalisé; en cours",
        "Budget": "1 200 000 DH; 300 EUR",
        "Plan": "National plan",
    }
    batch, cells = bring(SCHOOLS | row, by=coordinator)
    assert set(outcomes(cells).values()) == {"imported"}, cells
    first, second = Action.objects.order_by("pk")
    assert (first.title, first.status, first.budget, first.currency) == (
        "Build 40 schools",
        "completed",
        Decimal(1200000),
        "MAD",
    )
    assert (second.status, second.currency, second.due_on) == ("in-progress", "EUR", date(NEXT_YEAR, 6, 30))
    assert (first.plan.code, first.brought_by, first.is_published) == ("nap", batch, False)
    assert sorted(first.parts.values_list("part", "institution__code")) == [
        ("lead", "education"),
        ("supporting", "health"),
    ]
    assert first.history.get().history_user == coordinator


def test_one_action_on_two_rows_answers_both_records(coordinator, places):
    _batch, cells = bring(
        SCHOOLS | {"Actions": "Adopt a law", "Budget": "300 EUR"},
        FORESTS | {"Actions": "adopt a LAW", "Budget": "400 EUR"},
        by=coordinator,
    )
    action = Action.objects.get()
    assert action.answers.count() == 2
    assert outcomes(cells)[2, "action"] == "imported"
    assert cells[2, "budget"] == ("left-out", "This action has other data in row 2. Correct one of the two.")


def test_details_that_do_not_fit_are_left_out_with_the_reason(coordinator):
    _batch, cells = bring(
        SCHOOLS | {"Actions": "Adopt a law; Train judges", "Budget": "300 EUR", "Status of the action": "vague"},
        FORESTS | {"Budget": "300 EUR", "Status of the action": "done", "Plan": "Nowhere"},
        {"Id": "3", "Text": "Adopt a policy."} | {"Actions": "Write it", "Budget": "300", "Plan": "Nowhere"},
        by=coordinator,
    )
    left_out = {place for place, outcome in outcomes(cells).items() if outcome == "left-out"}
    expected = {(1, "budget"), (1, "action status"), (2, "budget"), (2, "action status"), (2, "plan")}
    assert left_out == expected | {(3, "budget"), (3, "plan")}
    assert all(cells[place][1] for place in left_out)
    assert "no currency" in cells[3, "budget"][1]


def test_indicators_come_with_values_in_two_ways(coordinator):
    _batch, cells = bring(
        SCHOOLS | {"Indicators": "Share of children in school: 72,5 % (2023); Number of schools: 1 200"},
        FORESTS | {"Indicators": "Hectares", "Indicator value": "300 (2024)"},
        by=coordinator,
    )
    assert set(outcomes(cells).values()) == {"imported"}
    values = Measurement.objects.order_by("pk").values_list("indicator__name", "indicator__unit", "value", "start")
    assert list(values) == [
        ("Share of children in school", "percent", Decimal("72.5"), date(2023, 1, 1)),
        ("Number of schools", "number", Decimal(1200), timezone.localdate()),
        ("Hectares", "number", Decimal(300), date(2024, 1, 1)),
    ]
    assert IndicatorRecommendation.objects.count() == 3


def test_another_value_for_the_same_year_is_not_replaced(coordinator):
    bring(SCHOOLS | {"Indicators": "Schools: 12 (2023)"}, by=coordinator)
    _batch, cells = bring(SCHOOLS | {"Indicators": "Schools", "Indicator value": "13 (2023)"}, by=coordinator)
    assert cells[1, "indicator"][0] == "unchanged"
    assert cells[1, "indicator value"][0] == "left-out"
    assert Measurement.objects.get().value == 12


@pytest.mark.database
def test_the_preview_and_what_exists_afterwards_agree_cell_by_cell(coordinator, places):
    rows = [
        SCHOOLS | {"Lead": "Ministry of Education", "Partners": "Ministry of Health; Nobody", "Due": "2020"},
        FORESTS | {"Lead": "Nobody", "Organismes responsables": "National Police", "Due": "never"},
        {"Id": "3", "Text": "Adopt a policy.", "Actions": "Write it; Adopt it", "Indicators": "Policies: 3"},
        {"Id": "4", "Text": "Adopt a law.", "Actions": "Write it", "Lead": "education", "Indicator value": "3"},
        {"Id": "1", "Text": "Build schools in all regions.", "Lead": "Ministry of Health", "From": "Slovenia"},
    ]
    _batch, cells = bring(*rows, by=coordinator)
    headers = {header: code for code, header in MORE.items()}
    filled = {(number, headers[name]) for number, row in enumerate(rows, 1) for name in row.keys() & headers.keys()}
    assert cells.keys() == filled
    left_out = [message for outcome, message in cells.values() if outcome == "left-out"]
    assert left_out
    assert all(left_out)
    imported = {place for place, outcome in outcomes(cells).items() if outcome == "imported"}
    found = set()
    for number, row in enumerate(rows, 1):
        record = Recommendation.objects.filter(texts__text=row["Text"]).first()
        assigned = record.assignments.values_list("part", "institution__name", "due_on")
        for part, name, due_on in assigned:
            for header in ("Lead", "Partners", "Organismes responsables"):
                written = row.get(header, "").casefold()
                is_named = str(name).casefold() in written or (
                    written == "education" and name == "Ministry of Education"
                )
                if is_named and (part == "lead") == (header == "Lead"):
                    found |= {(number, headers[header])} | ({(number, "due")} if due_on else set())
        titles = record.action_answers.values_list("action__title", flat=True)
        found |= {(number, "action")} if set(titles) & set(row.get("Actions", "").split("; ")) else set()
        found |= {(number, "indicator")} if record.indicator_abouts.exists() else set()
    assert found == imported


@pytest.mark.database
def test_undo_brings_back_the_state_before_and_applying_again_works(coordinator, places):
    record = make.recommendation("Care for the sick.")
    make.assignment(record, places["health"])
    before = everything()
    rows = [
        SCHOOLS
        | {"Lead": "Ministry of Education", "Due": str(NEXT_YEAR), "Actions": "Build", "Indicators": "Sum: 3"},
        {"Code": record.code, "Text": "Care for the sick.", "Partners": "National Police", "Actions": "Build"},
    ]
    batch, cells = bring(*rows, by=coordinator)
    assert set(outcomes(cells).values()) == {"imported"}
    assert everything() != before
    undo(batch, coordinator)
    assert everything() == before
    assert not Recommendation.objects.filter(texts__text=SCHOOLS["Text"]).exists()
    again = applied(batch)
    assert {outcome for _number, _column, outcome, _message in again} == {"imported"}
    assert Assignment.objects.filter(brought_by=batch).count() == 2


def test_an_import_is_not_undone_once_its_plan_was_worked_on(coordinator, places):
    record = make.recommendation("Care for the sick.")
    row = {"Code": record.code, "Text": "Care for the sick."}
    batch, _cells = bring(row | {"Lead": "Ministry of Education", "Actions": "Build"}, by=coordinator)
    assignment = Assignment.objects.get()
    assigning.end_assignment(assignment=assignment, reason="Wrong.", by=coordinator)
    with pytest.raises(Refused, match=f"ended or replaced on these records: {record.code}"):
        undo(batch, coordinator)
    Assignment.objects.update(ended_at=None, ended_by=None, ending="", ending_reason="")
    planning_actions.publish_action(action=Action.objects.get(), by=coordinator)
    with pytest.raises(Refused, match=r"Actions of this import were edited or published: A-"):
        undo(batch, coordinator)


@pytest.mark.parametrize("thing", ["assignment", "proposal", "action", "indicator"])
def test_what_was_made_by_hand_on_new_records_keeps_the_import(thing, coordinator, places):
    batch, _cells = bring(SCHOOLS, by=coordinator)
    record = Recommendation.objects.get(added_by=batch)
    if thing == "assignment":
        make.assignment(record, places["health"])
    elif thing == "proposal":
        make.proposal(record, places["health"])
    elif thing == "action":
        action = Action.objects.create(code="X-1", title="Build")
        ActionRecommendation.objects.create(action=action, recommendation=record)
    else:
        indicator = Indicator.objects.create(code="X-1", name="Schools", kind="process")
        IndicatorRecommendation.objects.create(indicator=indicator, recommendation=record)
    with pytest.raises(Refused, match=record.code):
        undo(batch, coordinator)


def test_a_restricted_record_gets_only_institutions_that_may_see_it(coordinator, places):
    record = make.recommendation("Care for the sick.", confidentiality="restricted")
    record.restricted_to.set([places["health"]])
    row = {"Code": record.code, "Text": "Care for the sick.", "Partners": "Ministry of Health; National Police"}
    _batch, cells = bring(row, by=coordinator)
    assert "National Police" in cells[1, "supporting"][1]
    assert "Ministry of Health" not in cells[1, "supporting"][1]
    assert parts("Care for the sick.") == [("supporting", "health")]


def test_an_institution_that_refused_is_not_assigned_again(coordinator, places):
    record = make.recommendation("Care for the sick.")
    refused = {"refused_at": timezone.now(), "refusal_reason": "Not ours.", "refused_by": coordinator}
    make.assignment(record, places["health"], **refused)
    row = {"Code": record.code, "Text": "Care for the sick.", "Lead": "Ministry of Health"}
    _batch, cells = bring(row, by=coordinator)
    assert cells[1, "lead"][0] == "left-out"
    assert "has refused" in cells[1, "lead"][1]


def test_the_trail_has_one_line_for_the_import_and_not_one_for_each_row(coordinator, places):
    before = Event.objects.count()
    bring(SCHOOLS | {"Lead": "Ministry of Education"}, FORESTS | {"Lead": "Ministry of Health"}, by=coordinator)
    new = Event.objects.order_by("-sequence")[: Event.objects.count() - before]
    assert not [event.action for event in new if not event.action.startswith(("import-", "mapping-"))]
    assert '"lead": 2' in str(next(event.difference for event in new if event.action == "import-applied"))


def test_the_number_of_queries_does_not_grow_with_the_rows(coordinator, places):
    records = [make.recommendation(f"Text {number}.").pk for number in range(12)]
    cells = {"lead": "Ministry of Education", "action": "Build", "indicator": "Sum: 3", "due": str(NEXT_YEAR)}

    def judged(some: list[int]) -> int:
        rows = [SheetRow(number, "", dict(cells), pk) for number, pk in enumerate(some, 1)]
        with CaptureQueriesContext(connection) as queries:
            PlanningColumns().judge(rows, SheetContext(batch=None, on=timezone.localdate(), by=None, separator=";"))
        return len(queries)

    assert judged(records[:2]) == judged(records)


def test_a_far_away_day_is_kept(coordinator, places):
    far = timezone.localdate() + timedelta(days=400)
    bring(SCHOOLS | {"Lead": "Ministry of Education", "Due": far.isoformat()}, by=coordinator)
    assert Assignment.objects.get().due_on == far
    assert StagedCell.objects.count() == 2


def test_the_header_of_a_budget_may_name_its_currency(coordinator):
    batch = sheet(
        SCHOOLS | {"Actions": "Buy land", "Budget (EUR)": "40000"},
        more=MORE | {"budget": "Budget (EUR)"},
        by=coordinator,
    )
    applied(batch)
    assert Action.objects.values_list("budget", "currency").get() == (Decimal(40000), "EUR")


def test_numbers_and_signs_of_a_list_are_no_part_of_the_titles_of_actions(coordinator):
    bring(SCHOOLS | {"Actions": "1. Buy land;\na) Build 120 schools\n- 2030 plan"}, by=coordinator)
    assert set(Action.objects.values_list("title", flat=True)) == {"Buy land", "Build 120 schools", "2030 plan"}
