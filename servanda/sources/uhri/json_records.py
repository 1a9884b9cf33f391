"""Streams the records of a JSON file, so that 400 MB take no more memory than 4."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import ijson
from django.utils.formats import localize

from servanda.kit.database.sentences import gettext as _
from servanda.kit.files.nesting import MOST_LEVELS, NestedTooDeeply, RecordTooLong, ShallowFile
from servanda.sources.candidates import Unreadable

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
BUFFER = 32 * 1024  # ijson drops the buffer in which it finds an error, so a small one locates it better


@contextmanager
def opened(path: Path) -> Iterator[tuple[IO[bytes], bytes]]:
    """The file, positioned after any byte order mark, and its first visible byte. Raises `Unreadable`."""
    with path.open("rb") as file:
        start = file.read(4096)
        file.seek(len(BYTE_ORDER_MARK) if start.startswith(BYTE_ORDER_MARK) else 0)
        first = start.removeprefix(BYTE_ORDER_MARK).lstrip()[:1]
        if not first:
            raise Unreadable(_("%(file)s is empty. Download it again.") % {"file": path.name})
        yield file, first


def array_records(path: Path) -> Iterator[object]:
    """The records of a file that is one JSON list. Raises `Unreadable`."""
    with opened(path) as (file, first):
        if first != b"[":
            message = _("%(file)s is not a list of records. Choose the full JSON export of UHRI.")
            raise Unreadable(message % {"file": path.name})
        shallow = ShallowFile(file, records_at=1)
        yield from counted(path.name, ijson.items(shallow, "item", use_float=True, buf_size=BUFFER))


def records(path: Path) -> Iterator[object]:
    """The records of one JSON list, or of a file with one JSON record per line. Raises `Unreadable`."""
    with opened(path) as (file, first):
        prefix, level = ("item", 1) if first == b"[" else ("", 0)
        shallow = ShallowFile(file, records_at=level)
        stream = ijson.items(shallow, prefix, use_float=True, buf_size=BUFFER, multiple_values=True)
        yield from counted(path.name, stream)


def counted(name: str, stream: Iterator[object]) -> Iterator[object]:
    """Yield records; raises `Unreadable` with the number of the last readable one where the file is damaged."""
    count = 0
    try:
        for record in stream:
            count += 1
            yield record
    except NestedTooDeeply as error:
        sentence = _(
            "%(file)s has too many nested levels soon after record %(count)s: at most %(levels)d levels can be "
            "read. Download the UHRI export again."
        )
        raise Unreadable(sentence % {"file": name, "count": localize(count), "levels": MOST_LEVELS}) from error
    except RecordTooLong as error:
        sentence = _(
            "%(file)s has a record that is too long soon after record %(count)s. Send a file that is a list of "
            "records."
        )
        raise Unreadable(sentence % {"file": name, "count": localize(count)}) from error
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise Unreadable(broken(name, count, str(error))) from error
    if not count:
        raise Unreadable(_("%(file)s contains no records.") % {"file": name})


def broken(name: str, count: int, reason: str) -> str:
    place = {"file": name, "count": localize(count)}
    if "UTF8" in reason or "utf-8" in reason:
        return (
            _("%(file)s contains text that is not UTF-8, shortly after record %(count)s. Download it again.") % place
        )
    if "premature EOF" in reason:
        return _("%(file)s ends unexpectedly after record %(count)s. Download it again.") % place
    return _("%(file)s is damaged soon after record %(count)s. Download it again.") % place
