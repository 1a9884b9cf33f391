from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from servanda.exchange.format.checking import check_file
from servanda.kit.commands import CHECKS
from servanda.kit.refusal import Unreadable


class Command(BaseCommand):
    requires_system_checks = CHECKS
    help = "Check a file of the exchange format (docs/exchange), and name each fault by object and field."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_options: object) -> None:
        try:
            findings = check_file(file.read_bytes())
        except Unreadable as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            sentence = _("The file %(file)s cannot be read: %(reason)s.")
            raise CommandError(sentence % {"file": file, "reason": problem.strerror}) from problem
        for name, number in sorted(findings.objects.items()):
            self.stdout.write(f"{name or '?'}: {number}")
        for fault in findings.faults:
            self.stdout.write(f"{fault.number} {fault.id} {fault.field}: {fault.sentence}")
        if not findings.is_valid:
            raise CommandError(_("Objects with faults: %(wrong)d.") % {"wrong": findings.wrong})
