"""When the last backup was made, and which backup this installation was restored from.

It is in a file beside the database: a database cannot contain the end of its own backup, and a backup can be older
than the tables of this version.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from django.conf import settings
from django.utils import timezone

TOO_OLD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class MadeBackups:
    """Times as ISO 8601; the restored backup counts as the last one until the next is made."""

    made_at: str = ""
    size: int = 0  # bytes of the archive
    restored_at: str = ""

    @classmethod
    def read(cls) -> Self:
        try:
            kept = json.loads(state_file().read_bytes())
            made = cls(str(kept["made_at"]), int(kept["size"]), str(kept["restored_at"]))
            datetime.fromisoformat(made.made_at)
        except (FileNotFoundError, ValueError, KeyError, TypeError):  # none yet, or damaged: the next one mends it
            return cls()
        return made

    @property
    def last(self) -> datetime | None:
        return datetime.fromisoformat(self.made_at) if self.made_at else None

    @property
    def restored(self) -> datetime | None:
        return datetime.fromisoformat(self.restored_at) if self.restored_at else None

    def is_too_old(self, *, on: datetime) -> bool:
        return self.last is not None and self.last < on - TOO_OLD


def state_file() -> Path:
    return Path(settings.DATA_DIR) / "backups.json"


def note_backup(*, size: int) -> None:
    save(replace(MadeBackups.read(), made_at=timezone.now().isoformat(), size=size))


def note_restore(*, written_at: str, size: int) -> None:
    save(MadeBackups(made_at=written_at, size=size, restored_at=timezone.now().isoformat()))


def save(made: MadeBackups) -> None:
    """Whole or not at all, and readable by the owner only, like everything in the data directory."""
    unfinished = state_file().with_suffix(".unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(made), file)
    unfinished.replace(state_file())
