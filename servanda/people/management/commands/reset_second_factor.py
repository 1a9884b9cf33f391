from django.core.management.base import BaseCommand, CommandError

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.people.refusals import refused_on_the_command_line
from servanda.people.services.accounts import reset_second_factor


class Command(BaseCommand):
    help = "Take away the second factor of somebody who lost it; they and all administrators are told by mail."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="kept in the trail, and in the mail")

    def handle(self, *, email, reason, **options):
        try:
            reset_second_factor(person=User.objects.get(email=email.lower()), reason=reason)
        except User.DoesNotExist as problem:
            raise CommandError(f"Nobody has an account with {email}.") from problem
        except Refused as refusal:
            raise refused_on_the_command_line(refusal, "reset_second_factor") from refusal
        self.stdout.write(f"{email} logs in with the password alone, and is logged out everywhere now.")
