"""The vectors of the names of labels, in files: encoding them takes seconds, and they rarely change.

The files only cache what the encoder says, and may be deleted at any time.
"""

import shutil
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from django.conf import settings

from servanda.language.vectors.encoder import Vectors

KEPT = 16  # files, one for each taxonomy; two thousand names take 2 MB


def folder() -> Path:
    return Path(settings.DATA_DIR) / "label_names"


def file_of(names: tuple[str, ...], mark: str) -> Path:
    """Other names or another encoder have another file."""
    return folder() / f"{sha256('\0'.join((mark, *names)).encode()).hexdigest()}.npy"


def load_vectors(names: tuple[str, ...], mark: str) -> Vectors | None:
    """None where they were not saved, or where the file is damaged."""
    try:
        stored = np.load(file_of(names, mark), allow_pickle=False)
    except (OSError, EOFError, ValueError):
        return None
    is_whole = stored.dtype == np.float16 and stored.ndim == 2 and len(stored) == len(names)
    return stored.astype(np.float32) if is_whole else None


def save_vectors(names: tuple[str, ...], mark: str, vectors: Vectors) -> None:
    """Whoever reads in the meantime finds the whole file or none. The oldest files are deleted. Raises `OSError`."""
    folder().mkdir(mode=0o700, exist_ok=True)
    unfinished = Path(mkdtemp(dir=folder(), prefix="unfinished."))
    try:
        np.save(unfinished / "vectors.npy", vectors.astype(np.float16), allow_pickle=False)
        (unfinished / "vectors.npy").rename(file_of(names, mark))
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    with suppress(FileNotFoundError):  # another process deletes the same ones
        for path in sorted(folder().glob("*.npy"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            path.unlink()
