from django.core.management.base import BaseCommand, CommandError

from servanda.trail.anchoring import anchor_file
from servanda.trail.models import Event
from servanda.trail.verifying import ERASED, Reach, verify

NO_ANCHOR = """No anchor confirms the trail: %(file)s is missing or has no line that can be read.
If the file was moved, set SERVANDA_ANCHOR_FILE and run this again. If it was lost, get it from a copy.
In a new installation run ./run manage anchor_trail; after a restore, ./run manage accept_restore."""


class Command(BaseCommand):
    help = "Say whether the trail is as it was written, and name the first entry that is not."
    requires_system_checks = []

    def handle(self, **options):
        try:
            verdict = verify()
        except OSError as problem:
            raise CommandError(f"The anchor file cannot be read: {problem}") from problem
        self.tell_reach(verdict.reach)
        self.tell_erased()
        if verdict.faults:
            raise CommandError("\n".join(str(fault) for fault in verdict.faults))
        if verdict.entries and verdict.reach.last is None:
            raise CommandError(NO_ANCHOR % {"file": anchor_file()})
        self.stdout.write(f"The trail holds {verdict.entries} entries, and every one is as it was written.")

    def tell_erased(self) -> None:
        """Erasures are allowed, but a forged one would hide what happened: someone should know each of them."""
        deeds = list(Event.objects.filter(action__in=ERASED).order_by("sequence").values_list("sequence", flat=True))
        if deeds:
            number = Event.objects.filter(salt="", object_label="", difference="").count()
            self.stdout.write(
                f"Entries whose content was erased: {number}. Recorded by: {', '.join(map(str, deeds))}."
            )

    def tell_reach(self, reach: Reach) -> None:
        for event in reach.accepted:
            self.stdout.write(f"Entry {event.sequence} accepts a restore, {event.at:%Y-%m-%d %H:%M} UTC.")
        if reach.unreadable:
            self.stdout.write(f"Lines of the anchor file that cannot be read: {reach.unreadable}.")
        if reach.last:
            agreement = f"{reach.anchors} anchors bear the trail out" if not reach.fault else "The anchors agree"
            self.stdout.write(f"{agreement} as far as entry {reach.last.sequence}, written at {reach.last.at}.")
