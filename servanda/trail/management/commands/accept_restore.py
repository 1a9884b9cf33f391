from django.core.management.base import BaseCommand, CommandError

from servanda.kit.refusal import Refused
from servanda.trail.accepting import accept_restore
from servanda.trail.models import Event


class Command(BaseCommand):
    help = "Record that an older backup was restored on purpose, so that the trail goes on from there."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--reason", required=True, help="why; it stays in the trail")

    def handle(self, *, reason, **options):
        try:
            event = accept_restore(reason=reason)
        except Refused as refusal:
            Event.record("refused", label="accept_restore", difference={"reason": ["", str(refusal)]})
            raise CommandError(str(refusal)) from refusal
        except OSError as problem:
            raise CommandError(f"The anchor file cannot be written: {problem}. Run this again then.") from problem
        self.stdout.write(f"Recorded as entry {event.sequence}. ./run manage verify_trail tells of it from now on.")
