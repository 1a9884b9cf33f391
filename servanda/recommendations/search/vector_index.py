"""Which records are near in meaning, as this process knows it: all vectors are compared, exactly.

What is held is of everybody, so every answer is taken from the records that are given: `visible_to(user)` or
`public()`.
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

WORTH_A_FILE = 20_000  # records; fewer are read from the database in less than a second
LAST = "last.json"
WORTH_ANOTHER = 2_000  # texts written since the last file
UNFINISHED = "unfinished."
ABANDONED = 24 * 60 * 60  # seconds; the largest file is written in minutes

_space = Space("", None)
_lock = Lock()


def waiting() -> int:
    """How many texts have no vector yet; each of them is found by its words meanwhile."""
    mark = VectorStamp.objects.values_list("encoder", flat=True).first()
    return waiting_for(mark or "").count()


def now() -> Space:
    """What this process knows, after reading what is new; one question to the database when nothing is."""
    global _space
    stamp = VectorStamp.objects.first()
    if stamp is None:
        return Space("", None)
    with _lock:
        if stamp.series != _space.series or stamp.number < _space.number:
            _space = kept_by_the_worker(stamp) or Space(stamp.encoder, stamp.series)
        if stamp.number > _space.number:
            _space.read_on(stamp.number)
        return _space


def vector_of(text: str) -> Vectors | None:
    return now().vector_of(text)


def vectors_of(records: QuerySet[Recommendation] | Iterable[int]) -> tuple[NDArray[np.int64], Vectors]:
    """The records of these that have a vector, by key, and their vectors as rows."""
    space = now()
    pks = records.order_by("pk").values_list("pk", flat=True) if isinstance(records, QuerySet) else records
    return space.vectors_of(pks)


def nearest(vector: Vectors, *, among: QuerySet[Recommendation], top: int, at_least: float = 0.0) -> Near:
    return now().nearest(vector, among=among, top=top, at_least=at_least)


def folder() -> Path:
    """Files of vectors, which hold nothing that the database does not, and may be deleted at any time."""
    return Path(settings.DATA_DIR) / "vectors"


def files_of(series: object) -> list[tuple[int, Path]]:
    """The newest last, with the number up to which each has read."""
    found = [(path.name.rpartition("-")[2], path) for path in folder().glob(f"{series}-*")]
    return sorted((int(number), path) for number, path in found if number.isdecimal())


def kept_by_the_worker(stamp: VectorStamp) -> Space | None:
    fitting = [(number, path) for number, path in files_of(stamp.series) if number <= stamp.number]
    for number, path in reversed(fitting):
        if not is_of_this_register(path):
            continue
        try:
            return Space.mapped(path, stamp.encoder, stamp.series, number)
        except (OSError, EOFError, ValueError, KeyError, BadZipFile):
            continue  # deleted a moment ago, or cut off: the database has it all
    return None


def last_written(number: int) -> dict[str, str]:
    """The texts of one time that vectors were written, as far as nobody has written them again."""
    rows = TextVector.objects.filter(written=number).values_list("text", "digest")
    return {str(pk): digest for pk, digest in rows}


def is_of_this_register(path: Path) -> bool:
    """Whether the last that a file has read is still there: a database that was put back from a backup counts its
    times anew, and then a file of before tells of other texts."""
    try:
        last = json.loads((path / LAST).read_text())
    except (OSError, ValueError):
        return False
    there = last_written(last["number"])
    return bool(there) and there.items() <= last["texts"].items()


def keep_for_others() -> None:
    """Write the vectors of a large register into a file, for the processes that start after this.

    The file before it goes; who has opened that keeps it until it closes. Several may write at once: each writes into
    a folder of its own, and that comes among the others under a name that nobody else gives.
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
    keep_the_newest()


def keep_the_newest() -> None:
    """All who write agree which file that is, so none is left without one; what somebody still writes at stays."""
    stamp = VectorStamp.objects.get()
    fitting = [
        path for number, path in files_of(stamp.series) if number <= stamp.number and is_of_this_register(path)
    ]
    for path in folder().iterdir():
        if path not in fitting[-1:] and not is_being_written(path):
            shutil.rmtree(path, ignore_errors=True)


def is_being_written(path: Path) -> bool:
    """A writer that was stopped leaves its folder behind, and that goes some time later."""
    try:
        return path.name.startswith(UNFINISHED) and time.time() - path.stat().st_mtime < ABANDONED
    except OSError:  # its writer gave it its name, or took it away, a moment ago
        return True
