import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from servanda.exchange.format.schemas import all_schemas
from servanda.kit.commands import CHECKS


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = "Write the JSON Schemas of the exchange format into a folder (for developers: docs/exchange/schemas)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **_options: object) -> None:
        for kind, schema in all_schemas():
            text = json.dumps(schema, ensure_ascii=False, indent=2)
            (folder / f"{kind}.json").write_text(text + "\n", encoding="utf-8")
