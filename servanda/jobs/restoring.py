"""Restores a backup into an empty data directory: everything is checked first, then all of it is restored, or
nothing."""

import hashlib
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from servanda.jobs import engines
from servanda.jobs.backup import FORMAT, MANIFEST, files_folder, program_version
from servanda.jobs.examining import refuse_unless_ours
from servanda.jobs.made_backups import note_restore
from servanda.jobs.unpacking import printable, unpack
from servanda.kit.files.nesting import load_shallow
from servanda.kit.refusal import Refused

LONGEST_MANIFEST = 100_000_000  # 500,000 files
VERSION = re.compile(r"\d{1,6}(\.\d{1,6}){0,4}[\w.+-]{0,30}", re.ASCII)


def restore_backup(source: Path) -> dict:
    """Restore a backup; returns its manifest. Raises `Refused`."""
    refuse_unless_empty()
    if not source.is_file():
        raise Refused(_("The file %(file)s does not exist.") % {"file": source})
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".servanda-restore-") as name:
        folder = Path(name)
        manifest = unpack_checked(source, folder)
        put_in_place(folder)
    note_restore(written_at=manifest["written_at"], size=source.stat().st_size)
    return manifest


def unpack_checked(source: Path, folder: Path) -> dict:
    """Unpack and check a backup; returns its manifest. Raises `Refused` where it is damaged or of another version."""
    unpack(source, folder)
    manifest = checked_manifest(folder)
    refuse_unless_ours(folder / engines.MEMBERS[connection.vendor])
    return manifest


def refuse_unless_empty() -> None:
    if not engines.is_empty():
        raise Refused(
            _(
                "This installation already has a database. Restore to an empty location: another "
                "SERVANDA_DATA_DIR, or a new, empty PostgreSQL database."
            )
        )
    files = files_folder()
    if files.is_dir() and any(files.iterdir()):
        raise Refused(_("The folder %(folder)s already contains files. Move them first.") % {"folder": files})


def checked_manifest(folder: Path) -> dict:
    """The manifest, without its file. Raises `Refused` unless it is true and fits this installation."""
    path = folder / MANIFEST
    if not path.is_file():
        raise Refused(_("The archive is damaged or is not a backup: it has no manifest. Use another copy."))
    manifest = read_manifest(path)
    path.unlink()
    if manifest["format"] != FORMAT or numbers(manifest["version"]) > numbers(program_version()):
        raise Refused(
            _(
                "This backup was made with Servanda %(version)s; this installation is version %(mine)s. Install "
                "the newer version first."
            )
            % {"version": manifest["version"], "mine": program_version()}
        )
    if manifest["engine"] != connection.vendor:
        raise Refused(
            _(
                "This backup contains a %(theirs)s database; this installation uses %(mine)s. Set DATABASE_URL to "
                "match."
            )
            % {"theirs": engines.NAMES[manifest["engine"]], "mine": engines.NAMES[connection.vendor]}
        )
    compare_hashes(folder, manifest["sha256"])
    return manifest


def read_manifest(path: Path) -> dict:
    """Raises `Refused` where a part is missing: after the database was loaded it would be too late to notice."""
    try:
        if path.stat().st_size > LONGEST_MANIFEST:
            raise ValueError("the manifest is too long")
        manifest = load_shallow(path.read_bytes())
        if not is_manifest(manifest):
            raise ValueError("the manifest lacks a part")
    except ValueError as problem:
        message = _("The archive is damaged or is not a backup: its manifest cannot be read. Use another copy.")
        raise Refused(message) from problem
    return manifest


def is_manifest(content: object) -> bool:
    """Whether this is what `backup` writes: format, version, engine, time, and a hash for each member."""
    if not isinstance(content, dict):
        return False
    version, engine, written_at, hashes = (
        content.get(name) for name in ("version", "engine", "written_at", "sha256")
    )
    return (
        isinstance(version, str)
        and VERSION.fullmatch(version) is not None
        and isinstance(engine, str)
        and engine in engines.NAMES
        and isinstance(written_at, str)
        and parse_datetime(written_at) is not None
        and isinstance(hashes, dict)
        and all(isinstance(value, str) for value in hashes.values())
        and engines.MEMBERS[engine] in hashes
        and type(content.get("format")) is int
    )


def numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdecimal()]


def compare_hashes(folder: Path, expected: dict[str, str]) -> None:
    hashes = {path.relative_to(folder).as_posix(): digest(path) for path in folder.rglob("*") if path.is_file()}
    wrong = sorted(name for name in hashes.keys() | expected.keys() if hashes.get(name) != expected.get(name))
    if wrong:
        raise Refused(
            _("The archive is damaged: %(names)s has changed since the backup. Use another copy.")
            % {"names": ", ".join(printable(name) for name in wrong[:5])}
        )


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put_in_place(folder: Path) -> None:
    """Move the files first, since they are easily moved back, and load the database last, since that either succeeds
    or changes nothing. Raises `Refused`."""
    unpacked, target = folder / "files", files_folder()
    unpacked.mkdir(exist_ok=True)
    if target.is_dir():
        target.rmdir()
    unpacked.rename(target)
    try:
        engines.load(folder / engines.MEMBERS[connection.vendor])
    except (Refused, OSError) as problem:
        target.rename(unpacked)
        raise Refused(_("Nothing was restored: %(reason)s") % {"reason": problem}) from problem
