"""Who contributes for several institutions chooses one; the choice is offered first the next time."""

from uuid import uuid4

import pytest
from django.urls import reverse

from servanda.kit.refusal import FieldRefused
from servanda.people.access import Role
from servanda.people.models import Institution, User
from servanda.progress.assessments import signing
from servanda.progress.assessments.speaking import contributing_institution, places_of
from servanda.progress.contributions import answering
from servanda.progress.contributions import services as contributing
from servanda.progress.models import Assessment, Contribution, Voice
from servanda.reporting.models import ConsultationComment
from tests import assessing_make as made
from tests import consulting_make, make
from tests.house.answers import source_of
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def union() -> Institution:
    return make.institution("union", name="Union of Teachers")


@built_once
def institute() -> Institution:
    return make.institution("nhri", name="Institute")


@pytest.fixture
def person(client, union, institute) -> User:
    """For an accredited institution and another."""
    make.accreditation(institute)
    both = make.user(Role.CONTRIBUTOR, institution=union)
    make.appointment(both, institute, "contributor")
    client.force_login(both)
    return User.objects.get(pk=both.pk)


def sent(**values) -> dict:
    return {
        "text": "Two teachers were hired.",
        "language": "en",
        "kind": "report",
        "stance": "context",
        "form_key": str(uuid4()),
    } | values


def contribute(client, record, **values):
    return client.post(reverse("desk:contribute"), sent(records=[record.code], **values), follow=True)


def test_the_accredited_institution_comes_first_until_the_person_chose(person, union, institute):
    assert places_of(person) == [institute, union]
    person.speaks_for = union
    assert contributing_institution(person) == union


def test_a_contribution_is_of_the_chosen_institution_which_is_offered_first_the_next_time(client, person, union):
    record = make.recommendation()
    form = source_of(client.get(reverse("desk:contribute")))
    assert "On behalf of" in form
    assert f'value="{union.pk}" selected' not in form
    contribute(client, record, institution=str(union.pk))
    row = Contribution.objects.get()
    assert (row.institution, row.organisation) == (union, "Union of Teachers")
    assert f'value="{union.pk}" selected' in source_of(client.get(reverse("desk:contribute")))


def test_without_a_choice_nothing_is_sent(client, person):
    answer = contribute(client, make.recommendation())
    assert answer.status_code == 422
    assert not Contribution.objects.exists()


def test_an_institution_of_others_cannot_be_chosen(client, person):
    other = make.institution("other", name="Other")
    assert contribute(client, make.recommendation(), institution=str(other.pk)).status_code == 422
    with pytest.raises(FieldRefused, match="do not contribute for this institution"):
        contributing_institution(person, other)


def test_who_contributes_for_one_institution_is_not_asked(client, union):
    client.force_login(make.user(Role.CONTRIBUTOR, institution=union))
    assert "On behalf of" not in source_of(client.get(reverse("desk:contribute")))
    contribute(client, make.recommendation())
    assert Contribution.objects.get().institution == union


def test_a_rating_for_the_other_institution_is_not_signed_by_the_accredited_one(client, person, union):
    record = make.recommendation()
    grade = made.grade("not-started", Voice.INDEPENDENT)
    contribute(client, record, institution=str(union.pk), grade=str(grade.pk))
    coordinator = make.user(Role.COORDINATOR)
    answering.accept_contribution(contribution=Contribution.objects.get(), answer="", by=coordinator)
    row = Assessment.objects.get()
    assert (row.institution, row.accreditation) == (union, None)


def test_a_hidden_sender_is_not_remembered_and_not_named(client, person, union):
    contribute(client, make.recommendation(), institution=str(union.pk), hides_identity="on")
    person.refresh_from_db()
    assert person.speaks_for is None
    assert contributing.institution_of(Contribution.objects.get()) is None


def test_a_comment_for_the_other_institution_is_read_first_and_that_of_the_accredited_one_is_not(
    client, person, union, institute
):
    draft = consulting_make.public(make.user(Role.COORDINATOR))
    address = reverse("desk:add_consultation_comment", args=[draft.key])
    for place in (union, institute):
        data = {"text": f"For {place}.", "language": "en", "form_key": str(uuid4()), "institution": str(place.pk)}
        assert client.post(address, data).status_code == 302
    rows = ConsultationComment.objects.order_by("pk").values_list("organisation", "is_signed", "state")
    assert list(rows) == [("Union of Teachers", False, "waiting"), ("Institute", True, "shown")]


def test_who_signs_for_two_accredited_institutions_chooses_one(client, person, union, institute):
    make.accreditation(union)
    record, grade = make.recommendation(), made.grade("not-started", Voice.INDEPENDENT)
    form = reverse("desk:sign_assessment", args=[record.code])
    assert "On behalf of" in source_of(client.get(form))
    data = {"grade": grade, "reason": "No one has been hired.", "confidence": "high", "date": made.DAY}
    row = signing.sign_assessment(recommendation=record, institution=union, **data, by=person)
    assert row.institution == union
    assert User.objects.get(pk=person.pk).speaks_for == union


def test_with_one_accreditation_there_is_no_choice_of_the_signature(client, person):
    form = reverse("desk:sign_assessment", args=[make.recommendation().code])
    assert "On behalf of" not in source_of(client.get(form))
