"""Retention of the files of obligations: periods by kind, the dry run, legal holds, and what is erased."""

from datetime import UTC, date, datetime
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.models import User
from servanda.proceedings.models import LegalHold, RetentionPeriod
from servanda.proceedings.retention.obligation_files import place_file_hold, release_file_hold
from servanda.sources.models import Obligation, ObligationFile
from servanda.trail import verifying
from servanda.trail.models import Event
from tests import make, obligation_make
from tests.desk.tiles import tiles_on_desk

pytestmark = pytest.mark.django_db
DUE = reverse("desk:files_due_for_erasure")
PAST = datetime(2010, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def coordinator(client) -> User:
    return make.signed_in(client, Role.COORDINATOR)


def ended(by: User, **fields) -> Obligation:
    """Submitted in 2010, with a file of that day."""
    due = obligation_make.obligation(**fields)
    obligation_make.file(due, by)
    ObligationFile.objects.filter(obligation=due).update(added_at=PAST)
    Obligation.objects.filter(pk=due.pk).update(state=fields.get("state", "submitted"), changed_at=PAST)
    due.refresh_from_db()
    return due


def ten_years(kind: str = "periodic-report") -> None:
    RetentionPeriod.objects.create(kind=f"files:{kind}", years=10)


def listed(client, **values: str) -> list[tuple[str, int, date | None]]:
    return [(it.code, it.file_count, day) for it, day in client.get(DUE, values).context["rows"]]


def address(*rows: Obligation) -> str:
    return f"{reverse('desk:erase_obligation_files')}?{urlencode([('chosen', row.code) for row in rows])}"


def answer(row: Obligation, number: int = 1, files: int = 1) -> dict:
    return {f"seen-{row.code}": f"{row.version} {files}", "number": number}


def test_an_administrator_sets_the_years_of_each_kind(client):
    make.signed_in(client, Role.ADMINISTRATOR)
    client.post(reverse("desk:set_retention_periods"), {"files:follow-up": "12"})
    assert RetentionPeriod.objects.get().kind == "files:follow-up"
    assert "12 years after closing" in client.get(DUE).content.decode()
    trail = client.get(reverse("people:trail"), {"action": "retention-periods-set"}).content.decode()
    assert ("Files of obligations: Follow-up" in trail, "files:follow-up" in trail) == (True, False)


@pytest.mark.database
def test_the_dry_run_lists_what_ended_long_enough_ago_and_has_files(client, coordinator):
    due, recent = ended(coordinator), ended(coordinator)
    ended(coordinator, state="expected")
    ended(coordinator, state="postponed", state_reason="Elections.")
    Obligation.objects.filter(pk=recent.pk).update(changed_at=datetime.now(tz=UTC))
    obligation_make.obligation(state="submitted")
    assert listed(client) == []  # without a period, files are kept for ever
    ten_years("follow-up")
    assert listed(client) == []
    ten_years()
    assert listed(client) == [(due.code, 1, date(2020, 1, 1))]
    tile = tiles_on_desk(client)["file_erasure"]
    assert (tile.count, tile.href) == (1, DUE)
    obligation_make.file(due, coordinator)  # a new file starts the period again
    assert listed(client) == []


@pytest.mark.database
def test_what_was_selected_is_erased_from_the_storage_once_the_number_is_confirmed(
    client, coordinator, django_capture_on_commit_callbacks
):
    due, other = ended(coordinator), ended(coordinator)
    ten_years()
    row = due.files.get()
    row.withdraw("Zymurgy.")
    Event.record("obligation-file-withdrawn", due, by=coordinator, difference={"reason": ["", "Zymurgy."]})
    assert client.post(address(due), answer(due, 2)).status_code == 422
    assert row.file.storage.exists(row.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address(due), answer(due)).url == DUE
    assert not row.file.storage.exists(row.file.name)
    assert (due.files.exists(), other.files.exists()) == (False, True)
    assert not Event.objects.filter(difference__contains="Zymurgy").exists()
    assert verifying.verify().faults == []
    page = client.get(due.get_absolute_url()).content.decode()
    assert ("No files yet" in page, f"erased the files of the obligation {due.code}" in page) == (True, True)


def test_nothing_is_erased_if_one_was_changed_since_it_was_shown(client, coordinator):
    due = ended(coordinator)
    ten_years()
    assert client.post(address(due), answer(due, files=2)).status_code == 422
    assert due.files.exists()


@pytest.mark.database
def test_a_hold_keeps_the_files_until_it_is_released(client, coordinator):
    due = ended(coordinator)
    ten_years()
    hold = reverse("desk:place_file_hold", args=[due.code])
    assert client.post(hold, {"reason": ""}).status_code == 422
    client.post(hold, {"reason": "A claim is pending."})
    page = client.get(due.get_absolute_url()).content.decode()
    assert ("A claim is pending." in page, "Under legal hold" in page) == (True, True)
    assert (listed(client), [code for code, *_rest in listed(client, which="held")]) == ([], [due.code])
    assert "No entry is selected" in client.post(address(due), answer(due)).content.decode()
    assert due.files.exists()
    client.post(reverse("desk:release_file_hold", args=[due.code]), {"reason": "It was dismissed."})
    assert LegalHold.objects.get().released_by == coordinator
    assert [code for code, *_rest in listed(client)] == [due.code]


def test_an_institution_sees_neither_the_hold_nor_the_list(client, coordinator):
    due = ended(coordinator, owner=make.institution("moj"))
    place_file_hold(obligation=due, reason="A secret claim.", by=coordinator)
    release_file_hold(obligation=due, reason="A secret claim was dismissed.", by=coordinator)
    place_file_hold(obligation=due, reason="A secret claim.", by=coordinator)
    make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("moj"))
    page = client.get(due.get_absolute_url()).content.decode()
    assert ("History" in page, "A secret claim" in page, "legal hold" in page) == (True, False, False)
    assert client.get(DUE).status_code == 403


def test_a_hold_on_a_withdrawn_obligation_is_released_on_its_page_which_names_the_files(client, coordinator):
    due = ended(coordinator, is_published=False)
    place_file_hold(obligation=due, reason="A claim is pending.", by=coordinator)
    Obligation.objects.filter(pk=due.pk).update(withdrawn_at=PAST, withdrawn_reason="Twice.")
    page, release = (
        client.get(due.get_absolute_url()).content.decode(),
        reverse("desk:release_file_hold", args=[due.code]),
    )
    assert (release in page, "note.csv" in page) == (True, True)
    assert (reverse("desk:add_obligation_file", args=[due.code]) in page, "Withdraw<" in page) == (False, False)
    assert client.post(release, {"reason": "It was dismissed."}).url == due.get_absolute_url()
    assert reverse("desk:place_file_hold", args=[due.code]) in client.get(due.get_absolute_url()).content.decode()
    assert not ObligationFile.objects.visible_to(make.user(Role.AUDITOR)).exists()
