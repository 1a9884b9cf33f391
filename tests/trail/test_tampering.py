"""A person with the password of the database tries to change what happened."""

import re
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.urls import reverse

from servanda.trail.anchoring import write_anchor
from servanda.trail.models import ChainHead, Event
from servanda.trail.verifying import AT_ONCE, Fault, verify
from tests import make

pytestmark = pytest.mark.django_db

HASHED = {
    "at": "2020-01-01T00:00:00+00:00",
    "actor": None,
    "role": "reader",
    "action": "logged-out",
    "object_type": "people.user",
    "object_id": "99",
    "request_id": "0123456789abcdef",
    "digest": "0" * 64,
    "previous_hash": "0" * 64,
    "hash": "0" * 64,
}


@pytest.fixture
def trail() -> int:
    """Twelve entries with an anchor at the fifth and at the last."""
    by = make.user("coordinator")
    for number in range(1, 13):
        Event.record("instance-edited", by=by, label=f"the {number}.", difference={"name": ["", f"New {number}"]})
        if number in (5, 12):
            write_anchor()
    return 12


def fault() -> str:
    """The first thing that is wrong: its kind and its entry."""
    faults = verify().faults
    return f"{faults[0].kind} {faults[0].entry}" if faults else "nothing"


def entry(number: int):
    return Event.objects.filter(sequence=number)


def link_anew(start: int, *, head: bool = True) -> None:
    """Compute all hashes again from here on, as a person would who has read our code."""
    previous = entry(start - 1).values_list("hash", flat=True).first() or ""
    for event in Event.objects.filter(sequence__gte=start).order_by("sequence"):
        event.digest = event.digest_of_content() if event.salt else event.digest
        event.previous_hash = previous
        event.hash = previous = event.link()
        event.save()
    if head:
        set_head()


def set_head() -> None:
    newest = Event.objects.first()
    ChainHead.objects.update(sequence=newest.sequence, hash=newest.hash)


def renumber(start: int, by: int) -> None:
    """Move the numbers of the entries behind; in two steps, since no number may be there twice."""
    Event.objects.filter(sequence__gte=start).update(sequence=-F("sequence"))
    Event.objects.filter(sequence__lt=0).update(sequence=-F("sequence") + by)


def forge(number: int) -> Event:
    """An entry that fits itself and the one before it."""
    forged = Event(action="recommendation-published", at=entry(1).get().at, salt="0" * 32, sequence=number)
    forged.previous_hash = entry(number - 1).get().hash
    forged.digest = forged.digest_of_content()
    forged.hash = forged.link()
    forged.save()
    return forged


def copy_rows() -> tuple[list[Event], list[ChainHead]]:
    return list(Event.objects.all()), list(ChainHead.objects.all())


def put_back(events: list[Event], heads: list[ChainHead]) -> None:
    Event.objects.all().delete()
    ChainHead.objects.all().delete()
    Event.objects.bulk_create(events)
    ChainHead.objects.bulk_create(heads)


@pytest.mark.database
def test_an_untouched_trail_is_as_it_was_written(trail):
    verdict = verify()
    assert verdict.faults == []
    assert (verdict.entries, verdict.reach.anchors, verdict.reach.last.sequence) == (trail, 2, trail)


def test_an_empty_trail_is_no_fault():
    assert fault() == "nothing"


@pytest.mark.parametrize("field", HASHED)
def test_a_changed_entry_is_named_whatever_was_changed(trail, field):
    entry(7).update(**{field: HASHED[field]})
    assert fault() == "changed 7"


@pytest.mark.database
@pytest.mark.parametrize("field", ["object_label", "difference", "salt"])
def test_changed_words_are_named(trail, field):
    entry(7).update(**{field: "something else"})
    assert fault() == "content 7"


def change_with_hash(number: int) -> None:
    changed = entry(number).get()
    changed.action = "logged-out"
    changed.hash = changed.link()
    changed.save()


@pytest.mark.parametrize("number", [1, 7, 11])
def test_an_entry_changed_together_with_its_own_hash_is_named(trail, number):
    change_with_hash(number)
    assert fault() == f"changed {number}"


def test_the_last_entry_changed_together_with_its_own_hash_is_named_by_head_and_anchor(trail):
    change_with_hash(12)
    assert verify().faults == [Fault("rewritten", 6, 12), Fault("rewritten-end", 12)]


@pytest.mark.parametrize("number", [1, 7, 11])
def test_a_deleted_entry_is_named(trail, number):
    entry(number).delete()
    assert fault() == f"deleted {number}"


@pytest.mark.parametrize("number", [1, 7, 11])
def test_a_deleted_entry_is_named_when_those_behind_were_numbered_anew(trail, number):
    entry(number).delete()
    renumber(number + 1, by=-1)
    assert fault() == f"removed {number}"


