"""Files of evidence whose row was never written: left behind by a crash between the disk and the database."""

from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path

from django.core.files.storage import default_storage

from servanda.progress.models import Evidence

FOLDER = "evidence"
LEFT_ALONE = timedelta(days=1)  # younger ones may be on their way
AT_ONCE = 500  # files whose rows are looked for together


def sweep_evidence(*, on: datetime) -> int:
    """Delete what no row names; answers how many files that were."""
    root = Path(default_storage.path(FOLDER))
    oldest = (on - LEFT_ALONE).timestamp()
    old = [path for path in root.rglob("*") if path.is_file() and path.stat().st_mtime < oldest]
    gone = 0
    for some in batched(old, AT_ONCE, strict=False):
        names = {f"{FOLDER}/{path.relative_to(root).as_posix()}": path for path in some}
        kept = set(Evidence.objects.filter(file__in=names).values_list("file", flat=True))
        for name in names.keys() - kept:
            names[name].unlink(missing_ok=True)
            gone += 1
    return gone
