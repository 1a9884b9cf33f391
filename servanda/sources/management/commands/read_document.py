import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from servanda.kit.commands import CHECKS
from servanda.sources.candidates import Unreadable
from servanda.sources.detect import TO_BE_CONVERTED, detect
from servanda.sources.documents.families import BY_CODE
from servanda.sources.documents.reader import as_json, read_document
from servanda.sources.files.old_formats import converted
from servanda.vocab.lookup import country_names

SHOWN = 100  # characters of a unit


@contextmanager
def as_read(file: Path) -> Iterator[Path]:
    """The file itself, or the DOCX to which it is converted. Raises `Unreadable`."""
    shape = None
    with suppress(Unreadable):  # the reader reports it with a better message
        shape = detect(file)
    with converted(file, shape) if shape in TO_BE_CONVERTED else nullcontext(file) as path:
        yield path


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = (
        "Read a document of a monitoring body (PDF, DOCX, TXT; DOC, ODT and RTF where LibreOffice is installed) and "
        "print its paragraphs; nothing is stored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="everything that was read, as JSON")
        parser.add_argument("--family", default="", choices=["", *BY_CODE], help="what kind of document it is")

    def handle(self, *, file: Path, family: str, **options: object) -> None:
        try:
            with as_read(file) as path:
                reading = read_document(path, country_names=country_names(), family=family)
        except Unreadable as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}") from problem
        if options["json"]:
            self.stdout.write(json.dumps(as_json(reading), ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"{reading.family.name} {reading.symbol} {reading.state} {reading.language}".strip())
        for unit in reading.units:
            flags = "".join(sign for sign, on in (("F", unit.follow_up), ("D", unit.dissemination)) if on)
            self.stdout.write(f"{unit.number or '-':>10} {unit.kind.value:<15}{flags:<3}{unit.text[:SHOWN]}")
        for gap in reading.gaps:
            self.stdout.write(f"Missing between {gap.after} and {gap.before}: {', '.join(gap.missing)}")
        for note in reading.notes:
            self.stdout.write(note)
