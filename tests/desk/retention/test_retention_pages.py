"""Pages of retention: the dry run names no person, and what a person selects and confirms is erased."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.proceedings.models import LegalHold, PersonConcerned, Proceeding, RetentionPeriod, TakenStep
from tests import make
from tests import proceedings_make as made
from tests.desk.tiles import tiles_on_desk

pytestmark = pytest.mark.django_db
NAME = "Zdravkaxq Pomaranzheva"
DUE = reverse("desk:due_for_erasure")


@pytest.fixture
def coordinator(client):
    person = make.user(Role.COORDINATOR)
    client.force_login(person)
    return person


def closed(by, *places, **fields) -> Proceeding:
    row = made.proceeding(by, *places, **fields)
    made.person(row, by, name=NAME)
    Proceeding.objects.filter(pk=row.pk).update(step="closed")
    TakenStep.objects.create(proceeding=row, step="closed", on=date(2010, 1, 1))
    return made.fresh(row)


def address(*rows: Proceeding) -> str:
    return f"{reverse('desk:erase_personal_data')}?{urlencode([('chosen', row.key) for row in rows])}"


def answer(row: Proceeding, title: str, number: int) -> dict:
    return {str(row.key): title, f"seen-{row.key}": f"{row.version} 1 0", "number": number}


def test_periods_are_set_by_kind_and_an_empty_field_keeps_for_ever(client):
    client.force_login(make.user(Role.ADMINISTRATOR))
    page = reverse("desk:set_retention_periods")
    assert client.post(page, {"communication": "10"}).url == DUE
    assert {row.kind: row.years for row in RetentionPeriod.objects.all()} == {"communication": 10}
    shown = client.get(DUE).content.decode()
    assert "10 years after closing" in shown
    assert "kept for ever" in shown
    late = client.post(page, {"communication": "3"})  # opened before
    assert late.status_code == 409
    assert client.post(page, {"communication": "0", "seen-communication": "10"}).status_code == 422
    assert RetentionPeriod.objects.get().years == 10


def test_the_dry_run_counts_persons_and_names_none(client, coordinator):
    row, other = closed(coordinator), closed(coordinator)
    assert row.reference not in client.get(DUE).content.decode()
    RetentionPeriod.objects.create(kind="communication", years=10)
    shown = client.get(DUE)
    assert [(it.reference, it.person_count, day) for it, day in shown.context["rows"]] == [
        (row.reference, 1, date(2020, 1, 1)),
        (other.reference, 1, date(2020, 1, 1)),
    ]
    text = client.get(address(row, other)).content.decode()
    for page in (shown.content.decode(), text):
        assert row.reference in page
        assert "Zdravkaxq" not in page
    assert "Earlier backups still contain the data" in text
    tile = tiles_on_desk(client)["erasure"]
    assert (tile.count, tile.href) == (2, DUE)


def test_what_was_selected_is_erased_once_the_number_is_confirmed(client, coordinator):
    row, other = closed(coordinator, title=f"{NAME}, detained"), closed(coordinator)
    RetentionPeriod.objects.create(kind="communication", years=10)
    wrong = client.post(address(row), answer(row, "Detention", 2))
    assert wrong.status_code == 422
    assert PersonConcerned.objects.get(proceeding=row).name == NAME
    assert client.post(address(row), answer(row, "Detention", 1)).url == DUE
    assert PersonConcerned.objects.get(proceeding=row).name == ""
    assert PersonConcerned.objects.get(proceeding=other).name == NAME
    page = client.get(row.get_absolute_url()).content.decode()
    assert "What remains names no person" in page
    assert "Zdravkaxq" not in page
    assert [it.pk for it, _day in client.get(DUE).context["rows"]] == [other.pk]


def test_a_hold_is_shown_on_the_page_and_keeps_the_entry_off_the_list(client, coordinator):
    row = closed(coordinator)
    RetentionPeriod.objects.create(kind="communication", years=10)
    hold = reverse("desk:place_legal_hold", args=[row.key])
    assert client.post(hold, {"reason": ""}).status_code == 422
    assert client.post(hold, {"reason": "A claim is pending."}).status_code == 302
    page = client.get(row.get_absolute_url()).content.decode()
    assert "A claim is pending." in page
    assert "Under legal hold" in page
    assert client.get(DUE).context["rows"] == []
    assert [it.pk for it, _day in client.get(DUE, {"which": "held"}).context["rows"]] == [row.pk]
    refused = client.post(address(row), answer(row, "Detention", 1))
    assert refused.status_code == 200, "it is not among those that can be erased"
    client.post(reverse("desk:release_legal_hold", args=[row.key]), {"reason": "Withdrawn."})
    assert LegalHold.objects.get().released_by == coordinator
    assert [it.pk for it, _day in client.get(DUE).context["rows"]] == [row.pk]


def test_an_institution_sees_neither_the_hold_nor_the_list(client, coordinator):
    place = make.institution("moj")
    row = closed(coordinator, place)
    LegalHold.objects.create(proceeding=row, reason="A secret claim.", placed_at="2020-01-01T00:00Z")
    client.force_login(make.user(Role.FOCAL_POINT, place))
    page = client.get(row.get_absolute_url())
    assert page.status_code == 200
    assert "A secret claim" not in page.content.decode()
    assert "legal hold" not in page.content.decode().casefold()
    assert client.get(DUE).status_code == 403


@pytest.mark.parametrize("chosen", ["", "x", "7e7de30b-219d-4224-9ab3-212bcc29a13a", "\0"])
def test_an_odd_selection_erases_nothing(client, coordinator, chosen):
    closed(coordinator)
    RetentionPeriod.objects.create(kind="communication", years=10)
    page = client.post(f"{reverse('desk:erase_personal_data')}?{urlencode({'chosen': chosen})}", {"number": "0"})
    assert "No entry is selected" in page.content.decode()
    assert PersonConcerned.objects.get().name == NAME
