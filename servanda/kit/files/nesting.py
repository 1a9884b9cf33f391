"""Checks how deeply a JSON text is nested, and how long one record is, before a parser builds objects from it.

ijson records the path of every level that it enters: 100,000 brackets (200 kB) would take 20 GB.
"""

import json
from typing import IO, Any

MOST_LEVELS = 64  # an export of UHRI has 3
MOST_BYTES_OF_A_RECORD = 8_000_000  # far above any text; a record becomes some 20 times its size in memory
NO_BRACKETS = bytes(sign for sign in range(256) if sign not in b"[]{}")


class NestedTooDeeply(ValueError):
    """A JSON text opens more brackets within each other than anything that is read here."""


class RecordTooLong(ValueError):
    """One record of a JSON text is so long that it would fill the memory."""


class Nesting:
    """Follows a JSON text piece by piece. Brackets inside strings do not count.

    Exact for valid JSON; at the first error a parser stops anyway.
    """

    def __init__(self) -> None:
        self.level = 0
        self.is_in_string = False
        self.pending = b""  # a backslash whose escaped character is in the next piece

    def follow(self, piece: bytes) -> int:
        """The lowest level within this piece; raises `NestedTooDeeply`."""
        lowest = level = self.level
        for bracket in self._outside_strings(piece).translate(None, NO_BRACKETS):
            if bracket in b"[{":
                level += 1
                if level > MOST_LEVELS:
                    raise NestedTooDeeply
            else:
                level -= 1
                if level < lowest:
                    lowest = level
        self.level = level
        return lowest

    def _outside_strings(self, piece: bytes) -> bytes:
        plain = (self.pending + piece).replace(b"\\\\", b"")
        self.pending = b"\\" if plain.endswith(b"\\") else b""
        parts = plain.replace(b'\\"', b"").split(b'"')
        outside = b"".join(parts[int(self.is_in_string) :: 2])
        self.is_in_string ^= len(parts) % 2 == 0
        return outside


class ShallowFile:
    """A JSON file for a parser that reads in pieces; `records_at` is the nesting level of its records.

    `read` raises `NestedTooDeeply` and `RecordTooLong`.
    """

    def __init__(self, file: IO[bytes], *, records_at: int):
        self.file = file
        self.records_at = records_at
        self.nesting = Nesting()
        self.length = 0

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        within_record = self.nesting.follow(piece) > self.records_at
        self.length = self.length + len(piece) if within_record else 0
        if self.length > MOST_BYTES_OF_A_RECORD:
            raise RecordTooLong
        return piece


def load_shallow(content: bytes | str, **hooks: Any) -> Any:
    """Untrusted JSON as Python objects, read with these hooks of `json.loads`; raises `NestedTooDeeply` or another
    `ValueError`."""
    Nesting().follow(content if isinstance(content, bytes) else content.encode())
    try:
        return json.loads(content, **hooks)
    except RecursionError as error:  # for instance in UTF-16, where `Nesting` does not recognise all strings
        raise NestedTooDeeply from error
