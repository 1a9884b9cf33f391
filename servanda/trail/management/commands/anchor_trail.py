from django.core.management.base import BaseCommand, CommandError

from servanda.trail.anchoring import last_anchor, write_anchor


class Command(BaseCommand):
    help = "Write down outside the database where the trail stands."
    requires_system_checks = []

    def handle(self, **options):
        try:
            written = write_anchor()
        except OSError as problem:
            raise CommandError(f"The anchor file cannot be written: {problem}") from problem
        known = last_anchor()
        if written is None:
            self.stdout.write(f"Nothing new to anchor; the last anchor is entry {known.sequence if known else 0}.")
        else:
            self.stdout.write(f"Anchored entry {written.sequence}.")
