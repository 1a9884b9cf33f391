import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from servanda.sources.candidates import Unreadable
from servanda.sources.readers.families import BY_CODE
from servanda.sources.readers.reading_document import as_json, read_document
from servanda.vocab.lookup import country_names

SHOWN = 100  # characters of a unit


class Command(BaseCommand):
    help = "Read a document of a monitoring body (PDF, DOCX, TXT) and print its paragraphs; nothing is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="everything that was read, as JSON")
        parser.add_argument("--family", default="", choices=["", *BY_CODE], help="what kind of document it is")

    def handle(self, *, file: Path, family: str, **options: object) -> None:
        try:
            reading = read_document(file, country_names=country_names(), family=family)
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
