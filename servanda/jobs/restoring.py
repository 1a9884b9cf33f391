"""A backup back into an empty place: everything is checked first, then all of it is put in, or nothing."""

import gzip
import hashlib
import tarfile
import tempfile
import zlib
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from servanda.jobs import engines
from servanda.jobs.backup import FORMAT, MANIFEST, files_folder, program_version
from servanda.kit.nesting import load_shallow
from servanda.kit.refusal import Refused

DAMAGE = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError)


def restore_backup(source: Path) -> dict:
    """Bring back what a backup holds; answers its manifest."""
    refuse_unless_empty()
    if not source.is_file():
        raise Refused(_("There is no file %(file)s.") % {"file": source})
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".servanda-restore-") as name:
        folder = Path(name)
        unpack(source, folder)
        manifest = checked_manifest(folder)
        put_in_place(folder)
    return manifest


def refuse_unless_empty() -> None:
    if not engines.is_empty():
        raise Refused(
            _(
                "This installation has a database already. Restore into an empty place:"
                " another SERVANDA_DATA_DIR, or a new and empty PostgreSQL database."
            )
        )
    files = files_folder()
    if files.is_dir() and any(files.iterdir()):
        raise Refused(_("The folder %(folder)s holds files already. Move it away first.") % {"folder": files})


def unpack(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            for member in archive:
                if not member.isfile():
                    raise Refused(_("This is no backup of Servanda: it holds %(name)s.") % {"name": member.name})
                archive.extract(member, folder, filter="data")
    except DAMAGE as problem:
        raise Refused(
            _("The archive is damaged or no backup: %(reason)s. Use another copy.") % {"reason": problem}
        ) from problem


def checked_manifest(folder: Path) -> dict:
    """What the archive says about itself, if it is true and fits this installation."""
    path = folder / MANIFEST
    if not path.is_file():
        raise Refused(_("The archive is damaged or no backup: it has no manifest. Use another copy."))
    try:
        manifest = load_shallow(path.read_bytes())
    except ValueError as problem:
        message = _("The archive is damaged or no backup: its manifest cannot be read. Use another copy.")
        raise Refused(message) from problem
    path.unlink()
    if manifest["format"] != FORMAT or numbers(manifest["version"]) > numbers(program_version()):
        raise Refused(
            _("This backup was written by Servanda %(version)s, and this is %(mine)s. Install the newer one first.")
            % {"version": manifest["version"], "mine": program_version()}
        )
    if manifest["engine"] != connection.vendor:
        raise Refused(
            _("This backup holds a %(theirs)s database; this installation uses %(mine)s. Set DATABASE_URL to match.")
            % {"theirs": engines.NAMES[manifest["engine"]], "mine": engines.NAMES[connection.vendor]}
        )
    compare_hashes(folder, manifest["sha256"])
    return manifest


def numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdecimal()]


def compare_hashes(folder: Path, expected: dict[str, str]) -> None:
    found = {path.relative_to(folder).as_posix(): digest(path) for path in folder.rglob("*") if path.is_file()}
    wrong = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    if wrong:
        raise Refused(
            _("The archive is damaged: %(names)s is not as it was written. Use another copy.")
            % {"names": ", ".join(wrong[:5])}
        )


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put_in_place(folder: Path) -> None:
    """Files first, since moving them back is easy; the database last, since its engine undoes a failure itself."""
    unpacked, target = folder / "files", files_folder()
    unpacked.mkdir(exist_ok=True)
    if target.is_dir():
        target.rmdir()
    unpacked.rename(target)
    try:
        engines.load(folder / engines.MEMBERS[connection.vendor])
    except (Refused, OSError):
        target.rename(unpacked)
        raise
