"""Translations as gettext reads them (.mo), made from those that people write (.po), without gettext installed."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[1] / "servanda" / "locale"


def compile_translations(locale: Path = LOCALE) -> list[str]:
    """Make what is missing or older than its source; answers the languages that were made."""
    made = []
    for written in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        compiled = written.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime > written.stat().st_mtime:
            continue
        with written.open("rb") as file:
            catalog = read_po(file, locale=written.parents[1].name)
        fresh = compiled.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalog)
        fresh.chmod(0o644)  # part of the program, for whichever user starts it
        fresh.replace(compiled)
        made.append(written.parents[1].name)
    return made
