from django.core.management.base import BaseCommand

from servanda.kit.commands import CHECKS
from servanda.vocab.services.loading import load_vocabulary


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = (
        "Load countries, bodies, sessions, taxonomies and terms of this version; changes nothing when they are there."
    )

    def handle(self, **options):
        done = {name: number for name, number in load_vocabulary().items() if number}
        self.stdout.write(", ".join(f"{number} {name}" for name, number in done.items()) or "nothing to load")