def test_an_inserted_entry_is_named(trail):
    renumber(7, by=1)
    forge(7)
    assert fault() == "inserted 7"


def test_an_inserted_entry_that_does_not_even_fit_itself_is_named(trail):
    renumber(7, by=1)
    forge(7)
    entry(7).update(previous_hash="0" * 64, hash="1" * 64)
    assert fault() == "inserted 7"


@pytest.mark.database
@pytest.mark.parametrize("number", [0, -3])
def test_an_entry_put_before_the_first_is_named(trail, number):
    entry(12).update(sequence=number)
    assert fault() == f"inserted {number}"


def test_an_entry_put_behind_the_head_is_named(trail):
    forge(13)
    assert fault() == "appended 13"


@pytest.mark.database
@pytest.mark.parametrize("other", [8, 12])
def test_entries_that_changed_places_are_named(trail, other):
    entry(7).update(sequence=100)
    entry(other).update(sequence=7)
    entry(100).update(sequence=other)
    assert verify().faults[0] == Fault("reordered", 7, other)


def test_a_tail_that_was_cut_off_is_named(trail):
    Event.objects.filter(sequence__gt=8).delete()
    assert fault() == "cut-off 9"


def test_a_tail_that_was_cut_off_together_with_the_head_is_named_by_the_anchors(trail):
    Event.objects.filter(sequence__gt=8).delete()
    set_head()
    assert verify().faults == [Fault("older", 9, 12)]


def test_an_older_copy_that_was_restored_is_named_by_the_anchors(trail):
    older = copy_rows()
    for _number in range(3):
        Event.record("logged-in", by=make.user())
    write_anchor()
    put_back(*older)
    assert verify().faults == [Fault("older", 13, 15)]


def test_an_older_copy_that_was_worked_on_is_named_by_the_anchors(trail):
    older = copy_rows()
    for _number in range(2):
        Event.record("logged-in", by=make.user())
    write_anchor()
    put_back(*older)
    for _number in range(5):
        Event.record("logged-out", by=make.user())
    assert verify().faults == [Fault("rewritten", 13, 14)]


def test_a_chain_that_was_rewritten_as_a_whole_is_named_by_the_anchors(trail):
    entry(8).update(object_label="another")
    link_anew(8)
    assert verify().faults == [Fault("rewritten", 6, 12)]
    assert verify().reach.last.sequence == 5


def test_a_chain_that_was_rewritten_behind_the_last_anchor_is_beyond_what_can_be_seen(trail):
    for _number in range(3):
        Event.record("logged-in", by=make.user())
    entry(14).update(object_label="another")
    link_anew(14)
    verdict = verify()
    assert verdict.faults == []
    assert verdict.reach.last.sequence == 12


def test_of_two_faults_the_first_is_named(trail):
    entry(9).delete()
    entry(4).update(role="auditor")
    assert fault() == "changed 4"


def erase(number: int) -> None:
    entry(number).update(salt="", object_label="", difference="")


def test_words_that_were_erased_on_request_are_no_fault(trail):
    erase(3)
    erase(7)
    Event.record("personal-data-erased", make.user(), difference={"erased": [[3, 7], []]})
    assert fault() == "nothing"


def test_words_that_were_erased_without_a_request_are_named(trail):
    erase(3)
    erase(7)
    Event.record("personal-data-erased", make.user(), difference={"erased": [[3], []]})
    assert fault() == "erased 7"


def test_a_request_does_not_cover_what_is_written_after_it(trail):
    Event.record("personal-data-erased", make.user(), difference={"erased": [[14], []]})
    Event.record("logged-in", by=make.user(), label="here")
    assert fault() == "nothing"
    erase(14)
    assert fault() == "erased 14"


def test_a_salt_alone_cannot_be_erased(trail):
    Event.record("personal-data-erased", make.user(), difference={"erased": [[7], []]})
    entry(7).update(salt="")
    assert fault() == "content 7"


def test_the_command_names_the_entry_and_fails(trail, capsys):
    entry(7).update(role="reader")
    with pytest.raises(CommandError, match=r"^Entry 7 was changed\.$") as caught:
        call_command("verify_trail")
    assert caught.value.returncode == 1


def test_the_command_says_how_far_the_anchors_reach(trail, capsys):
    call_command("verify_trail")
    output = capsys.readouterr().out
    assert "12 entries" in output
    assert re.search(r"2 anchors .*entry 12\b", output)


