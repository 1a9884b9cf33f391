from pathlib import Path

from django.core.checks import run_checks
from django.core.management.base import BaseCommand, CommandError

from servanda.jobs.restoring import restore_backup
from servanda.kit.refusal import Refused


class Command(BaseCommand):
    help = "Put a backup into an empty installation."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        try:
            manifest = restore_backup(file.absolute())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Restored: database and {len(manifest['sha256']) - 1} files, written by Servanda {manifest['version']}"
            f" at {manifest['written_at']}. Run `./run manage migrate` next,"
            ' then `./run manage accept_restore --reason "why"`, or verify_trail takes this copy for a forged one.'
        )
        # Rooms above this one know what else has to fit, such as the secret key.
        for fault in run_checks(tags=["secrets"], databases=["default"]):
            self.stderr.write(f"{fault.msg} {fault.hint}")
