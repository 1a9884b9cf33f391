from django.core.management.base import BaseCommand, CommandError

from servanda.jobs.exclusive import UnderWay
from servanda.planning.assignments.lead_learning import learn_leads


class Command(BaseCommand):
    help = "Learn from all assignments which institutions to suggest, and measure it on records held back."

    def handle(self, **options):
        try:
            made = learn_leads()
        except UnderWay as refusal:
            raise CommandError(str(refusal)) from refusal
        if made is None:
            raise CommandError("No institution has been assigned yet. Assign some, then try again.")
        self.stdout.write(f"Learned from {made.assignments} assignments. Of {made.tested} records held back,")
        self.stdout.write(f"right among three: learned {made.learned_right}, ten nearest {made.nearest_right},")
        self.stdout.write(f"three most frequent {made.frequent_right}")
