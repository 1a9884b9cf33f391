from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from servanda.jobs.backup import write_backup
from servanda.kit.refusal import Refused


class Command(BaseCommand):
    help = "Write database and files into one archive; people may go on working meanwhile."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="for instance servanda-2026-11-25.tar.gz")

    def handle(self, *, file, **options):
        try:
            count = write_backup(file.absolute())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        size = file.stat().st_size / 1_000_000
        self.stdout.write(f"{file}: database and {count} files, {size:.1f} MB. Keep it where this machine is not.")
