"""Delete files that a crash left behind: parts of uploads, and files that belong to no import."""

import shutil
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

from servanda.intake.models import Batch

FOLDER = "intake"
LEFT_ALONE = timedelta(days=1)  # younger ones may still be in use
AT_ONCE = 500  # files looked up in one query


def sweep_uploads(*, on: datetime) -> int:
    """Delete what uploads and their helper programs left in the temporary folder. Returns how many files."""
    old = [path for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir() if is_old(path, on)]
    for path in old:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(old)


def sweep_intake(*, on: datetime) -> int:
    """Delete files that belong to no import, and folders that are then empty. Returns how many files."""
    root = Path(default_storage.path(FOLDER))
    old = [path for path in root.rglob("*") if path.is_file() and is_old(path, on)]
    deleted = 0
    for some in batched(old, AT_ONCE, strict=False):
        names = {f"{FOLDER}/{path.relative_to(root).as_posix()}": path for path in some}
        used = set(Batch.objects.filter(file__in=names).values_list("file", flat=True))
        for name in names.keys() - used:
            names[name].unlink(missing_ok=True)
            deleted += 1
    for folder in [path for path in root.glob("*") if path.is_dir() and is_old(path, on) and not any(path.iterdir())]:
        folder.rmdir()
    return deleted


def is_old(path: Path, on: datetime) -> bool:
    """A folder is as old as the last change in it."""
    try:
        return path.lstat().st_mtime < (on - LEFT_ALONE).timestamp()
    except FileNotFoundError:
        return False
