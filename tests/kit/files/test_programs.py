"""Another program is bounded: in time, in memory, in what it writes and in what it is told."""

import os
import sys
import time

import pytest

from servanda.kit.files.programs import Bounds, TookTooLong, run_within

BOUNDS = Bounds(seconds=20, memory=1_000_000_000, file_size=1_000_000)


def python(words: str, folder, bounds=BOUNDS):
    return run_within([sys.executable, "-c", words], bounds, folder=folder, env={"HOME": str(folder)})


def test_what_a_program_says_comes_back_with_its_code(tmp_path):
    ended = python("import os, sys; print(os.getcwd()); sys.exit(3)", tmp_path)
    assert (ended.code, ended.output.decode().strip()) == (3, str(tmp_path))


def test_nothing_of_our_environment_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("SERVANDA_SECRET_KEY", "the secret")
    text = python("import os; print(os.environ)", tmp_path).output.decode()
    assert "the secret" not in text
    assert str(tmp_path) in text


def test_a_program_that_asks_for_more_memory_ends(tmp_path):
    assert python("print(len(bytearray(300_000_000)))", tmp_path).output == b"300000000\n"
    ended = python("print(len(bytearray(2_000_000_000)))", tmp_path)
    assert (ended.code, ended.output) == (1, b"")


def test_a_program_that_writes_without_end_ends(tmp_path):
    ended = python("while True: print('x' * 99_999)", tmp_path)
    assert ended.code != 0
    assert len(ended.output) <= BOUNDS.file_size
    python("file = open('big', 'wb')\nwhile True: file.write(bytes(99_999))", tmp_path)
    assert (tmp_path / "big").stat().st_size <= BOUNDS.file_size


def test_a_program_that_takes_too_long_ends_with_all_that_it_started(tmp_path):
    words = ["sh", "-c", "sleep 60 & echo $! > child; wait"]
    start = time.monotonic()
    with pytest.raises(TookTooLong):
        run_within(words, Bounds(seconds=1, memory=1_000_000_000, file_size=1_000), folder=tmp_path, env={})
    assert time.monotonic() - start < 10
    assert ended_soon(int((tmp_path / "child").read_text()))


def test_what_a_program_left_behind_ends_with_it(tmp_path):
    words = "import subprocess; print(subprocess.Popen(['sleep', '60'], stdout=subprocess.DEVNULL).pid)"
    assert ended_soon(int(python(words, tmp_path).output))


def ended_soon(pid: int) -> bool:
    """Whether a process is gone, or only waits for a person to ask what became of it."""
    for _turn in range(50):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                if file.read().rpartition(")")[2].split()[0] in "ZX":
                    return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.1)
    os.kill(pid, 9)
    return False
