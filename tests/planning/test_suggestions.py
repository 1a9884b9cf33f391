import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.planning.models import ThemeLead
from servanda.planning.suggestions import suggest_lead
from servanda.recommendations.models import Recommendation, Tagging
from servanda.recommendations.services.encoding import encode_missing
from servanda.vocab.models import Taxonomy
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def led_by(*codes: str, label: str = "", **fields) -> list[Recommendation]:
    records = []
    for code in codes:
        record = make.recommendation(**fields)
        make.assignment(record, make.institution(code))
        records.append(record)
        if label:
            Tagging.objects.create(recommendation=record, term=make.term(label), origin="person")
    return records


def suggested(record: Recommendation, user=None):
    found = suggest_lead(record, user or make.user(Role.COORDINATOR))
    return found and (found.cases, found.by, [(one.code, number) for one, number in found.leads])


@pytest.fixture
def record() -> Recommendation:
    made = make.recommendation(body=make.body("CRC", "treaty-body"), review=None)
    Tagging.objects.create(recommendation=made, term=make.term("Health"), origin="source")
    return made


def test_the_numbers_of_records_that_share_a_label_are_said(record):
    led_by("health", "health", "labour", label="Health")
    led_by("police", "police", "police", "police")
    assert suggested(record) == (3, "theme", [("health", 2), ("labour", 1)])


def test_from_fewer_than_three_cases_nothing_is_concluded(record):
    led_by("health", "health", label="Health")
    assert suggested(record) is None


def test_without_enough_shared_labels_the_records_of_the_body_are_asked(record):
    led_by("health", "health", label="Health")
    led_by("labour", "labour", "police", body=record.body, review=None)
    assert suggested(record) == (3, "body", [("labour", 2), ("police", 1)])


def test_any_shared_label_counts_where_themes_are_too_few(record):
    Tagging.objects.create(recommendation=record, term=make.term("Women", taxonomy="uhri-group"), origin="person")
    led_by("health", "health", label="Health")
    for one in led_by("labour", "labour", "labour"):
        Tagging.objects.create(recommendation=one, term=make.term("Women", taxonomy="uhri-group"), origin="person")
    assert suggested(record) == (5, "label", [("labour", 3), ("health", 2)])


def test_what_the_machine_suggests_is_no_shared_label(record):
    for one in led_by("health", "health", "health"):
        Tagging.objects.create(recommendation=one, term=make.term("Health"), origin="machine")
    assert suggested(record) is None


def test_who_refused_or_supported_or_is_closed_is_not_suggested(record):
    refused, supporting, undone, *_rest = led_by("a", "b", "c", "old", "old", "new", label="Health")
    refused.assignments.update(refused_at=timezone.now(), refusal_reason="No.")
    supporting.assignments.update(part="supporting")
    undone.assignments.update(ended_at=timezone.now(), ending="undone")
    make.institution("old").__class__.objects.filter(code="old").update(active_to="2026-02-01")
    assert suggested(record) == (3, "theme", [("new", 1)])


def test_the_record_itself_and_records_that_the_reader_may_not_see_do_not_count(record):
    for one in led_by("health", "health", "health", label="Health"):
        Recommendation.objects.filter(pk=one.pk).update(confidentiality="restricted")
    make.assignment(record, make.institution("health"))
    assert suggested(record, make.user(Role.READER)) is None
    assert suggested(record) == (3, "theme", [("health", 3)])


def test_the_number_of_questions_does_not_grow(record, django_assert_num_queries):
    led_by("a", "b", "c", "d", label="Health")
    person = make.user(Role.COORDINATOR)
    assert person.roles
    with django_assert_num_queries(4):
        suggest_lead(record, person)


def in_the_table(record: Recommendation, code: str) -> None:
    term = record.taggings.get().term
    ThemeLead.objects.create(term=term, institution=make.institution(code))


def test_before_there_are_assignments_the_table_of_themes_is_asked(record):
    in_the_table(record, "health")
    assert suggested(record) == (1, "table", [("health", 1)])
    led_by("labour", "labour", "labour", body=record.body, review=None)
    assert suggested(record) == (1, "table", [("health", 1)])
    led_by("police", "police", "police", label="Health")
    assert suggested(record) == (3, "theme", [("police", 3)])


def test_the_nearest_in_meaning_come_first_and_are_named_whatever_their_language():
    record = make.recommendation("Provide safe drinking water to all Roma settlements.")
    near = [
        *led_by("water", text="Ensure that Roma settlements have safe drinking water."),
        *led_by("water", text="Give Roma settlements access to safe drinking water."),
        *led_by("roma", text="Asegurar agua potable segura en los asentamientos romaníes.", language="es"),
    ]
    led_by("police", "police", "police", text="Prevent torture in police custody.")
    encode_missing()
    found = suggest_lead(record, make.user(Role.COORDINATOR))
    assert found
    assert (found.by, [(one.code, number) for one, number in found.leads]) == ("meaning", [("water", 2), ("roma", 1)])
    assert set(found.near) == set(near)


def test_the_page_keeps_the_table_and_what_was_removed_comes_back(client, record):
    make.signed_in(client, Role.COORDINATOR)
    term, place = record.taggings.get().term, make.institution("health")
    Taxonomy.objects.update(is_facet=True)
    address = reverse("desk:theme_leads")
    said = {"term": term.pk, "institution": place.pk}
    client.post(address, said)
    assert client.post(address, said).status_code == 422
    lead = ThemeLead.objects.get()
    page = client.post(reverse("desk:remove_theme_lead", args=[lead.pk]), follow=True).content.decode()
    back = reverse("desk:restore_theme_lead", args=[term.pk, place.pk])
    assert back in page
    client.post(back)
    assert ThemeLead.objects.get().institution == place
    assert (
        "The table of themes says"
        in client.get(reverse("desk:assign_institutions", args=[record.code])).content.decode()
    )
