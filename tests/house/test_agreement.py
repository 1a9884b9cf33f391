"""Agreement: what the QuerySets find is what the properties of a row, and the rules in plain words, say of it."""

from datetime import UTC, datetime
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.people.models import Appointment, Institution, User
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.models import Recommendation, RecommendationQuerySet, TextVersion
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]

Confidentiality = Recommendation.Confidentiality
INSIDE = {Role.READER, Role.FOCAL_POINT, Role.AUTHORITY, Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR}
READS_EVERYTHING = {Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR}
DAY = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def named() -> Institution:
    return make.institution("moj")


@pytest.fixture
def batches() -> list[Batch | None]:
    return [None, *[Batch.objects.create(name=state, state=state, sha256=state) for state in Batch.State]]


@pytest.fixture
def records(named, batches) -> list[Recommendation]:
    """Two records of every combination of states, one of which names an institution."""
    survivor = make.recommendation()
    states = list(product((True, False), Confidentiality, (None, DAY), (None, survivor), batches, ("named", "")))
    made = [in_state(number, survivor, state[:-1]) for number, state in enumerate(states)]
    through = Recommendation.restricted_to.through
    through.objects.bulk_create(
        through(recommendation=record, institution=named)
        for record, state in zip(Recommendation.objects.bulk_create(made), states, strict=True)
        if state[-1]
    )
    return list(Recommendation.objects.select_related("added_by").prefetch_related("restricted_to"))


def in_state(number: int, survivor: Recommendation, state: tuple) -> Recommendation:
    published, confidentiality, withdrawn, merged, batch = state
    return Recommendation(
        code=f"SVN-UPR-4-{number}",
        order_key=f"{number:05}",
        country=survivor.country,
        body=survivor.body,
        is_published=published,
        confidentiality=confidentiality,
        withdrawn_at=withdrawn,
        withdrawn_reason="Printed twice." if withdrawn else "",
        merged_into=merged,
        added_by=batch,
    )


def is_visible(record: Recommendation, person: User) -> bool:
    """The rule in plain words: who is inside sees what is in the register of the bodies that they are there for, but
    what is restricted only if named."""
    if not person.is_active or not person.roles & INSIDE:
        return record.is_public
    is_switched_on = record.added_by is None or record.added_by.state == "applied"
    if not is_switched_on or record.withdrawn_at or record.merged_into_id:
        return False
    if record.is_public or person.roles & READS_EVERYTHING:
        return True
    return any(opens(appointments, record) for appointments in person.current_appointments)


def opens(appointment: Appointment, record: Recommendation) -> bool:
    if appointment.role not in INSIDE or (appointment.bodies and record.body.code not in appointment.body_codes()):
        return False
    return record.confidentiality != "restricted" or appointment.institution in record.restricted_to.all()


def codes(records) -> set[str]:
    return {record.code for record in records}


def forgetful_public(queryset: RecommendationQuerySet) -> RecommendationQuerySet:
    """A planted break: withdrawn records are forgotten."""
    return queryset.live().filter(merged_into=None, is_published=True, confidentiality=Confidentiality.PUBLIC)


def test_every_state_of_a_record_is_tried(records):
    assert len(records) == 2 * 3 * 2 * 2 * (1 + len(Batch.State)) * 2 + 1
    assert len({record.is_public for record in records}) == 2


def test_the_public_records_are_those_that_say_they_are_public(records):
    wanted = codes(record for record in records if record.is_public)
    assert codes(Recommendation.objects.public()) == wanted
    assert len(wanted) == 5  # the survivor, two written by hand, two of an applied import


def test_a_condition_that_is_forgotten_is_seen(records):
    wanted = codes(record for record in records if record.is_public)
    assert codes(forgetful_public(Recommendation.objects.all())) != wanted


@pytest.mark.parametrize("whose", ["no institution", "named", "another"])
def test_each_person_sees_what_the_rule_says(records, named, whose):
    institution = {"no institution": None, "named": named, "another": make.institution("mfa")}[whose]
    people = {role: make.user(role, institution=institution) for role in Role}
    found = {role: codes(Recommendation.objects.visible_to(person)) for role, person in people.items()}
    assert found == {
        role: codes(record for record in records if is_visible(record, person)) for role, person in people.items()
    }


