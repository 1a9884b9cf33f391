"""The data directory is open to the user who runs Servanda alone, or nothing starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import Tags, run_checks

from servanda.kit.private_place import refuse_open_place
from servanda.kit.refusal import Refused

ROOT = Path(__file__).resolve().parents[2]
MASK = "import os, servanda.settings; print(oct(os.umask(0)))"


def started(*command: str, directory: Path, **variables: str) -> subprocess.CompletedProcess:
    given = {"SERVANDA_DATA_DIR": str(directory), "DATABASE_URL": "", "SERVANDA_MODE": "production"}
    known = os.environ | given | {"DJANGO_SETTINGS_MODULE": "servanda.settings"} | variables
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=known, capture_output=True, text=True, umask=0o022
    )


@pytest.fixture
def place(tmp_path, settings) -> Path:
    """A data directory as earlier versions left it: closed, and the database within readable by all."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o700)
    (settings.DATA_DIR / "servanda.sqlite3").touch()
    (settings.DATA_DIR / "servanda.sqlite3").chmod(0o644)
    return settings.DATA_DIR


def ids() -> list[str]:
    return [fault.id for fault in run_checks(tags=[Tags.security]) if str(fault.id).startswith("kit.")]


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o711, 0o701])
def test_a_data_directory_that_others_can_enter_is_refused_with_the_command_to_type(place, mode):
    place.chmod(mode)
    with pytest.raises(Refused, match=f"chmod -R go-rwx {place}"):
        refuse_open_place()
    assert "kit.E001" in ids()


def test_a_directory_whose_name_holds_a_space_is_quoted_in_the_command(place, settings):
    settings.DATA_DIR = place / "with space"
    settings.DATA_DIR.mkdir()
    settings.DATA_DIR.chmod(0o755)
    with pytest.raises(Refused, match="chmod -R go-rwx '.*with space'"):
        refuse_open_place()


def test_a_database_elsewhere_that_others_can_read_is_refused(place, settings, tmp_path, monkeypatch):
    database = tmp_path / "elsewhere.sqlite3"
    database.touch()
    given = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)}
    monkeypatch.setitem(settings.DATABASES, "elsewhere", given)
    database.chmod(0o640)
    with pytest.raises(Refused, match=f"chmod -R go-rwx {database}"):
        refuse_open_place()
    database.chmod(0o600)
    refuse_open_place()


def test_readable_files_within_a_closed_directory_are_named_and_stop_nothing(place):
    refuse_open_place()
    (place / "mail").mkdir()
    (place / "mail").chmod(0o755)
    (place / "static").mkdir()
    (place / "static").chmod(0o755)
    warning = next(fault for fault in run_checks(tags=[Tags.security]) if fault.id == "kit.W001")
    assert "mail, servanda.sqlite3" in warning.msg
    assert "static" not in warning.msg
    assert f"chmod -R go-rwx {place}" in warning.hint


def test_the_command_mends_what_is_told(place):
    place.chmod(0o755)
    assert ids() == ["kit.E001"]
    subprocess.run(["chmod", "-R", "go-rwx", place], check=True)
    refuse_open_place()
    assert ids() == []


def test_whatever_starts_writes_for_its_own_user_alone(tmp_path):
    assert started("-c", MASK, directory=tmp_path / "new").stdout.strip() == "0o77"
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new" / "uploads").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "command", [("-m", "tools.start", "serve"), ("-m", "tools.start", "worker"), ("manage.py", "work", "--batch")]
)
def test_nothing_starts_in_an_open_directory_and_nothing_is_written_there(tmp_path, command):
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    done = started(*command, directory=tmp_path / "data")
    assert done.returncode != 0
    assert f"chmod -R go-rwx {tmp_path / 'data'}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data" / "servanda.sqlite3").exists()


def test_a_server_of_another_kind_does_not_start_either(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    done = started("-c", "import servanda.wsgi", directory=tmp_path / "data")
    assert done.returncode != 0
    assert f"chmod -R go-rwx {tmp_path / 'data'}" in done.stderr


def test_the_services_of_the_documents_close_their_directory():
    text = (ROOT / "docs" / "operate.md").read_text()
    assert "StateDirectoryMode=0700" in text
    assert "UMask=0077" in text
    assert "umask 077" in (ROOT / "run").read_text()
