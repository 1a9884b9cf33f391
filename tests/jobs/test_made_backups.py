"""When the last backup was made is known after it; that it is after a restore is in test_accept_restore."""

from datetime import timedelta

import pytest
from django.utils import timezone

from servanda.jobs.backup import write_backup
from servanda.jobs.made_backups import MadeBackups, note_restore, save, state_file


@pytest.fixture(autouse=True)
def data_directory(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_backup_notes_its_day_and_size(tmp_path):
    assert MadeBackups.read().last is None
    write_backup(tmp_path / "backup.tar.gz")
    made = MadeBackups.read()
    assert timezone.now() - made.last < timedelta(minutes=1)
    assert made.size == (tmp_path / "backup.tar.gz").stat().st_size
    assert state_file().stat().st_mode & 0o777 == 0o600


def test_the_next_backup_keeps_the_day_of_the_restore():
    note_restore(written_at="2026-11-01T10:00:00+00:00", size=5)
    before = MadeBackups.read()
    assert (before.made_at, before.size) == ("2026-11-01T10:00:00+00:00", 5)
    assert before.restored is not None


@pytest.mark.parametrize("damaged", ["", "[]", "{}", '{"made_at": "x", "size": 1, "restored_at": ""}'])
def test_a_damaged_file_is_as_if_there_were_no_backup(damaged):
    state_file().write_text(damaged)
    assert MadeBackups.read() == MadeBackups()


def test_a_backup_is_too_old_after_seven_days():
    now = timezone.now()
    save(MadeBackups(made_at=(now - timedelta(days=6, hours=23)).isoformat()))
    assert not MadeBackups.read().is_too_old(on=now)
    save(MadeBackups(made_at=(now - timedelta(days=7, hours=1)).isoformat()))
    assert MadeBackups.read().is_too_old(on=now)
    assert not MadeBackups().is_too_old(on=now)
