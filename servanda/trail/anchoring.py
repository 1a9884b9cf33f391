"""Anchors: the end of the trail, recorded from time to time in a file outside the database.

A chain that was rewritten as a whole, or a restored older copy of the database, disagrees with the lines of this
file. Lines are only ever appended. `SERVANDA_ANCHOR_FILE` should put the file on another disk than the database.
"""

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from servanda.kit.files.nesting import load_shallow
from servanda.trail.models import ChainHead, Event

logger = logging.getLogger("servanda.trail")
LONGEST_LINE = 1000
HIGHEST = 2**63  # beyond the numbers of entries
TOO_OLD = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One line of the file: at this moment, the trail ended with this entry.

    A line that accepts a restore also has the first entry for which earlier lines no longer count.
    """

    at: str
    sequence: int
    hash: str
    set_aside_from: int | None = None

    def line(self) -> str:
        values: dict[str, object] = {"at": self.at, "sequence": self.sequence, "hash": self.hash}
        if self.set_aside_from is not None:
            values["set_aside_from"] = self.set_aside_from
        return json.dumps(values)

    @property
    def moment(self) -> datetime | None:
        return parse_datetime(self.at)


def anchor_file() -> Path:
    return Path(settings.ANCHOR_FILE)


def write_anchor() -> Anchor | None:
    """Append the end of the trail, if it has changed since the last line. Raises `OSError`.

    If the trail does not contain the last anchor, nothing is written: a new line would hide that from `verify_trail`.
    """
    last, head = last_anchor(), ChainHead.objects.filter(pk=1).first()
    if head is None or (last and head.hash == last.hash):
        return None
    if last and not is_known(last):
        logger.error("The trail does not agree with its last anchor, entry %s. Run verify_trail.", last.sequence)
        return None
    anchor = Anchor(timezone.now().isoformat(), head.sequence, head.hash)
    append(anchor)
    return anchor


def is_known(anchor: Anchor) -> bool:
    return Event.objects.filter(sequence=anchor.sequence, hash=anchor.hash).exists()


def keep_anchor() -> None:
    """Like `write_anchor`, but log an error where the file cannot be written."""
    try:
        write_anchor()
    except OSError as problem:
        logger.error("The anchor file cannot be written: %s", problem)


def append(anchor: Anchor) -> None:
    """Append one line and sync it to the disk. If a crash left half a line, the new one starts below it."""
    settle_on_disk()
    path = anchor_file()
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, f"{'\n' if torn else ''}{anchor.line()}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle_on_disk() -> None:
    """SQLite may lose its last commits in a power cut; an anchor that survived them would be a false alarm."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def read_line(line: str) -> Anchor | None:
    """None if the line is not an anchor, such as half a line."""
    try:
        values = load_shallow(line)
        aside = values.get("set_aside_from")
        aside = None if aside is None else int(aside)
        anchor = Anchor(str(values["at"]), int(values["sequence"]), str(values["hash"]), aside)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None
    return anchor if 0 < anchor.sequence < HIGHEST and 0 < (aside or 1) < HIGHEST else None


def read_lines() -> Iterator[Anchor | None]:
    """Oldest first; none if there is no file yet. Raises `OSError`."""
    try:
        file = anchor_file().open(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    with file:
        for line in file:
            yield read_line(line)


def last_anchor() -> Anchor | None:
    try:
        file = anchor_file().open("rb")
    except FileNotFoundError:
        return None
    with file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - 2 * LONGEST_LINE))
        lines = file.read().decode(errors="replace").splitlines()
    return next((anchor for line in reversed(lines) if (anchor := read_line(line))), None)


def valid_anchors() -> Iterator[Anchor]:
    """Anchors that no later line sets aside. The file is read twice instead of being kept in memory."""
    cuts = [(number, anchor.set_aside_from) for number, anchor in enumerate(read_lines()) if is_cut(anchor)]
    for number, anchor in enumerate(read_lines()):
        if anchor and not any(number < cut and anchor.sequence >= start for cut, start in cuts):
            yield anchor


def is_cut(anchor: Anchor | None) -> bool:
    return anchor is not None and anchor.set_aside_from is not None


def trouble(*, on: datetime) -> str:
    """A warning about the anchors for readers of the trail; empty if there is none."""
    try:
        last = last_anchor()
        refuse_unless_writable()
    except OSError as problem:
        return _("The anchor file cannot be written (%(why)s). Contact your system administrator.") % {
            "why": problem.strerror or type(problem).__name__
        }
    if last and not is_known(last):
        return _("The audit trail does not match its last anchor. Ask your system administrator to run verify_trail.")
    known = last.sequence if last else 0
    waiting = Event.objects.filter(sequence__gt=known).order_by("sequence").values_list("at", flat=True).first()
    if waiting is not None and waiting < on - TOO_OLD:
        return _(
            "Recent entries are not anchored yet. Ask your system administrator to check that the worker is running."
        )
    return ""


def refuse_unless_writable() -> None:
    path = anchor_file()
    if path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND))
    elif not os.access(path.parent, os.W_OK):
        raise PermissionError(13, os.strerror(13))
