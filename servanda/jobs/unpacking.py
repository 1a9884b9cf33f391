"""Unpacks an untrusted archive: each member is checked before one byte of it is written."""

import gzip
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.formats import localize
from django.utils.translation import gettext as _

from servanda.jobs import engines
from servanda.jobs.backup import MANIFEST
from servanda.kit.refusal import Refused

DAMAGE = (tarfile.TarError, zlib.error, EOFError, ValueError, OverflowError, RecursionError, OSError)
PART = 1_000_000
LONGEST_HEAD = 64_000  # tarfile reads extended headers into memory, whatever size they declare
HEAD = 1024  # bytes counted for each member, so that empty ones count as well
MOST_RATIO = 200  # databases and documents shrink to a twentieth
UNSUSPICIOUS_BYTES = 200_000_000
SPARE_BYTES = 100_000_000  # to be left free on the disk


class BoundedStream:
    """A stream for tarfile, which copies contents in small parts: a large read means a forged header."""

    def __init__(self, file: IO[bytes]):
        self.file = file
        self.tell, self.seek = file.tell, file.seek

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= LONGEST_HEAD:
            raise tarfile.ReadError("a head is too long")
        return self.file.read(size)


def unpack(source: Path, folder: Path) -> None:
    """Write the members into the folder. Raises `Refused` for anything that `backup` does not write."""
    try:
        with gzip.open(source) as file, tarfile.open(fileobj=BoundedStream(file), mode="r:") as archive:
            unpack_members(archive, folder, most_bytes(source, folder))
    except DAMAGE as problem:
        raise Refused(
            _("The archive is damaged or is not a backup: %(reason)s. Use another copy.")
            % {"reason": printable(str(problem) or type(problem).__name__)}
        ) from problem


def unpack_members(archive: tarfile.TarFile, folder: Path, most: int) -> None:
    names: set[str] = set()
    size = 0
    for member in archive:
        refuse_foreign(member)
        if member.name in names:
            raise Refused(
                _("The archive is damaged or is not a backup: it contains %(name)s twice. Use another copy.")
                % {"name": printable(member.name)}
            )
        names.add(member.name)
        size += member.size + HEAD
        if size > most:
            raise Refused(
                _(
                    "The archive unpacks to more than %(size)s MB, and was not unpacked."
                    " Free disk space, or use another copy."
                )
                % {"size": localize(most // 1_000_000)}
            )
        write(archive, member, folder / member.name)
        archive.members = []  # tarfile keeps each, and a million of them would fill the memory


def refuse_foreign(member: tarfile.TarInfo) -> None:
    """Raises `Refused` for links, devices, sparse files, paths that lead elsewhere, and names that no backup has."""
    path = PurePosixPath(member.name)
    is_ours = member.name in {MANIFEST, *engines.MEMBERS.values()} or path.parts[:-1][:1] == ("files",)
    is_plain = member.type in {tarfile.REGTYPE, tarfile.AREGTYPE} and not member.issparse()
    is_straight = str(path) == member.name and not path.is_absolute() and ".." not in path.parts
    if not (is_ours and is_plain and is_straight) or member.size < 0:
        raise Refused(_("This is not a backup of Servanda: it contains %(name)s.") % {"name": printable(member.name)})


def most_bytes(source: Path, folder: Path) -> int:
    """How many bytes the archive may unpack to: zip bombs shrink to a thousandth, and none may fill the disk."""
    allowed = max(UNSUSPICIOUS_BYTES, source.stat().st_size * MOST_RATIO)
    return max(0, min(allowed, shutil.disk_usage(folder).free - SPARE_BYTES))


def write(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    content = archive.extractfile(member)
    if content is None:
        raise tarfile.ReadError("a member has no content")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("xb") as file:
        remaining = member.size
        while remaining > 0:
            piece = content.read(min(remaining, LONGEST_HEAD))
            if not piece:
                raise EOFError("it ends in the middle of a file")
            file.write(piece)
            remaining -= len(piece)
    target.chmod(0o600)


def printable(text: str) -> str:
    """A text from the archive without control characters, which a terminal would obey."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:200])
