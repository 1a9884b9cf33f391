from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.accounts.personal_data import export_personal_data
from servanda.people.models import Appointment, Institution, Notification, Succession, User
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.assignments import services as assigning
from servanda.planning.assignments.facets import leads_with_due
from servanda.planning.models import Assignment
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from servanda.trail.sentences import sentence
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)


@built_once
def coordinator() -> User:
    return make.user(Role.COORDINATOR, name="Cora")


@built_once
def record() -> Recommendation:
    return make.recommendation()


def assign(record: Recommendation, by: User, *, lead: str = "", supporting: tuple[str, ...] = (), **terms):
    terms = {"since": DAY, "due_on": None, "note": ""} | terms
    terms.setdefault("seen", assigning.mark(assigning.current_on(record)))
    return assigning.assign_institutions(
        recommendation=record,
        lead=make.institution(lead) if lead else None,
        supporting=[make.institution(code) for code in supporting],
        **terms,
        by=by,
    )


def now(record: Recommendation) -> list[tuple[str, str]]:
    assignments = Assignment.objects.current().filter(recommendation=record)
    return sorted((assignment.part, assignment.institution.code) for assignment in assignments)


def test_one_institution_leads_and_others_support(record, coordinator):
    assign(record, coordinator, lead="health", supporting=("labour", "police"), due_on=date(2026, 9, 1), note="Law 3")
    assert now(record) == [("lead", "health"), ("supporting", "labour"), ("supporting", "police")]
    lead = Assignment.objects.leading().get()
    assert (lead.since, lead.due_on, lead.note, lead.assigned_by) == (DAY, date(2026, 9, 1), "Law 3", coordinator)
    event = Event.objects.first()
    assert (event.action, event.object_label) == ("institutions-assigned", record.code)
    assert [word for word in ("Cora", record.code) if word not in sentence(event)] == []
    assert "health (2026-03-01/2026-09-01)" in event.difference
    assert "Law 3" not in event.difference


def test_another_lead_takes_the_place_and_what_was_agreed_before_stays_readable(record, coordinator):
    assign(record, coordinator, lead="health")
    assign(record, coordinator, lead="labour")
    assert now(record) == [("lead", "labour")]
    former = Assignment.objects.get(institution__code="health")
    assert (former.ending, former.ended_by, former.since) == ("replaced", coordinator, DAY)


def test_other_terms_are_a_new_row(record, coordinator):
    assign(record, coordinator, lead="health")
    assign(record, coordinator, lead="health", due_on=date(2026, 5, 1))
    assert list(Assignment.objects.order_by("pk").values_list("due_on", "ending")) == [
        (None, "replaced"),
        (date(2026, 5, 1), ""),
    ]


def test_who_supported_can_lead(record, coordinator):
    assign(record, coordinator, lead="health", supporting=("labour",))
    assign(record, coordinator, lead="labour")
    assert now(record) == [("lead", "labour")]
    assign(record, coordinator, supporting=("labour", "health"))
    assert now(record) == [("supporting", "health"), ("supporting", "labour")]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "Choose at least one"),
        ({"lead": "health", "supporting": ("health",)}, "An institution cannot be both lead and supporting"),
        ({"lead": "health", "due_on": date(2026, 2, 28)}, "before the start of the assignment"),
        ({"lead": "closed"}, "is not active on that date. Choose its successor or"),
        ({"lead": "future"}, "is not active on that date. Choose its successor or"),
    ],
)
def test_what_makes_no_sense_is_refused_in_plain_words(record, coordinator, fields, why):
    make.institution("closed", active_to=date(2026, 3, 31))
    make.institution("future", active_from=timezone.localdate() + timedelta(days=1))
    with pytest.raises(Refused, match=why):
        assign(record, coordinator, **fields)
    assert not Assignment.objects.exists()
    assert not Event.objects.exists()


def test_the_same_again_changes_nothing_and_says_so(record, coordinator):
    assign(record, coordinator, lead="health")
    with pytest.raises(Refused, match="No change"):
        assign(record, coordinator, lead="health")
    assert Assignment.objects.count() == 1


def test_a_second_tab_and_a_second_press_of_the_button_are_told_and_overwrite_nothing(record, coordinator):
    assign(record, coordinator, lead="health", seen="none")
    with pytest.raises(ChangedMeanwhile, match="while you were editing. Check them, then save again."):
        assign(record, coordinator, lead="labour", seen="none")
    with pytest.raises(ChangedMeanwhile):
        assign(record, coordinator, lead="health", seen="none")
    assert now(record) == [("lead", "health")]


