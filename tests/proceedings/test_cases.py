"""Cases: the facts of their bodies, their course, their measures and payments, and what closes them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.proceedings.cases.measure_list import MeasureFilter, cases_of, find_measures
from servanda.proceedings.cases.measures import MeasureValues, add_measures, link_measures, unlink_measure
from servanda.proceedings.cases.reading import totals_of
from servanda.proceedings.cases.services import EntryValues, set_case, set_course
from servanda.proceedings.kinds import kinds
from servanda.proceedings.life.detail import read_proceeding
from servanda.proceedings.life.needs import missing_for
from servanda.proceedings.life.services import withdraw_proceeding
from servanda.proceedings.models import CaseMeasure, Proceeding
from servanda.progress.models import Voice
from servanda.recommendations.models import OrderedMeasure, Recommendation
from servanda.trail.models import Event
from servanda.vocab.models import Body, Certainty, Force
from servanda.vocab.services.loading import rows_of
from tests import assessing_make, make
from tests import proceedings_make as made
from tests.measures_make import measure
from tests.once import built_once

pytestmark = pytest.mark.django_db
ON = date(2026, 1, 14)


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


def enter(case: Proceeding, *types: str, by) -> None:
    entries = [EntryValues(type_, ON) for type_ in types]
    set_course(proceeding=case, entries=entries, seen=made.fresh(case).version, by=by)


def facts(case: Proceeding, by, **values) -> Proceeding:
    set_case(proceeding=case, **values, seen=made.fresh(case).version, by=by)
    return made.fresh(case)


def test_kinds_name_rules_and_bodies_that_exist():
    bodies = {row["code"]: row for row in rows_of("bodies")}
    rules = {row["code"] for row in rows_of("obligation_rules")}
    for kind in kinds().values():
        for sort in kind.sorts.values():
            assert not sort.rule or sort.rule in rules
            only = sort.only or kind.only
            assert [code for code in only if bodies[code]["kind"] not in kind.bodies] == []


def test_the_action_plan_is_due_six_months_after_the_judgment_is_final(coordinator):
    case = made.case(coordinator)
    assert (case.due_on, case.due_from) == (date(2026, 7, 14), "rule")
    assert (case.obligation.kind, case.obligation.force) == ("action-plan", Force.BINDING)
    assert case.obligation.clock_on == ON
    case = facts(case, coordinator, decided_on=date(2025, 8, 31), final_on=date(2025, 8, 31))
    assert case.due_on == date(2026, 2, 28)
    case = facts(case, coordinator, decided_on=date(2025, 8, 31))
    assert (case.due_on, case.due_from) == (None, "")
    assert case.obligation.certainty == Certainty.TO_BE_COMMUNICATED


def test_the_page_of_a_judgment_asks_for_the_day_on_which_it_becomes_final(client):
    by = make.signed_in(client, Role.COORDINATOR)
    case = facts(made.case(by), by, decided_on=ON)
    sentence = "No deadline can be computed without this date: Judgment becomes final."
    assert sentence in client.get(case.get_absolute_url()).content.decode()
    case = facts(case, by, decided_on=ON, final_on=ON)
    assert sentence not in client.get(case.get_absolute_url()).content.decode()


def test_the_rule_that_the_instance_has_put_in_place_of_the_shipped_one_applies(coordinator):
    shipped = made.shipped_rule("communication")
    make.rule("own-days", kind="reply", trigger="letter", offset=30, unit="days", replaces=shipped)
    letter = made.proceeding(coordinator)
    assert letter.due_on == made.SENT + timedelta(days=30)


def test_an_estimated_deadline_is_never_overdue(coordinator):
    made.shipped_rule("ced-urgent")
    past = timezone.localdate() - timedelta(days=100)
    committee = make.committee("CED")
    fields = {"kind": "urgent-action", "sort": "request", "bodies": [committee]}
    urgent = made.proceeding(coordinator, **fields, sent_on=past, received_on=past)
    assert (urgent.due_on, urgent.due_from) == (past + timedelta(days=14), "estimate")
    today = timezone.localdate()
    assert not urgent.is_late(on=today)
    assert not Proceeding.objects.late(on=today).exists()
    assert urgent.obligation.certainty == Certainty.ESTIMATE


def test_a_kind_is_for_its_bodies_only(coordinator):
    american = make.body("IACtHR", Body.Kind.COURT)
    with pytest.raises(FieldRefused, match="does not belong to this type"):
        made.case(coordinator, bodies=[american])
    african = make.body("AfCHPR", Body.Kind.COURT)
    values = {"kind": "case-african", "sort": "decision", "reference": "1/26", "title": "X", "bodies": [african]}
    with pytest.raises(FieldRefused, match="does not belong to this type"):
        made.proceeding(coordinator, **values)
    assert made.proceeding(coordinator, **values | {"sort": "judgment"}).case.decided_on is None


def test_facts_and_entries_of_one_body_are_refused_on_cases_of_another(coordinator):
    american = make.body("IACtHR", Body.Kind.COURT)
    values = {"kind": "case-inter-american", "sort": "judgment", "reference": "C 1", "title": "X"}
    case = made.proceeding(coordinator, **values, bodies=[american])
    with pytest.raises(FieldRefused) as refusal:
        facts(case, coordinator, decided_on=ON, supervision="enhanced")
    assert refusal.value.field == "supervision"
    with pytest.raises(Refused, match="belongs to this body"):
        enter(case, "final-resolution", by=coordinator)
    made.shipped_rule("iacthr-compliance")
    assert facts(case, coordinator, decided_on=ON, notified_on=ON).due_on == date(2027, 1, 14)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"final_on": ON}, "decided_on"),
        ({"decided_on": ON, "final_on": ON - timedelta(days=1)}, "final_on"),
        ({"decided_on": date(2999, 1, 1)}, "decided_on"),
    ],
)
def test_impossible_dates_are_refused_beside_their_field(coordinator, wrong, field):
    case = made.case(coordinator)
    with pytest.raises(FieldRefused) as refusal:
        facts(case, coordinator, **wrong)
    assert refusal.value.field == field
    assert made.fresh(case).case.decided_on == ON


def test_a_group_has_one_leading_case_of_the_same_body(coordinator):
    leading, other, repetitive = (made.case(coordinator) for _number in range(3))
    dates = {"decided_on": ON, "final_on": ON}
    facts(leading, coordinator, **dates, standing="leading")
    with pytest.raises(FieldRefused, match="Choose a leading case"):
        facts(repetitive, coordinator, **dates, standing="repetitive", leading_case=other)
    with pytest.raises(FieldRefused, match="Only a repetitive case"):
        facts(repetitive, coordinator, **dates, standing="leading", leading_case=leading)
    facts(repetitive, coordinator, **dates, standing="repetitive", leading_case=leading)
    shown = read_proceeding(made.fresh(leading), coordinator, on=ON)
    assert shown.case.group == [repetitive]


def test_facts_of_an_older_version_are_not_saved(coordinator):
    case = made.case(coordinator)
    with pytest.raises(ChangedMeanwhile):
        set_case(proceeding=case, decided_on=ON, seen=case.version - 1, by=coordinator)


def test_measures_of_one_order_are_added_restricted_to_the_institutions_named(coordinator, place):
    case = made.case(coordinator, place, measures=3)
    records = [link.recommendation for link in case.measures.all()]
    assert [record.paragraph for record in records] == ["1", "2", "3"]
    assert {record.kind for record in records} == {Recommendation.Kind.MEASURE}
    assert {record.confidentiality for record in records} == {"restricted"}
    assert {record.restricted_to.get() for record in records} == {place}
    assert not any(record.is_published for record in records)
    assert Event.objects.filter(action="case-measures-linked").count() == 1


def test_one_impossible_measure_leaves_none_of_the_others(coordinator):
    case = made.case(coordinator)
    before = Recommendation.every_kind.count()
    rows = [
        MeasureValues("2", "Amend the law.", "general"),
        MeasureValues("3", "Pay.", "payment", None, Decimal(1), ""),
    ]
    given = {"country": make.country(), "language": "en", "measures": rows, "seen": case.version}
    with pytest.raises(FieldRefused, match="Enter the currency"):
        add_measures(proceeding=case, **given, by=coordinator)
    assert Recommendation.every_kind.count() == before
    assert made.fresh(case).measures.count() == 1


def test_a_measure_belongs_to_one_case(coordinator):
    first, second = made.case(coordinator), made.case(coordinator)
    record = first.measures.get().recommendation
    with pytest.raises(Refused, match="belongs to another case"):
        link_measures(proceeding=second, measures=[record], seen=second.version, by=coordinator)
    unlink_measure(proceeding=first, measure=record, by=coordinator)
    link_measures(proceeding=second, measures=[record], seen=second.version, by=coordinator)
    assert CaseMeasure.objects.get(recommendation=record).proceeding == second
    assert Recommendation.every_kind.filter(pk=record.pk).exists()


def test_only_measures_of_the_body_are_linked(coordinator):
    case = made.case(coordinator)
    of_another = measure(body=make.body("IACtHR", Body.Kind.COURT))
    for record in (of_another, make.recommendation(body=made.court())):
        with pytest.raises(Refused, match="is not a measure of the body"):
            link_measures(proceeding=case, measures=[record], seen=case.version, by=coordinator)


def test_currencies_are_never_added_to_each_other():
    payments = [
        OrderedMeasure(type="payment", amount=Decimal("100.10"), currency="EUR", interest=Decimal(5), paid_on=ON),
        OrderedMeasure(type="payment", amount=Decimal(50), currency="EUR"),
        OrderedMeasure(type="payment", amount=Decimal(7), currency="USD", interest=Decimal(1)),
        OrderedMeasure(type="general"),
    ]
    found = [(total.currency, total.due, total.interest, total.paid, total.unpaid) for total in totals_of(payments)]
    assert found == [
        ("EUR", Decimal("150.10"), Decimal(5), Decimal("105.10"), Decimal(50)),
        ("USD", Decimal(7), Decimal(1), Decimal(0), Decimal(8)),
    ]


@pytest.mark.database
def test_closing_names_what_is_missing(coordinator):
    case = made.case(coordinator, measures=2)
    first, second = (link.recommendation for link in case.measures.all())
    missing = [found.sentence for found in missing_for(case, "closed")]
    assert missing == [
        "Enter in the course of the case: Action report.",
        f"Enter when {first.code} was paid.",
        f"Enter when {second.code} was paid.",
        f"The body has not assessed {first.code} as carried out yet.",
        f"The body has not assessed {second.code} as carried out yet.",
        "Enter in the course of the case: Final resolution.",
        "Enter the outcome.",
    ]
    enter(case, "action-report", "final-resolution", by=coordinator)
    OrderedMeasure.objects.update(paid_on=ON)
    assessing_make.assessment(first, voice=Voice.MECHANISM, common="full", is_published=True)
    assessing_make.assessment(second, voice=Voice.MECHANISM, common="partial", is_published=True)
    missing = [found.sentence for found in missing_for(case, "closed")]
    assert missing == [f"The body has not assessed {second.code} as carried out yet.", "Enter the outcome."]


def test_an_institution_sees_its_measures_and_nothing_of_the_notes_of_the_mechanism(coordinator, place):
    case = made.case(coordinator, place)
    hidden = measure(body=made.court(), confidentiality="restricted", text="A measure of another institution.")
    link_measures(proceeding=case, measures=[hidden], seen=case.version, by=coordinator)
    person = make.user(Role.FOCAL_POINT, place)
    shown = read_proceeding(made.fresh(case), person, on=ON)
    assert [row.record.paragraph for row in shown.case.measures] == ["1"]
    assert [total.due for total in shown.case.totals] == [Decimal(1000)]
    assert (shown.persons, shown.next_steps) == (None, [])


@pytest.mark.database
def test_words_of_a_case_find_its_measures_for_those_who_see_the_case(coordinator, place):
    case = made.case(coordinator, reference="77/21")
    record = case.measures.get().recommendation
    Recommendation.objects.filter(pk=record.pk).update(confidentiality="public", is_published=True)
    Recommendation.every_kind.filter(pk=record.pk).update(confidentiality="public", is_published=True)
    outsider = make.user(Role.FOCAL_POINT, place)
    words = MeasureFilter(words="77/21")
    assert list(find_measures(coordinator, words, on=ON)) == [record]
    assert list(find_measures(outsider, words, on=ON)) == []
    assert cases_of([record], coordinator) == {record.pk: case}
    assert cases_of([record], outsider) == {}


def test_a_withdrawn_case_is_no_longer_the_case_of_its_measures(coordinator):
    case = made.case(coordinator)
    record = case.measures.get().recommendation
    withdraw_proceeding(proceeding=case, reason="Entered twice.", by=coordinator)
    assert cases_of([record], coordinator) == {}


def test_the_agent_of_the_state_and_observations_on_the_merits_are_part_of_a_case(client, coordinator, place):
    case = made.case(coordinator, place, facts={"agent": "Ana Agent"})
    entries = [EntryValues("merits", made.RECEIVED)]
    set_course(proceeding=case, entries=entries, seen=made.fresh(case).version, by=coordinator)
    client.force_login(coordinator)
    page = client.get(case.get_absolute_url()).content.decode()
    assert ("Ana Agent" in page, "Observations on the merits" in page) == (True, True)
    client.force_login(make.user(Role.FOCAL_POINT, place))
    assert "Ana Agent" not in client.get(case.get_absolute_url()).content.decode()
