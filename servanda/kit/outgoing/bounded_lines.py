"""A connection that is read until one deadline and up to a number of bytes, however slowly the other side sends."""

import io
import time
from typing import Any, Protocol


class Connection(Protocol):
    """What is needed of a socket."""

    def settimeout(self, value: float, /) -> None: ...

    def recv_into(self, buffer: Any, /) -> int: ...


class TooLong(OSError):
    """The other side sent more bytes than allowed."""


class Deadline:
    """The end of a whole exchange: a timeout of each read would start again with every byte."""

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds

    def seconds_left(self) -> float:
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
        self.line.settimeout(self.deadline.seconds_left())
        count = self.line.recv_into(buffer)
        self.left -= count
        if self.left < 0:
            raise TooLong("its answer is too long")
        return count