def test_a_record_that_was_withdrawn_meanwhile_is_assigned_to_nobody(record, coordinator):
    Recommendation.objects.filter(pk=record.pk).update(withdrawn_at=timezone.now(), withdrawn_reason="Twice.")
    with pytest.raises(Refused, match="removed from the register"):
        assign(record, coordinator, lead="health")


def test_nobody_is_assigned_what_they_may_not_read(coordinator):
    secret = make.recommendation(confidentiality="restricted")
    secret.restricted_to.add(make.institution("justice"))
    with pytest.raises(Refused, match="institutions with access on the record first"):
        assign(secret, coordinator, lead="health")
    assign(secret, coordinator, lead="justice")
    government = make.institution("government")
    Institution.objects.filter(code="justice").update(parent=government)
    assign(secret, coordinator, lead="government")
    assert now(secret) == [("lead", "government")]


@pytest.mark.database
@pytest.mark.parametrize("second", [{"part": "lead", "place": "labour"}, {"part": "supporting", "place": "health"}])
def test_the_database_knows_one_lead_and_one_part_for_each(record, second):
    make.assignment(record, make.institution("health"))
    with pytest.raises(IntegrityError), transaction.atomic():
        make.assignment(record, make.institution(second["place"]), part=second["part"])
    gone = {"ended_at": timezone.now(), "ending": "replaced"}
    make.assignment(record, make.institution(second["place"]), part=second["part"], **gone)
    refused = {"refused_at": timezone.now(), "refusal_reason": "Not ours."}
    make.assignment(record, make.institution(second["place"]), part=second["part"], **refused)


@pytest.mark.database
@pytest.mark.parametrize(
    "fields",
    [
        {"due_on": date(2025, 12, 31)},
        {"refused_at": timezone.now()},
        {"ended_at": timezone.now()},
        {"ended_at": timezone.now(), "ending": "by-hand"},
        {"ending": "replaced"},
    ],
)
def test_the_database_keeps_no_row_that_does_not_explain_itself(record, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.assignment(record, **fields)


def test_an_assignment_ends_with_a_reason_once(record, coordinator):
    assignment = make.assignment(record, make.institution("health"))
    with pytest.raises(Refused, match="Enter a reason"):
        assigning.end_assignment(assignment=assignment, reason=" ", by=coordinator)
    assigning.end_assignment(assignment=assignment, reason="The law is in force.", by=coordinator)
    assignment.refresh_from_db()
    assert (assignment.ending, assignment.ending_reason, assignment.ended_by) == (
        "by-hand",
        "The law is in force.",
        coordinator,
    )
    assert sentence(Event.objects.first()).startswith("Cora ended an assignment:")
    with pytest.raises(Refused, match="This assignment has already ended."):
        assigning.end_assignment(assignment=assignment, reason="Again.", by=coordinator)


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.AUTHORITY])
def test_an_institution_refuses_and_the_coordinator_is_told(record, coordinator, role):
    health = make.institution("health")
    assign(record, coordinator, lead="health")
    person = make.user(role, health, name="Fran")
    assigning.refuse_assignment(assignment=Assignment.objects.get(), reason="It is for Labour.", by=person)
    assignment = Assignment.objects.get()
    assert (assignment.refused_by, assignment.refusal_reason, assignment.is_current) == (
        person,
        "It is for Labour.",
        False,
    )
    assert list(Assignment.objects.refused()) == [assignment]
    notification = Notification.objects.get()
    assert (notification.person, notification.kind, notification.label, notification.page_key) == (
        coordinator,
        "assignment-refused",
        record.code,
        record.code,
    )
    assert Event.objects.first().action == "assignment-refused"
    with pytest.raises(Refused, match="is no longer current"):
        assigning.refuse_assignment(assignment=assignment, reason="Again.", by=person)


def test_whoever_is_assigned_next_answers_the_refusal(record, coordinator):
    assignment = make.assignment(record, refused_at=timezone.now(), refusal_reason="Not ours.")
    assign(record, coordinator, lead="labour")
    assignment.refresh_from_db()
    assert (assignment.ending, assignment.ended_by, list(Assignment.objects.refused())) == (
        "replaced",
        coordinator,
        [],
    )


