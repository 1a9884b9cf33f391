"""What is written outside the database, and what happens when it cannot be."""

import logging
import stat
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from servanda.jobs.tasks import anchor_trail
from servanda.kit.refusal import Refused
from servanda.trail import anchoring
from servanda.trail.accepting import accept_restore
from servanda.trail.models import ChainHead, Event
from servanda.trail.verifying import Fault, verify

pytestmark = pytest.mark.django_db


def happen(times: int = 1) -> Event:
    for _number in range(times):
        event = Event.record("instance-edited", by=None)
    return event


def forget_after(number: int) -> None:
    """As a database that was restored from a backup of that moment."""
    Event.objects.filter(sequence__gt=number).delete()
    ChainHead.objects.update(sequence=number, hash=Event.objects.get(sequence=number).hash)


def test_a_line_names_the_newest_entry_and_its_hash(anchor_file):
    event = happen(3)
    anchoring.write_anchor()
    last = anchoring.last_anchor()
    assert (last.sequence, last.hash) == (3, event.hash)
    assert timezone.now() - last.moment < timedelta(minutes=1)


def test_nothing_is_written_while_nothing_happens(anchor_file):
    happen()
    anchoring.write_anchor()
    before = anchor_file.read_bytes()
    assert anchoring.write_anchor() is None
    assert anchor_file.read_bytes() == before


def test_nothing_is_written_before_anything_happened(anchor_file):
    assert anchoring.write_anchor() is None
    assert not anchor_file.exists()


def test_lines_are_only_added_and_only_their_owner_reads_them(anchor_file):
    happen()
    anchoring.write_anchor()
    before = anchor_file.read_text()
    happen()
    anchoring.write_anchor()
    assert anchor_file.read_text().startswith(before)
    assert len(anchor_file.read_text().splitlines()) == 2
    assert stat.S_IMODE(anchor_file.stat().st_mode) == 0o600


def test_a_line_that_a_crash_tore_spoils_none_after_it(anchor_file):
    happen()
    anchoring.write_anchor()
    with anchor_file.open("a") as file:
        file.write('{"at": "2026-')
    happen()
    anchoring.write_anchor()
    verdict = verify()
    assert verdict.faults == []
    assert (verdict.reach.anchors, verdict.reach.unreadable, verdict.reach.last.sequence) == (2, 1, 2)


LARGE, BELOW = ('{"at": "", "sequence": ' + number + ', "hash": ""}' for number in ("9" * 30, "-3"))


@pytest.mark.parametrize(
    "line", ["7", "[]", "null", "{}", '{"at": 1, "sequence": "x", "hash": ""}', "[" * 100_000, LARGE, BELOW]
)
def test_a_line_that_is_no_anchor_is_counted_and_passed_over(anchor_file, line):
    happen()
    anchor_file.write_text(line + "\n")
    anchoring.write_anchor()
    assert (verify().reach.unreadable, verify().reach.anchors) == (1, 1)


def test_the_job_writes_a_line():
    happen()
    anchor_trail.func()
    assert anchoring.last_anchor().sequence == 1


def test_a_file_that_cannot_be_written_is_told_in_the_log_and_to_those_who_read_the_trail(anchor_file, caplog):
    happen()
    anchor_file.mkdir()
    with caplog.at_level(logging.ERROR, "servanda.trail"):
        anchor_trail.func()
    assert "The anchor file cannot be written" in caplog.text
    assert "The anchor file cannot be written" in anchoring.trouble(on=timezone.now())
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("anchor_trail")


def test_a_folder_that_is_missing_is_told(settings, tmp_path):
    settings.ANCHOR_FILE = tmp_path / "gone" / "anchors.jsonl"
    assert "cannot be written" in anchoring.trouble(on=timezone.now())


def test_a_trail_that_waits_for_its_anchor_too_long_is_told():
    happen()
    assert anchoring.trouble(on=timezone.now()) == ""
    assert "Recent entries are not anchored yet. Ask your system" in anchoring.trouble(
        on=timezone.now() + timedelta(minutes=20)
    )
    anchoring.write_anchor()
    assert anchoring.trouble(on=timezone.now() + timedelta(minutes=20)) == ""


def test_a_trail_that_does_not_know_its_last_anchor_gets_no_new_one_and_is_told(anchor_file, caplog):
    happen(5)
    anchoring.write_anchor()
    forget_after(3)
    happen(4)
    before = anchor_file.read_bytes()
    anchoring.keep_anchor()
    assert anchor_file.read_bytes() == before
    assert "does not agree with its last anchor, entry 5" in caplog.text
    assert "The audit trail does not match its last anchor. Ask your" in anchoring.trouble(on=timezone.now())


def test_a_restore_that_was_accepted_is_no_fault_and_stays_visible(capsys):
    happen(5)
    anchoring.write_anchor()
    forget_after(3)
    assert verify().faults == [Fault("older", 4, 5)]
    call_command("accept_restore", reason="The disk failed on Monday.")
    verdict = verify()
    assert verdict.faults == []
    assert [(event.sequence, event.object_label) for event in verdict.reach.accepted] == [
        (4, "The disk failed on Monday.")
    ]
    call_command("verify_trail")
    assert "Entry 4 accepts a restore" in capsys.readouterr().out


def test_after_a_restore_that_was_worked_on_only_what_disagrees_is_set_aside():
    happen(2)
    anchoring.write_anchor()
    happen(3)
    anchoring.write_anchor()
    forget_after(3)
    happen(4)
    assert verify().faults == [Fault("rewritten", 3, 5)]
    accept_restore(reason="Disk.")
    verdict = verify()
    assert (verdict.faults, verdict.reach.anchors, verdict.reach.last.sequence) == ([], 2, 8)


def test_anchors_go_on_after_a_restore_and_still_catch_what_comes(anchor_file):
    happen(5)
    anchoring.write_anchor()
    forget_after(3)
    accept_restore(reason="Disk.")
    happen(2)
    anchoring.write_anchor()
    forget_after(4)
    assert verify().faults == [Fault("older", 5, 6)]


def test_an_older_restore_than_the_accepted_one_is_caught_and_can_be_accepted():
    happen(5)
    anchoring.write_anchor()
    forget_after(3)
    accept_restore(reason="First.")
    forget_after(2)
    assert verify().faults == [Fault("older", 3, 4)]
    accept_restore(reason="Second.")
    assert verify().faults == []
    assert [event.object_label for event in verify().reach.accepted] == ["Second."]


def test_a_restore_of_the_newest_state_is_recorded_and_sets_nothing_aside():
    happen(2)
    anchoring.write_anchor()
    accept_restore(reason="A new machine.")
    assert (verify().faults, verify().reach.anchors) == ([], 2)


def test_a_chain_that_is_broken_in_itself_is_never_accepted(anchor_file):
    happen(5)
    Event.objects.filter(sequence=3).update(role="auditor")
    with pytest.raises(Refused, match="Entry 3 was changed"):
        accept_restore(reason="It was like this.")
    assert (Event.objects.count(), anchor_file.exists()) == (5, False)


def test_a_restore_without_a_reason_is_refused():
    with pytest.raises(Refused, match="Enter a reason"):
        accept_restore(reason=" ")


def test_a_line_that_sets_anchors_aside_without_a_deed_is_a_fault(anchor_file):
    event = happen(3)
    anchoring.append(anchoring.Anchor(timezone.now().isoformat(), 3, event.hash, 1))
    assert verify().faults == [Fault("unfounded", 3)]
