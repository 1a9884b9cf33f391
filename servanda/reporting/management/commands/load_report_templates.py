from django.core.management.base import BaseCommand

from servanda.kit.commands import CHECKS
from servanda.reporting.report_templates.loading import load_report_templates


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = "Load the report templates of this version; changes nothing when they are there."

    def handle(self, **options):
        done = load_report_templates()
        self.stdout.write(f"{done} report templates" if done else "nothing to load")
