from django.core.management.base import BaseCommand

from servanda.demo.loader import load_demonstration
from servanda.kit.commands import CHECKS


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = "Open Slovenia's public record: UPR cycles 1 to 4, read by the importer; all that is invented says so."

    def handle(self, **options: object) -> None:
        load_demonstration(report=self.stdout.write)
