from django.core.management.base import BaseCommand, CommandError

from servanda.kit.commands import CHECKS
from servanda.kit.refusal import Refused
from servanda.people.accounts.services import give_emergency_access
from servanda.people.models import User
from servanda.people.requests.refusals import refused_on_the_command_line


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = (
        "Make somebody who has an account administrator for one to four hours; all administrators are told by mail."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--hours", type=int, required=True, help="1 to 4")
        parser.add_argument("--reason", required=True, help="kept in the trail, and in the mail")

    def handle(self, *, email, hours, reason, **options):
        try:
            person = User.objects.get(email=email.lower())
            until = give_emergency_access(person=person, hours=hours, reason=reason)
        except User.DoesNotExist as problem:
            raise CommandError(f"Nobody has an account with {email}.") from problem
        except Refused as refusal:
            raise refused_on_the_command_line(refusal, "give_emergency_access") from refusal
        self.stdout.write(f"{email} is administrator until {until:%Y-%m-%d %H:%M} UTC.")
