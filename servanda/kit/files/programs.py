"""Another program, run on what came from outside: no shell, nothing of our environment, bounds to what it takes."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from servanda.kit.files import limited


@dataclass(frozen=True, slots=True)
class Bounds:
    seconds: int
    memory: int  # bytes of addresses, for each process of it
    written: int  # bytes, for each file that it writes; what it says is one of them


@dataclass(frozen=True, slots=True)
class Ended:
    code: int  # negative where a signal ended it
    said: bytes


class TookTooLong(Exception):
    """Its time was over, and it was ended with all that it had started."""


def run_within(program: Sequence[str], bounds: Bounds, *, folder: Path, env: Mapping[str, str]) -> Ended:
    """Run a program to its end; `env` is added to the path and the language, which is all that it is told."""
    most = [str(bounds.seconds), str(bounds.memory), str(bounds.written)]
    with TemporaryFile() as said:
        running = subprocess.Popen(  # a list of arguments, no shell
            [sys.executable, "-I", "-S", limited.__file__, *most, *program],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"PATH": os.pathsep.join(os.get_exec_path()), "LANG": "C.UTF-8", **env},
            start_new_session=True,
        )
        try:
            code = running.wait(bounds.seconds)
        except subprocess.TimeoutExpired as problem:
            raise TookTooLong(program[0]) from problem
        finally:
            end_group(running)
        said.seek(0)
        return Ended(code, said.read())


def end_group(leader: subprocess.Popen[bytes]) -> None:
    """The program and whatever it started: all of them are in the group that it leads."""
    with suppress(ProcessLookupError):
        os.killpg(leader.pid, signal.SIGKILL)
    leader.wait()
