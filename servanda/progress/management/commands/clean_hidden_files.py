from django.core.management.base import BaseCommand

from servanda.kit.commands import CHECKS
from servanda.progress.evidence.cleanup import clean_hidden_files


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = "Remove personal details from stored files of contributors who hide who they are, and name them anew."

    def handle(self, **options):
        lines = 0
        for line in clean_hidden_files():
            self.stdout.write(line)
            lines += 1
        if not lines:
            self.stdout.write("nothing to clean")
