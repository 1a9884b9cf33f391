import gzip
import json
import shutil
import sqlite3
import stat
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from servanda.jobs import engines
from tests.jobs.archives import packed, with_database
from tests.jobs.conftest import Place, wait_for

pytestmark = [pytest.mark.database, pytest.mark.timeout(180)]

FILL = """
from servanda.people.models import Institution
from servanda.language.words.tokens import tokens
from servanda.recommendations.search import fulltext
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from servanda.trail.models import Event
Institution.objects.create(code="mfa", name={"en": "Foreign Affairs", "ar": "وزارة الخارجية"}).save()
Event.record("institution-created", Institution.objects.get())
from allauth.mfa.models import Authenticator
from servanda.people.second_factor.secrets import encrypt
from servanda.people.models import User
cora = User.objects.create(email="cora@example.org", name="Cora")
Authenticator.objects.create(user=cora, type="totp", data={"secret": encrypt("JBSWY3DPEHPK3PXP")})
fulltext.write([(7, tokens("Education of girls", "en")), (8, tokens("Water", "en"))])
default_storage.save("intake/one/report.pdf", ContentFile(b"%PDF " + bytes(range(256)) * 400))
"""
LOOK = """
import json
from servanda.people.models import Institution
from servanda.recommendations.search import fulltext
from servanda.language.words.search_query import parse
from django.core.files.storage import default_storage
from django.db import connection
with connection.cursor() as cursor:
    found = fulltext.matching(parse("education", ["en"]))
    cursor.execute(found.sql, found.params)
    found = [row[0] for row in cursor.fetchall()]
text = default_storage.open("intake/one/report.pdf").read()
print(json.dumps([Institution.objects.get().name.data, found, len(text)]))
"""
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


@pytest.fixture(scope="module")
def lived_in(place):
    place.python(FILL)
    return place


@pytest.fixture(scope="module")
def empty_place(new_place) -> Iterator[Place]:
    """Nothing is in it, and nothing comes into it: every restore is refused."""
    place = new_place()
    with place.open_shell():
        yield place


@pytest.fixture(scope="module")
def restored(archive, new_place) -> Iterator[tuple[Place, subprocess.CompletedProcess]]:
    """Where the backup was put in without the secret key of its writer, and what the command said of it."""
    place = new_place()
    with place.open_shell():
        yield place, place.run("restore", str(archive))