@pytest.mark.parametrize("left", [None, "", "half a line"])
def test_the_command_fails_where_no_anchor_is_left(trail, anchor_file, left):
    anchor_file.unlink()
    if left is not None:
        anchor_file.write_text(left)
    with pytest.raises(CommandError, match="accept_restore") as caught:
        call_command("verify_trail")
    assert caught.value.returncode == 1
    assert str(anchor_file) in str(caught.value)


def test_a_trail_without_entries_needs_no_anchor(capsys):
    call_command("verify_trail")
    assert "holds 0 entries" in capsys.readouterr().out


def test_a_trail_that_was_emptied_with_its_anchors_is_named(trail, anchor_file):
    Event.objects.all().delete()
    ChainHead.objects.all().delete()
    anchor_file.unlink()
    with pytest.raises(CommandError, match="there are accounts: the entries were deleted"):
        call_command("verify_trail")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "'yesterday'"),
        ("at", "'2026-13-41 00:00:00'"),
        ("object_label", "x'ff00fe'"),
        ("object_label", "cast(x'ff00fe' as text)"),
        ("sequence", "'seven'"),
    ],
)
def test_values_that_cannot_be_read_are_a_fault_and_no_error_of_the_program(trail, column, value):
    """Only SQLite lets someone store such values past this program."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL refuses such values")
    last = entry(12).get()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE trail_event SET {column} = {value} WHERE id = {last.pk}")
    assert "unreadable 12" in {f"{found.kind} {found.entry}" for found in verify().faults}


def test_a_difference_that_is_nested_too_deeply_erases_nothing(trail):
    entry(7).update(difference='{"erased":' + "[" * 100_000, action="personal-data-erased")
    assert fault() == "changed 7"


def test_the_command_says_what_was_erased_and_by_which_entries(trail, capsys):
    erase(3)
    Event.record("personal-data-erased", make.user(), difference={"erased": [[3], []]})
    call_command("verify_trail")
    assert "Entries whose content was erased: 1. Recorded by: 13." in capsys.readouterr().out


def test_the_page_names_what_was_changed_among_the_entries_that_it_shows(client, trail):
    make.signed_in(client, "auditor")
    address = reverse("people:trail")
    assert "was changed" not in client.get(address).content.decode()
    entry(7).update(object_label="something else")
    entry(8).update(role="reader")
    page = client.get(address).content.decode()
    assert "The content of entry 7 was changed" in page
    assert "Entry 8 was changed." in page


def test_an_anchor_file_that_cannot_be_read_is_told(trail, anchor_file):
    anchor_file.unlink()
    anchor_file.mkdir()
    with pytest.raises(CommandError, match="The anchor file cannot be read"):
        call_command("verify_trail")


SIX: dict[str, tuple[Callable, str]] = {
    "changed": (lambda: entry(7).update(action="logged-out"), "changed 7"),
    "deleted": (lambda: entry(7).delete(), "deleted 7"),
    "inserted": (lambda: (renumber(7, by=1), forge(7)), "inserted 7"),
    "reordered": (
        lambda: (
            entry(7).update(sequence=100),
            entry(8).update(sequence=7),
            entry(100).update(sequence=8),
        ),
        "reordered 7",
    ),
    "tail cut off": (lambda: (Event.objects.filter(sequence__gt=8).delete(), set_head()), "older 9"),
    "older copy": (
        lambda: put_back([event for event in Event.objects.all() if event.sequence < 9], older_head()),
        "older 9",
    ),
}


def older_head() -> list[ChainHead]:
    return [ChainHead(pk=1, sequence=8, hash=entry(8).get().hash)]


@pytest.mark.database
def test_six_of_six_ways_are_detected_and_each_names_the_entry(trail):
    kept, found = copy_rows(), {}
    for way, (tamper, _expected) in SIX.items():
        tamper()
        found[way] = fault()
        put_back(*kept)
        assert fault() == "nothing"
    assert found == {way: expected for way, (_tamper, expected) in SIX.items()}


@pytest.mark.database
def test_a_trail_that_is_read_in_several_batches_verifies_and_the_last_batch_is_looked_at():
    for number in range(AT_ONCE + 5):
        Event.record("instance-edited", label=str(number))
        if number % 400 == 0:
            write_anchor()
    verdict = verify()
    assert (verdict.entries, verdict.faults) == (AT_ONCE + 5, [])
    entry(AT_ONCE + 3).update(object_label="Find another cluster: words of its name, or the reference")
    assert fault() == f"content {AT_ONCE + 3}"


@pytest.mark.database
def test_a_thousand_and_five_entries_verify():
    for number in range(1005):
        Event.record("instance-edited", label=str(number))
    verdict = verify()
    assert (verdict.entries, verdict.faults) == (1005, [])
    entry(1004).delete()
    assert fault() == "deleted 1004"
