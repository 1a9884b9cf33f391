"""Only the user who runs Servanda may read the data directory: it holds the database, and mails with valid links."""

import shlex
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused

OTHERS = 0o077
PUBLIC = frozenset({"static"})  # files that every browser may fetch


def refuse_open_place() -> None:
    """Raises `Refused`, with the command that helps, where other users of the machine could read the data."""
    for path in (Path(settings.DATA_DIR), *databases_elsewhere()):
        if is_open(path):
            raise Refused(f"{too_open(path)} {remedy(path)}")


def is_open(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & OTHERS)


def databases_elsewhere() -> list[Path]:
    """SQLite files outside the data directory, whose permissions do not protect them."""
    files = [
        Path(database["NAME"])
        for database in settings.DATABASES.values()
        if database.get("ENGINE", "").endswith("sqlite3")
    ]
    return [file for file in files if Path(settings.DATA_DIR) not in file.parents]


def too_open(path: Path) -> str:
    return _("%(path)s is open to other users of this machine and contains confidential data.") % {"path": path}


def remedy(path: Path) -> str:
    return _("Restrict access, then start again: %(command)s") % {
        "command": f"chmod -R go-rwx {shlex.quote(str(path))}"
    }


@register(Tags.security)
def no_open_place(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    open_paths = [path for path in (Path(settings.DATA_DIR), *databases_elsewhere()) if is_open(path)]
    if open_paths:
        return [Error(too_open(path), hint=remedy(path), id="kit.E001") for path in open_paths]
    names = readable_within(Path(settings.DATA_DIR))
    if not names:
        return []
    return [
        Warning(
            _("Other users could read files in %(path)s if that directory were opened: %(names)s.")
            % {"path": settings.DATA_DIR, "names": ", ".join(names)},
            hint=_(
                "The directory is closed, so the files were not exposed. To restrict access to them too: %(command)s"
            )
            % {"command": f"chmod -R go-rwx {shlex.quote(str(settings.DATA_DIR))}"},
            id="kit.W001",
        )
    ]


def readable_within(directory: Path) -> list[str]:
    """Names of files and folders in the directory that others could read; an earlier version made such files."""
    return sorted(path.name for path in directory.iterdir() if path.name not in PUBLIC and is_open(path))
