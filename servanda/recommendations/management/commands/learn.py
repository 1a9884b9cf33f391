from django.core.management.base import BaseCommand, CommandError

from servanda.jobs.exclusive import AlreadyRunning
from servanda.kit.commands import CHECKS
from servanda.recommendations.labels import learning, suggesting


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = "Learn from the labels that people gave, measure on what is held back, and suggest labels where none are."

    def handle(self, **options):
        try:
            learned = learning.learn_labels()
        except AlreadyRunning as refusal:
            raise CommandError(str(refusal)) from refusal
        for model in learned:
            score = f"micro F1 {model.micro_f1:.3f}, macro F1 {model.macro_f1:.3f} on texts that were held back"
            self.stdout.write(f"{model.taxonomy.code}: learned from {model.texts} texts; {score}")
        if not learned:
            self.stdout.write("Too few labels to learn from yet. Label some records, then try again.")
        self.stdout.write(f"{suggesting.suggest_labels()} suggestions wait for a person")
