from django.core.management.base import BaseCommand

from servanda.kit.commands import CHECKS
from servanda.progress.assessments.scales import load_scales


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = "Load the scales of assessments of this version; changes nothing when they are there."

    def handle(self, **options):
        done = load_scales()
        self.stdout.write(f"{done} scales and values" if done else "nothing to load")
