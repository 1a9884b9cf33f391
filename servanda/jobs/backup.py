"""Writes a backup: one archive with the database, the files, the version, and a hash of each member."""

import hashlib
import io
import json
import os
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.jobs import engines
from servanda.jobs.made_backups import note_backup
from servanda.kit.refusal import Refused
from servanda.trail.anchoring import keep_anchor
from servanda.trail.models import ChainHead

MANIFEST = "manifest.json"
FORMAT = 1


def write_backup(target: Path) -> int:
    """Write the archive under a temporary name and rename it when it is complete; returns the number of files in it.

    Raises `Refused` where the file exists, its folder does not, or the database cannot be dumped.
    """
    if target.exists():
        raise Refused(_("%(file)s already exists. Choose another name.") % {"file": target})
    if not target.parent.is_dir():
        raise Refused(_("The folder %(folder)s does not exist. Create it first.") % {"folder": target.parent})
    if has_trail():
        keep_anchor()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".servanda-backup-") as folder:
        unfinished = Path(folder) / "archive"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            count = write_archive(file, Path(folder))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    note_backup(size=target.stat().st_size)
    return count


def has_trail() -> bool:
    """Whether the tables of the trail exist: a backup can be made before `migrate` has created them."""
    return ChainHead._meta.db_table in connection.introspection.table_names()


def write_archive(file: BinaryIO, folder: Path) -> int:
    dump = folder / engines.MEMBERS[connection.vendor]
    engines.dump(dump)
    hashes: dict[str, str] = {}
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
        # The database first: a file added meanwhile is then superfluous in the archive, instead of missing from it.
        for name, path in [(dump.name, dump), *kept_files()]:
            add(archive, name, path, hashes)
        text = json.dumps(manifest(hashes), indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(text), 0o600
        archive.addfile(info, io.BytesIO(text))
    return len(hashes) - 1


def kept_files() -> Iterator[tuple[str, Path]]:
    root = files_folder()
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"files/{path.relative_to(root).as_posix()}", path


def files_folder() -> Path:
    return Path(default_storage.path(""))


def add(archive: tarfile.TarFile, name: str, path: Path, hashes: dict[str, str]) -> None:
    try:
        source = path.open("rb")
    except FileNotFoundError:  # deleted since the folder was read
        return
    with source:
        info = tarfile.TarInfo(name)
        status = os.fstat(source.fileno())
        info.size, info.mtime, info.mode = status.st_size, int(status.st_mtime), 0o600
        hashed = HashedReader(source)
        archive.addfile(info, hashed)
    hashes[name] = hashed.hash.hexdigest()


class HashedReader(io.RawIOBase):
    """Hashes the very bytes that go into the archive: the file on the disk may change in the meantime."""

    def __init__(self, source: BinaryIO):
        self.source, self.hash = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self.source.read(size)
        self.hash.update(part)
        return part


def manifest(hashes: dict[str, str]) -> dict:
    return {
        "format": FORMAT,
        "version": program_version(),
        "engine": connection.vendor,
        "written_at": timezone.now().isoformat(),
        "sha256": hashes,
    }


def program_version() -> str:
    return tomllib.loads((settings.ROOT / "pyproject.toml").read_text())["project"]["version"]
