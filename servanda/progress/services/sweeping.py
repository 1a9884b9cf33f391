"""Files of evidence whose row was never written: left behind by a crash between the disk and the database."""

from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage

from servanda.progress.models import Evidence

FOLDER = "evidence"
LEFT_ALONE = timedelta(days=1)  # younger ones may be on their way


def sweep_evidence(*, on: datetime) -> int:
    """Delete what no row names; answers how many files that were."""
    root = Path(default_storage.path(FOLDER))
    oldest = (on - LEFT_ALONE).timestamp()
    old = [path for path in root.rglob("*") if path.is_file() and path.stat().st_mtime < oldest]
    gone = 0
    for path in old:
        if not Evidence.objects.filter(file=f"{FOLDER}/{path.relative_to(root).as_posix()}").exists():
            path.unlink(missing_ok=True)
            gone += 1
    return gone
