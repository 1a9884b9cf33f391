from django.core.management.base import BaseCommand, CommandError

from servanda.jobs.exclusive import AlreadyRunning
from servanda.kit.commands import CHECKS
from servanda.planning.assignments.lead_learning import learn_leads


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = "Learn from all assignments which institutions to suggest, and measure it on records held back."

    def handle(self, **options):
        try:
            leads = learn_leads()
        except AlreadyRunning as refusal:
            raise CommandError(str(refusal)) from refusal
        if leads is None:
            raise CommandError("No institution has been assigned yet. Assign some, then try again.")
        self.stdout.write(f"Learned from {leads.assignments} assignments. Of {leads.tested} records held back,")
        self.stdout.write(f"right among three: learned {leads.learned_right}, ten nearest {leads.nearest_right},")
        self.stdout.write(f"three most frequent {leads.frequent_right}")