@pytest.fixture
def of_two_bodies(records) -> list[Recommendation]:
    """Half of them were asked by another body; the states run through both halves."""
    theirs = [record.pk for record in records if record.pk % 4 < 2]
    Recommendation.objects.filter(pk__in=theirs).update(body=make.body("CRC", "treaty-body"))
    return list(Recommendation.objects.select_related("added_by", "body").prefetch_related("restricted_to"))


@pytest.mark.parametrize("whose", ["moj", "mfa"])
def test_an_appointment_for_some_bodies_opens_their_records_only(of_two_bodies, named, whose):
    functions, some = ["principal", "authority", "reader", "contributor"], ["", "CRC", "UPR", "UPR, CRC", "CEDAW"]
    for function, bodies in product(functions, some):
        person = make.user(Role.PUBLIC)
        make.appointment(person, make.institution(whose), function, bodies=bodies)
        opens_what_it_should(User.objects.get(pk=person.pk), of_two_bodies)


def opens_what_it_should(person: User, of_two_bodies: list[Recommendation]) -> None:
    wanted = {record.code for record in of_two_bodies if is_visible(record, person)}
    assert codes(Recommendation.objects.visible_to(person)) == wanted
    assert codes(audience_of(person).visible) == wanted
    opened = {record.code for record in of_two_bodies if record.code in wanted and audience_of(person).opens(record)}
    assert codes(Recommendation.objects.opened_to(person)) == opened


def test_two_appointments_for_different_bodies_do_not_lend_each_other_their_bodies(of_two_bodies, named):
    person = make.user(Role.PUBLIC)
    make.appointment(person, named, "principal", bodies="CRC")
    make.appointment(person, make.institution("mfa"), "principal", bodies="UPR")
    person = User.objects.get(pk=person.pk)
    found = Recommendation.objects.visible_to(person)
    assert codes(found) == {record.code for record in of_two_bodies if is_visible(record, person)}
    assert set(found.filter(confidentiality="restricted").values_list("body__code", flat=True)) == {"CRC"}


def test_people_who_share_kept_counts_see_the_same_records(records, named):
    seen: dict[str, list[set[str]]] = {"public": [codes(Recommendation.objects.public())]}
    for role, institution in product(Role, (None, named, make.institution("mfa"))):
        audience = audience_of(make.user(role, institution=institution))
        seen.setdefault(audience.name, []).append(codes(audience.visible))
    assert [name for name, sets in seen.items() if any(visible != sets[0] for visible in sets)] == []


def test_a_disabled_person_and_a_stranger_see_what_is_public(records):
    public = codes(Recommendation.objects.public())
    assert codes(Recommendation.objects.visible_to(make.user(Role.COORDINATOR, is_active=False))) == public
    assert codes(Recommendation.objects.visible_to(AnonymousUser())) == public


def test_the_states_in_which_an_import_hides_its_rows_are_all_but_one(records):
    hidden = set(Batch.objects.hidden().values_list("state", flat=True))
    assert hidden == set(Batch.State) - {Batch.State.APPLIED}


def test_a_row_counts_when_it_was_switched_on_and_not_taken_away(batches):
    record = make.recommendation()
    TextVersion.objects.bulk_create(
        TextVersion(recommendation=record, language="fr", text="x", added_by=added, ended_by=ended, ended_at=at)
        for added, ended, at in product(batches, batches, (None, DAY))
    )
    rows = TextVersion.objects.select_related("added_by", "ended_by")
    assert {row.pk for row in TextVersion.objects.current()} == {row.pk for row in rows if counts(row)}


def counts(row: TextVersion) -> bool:
    is_on = row.added_by is None or row.added_by.state == "applied"
    is_gone = row.ended_at or (row.ended_by is not None and row.ended_by.state == "applied")
    return is_on and not is_gone
