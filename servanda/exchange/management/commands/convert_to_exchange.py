from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from servanda.exchange.converting.impact_oss import convert_impact_oss
from servanda.exchange.converting.objects import Converted, Origin
from servanda.exchange.converting.spreadsheet import convert_spreadsheet
from servanda.exchange.format.checking import origin_of
from servanda.kit.commands import CHECKS
from servanda.kit.refusal import Unreadable
from servanda.vocab.models import Body, Country


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = (
        "Turn a spreadsheet of recommendations, or a folder with the tables of IMPACT OSS as CSV files, into a file "
        "of the exchange format (docs/exchange). Nothing is written while a row has a fault, unless you leave it out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help="the spreadsheet, or the folder")
        parser.add_argument("output", type=Path, help="the file to be written")
        parser.add_argument("--origin", required=True, help="the https address with which all ids begin")
        parser.add_argument("--country", required=True, help="code of the State of rows that name none, as SVN")
        parser.add_argument("--body", default="", help="code of the body of rows that name none, as UPR")
        parser.add_argument("--language", default="en", help="language of texts that are not recognised")
        parser.add_argument("--leave-out", action="store_true", help="write the file without the rows with faults")

    def handle(self, *, source: Path, output: Path, leave_out: bool, **options: str) -> None:
        origin = self.origin(options)
        try:
            done = self.convert(source, origin, options["body"])
        except Unreadable as problem:
            raise CommandError(str(problem)) from problem
        for sentence, number in sorted(done.notes.items()):
            self.stdout.write(f"{sentence}: {number}")
        for fault in done.faults:
            self.stdout.write(fault)
        if done.faults and not leave_out:
            raise CommandError(_("Faults: %(number)d. Nothing was written.") % {"number": len(done.faults)})
        output.write_text(done.as_file(), encoding="utf-8")
        self.stdout.write(_("Objects written: %(number)d") % {"number": len(done.objects)})

    def origin(self, options: dict[str, str]) -> Origin:
        site = origin_of(options["origin"].rstrip("/"))
        if site is None:
            raise CommandError(_("Enter an address that begins with https://."))
        if not Country.objects.filter(code=options["country"]).exists():
            raise CommandError(_("The country is not in the vocabulary: %(code)s") % {"code": options["country"]})
        if options["body"] and not Body.objects.filter(code=options["body"]).exists():
            raise CommandError(_("The body is not in the vocabulary: %(code)s") % {"code": options["body"]})
        return Origin(site, options["country"], options["language"])

    def convert(self, source: Path, origin: Origin, body: str) -> Converted:
        if source.is_dir():
            return convert_impact_oss(source, origin=origin, body=body)
        if not source.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": source})
        done, columns = convert_spreadsheet(source, origin=origin, body=body)
        for name, header in columns.items():
            self.stdout.write(f"{header}: {name}")
        return done
