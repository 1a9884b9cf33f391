from django.core.management.base import BaseCommand

from servanda.demo.loader import load_demonstration


class Command(BaseCommand):
    help = "Open Slovenia's public record: UPR cycles 1 to 4, read by the importer; all that is invented says so."

    def handle(self, **options: object) -> None:
        load_demonstration(report=self.stdout.write)
