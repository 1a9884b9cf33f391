from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.core.validators import validate_email

from servanda.kit.commands import CHECKS
from servanda.kit.refusal import Refused
from servanda.people.access import OFFICES, Role
from servanda.people.invitations.services import invite_person
from servanda.people.requests.refusals import refused_on_the_command_line


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = (
        "Invite somebody by mail, for instance the first administrator; nobody has a password before they choose it."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", default=Role.ADMINISTRATOR.value, choices=[role.value for role in OFFICES])
        parser.add_argument(
            "--language", default=settings.LANGUAGES[0][0], choices=[code for code, _ in settings.LANGUAGES]
        )

    def handle(self, *, email, name, role, language, **options):
        try:
            validate_email(email)
            invited = invite_person(email=email, name=name, role=role, language=language, by=None)
        except (Refused, ValidationError) as refusal:
            reason = " ".join(getattr(refusal, "messages", [str(refusal)]))
            raise refused_on_the_command_line(reason, "invite_person") from refusal
        self.stdout.write(f"{email} is invited; the worker sends the mail. The link works once, for seven days.")
        if "smtp" not in settings.MAILERS["default"]["BACKEND"]:
            self.stdout.write(f"No mail server is set, so hand over the link yourself:\n{invited.link}")
