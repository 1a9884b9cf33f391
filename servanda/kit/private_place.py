"""The data directory is for the user who runs Servanda alone: it holds the database, and mails with live links."""

import shlex
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused

OTHERS = 0o077
PUBLIC = frozenset({"static"})  # what every browser is given


def refuse_open_place() -> None:
    """Raises `Refused` with the command to type, where other users of the machine could read the data."""
    for path in (Path(settings.DATA_DIR), *databases_elsewhere()):
        if is_open(path):
            raise Refused(f"{too_open(path)} {remedy(path)}")


def is_open(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & OTHERS)


def databases_elsewhere() -> list[Path]:
    """Files of SQLite that lie outside the data directory, which does not cover them."""
    files = [
        Path(given["NAME"]) for given in settings.DATABASES.values() if given.get("ENGINE", "").endswith("sqlite3")
    ]
    return [file for file in files if Path(settings.DATA_DIR) not in file.parents]


def too_open(path: Path) -> str:
    return _("%(path)s is open to other users of this machine, and holds confidential data.") % {"path": path}


def remedy(path: Path) -> str:
    return _("Close it, then start again: %(command)s") % {"command": f"chmod -R go-rwx {shlex.quote(str(path))}"}


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
            _("Files in %(path)s are readable by others should that directory ever be opened: %(names)s.")
            % {"path": settings.DATA_DIR, "names": ", ".join(names)},
            hint=_("The directory is closed, so they were not exposed. To close them too: %(command)s")
            % {"command": f"chmod -R go-rwx {shlex.quote(str(settings.DATA_DIR))}"},
            id="kit.W001",
        )
    ]


def readable_within(directory: Path) -> list[str]:
    """Files that an earlier version made; a folder stands for what is in it."""
    return sorted(path.name for path in directory.iterdir() if path.name not in PUBLIC and is_open(path))
