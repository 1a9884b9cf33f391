"""The disk is full: reading goes on, saving is refused with a page, and nothing is left over."""

import errno
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.kit.server import full_disk
from servanda.kit.server.full_disk import Cache, remove_pending
from servanda.people.models import User
from servanda.recommendations.imports.pipeline import receive_file
from tests import make

SIZE = "2m"


@pytest.fixture
def small_disk(tmp_path):
    """A disk of two megabytes, on which files may be put."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def files_on_small_disk(small_disk, settings):
    place = {"BACKEND": settings.STORAGES["default"]["BACKEND"], "OPTIONS": {"location": str(small_disk)}}
    settings.STORAGES = {**settings.STORAGES, "default": place}
    return small_disk


def fill(folder: Path) -> None:
    with (folder / "filler").open("wb", buffering=0) as file:
        assert file.write(b"x" * 3_000_000) < 3_000_000


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_an_upload_to_a_full_disk_gives_a_page_that_says_so_and_when_to_try_again(client, files_on_small_disk):
    make.signed_in(client, "coordinator")
    client.raise_request_exception = False
    file = SimpleUploadedFile("large.csv", b"Text,Country\n" + b"a,b\n" * 700_000)
    answer = client.post(reverse("desk:receive_files"), {"files": file})
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "The disk of this system is full" in answer.content.decode()
    assert not Batch.objects.exists()
    assert files_in(files_on_small_disk) == []


@pytest.mark.django_db
def test_a_file_written_in_part_is_removed(files_on_small_disk):
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("a/large.bin", ContentFile(b"x" * 3_000_000))
    assert files_in(files_on_small_disk) == []


@pytest.mark.django_db(transaction=True)
def test_a_database_on_a_full_disk_gives_the_page_at_log_in_too(client, small_disk):
    """SQLite is told to have no more pages than it has; the message is that of a full disk."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL names a full disk by a code, which has a test of its own")
    make.user(email="person@example.org")
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # what other tests deleted left free pages, in which there is still room
        cursor.execute("PRAGMA max_page_count")
        before = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")
    try:
        answers = [log_in(client, f"192.0.2.{number}") for number in range(200)]
        reading = client.get("/about/")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count={before}")
    failed = [answer for answer in answers if answer.status_code >= 500]
    assert failed
    assert {(answer.status_code, answer["Retry-After"]) for answer in failed} == {(503, "120")}
    assert reading.status_code == 200


def log_in(client, address="127.0.0.1"):
    """From an address of its own where many try, since one address is soon told to wait."""
    sent = {"login": "person@example.org", "password": "x" * 30}
    return client.post(reverse("account_login"), sent, REMOTE_ADDR=address)


@pytest.mark.django_db(transaction=True)
def test_a_file_whose_row_cannot_be_saved_is_removed():
    before = set(files_in(Path(default_storage.path(""))))
    nobody = User(pk=999_999, email="gone@example.org")  # the foreign key fails when the row is saved
    with pytest.raises(Exception, match="(?i)foreign key"):
        receive_file(file=ContentFile(b"Text,Country\na,b\n"), name="a.csv", by=nobody)
    assert set(files_in(Path(default_storage.path("")))) == before


@pytest.mark.django_db(transaction=True)
def test_a_file_written_in_a_transaction_that_is_rolled_back_is_removed_and_one_that_is_committed_stays():
    with transaction.atomic():
        gone = default_storage.save("a/gone.txt", ContentFile(b"a"))
        transaction.set_rollback(True)
    with transaction.atomic():
        stays = default_storage.save("a/stays.txt", ContentFile(b"a"))
    remove_pending()
    assert [default_storage.exists(name) for name in (gone, stays)] == [False, True]
    default_storage.delete(stays)


def test_what_cannot_be_remembered_makes_no_page_fail(small_disk):
    cache = Cache(str(small_disk / "cache"), {})
    fill(small_disk)
    cache.set("key", "x" * 10_000)
    assert cache.get("key") is None


class ReportedByPostgreSQL(Exception):
    sqlstate = "53100"


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (ReportedByPostgreSQL(), True),
        (ValueError("disk is full"), False),
    ],
)
def test_a_full_disk_is_known_by_its_code_also_as_the_cause_of_another_error(error, is_full):
    assert full_disk.is_full(error) is is_full
    wrapped = OperationalError("could not extend file")
    wrapped.__cause__ = error
    assert full_disk.is_full(wrapped) is is_full


def test_the_cache_and_the_files_of_the_product_are_those_of_this_module():
    assert settings.STORAGES["default"]["BACKEND"] == "servanda.kit.server.full_disk.Storage"
    assert isinstance(default_storage, full_disk.Storage)