def test_a_refusal_may_be_accepted_without_anybody_else(record, coordinator):
    assignment = make.assignment(record, refused_at=timezone.now(), refusal_reason="Not ours.")
    assigning.end_assignment(assignment=assignment, reason="They are right.", by=coordinator)
    assert not Assignment.objects.refused().exists()


def by_title(title: str) -> User:
    health = make.institution("health")
    if title == "focal point elsewhere":
        return make.user(Role.FOCAL_POINT, make.institution("labour"))
    if title == "focal point for another body":
        person = make.user(Role.PUBLIC)
        make.appointment(person, health, bodies="CRC")
        return person
    if title == "focal point until February":
        person = make.user(Role.PUBLIC)
        make.appointment(person, health, end=date(2026, 2, 28))
        return person
    return make.user(Role(title), health)


@pytest.mark.parametrize(
    "title",
    [
        *("focal point elsewhere", "focal point for another body", "focal point until February"),
        *(Role.READER, Role.CONTRIBUTOR, Role.ADMINISTRATOR, Role.COORDINATOR),
    ],
)
def test_nobody_else_refuses_for_an_institution(record, title):
    assignment = make.assignment(record, make.institution("health"))
    with pytest.raises(Refused, match="Only a focal point or the validating authority of HEALTH"):
        assigning.refuse_assignment(assignment=assignment, reason="No.", by=by_title(title))
    assert Assignment.objects.get().is_current


def test_a_person_whose_appointment_ends_while_they_write_refuses_nothing(record):
    assignment, person = make.assignment(record, make.institution("health")), by_title(Role.FOCAL_POINT)
    assert "focal-point" in person.roles
    Appointment.objects.filter(person=person).update(end=date(2026, 2, 28))
    with pytest.raises(Refused, match="Only a focal point"):
        assigning.refuse_assignment(assignment=assignment, reason="No.", by=User.objects.get(pk=person.pk))


def test_a_successor_takes_over_what_was_assigned(record):
    office, ministry = make.institution("office", active_to=date(2026, 6, 30)), make.institution("ministry")
    assignment = make.assignment(record, office)
    person = make.user(Role.FOCAL_POINT, ministry)
    assert not Assignment.objects.in_scope_of(person).exists()
    Succession.objects.create(predecessor=office, successor=ministry, on=date(2026, 7, 1))
    later = User.objects.get(pk=person.pk)
    assert list(Assignment.objects.in_scope_of(later)) == [assignment]
    assigning.refuse_assignment(assignment=assignment, reason="Not in the law that made us.", by=later)


ROWS = {"current": {}, "refused": {"refused_at": timezone.now(), "refusal_reason": "No."}}
ROWS["ended"] = {"ended_at": timezone.now(), "ending": "replaced"}


@pytest.mark.parametrize(
    ("title", "level", "seen"),
    [
        (Role.FOCAL_POINT, "internal", {"current", "refused", "ended"}),
        ("focal point elsewhere", "internal", {"current"}),
        ("focal point elsewhere", "restricted", set()),
        ("focal point for another body", "internal", set()),
        ("focal point until February", "public", set()),
        (Role.CONTRIBUTOR, "public", set()),
        (Role.PUBLIC, "public", set()),
        (Role.AUDITOR, "restricted", {"current", "refused", "ended"}),
    ],
)
def test_who_sees_who_answers(title, level, seen):
    record = make.recommendation(confidentiality=level)
    rows = {name: make.assignment(record, make.institution("health"), **fields) for name, fields in ROWS.items()}
    visible = set(Assignment.objects.visible_to(by_title(title)))
    assert visible == {rows[name] for name in seen}


def test_what_a_person_said_is_in_their_data(record, coordinator):
    assign(record, coordinator, lead="health")
    told = export_personal_data(coordinator)["assignments"]
    assert [(row["recommendation__code"], row["institution__code"]) for row in told] == [(record.code, "health")]


@pytest.mark.parametrize(("days", "due"), [(0, "soon"), (1, "past")])
def test_an_assignment_is_past_its_day_from_the_day_after(record, days, due):
    due_on = date(2026, 6, 30)
    make.assignment(record, due_on=due_on)
    assert leads_with_due(on=due_on + timedelta(days=days)).get().due == due
