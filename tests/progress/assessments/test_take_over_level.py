"""The level that an institution proposes in its update, and what the coordinator makes of it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.progress.assessments import proposed_levels, scales
from servanda.progress.models import Assessment, Grade, Update
from servanda.progress.updates import services as updating
from tests import make, progress_make

pytestmark = pytest.mark.django_db
ADDRESS = "desk:take_over_level"


@pytest.fixture(autouse=True)
def common_scale():
    scales.load_scales()


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR, name="Cora")


def grade(code: str) -> Grade:
    return Grade.objects.get(scale__code="government", code=code)


def proposed(code: str = "partial", **fields) -> Update:
    fields = {"state": "validated", "end": date(2026, 6, 30)} | fields
    return progress_make.update(make.recommendation(), proposed_grade=grade(code), **fields)


def take_over(update: Update, by, code: str = "partial", reason: str = "A law was passed.") -> list[Assessment]:
    return proposed_levels.take_over_level(update=update, grade=grade(code), reason=reason, by=by)


def test_the_writer_proposes_a_level_on_the_page_of_the_draft(client):
    place = make.institution()
    writer = make.user(Role.FOCAL_POINT, place)
    record = make.recommendation()
    make.assignment(record, place)
    draft = updating.start_update(institution=place, recommendations=[record], by=writer)
    client.force_login(writer)
    url = reverse("desk:save_update", args=[draft.pk])
    assert "Proposed level" in client.get(url).content.decode()
    data = {"text": "A law was passed.", "seen": draft.version, "recommendations": [record.pk], "deed": "submit"}
    client.post(url, data | {"proposed_grade": grade("partial").pk})
    draft.refresh_from_db()
    assert (draft.proposed_grade, draft.state) == (grade("partial"), "submitted")
    assert not Assessment.objects.exists()


def test_the_coordinator_takes_it_over_as_an_unpublished_assessment(client, coordinator):
    update = proposed()
    page = client.get(update.get_absolute_url()).content.decode()
    assert "<strong>Partially implemented</strong>" in page
    url = reverse(ADDRESS, args=[update.pk])
    assert url in page
    assert "A law was passed." in client.get(url).content.decode()
    client.post(url, {"grade": grade("partial").pk, "reason": update.text})
    assessment = Assessment.objects.get()
    assert (assessment.common, assessment.reason, assessment.date) == (
        "partial",
        "A law was passed.",
        date(2026, 6, 30),
    )
    assert (assessment.origin, assessment.proposed_in, assessment.is_published) == ("proposed", update, False)
    page = client.get(update.get_absolute_url()).content.decode()
    assert "Decided: Partially implemented." in page
    assert url not in page


def test_another_level_needs_a_reason_of_its_own(client, coordinator):
    update = proposed()
    answer = client.post(reverse(ADDRESS, args=[update.pk]), {"grade": grade("started").pk, "reason": update.text})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    take_over(update, coordinator, "started", "The law is not in force yet.")
    assert Assessment.objects.get().common == "started"


def test_it_is_decided_once_and_only_after_the_institution_has_approved(coordinator):
    with pytest.raises(Refused, match="This update has been submitted and is awaiting the"):
        take_over(proposed(state="submitted"), coordinator)
    with pytest.raises(Refused, match="This update does not propose a level. Add the assessment"):
        take_over(progress_make.update(make.recommendation(), state="validated"), coordinator)
    update = proposed()
    take_over(update, coordinator)
    with pytest.raises(Refused, match="The proposed level has already been decided. See the page"):
        take_over(update, coordinator)


def test_only_who_assesses_for_the_state_decides():
    with pytest.raises(Refused, match="You do not have permission to make this assessment."):
        take_over(proposed(), make.user(Role.FOCAL_POINT))


def test_a_time_that_is_not_over_gives_the_day_of_the_decision(coordinator):
    take_over(proposed(end=date(2098, 1, 1)), coordinator)
    assert Assessment.objects.get().date == timezone.localdate()


def test_a_proposed_level_is_never_shown_in_public(client):
    update = proposed("regressed", state="published")
    record = update.recommendations.get()
    page = client.get(reverse("portal:recommendation", args=[record.code])).content.decode()
    assert "A law was passed." in page
    assert "Regressed" not in page
    assert "proposed" not in page.casefold()


def test_a_value_that_an_institution_proposes_is_not_removed(coordinator):
    own = scales.add_scale(code="own", name="Own", voice="government", bodies="", source="", by=coordinator)
    value = scales.add_grade(scale=own, code="good", label="Good", common="full", by=coordinator)
    progress_make.update(make.recommendation(), proposed_grade=value)
    with pytest.raises(Refused, match="Stop using it instead"):
        scales.remove_grade(grade=value, by=coordinator)
