"""A connection that is read to one moment in time and to so many bytes, however slowly the other side talks."""

import io
import time
from typing import Any, Protocol


class Connection(Protocol):
    """What is needed of a socket."""

    def settimeout(self, value: float, /) -> None: ...

    def recv_into(self, buffer: Any, /) -> int: ...


class TooLong(OSError):
    """More than anybody has to say."""


class Deadline:
    """One moment at which all ends, however often the other side sends a little."""

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds

    def left(self) -> float:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("it takes too long")
        return left


class BoundedReader(io.RawIOBase):
    def __init__(self, line: Connection, deadline: Deadline, most: int) -> None:
        self.line, self.deadline, self.left = line, deadline, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.line.settimeout(self.deadline.left())
        count = self.line.recv_into(buffer)
        self.left -= count
        if self.left < 0:
            raise TooLong("its answer is too long")
        return count
