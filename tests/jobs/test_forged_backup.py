"""What is offered to `restore` and is no whole backup of Servanda: a sentence for each, and nothing is changed."""

import gzip
import json
import tarfile
import zipfile

import pytest
from django.db import connection

from servanda.jobs import unpacking
from servanda.jobs.restoring import unpack_checked
from servanda.kit.refusal import Refused
from tests.jobs.archives import DATABASE, packed, signed, with_database

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(180)]


@pytest.mark.database
def test_a_whole_backup_passes(whole_archive, tmp_path):
    assert unpack_checked(whole_archive, tmp_path)["engine"] == connection.vendor


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 5000,
        b"no archive",
        gzip.compress(b"no tar" * 1000),
        gzip.compress(b""),
        b"\x1f\x8b\x08" + b"\xff" * 90,
    ],
    ids=["nothing", "zeros", "text", "gzip of text", "gzip of nothing", "half a head"],
)
def test_what_is_no_archive_is_refused(refusal, tmp_path, content):
    (tmp_path / "b.tar.gz").write_bytes(content)
    assert "is not a backup" in refusal(tmp_path / "b.tar.gz")


def test_a_zip_file_is_refused(refusal, tmp_path):
    with zipfile.ZipFile(tmp_path / "b.tar.gz", "w") as archive:
        archive.writestr("manifest.json", "{}")
    assert "is not a backup" in refusal(tmp_path / "b.tar.gz")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_an_archive_cut_short_is_refused(refusal, whole_archive, tmp_path, share):
    content = whole_archive.read_bytes()
    (tmp_path / "b.tar.gz").write_bytes(content[: int(len(content) * share)])
    assert "The archive is damaged" in refusal(tmp_path / "b.tar.gz")


@pytest.mark.parametrize(
    "name",
    [
        "/etc/cron.d/x",
        "../x",
        "files/../../x",
        "files//x",
        "./files/x",
        "files",
        "files/",
        "other.txt",
        "\x1b[2Jx",
        "",
    ],
)
def test_a_name_that_no_backup_has_is_refused_and_nothing_is_written(refusal, members, tmp_path, name):
    path = packed(tmp_path / "b.tar.gz", [(name, b"x"), *members])
    message = refusal(path)
    assert "is not a backup" in message
    assert message.isprintable()
    assert not any((tmp_path / "folder").iterdir())


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE, tarfile.GNUTYPE_SPARSE],
)
def test_what_is_no_plain_file_is_refused(refusal, tmp_path, kind):
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("files/x")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
    assert "is not a backup" in refusal(tmp_path / "b.tar.gz")


def test_a_member_that_is_there_twice_is_refused(refusal, members, tmp_path):
    for name, content in [members[0], members[-1]]:
        path = packed(tmp_path / "b.tar.gz", [*members, (name, content)])
        folder = tmp_path / name.replace("/", "-")
        folder.mkdir()
        with pytest.raises(Refused, match="twice"):
            unpack_checked(path, folder)


def test_a_member_that_is_missing_is_refused(refusal, members, tmp_path):
    path = packed(tmp_path / "b.tar.gz", [pair for pair in members if pair[0] != DATABASE])
    assert f"{DATABASE} has changed since the backup. Use another copy." in refusal(path)


def test_an_archive_without_a_database_that_says_so_itself_is_refused(refusal, members, tmp_path):
    path = packed(tmp_path / "b.tar.gz", signed([pair for pair in members if pair[0] != DATABASE]))
    assert "manifest cannot be read" in refusal(path)


@pytest.mark.parametrize(
    "manifest",
    [
        [],
        None,
        {},
        {"format": "1"},
        {"format": True},
        {"version": 1},
        {"version": "9" * 9000},
        {"version": "x"},
        {"engine": "oracle"},
        {"engine": []},
        {"written_at": "\x1b[2J"},
        {"written_at": 7},
        {"sha256": []},
        {"sha256": {"database.sqlite3": 1, "database.pgdump": 1}},
    ],
    ids=repr,
)
def test_a_manifest_of_another_shape_is_refused(refusal, members, tmp_path, manifest):
    known = dict(members)
    if manifest:
        manifest = json.loads(known["manifest.json"]) | manifest
    known["manifest.json"] = json.dumps(manifest).encode()
    assert "manifest cannot be read" in refusal(packed(tmp_path / "b.tar.gz", list(known.items())))


def test_a_bomb_is_refused_before_it_fills_the_disk(refusal, members, tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "UNSUSPICIOUS_BYTES", 20_000_000)
    path = packed(tmp_path / "b.tar.gz", [("files/zeros", bytes(50_000_000))])
    assert path.stat().st_size < 1_000_000
    assert "unpacks to more than" in refusal(path)
    assert not any((tmp_path / "folder").iterdir())


def test_a_head_that_says_it_is_vast_is_refused_before_it_is_read(refusal, tmp_path):
    with gzip.open(tmp_path / "b.tar.gz", "wb", compresslevel=1) as file:
        info = tarfile.TarInfo("././@LongLink")
        info.type, info.size = tarfile.GNUTYPE_LONGNAME, 50_000_000
        file.write(info.tobuf(tarfile.GNU_FORMAT) + bytes(50_000_000))
    assert "a head is too long" in refusal(tmp_path / "b.tar.gz")


def test_a_chain_of_heads_without_end_is_refused(refusal, tmp_path):
    info = tarfile.TarInfo("././@PaxHeader")
    info.type, info.size = tarfile.XHDTYPE, 0
    with gzip.open(tmp_path / "b.tar.gz", "wb", compresslevel=1) as file:
        file.write(info.tobuf(tarfile.PAX_FORMAT) * 20_000)
    assert "is not a backup" in refusal(tmp_path / "b.tar.gz")


@pytest.mark.database
@pytest.mark.parametrize("content", [b"", b"nonsense " * 5000, bytes(100_000)], ids=["empty", "words", "zeros"])
def test_a_database_of_nonsense_with_a_fitting_hash_is_refused(refusal, members, tmp_path, content):
    assert "The database in the archive" in refusal(packed(tmp_path / "b.tar.gz", with_database(members, content)))


@pytest.mark.database
def test_a_database_damaged_before_it_was_hashed_is_refused(refusal, members, tmp_path):
    content = bytearray(dict(members)[DATABASE])
    for place in range(5000, len(content), 4096):
        content[place : place + 700] = bytes(700)
    message = refusal(packed(tmp_path / "b.tar.gz", with_database(members, bytes(content))))
    assert "The database in the archive is damaged" in message
