"""Converts old Word, OpenDocument and RTF files to DOCX with LibreOffice, where the operator has installed it.

By default LibreOffice fetches linked pictures and objects over the network. So each file gets its own profile, in
which macros and network access are disabled, and the import filter is fixed, so that LibreOffice does not guess the
format.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import quoteattr

from servanda.kit.database.sentences import gettext as _
from servanda.kit.files import archives
from servanda.kit.files.programs import Bounds, TookTooLong, run_within
from servanda.sources.candidates import Unreadable

READ_BY = {"doc": "MS Word 97", "odt": "writer8", "rtf": "Rich Text Format"}
WRITTEN_BY = "docx:MS Word 2007 XML"
BOUNDS = Bounds(seconds=180, memory=3_000_000_000, file_size=archives.MOST_BYTES)
NOWHERE = ("127.0.0.1", "9")  # a proxy address at which nothing listens
SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
NETWORK = "/org.openoffice.Inet/Settings"
PROFILE = (
    (SCRIPTING, "DisableMacrosExecution", "true"),
    (SCRIPTING, "MacroSecurityLevel", "3"),
    (SCRIPTING, "DisableActiveContent", "true"),
    (SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Java/VirtualMachine", "Enable", "false"),
    (NETWORK, "ooInetProxyType", "2"),
    (NETWORK, "ooInetHTTPProxyName", NOWHERE[0]),
    (NETWORK, "ooInetHTTPProxyPort", NOWHERE[1]),
    (NETWORK, "ooInetHTTPSProxyName", NOWHERE[0]),
    (NETWORK, "ooInetHTTPSProxyPort", NOWHERE[1]),
)


def program() -> str | None:
    return shutil.which("soffice")


@contextmanager
def converted(path: Path, kind: str) -> Iterator[Path]:
    """A temporary DOCX with the same text; `kind` is a key of `READ_BY`. Raises `Unreadable`."""
    office = program()
    if office is None:
        raise Unreadable(not_installed(path.name))
    with TemporaryDirectory(prefix="servanda-") as name:
        folder = Path(name)
        source = folder / f"source.{kind}"
        shutil.copyfile(path, source)
        try:
            run_within(
                [office, *arguments(source, kind)],
                BOUNDS,
                folder=folder,
                env={"HOME": str(folder), "TMPDIR": str(folder)},
            )
        except TookTooLong as problem:
            sentence = _("%(file)s takes too long to be converted. Open it and save it as DOCX.")
            raise Unreadable(sentence % {"file": path.name}) from problem
        result = folder / "made" / "source.docx"
        # The program reports success even if it wrote nothing, so its exit code is ignored.
        if result.is_symlink() or not result.is_file():
            sentence = _(
                "%(file)s could not be converted: it may be damaged, or protected by a password. Open it and "
                "save it as DOCX."
            )
            raise Unreadable(sentence % {"file": path.name})
        yield result.rename(folder / f"{path.stem}.docx")


def arguments(source: Path, kind: str) -> list[str]:
    profile = source.parent / "profile"
    write_profile(profile)
    return [
        *(f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck", "--nodefault"),
        *("--nologo", f"--infilter={READ_BY[kind]}", "--convert-to", WRITTEN_BY),
        *("--outdir", str(source.parent / "made"), str(source)),
    ]


def not_installed(name: str) -> str:
    sentence = _(
        "%(file)s is an old Word document, an OpenDocument text or RTF, and the program that converts these is "
        "not installed. Open it and save it as DOCX, or contact your system administrator."
    )
    return sentence % {"file": name}


def write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path={quoteattr(path)}><prop oor:name={quoteattr(name)} oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, name, value in PROFILE
    )
    spaces = 'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><oor:items {spaces}>{items}</oor:items>', encoding="utf-8"
    )
