"""When the last backup was made is known after it, and after a restore."""

import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from servanda.jobs.backup import write_backup
from servanda.jobs.made_backups import MadeBackups, note_restore, save, state_file
from tests.jobs.conftest import Place


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


@pytest.mark.database
@pytest.mark.timeout(180)
def test_a_restored_system_knows_its_backup_and_the_day_of_the_restore(place, new_place, tmp_path):
    archive = tmp_path / "backup.tar.gz"
    place.must("backup", str(archive))
    made = json.loads((place.directory / "backups.json").read_text())
    restored: Place = new_place()
    restored.must("restore", str(archive))
    kept = json.loads((restored.directory / "backups.json").read_text())
    assert kept["size"] == made["size"] == archive.stat().st_size
    assert datetime.fromisoformat(kept["made_at"]) <= datetime.fromisoformat(made["made_at"])
    assert datetime.fromisoformat(kept["restored_at"]) > datetime.fromisoformat(made["made_at"])


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
