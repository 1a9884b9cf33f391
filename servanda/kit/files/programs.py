"""Runs another program on untrusted input: no shell, none of our environment, limits on what it may use."""

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
    memory: int  # bytes of address space, for each of its processes
    file_size: int  # bytes, for each file that it writes, its output included


@dataclass(frozen=True, slots=True)
class Result:
    code: int  # negative where a signal ended it
    output: bytes


class TookTooLong(Exception):
    """The program ran out of time and was killed with all processes that it had started."""


def run_within(program: Sequence[str], bounds: Bounds, *, folder: Path, env: Mapping[str, str]) -> Result:
    """Run a program to its end; besides `env` it is given only PATH and LANG. Raises `TookTooLong`."""
    limits = [str(bounds.seconds), str(bounds.memory), str(bounds.file_size)]
    with TemporaryFile() as output:
        running = subprocess.Popen(  # a list of arguments, no shell
            [sys.executable, "-I", "-S", limited.__file__, *limits, *program],
            stdin=subprocess.DEVNULL,
            stdout=output,
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
            kill_group(running)
        output.seek(0)
        return Result(code, output.read())


def kill_group(leader: subprocess.Popen[bytes]) -> None:
    """Kill the program and all that it started: they are in the process group that it leads."""
    with suppress(ProcessLookupError):
        os.killpg(leader.pid, signal.SIGKILL)
    leader.wait()
