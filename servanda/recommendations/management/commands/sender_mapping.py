import json
from itertools import islice
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from servanda.intake.columns.kinds import value_key
from servanda.intake.columns.lists import suggest_list
from servanda.intake.models import MappedValue, SenderMapping
from servanda.kit.commands import CHECKS
from servanda.kit.refusal import Unreadable
from servanda.recommendations.imports import mapping
from servanda.sources.sheets import reader as sheet_reader


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = "List, propose, show and save how the columns of a sender's spreadsheets are read."

    def add_arguments(self, parser):
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="the senders whose columns are known")
        propose = actions.add_parser("propose", help="print a mapping for a file, as JSON to be corrected and saved")
        propose.add_argument("file", type=Path)
        propose.add_argument("--sheet", default="", help="sheet of the workbook, else the first visible one")
        show = actions.add_parser("show", help="print the mapping of a sender as JSON")
        show.add_argument("sender")
        show.add_argument("--sheet", default="", help="a further sheet of the sender that has columns of its own")
        save = actions.add_parser("save", help="save a mapping from a JSON file, in place of the sender's former one")
        save.add_argument("sender")
        save.add_argument("file", type=Path)
        save.add_argument("--sheet", default="", help="a further sheet of the sender that has columns of its own")

    def handle(self, *, action, **options):
        try:
            getattr(self, action)(options)
        except (Unreadable, OSError) as problem:
            raise CommandError(str(problem)) from problem

    def list(self, options):
        for saved in SenderMapping.objects.all():
            self.stdout.write(str(saved))

    def propose(self, options):
        sheet = sheet_reader.open_sheet(options["file"], sheet=options["sheet"] or None)
        rows = [cells for _line, cells in islice(sheet.rows, mapping.ROWS_LOOKED_AT)]
        columns = self.suggestion(sheet, rows) if options["sheet"] else mapping.suggest_mapping(sheet.headers, rows)
        unused = [header for header in sheet.headers if header not in columns.values()]
        self.write({"columns": columns, "constants": {}, "separator": ";", "encoding": "", "values": {}})
        if unused:
            self.stderr.write(f"Not imported: {', '.join(unused)}")
        if sheet.other_sheets:
            self.stderr.write(f"Other sheets: {', '.join(sheet.other_sheets)}")

    def suggestion(self, sheet, rows):
        """A suggested mapping; a sheet named by an option may list other objects, such as institutions."""
        values = {
            header: [cell for row in rows if place < len(row) and (cell := " ".join(row[place].split()))]
            for place, header in enumerate(sheet.headers)
        }
        _list, columns = suggest_list(sheet.name, values)
        return columns or mapping.suggest_mapping(sheet.headers, rows)

    def show(self, options):
        sender_mapping = self.find(options["sender"], options["sheet"])
        columns = list(sender_mapping.columns.all())
        values: dict[str, dict[str, str]] = {}
        fields = {column.field for column in columns}
        for value in self.find(options["sender"], "").values.filter(column__in=fields).order_by("column", "printed"):
            values.setdefault(value.column, {})[value.printed] = value.meaning
        self.write(
            {
                "columns": {column.field: column.header for column in columns if column.header},
                "constants": {column.field: column.constant for column in columns if column.constant},
                "separator": sender_mapping.separator,
                "encoding": sender_mapping.encoding,
                "values": values,
            }
        )

    def save(self, options):
        try:
            content = json.loads(options["file"].read_text())
            columns, constants = dict(content["columns"]), dict(content.get("constants", {}))
            values = {column: dict(meanings) for column, meanings in content.get("values", {}).items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            message = f"{options['file']} is not a mapping. Start from the output of: sender_mapping propose FILE"
            raise CommandError(message) from problem
        first = self.find(options["sender"], "") if options["sheet"] else None  # values mean the same in all sheets
        saved = mapping.save_mapping(
            sender=options["sender"],
            columns=columns,
            constants=constants,
            separator=str(content.get("separator", ";")),
            encoding=str(content.get("encoding", "")),
            sheet=options["sheet"],
            by=None,
        )
        for column, meanings in values.items():
            for printed, meaning in meanings.items():
                MappedValue.objects.update_or_create(
                    mapping=first or saved,
                    column=column,
                    folded=value_key(printed),
                    defaults={"printed": printed[:200], "meaning": meaning},
                )
        further = f" --sheet FIRST --sheet “{saved.sheet}”" if saved.sheet else ""
        self.stdout.write(f"Saved. Import with: import_file FILE --mapping “{saved.sender}”{further}")

    def find(self, sender: str, sheet: str) -> SenderMapping:
        sender_mapping = mapping.mapping_of(sender, sheet)
        if sender_mapping is None:
            raise CommandError(f"No mapping is saved for “{sender}”. See them with: sender_mapping list")
        return sender_mapping

    def write(self, content: dict) -> None:
        self.stdout.write(json.dumps(content, ensure_ascii=False, indent=2))
