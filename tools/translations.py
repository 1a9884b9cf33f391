"""Compile the .po files that translators edit into the .mo files that gettext reads, without gettext installed."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[1] / "servanda" / "locale"


def compile_translations(locale: Path = LOCALE) -> list[str]:
    """Compile each file that is missing or older than its source, and return their languages."""
    languages = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime > source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parents[1].name)
        fresh = compiled.with_suffix(f".mo.{os.getpid()}")  # several instances may start in one folder
        with fresh.open("wb") as file:
            write_mo(file, catalog)
        fresh.chmod(0o644)  # readable for every user who starts the program, whatever the umask
        fresh.replace(compiled)
        languages.append(source.parents[1].name)
    return languages