@pytest.fixture(scope="module")
def archive(lived_in, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("backups") / "servanda.tar.gz"
    lived_in.must_run("backup", str(path))
    return path


def connect(place: Place):
    if connection.vendor == "sqlite":
        opened = sqlite3.connect(place.directory / "servanda.sqlite3", timeout=30)
        opened.execute("PRAGMA journal_mode=WAL")
        return opened
    return psycopg.connect(place.database_url)


def tables(place: Place) -> int:
    return len(rows(place))


def rows(place: Place) -> dict[str, int]:
    """How many each table has; no table, where SQLite has not even a file."""
    if connection.vendor == "sqlite" and not (place.directory / "servanda.sqlite3").exists():
        return {}
    opened = connect(place)
    try:
        names = [name for (name,) in opened.execute(TABLES[connection.vendor]).fetchall()]
        return {name: opened.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    finally:
        opened.close()


def changed(archive: Path, target: Path, change) -> Path:
    """The same archive with its members passed through a function; None leaves one out."""
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz", compresslevel=1) as new:
        for member in old:
            content = change(member.name, old.extractfile(member).read())
            if content is not None:
                path = target.with_suffix(".member")
                path.write_bytes(content)
                new.add(path, member.name)
    return target


def assert_untouched(place: Place) -> None:
    assert tables(place) == 0
    assert not (place.directory / "files").exists()
    assert not list(place.directory.glob(".servanda-*"))


def test_a_restored_backup_is_the_same_installation(lived_in, restored):
    place, done = restored
    assert "database and 1 files" in done.stdout
    assert tables(place) == tables(lived_in) > 100
    assert json.loads(place.python(LOOK)) == json.loads(lived_in.python(LOOK))
    assert json.loads(place.python(LOOK))[1:] == [[7], 102405]
    assert "No migrations to apply" in place.must_run("migrate")


def test_every_table_has_as_many_rows_after_a_restore_as_before(lived_in, restored):
    before = rows(lived_in)
    assert before["people_historicalinstitution"] == 2
    assert before["trail_event"] >= 1
    assert before["recommendations_search" if connection.vendor == "sqlite" else "people_institution"] >= 1
    assert rows(restored[0]) == before


def test_a_restore_says_whether_the_secret_key_fits_the_second_factors(lived_in, archive, restored, new_place):
    _without_key, told = restored
    with_key = new_place()
    (with_key.directory / "secret_key").write_text((lived_in.directory / "secret_key").read_text())
    assert told.returncode == 0
    assert "Two-step verification of 1 person" in told.stderr
    assert "reset_second_factor --unreadable" in told.stderr
    assert with_key.manage("restore", str(archive)).stderr == ""


def test_only_its_owner_reads_a_backup(archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_a_backup_says_what_it_holds_and_the_hash_of_each_part(archive):
    with tarfile.open(archive) as opened:
        names = opened.getnames()
        manifest = json.load(opened.extractfile("manifest.json"))
    assert sorted([*manifest["sha256"], "manifest.json"]) == sorted(names)
    assert (manifest["format"], manifest["version"], manifest["engine"]) == (1, "0.1.0", connection.vendor)
    assert "files/intake/one/report.pdf" in names


def test_a_backup_never_overwrites_a_file(lived_in, archive):
    before = archive.read_bytes()
    refused = lived_in.run("backup", str(archive))
    assert refused.returncode == 1
    assert "already exists. Choose another name." in refused.stderr
    assert archive.read_bytes() == before


def test_a_backup_into_a_missing_folder_says_so(lived_in, tmp_path):
    assert "does not exist. Create it first." in lived_in.run("backup", str(tmp_path / "no" / "b.tar.gz")).stderr


def test_a_place_that_is_not_empty_is_never_restored_into(lived_in, archive):
    refused = lived_in.run("restore", str(archive))
    assert refused.returncode == 1
    assert "This installation already has a database. Restore to an" in refused.stderr


def test_files_that_are_there_already_are_not_mixed_with_restored_ones(archive, empty_place):
    files = empty_place.directory / "files"
    files.mkdir()
    (files / "mine.txt").write_text("mine")
    assert "already contains files. Move them first." in empty_place.run("restore", str(archive)).stderr
    assert tables(empty_place) == 0
    assert (files / "mine.txt").read_text() == "mine"
    shutil.rmtree(files)


def test_a_database_of_nonsense_is_refused_in_a_sentence_and_changes_nothing(empty_place, members, tmp_path):
    path = packed(tmp_path / "b.tar.gz", with_database(members, b"nonsense " * 5000))
    done = empty_place.run("restore", str(path))
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: The database in the archive")
    assert "Traceback" not in done.stderr
    assert_untouched(empty_place)


def test_a_backup_of_the_other_engine_is_refused_in_a_plain_sentence(archive, empty_place, tmp_path):
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    foreign = changed(
        archive,
        tmp_path / "b.tar.gz",
        lambda name, content: content.replace(
            f'"engine": "{connection.vendor}"'.encode(), f'"engine": "{other}"'.encode()
        ).replace(f'"{engines.MEMBERS[connection.vendor]}"'.encode(), f'"{engines.MEMBERS[other]}"'.encode()),
    )
    refused = empty_place.run("restore", str(foreign))
    assert "Set DATABASE_URL to match." in refused.stderr
    assert_untouched(empty_place)


def test_a_backup_of_a_newer_servanda_is_refused(archive, empty_place, tmp_path):
    newer = changed(archive, tmp_path / "b.tar.gz", lambda name, content: content.replace(b'"0.1.0"', b'"9.0.0"'))
    assert "This backup was made with Servanda" in empty_place.run("restore", str(newer)).stderr
    assert_untouched(empty_place)


def cut_short(archive: Path, target: Path) -> None:
    target.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])


def one_byte_changed(archive: Path, target: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 0xFF
    target.write_bytes(content)


def not_gzip(archive: Path, target: Path) -> None:
    target.write_bytes(gzip.decompress(archive.read_bytes())[:2000])


def file_changed(archive: Path, target: Path) -> None:
    changed(archive, target, lambda name, content: content[::-1] if name.startswith("files/") else content)


def file_missing(archive: Path, target: Path) -> None:
    changed(archive, target, lambda name, content: None if name.startswith("files/") else content)


def manifest_missing(archive: Path, target: Path) -> None:
    changed(archive, target, lambda name, content: None if name == "manifest.json" else content)


def manifest_without_end(archive: Path, target: Path) -> None:
    changed(archive, target, lambda name, content: b"[" * 100_000 if name == "manifest.json" else content)


@pytest.mark.parametrize(
    "damage",
    [cut_short, one_byte_changed, not_gzip, file_changed, file_missing, manifest_missing, manifest_without_end],
)
def test_a_damaged_archive_changes_nothing(archive, empty_place, tmp_path, damage):
    damaged = tmp_path / "b.tar.gz"
    damage(archive, damaged)
    refused = empty_place.run("restore", str(damaged))
    assert refused.returncode == 1
    assert "The archive is damaged" in refused.stderr
    assert_untouched(empty_place)


def test_a_member_that_points_out_of_the_archive_is_refused(empty_place, tmp_path):
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as archive:
        link = tarfile.TarInfo("files/passwords")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert (
        "This is not a backup of Servanda: it contains"
        in empty_place.run("restore", str(tmp_path / "b.tar.gz")).stderr
    )
    assert_untouched(empty_place)


def write_pairs(place: Place, stop: threading.Event, written: list[int]) -> None:
    """A person who never stops working: two rows that belong together, in one transaction."""
    with connect(place) as writer:
        while not stop.is_set():
            number = len(written)
            writer.execute(f"INSERT INTO left_hand (n) VALUES ({number})")
            writer.execute(f"INSERT INTO right_hand (n) VALUES ({number})")
            writer.commit()
            written.append(number)
            stop.wait(0.001)
    writer.close()


def test_a_backup_written_while_somebody_writes_holds_one_moment(new_place_set_up, new_place, tmp_path):
    place = new_place_set_up()
    with connect(place) as setting_up:
        setting_up.execute("CREATE TABLE left_hand (n integer)")
        setting_up.execute("CREATE TABLE right_hand (n integer)")
        setting_up.commit()
    setting_up.close()
    stop, written = threading.Event(), []
    writer = threading.Thread(target=write_pairs, args=(place, stop, written))
    writer.start()
    try:
        wait_for(lambda: written)
        place.must("backup", str(tmp_path / "b.tar.gz"))
        during = len(written)
    finally:
        stop.set()
        writer.join()
    restored = new_place()
    restored.must("restore", str(tmp_path / "b.tar.gz"))
    with connect(restored) as reader:
        left = reader.execute("SELECT count(*), max(n) FROM left_hand").fetchone()
        right = reader.execute("SELECT count(*), max(n) FROM right_hand").fetchone()
    reader.close()
    assert left == right
    assert 0 < left[0] <= during
    assert left[0] == left[1] + 1
