from django.core.management.base import BaseCommand, CommandError

from servanda.kit.commands import CHECKS
from servanda.kit.refusal import Refused
from servanda.people.accounts.services import reset_second_factor
from servanda.people.models import User
from servanda.people.requests.refusals import refused_on_the_command_line
from servanda.people.second_factor.services import reset_unreadable_factors


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = "Take away a second factor that is lost or cannot be read; its owner and all administrators get a mail."

    def add_arguments(self, parser):
        parser.add_argument("email", nargs="?")
        parser.add_argument(
            "--unreadable", action="store_true", help="of everybody whose second factor the secret key does not read"
        )
        parser.add_argument("--reason", required=True, help="kept in the trail, and in the mail")

    def handle(self, *, email, unreadable, reason, **options):
        if bool(email) == unreadable:
            raise CommandError("Give the email address of one person, or --unreadable.")
        try:
            people = reset_unreadable_factors(reason=reason) if unreadable else [reset_of(email, reason)]
        except User.DoesNotExist as problem:
            raise CommandError(f"Nobody has an account with {email}.") from problem
        except Refused as refusal:
            raise refused_on_the_command_line(refusal, "reset_second_factor") from refusal
        for person in people:
            self.stdout.write(f"{person.email} logs in with the password alone, and is logged out everywhere now.")


def reset_of(email: str, reason: str) -> User:
    person = User.objects.get(email=email.lower())
    reset_second_factor(person=person, reason=reason)
    return person
