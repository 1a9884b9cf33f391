"""Finds records of similar meaning by exact comparison with all vectors, which each process holds in memory.

They include records that a person may not see, so every result is restricted to a given set of records:
`visible_to(user)` or `public()`.
"""

import json
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock
from zipfile import BadZipFile

import numpy as np
from django.conf import settings
from django.db.models import Max, QuerySet
from numpy.typing import NDArray

from servanda.language.vectors.encoder import Vectors
from servanda.recommendations.models import Recommendation, TextVector, VectorStamp
from servanda.recommendations.search.encoding import waiting_for
from servanda.recommendations.search.vector_space import Near, Space

WORTH_A_FILE = 20_000  # records; fewer are read from the database within a second
LAST = "last.json"
WORTH_ANOTHER = 2_000  # texts written since the last file was made
UNFINISHED = "unfinished."
ABANDONED = 24 * 60 * 60  # seconds; writing the largest file takes minutes

_space = Space("", None)
_lock = Lock()


def waiting() -> int:
    """How many texts have no vector yet; until then they are found by their words only."""
    mark = VectorStamp.objects.values_list("encoder", flat=True).first()
    return waiting_for(mark or "").count()


def now() -> Space:
    """The vectors of this process after reading new ones; a single query when there are none."""
    global _space
    stamp = VectorStamp.objects.first()
    if stamp is None:
        return Space("", None)
    with _lock:
        if stamp.series != _space.series or stamp.number < _space.number:
            _space = load_file(stamp) or Space(stamp.encoder, stamp.series)
        if stamp.number > _space.number:
            _space.read_on(stamp.number)
        return _space


def vector_of(text: str) -> Vectors | None:
    return now().vector_of(text)


def vectors_of(records: QuerySet[Recommendation] | Iterable[int]) -> tuple[NDArray[np.int64], Vectors]:
    """The ids of those records that have a vector, and their vectors as rows."""
    space = now()
    pks = records.order_by("pk").values_list("pk", flat=True) if isinstance(records, QuerySet) else records
    return space.vectors_of(pks)


def nearest(vector: Vectors, *, among: QuerySet[Recommendation], top: int, at_least: float = 0.0) -> Near:
    return now().nearest(vector, among=among, top=top, at_least=at_least)


def folder() -> Path:
    """The folder of vector files, which only cache the database and may be deleted at any time."""
    return Path(settings.DATA_DIR) / "vectors"


def files_of(series: object) -> list[tuple[int, Path]]:
    """The files of a series, the newest last, each with the number of the last write that it contains."""
    candidates = [(path.name.rpartition("-")[2], path) for path in folder().glob(f"{series}-*")]
    return sorted((int(number), path) for number, path in candidates if number.isdecimal())


def load_file(stamp: VectorStamp) -> Space | None:
    fitting = [(number, path) for number, path in files_of(stamp.series) if number <= stamp.number]
    for number, path in reversed(fitting):
        if not is_of_this_register(path):
            continue
        try:
            return Space.mapped(path, stamp.encoder, stamp.series, number)
        except (OSError, EOFError, ValueError, KeyError, BadZipFile):
            continue  # just deleted, or truncated: the database has everything
    return None


def last_written(number: int) -> dict[str, str]:
    """The texts whose vectors were last written under this number, with their digests."""
    rows = TextVector.objects.filter(written=number).values_list("text", "digest")
    return {str(pk): digest for pk, digest in rows}


def is_of_this_register(path: Path) -> bool:
    """Whether the last write that a file contains still exists: a database restored from a backup reuses numbers, and
    older files then contain other texts."""
    try:
        last = json.loads((path / LAST).read_text())
    except (OSError, ValueError):
        return False
    current = last_written(last["number"])
    return bool(current) and current.items() <= last["texts"].items()


def write_file() -> None:
    """Write the vectors of a large register into a file, so that other processes start faster.

    The previous file is deleted; processes that have opened it can use it until they close it. Several processes may
    write at the same time: each writes into a folder of its own, which is then renamed to a unique name.
    """
    space = now()
    files = files_of(space.series)
    newest = files[-1][0] if files else 0
    if len(space.places) < WORTH_A_FILE:
        return
    is_good = bool(files) and is_of_this_register(files[-1][1])
    if is_good and not TextVector.objects.filter(written__gt=newest)[WORTH_ANOTHER:].exists():
        return
    number = TextVector.objects.filter(written__lte=space.number).aggregate(last=Max("written"))["last"]
    if number is None:
        return
    folder().mkdir(mode=0o700, exist_ok=True)
    unfinished = Path(mkdtemp(dir=folder(), prefix=UNFINISHED))
    try:
        space.keep(unfinished)
        (unfinished / LAST).write_text(json.dumps({"number": number, "texts": last_written(number)}))
        own = unfinished.name.removeprefix(UNFINISHED)
        unfinished.rename(folder() / f"{space.series}-{own}-{space.number}")
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    delete_old_files()


def delete_old_files() -> None:
    """Delete all files but the newest valid one. All writers choose the same one, and unfinished files stay."""
    stamp = VectorStamp.objects.get()
    fitting = [
        path for number, path in files_of(stamp.series) if number <= stamp.number and is_of_this_register(path)
    ]
    for path in folder().iterdir():
        if path not in fitting[-1:] and not is_being_written(path):
            shutil.rmtree(path, ignore_errors=True)


def is_being_written(path: Path) -> bool:
    """Whether a folder is unfinished; one that a stopped writer left behind counts as abandoned after a day."""
    try:
        return path.name.startswith(UNFINISHED) and time.time() - path.stat().st_mtime < ABANDONED
    except OSError:  # its writer has just renamed or deleted it
        return True
