from django.core.management.base import BaseCommand

from servanda.people.checks import no_unreadable_factors
from servanda.people.second_factor.services import encrypt_second_factors


class Command(BaseCommand):
    help = "Encrypt the secrets of second factors with the present secret key; ./run serve does it at each start."
    requires_system_checks = []

    def handle(self, **options):
        if count := encrypt_second_factors():
            self.stdout.write(f"Second factors encrypted with the present secret key: {count}.")
        for fault in no_unreadable_factors(None, databases=["default"]):
            self.stderr.write(f"{fault.msg} {fault.hint}")
