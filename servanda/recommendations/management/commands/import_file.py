from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from servanda.intake.models import SenderMapping
from servanda.kit.refusal import Refused
from servanda.people.refusals import refused_on_the_command_line
from servanda.recommendations.services import importing
from servanda.sources.services.converting import convert_to_word, is_to_be_converted


class Command(BaseCommand):
    help = "Import a file of recommendations: UHRI exports, OHCHR lists, UPR reports and addenda, or a mapped sheet."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--country", default="", help="only records on this State, for instance SVN")
        parser.add_argument("--mapping", default="", help="the sender whose saved mapping reads the columns")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--accept-refused", action="store_true", help="apply the rest when rows are refused")
        parser.add_argument("--draft", action="store_true", help="do not publish what is imported")

    def handle(self, *, file, country, mapping, dry_run, accept_refused, draft, **options):
        try:
            with file.open("rb") as content:
                batch = importing.receive_file(
                    file=File(content), name=file.name, by=None, country=country.upper(), publish=not draft
                )
            if is_to_be_converted(batch):
                self.convert(batch)
            if mapping:
                importing.use_mapping(batch=batch, mapping=SenderMapping.objects.get(sender=mapping))
            if dry_run:
                self.preview(batch)
            else:
                self.apply(batch, accept_refused=accept_refused)
        except Refused as refusal:
            raise refused_on_the_command_line(refusal, "import_file") from refusal
        except (FileNotFoundError, SenderMapping.DoesNotExist) as problem:
            raise CommandError(str(problem)) from problem

    def convert(self, batch):
        convert_to_word(batch)
        if batch.state == batch.State.FAILED:
            raise CommandError(batch.message)

    def preview(self, batch):
        importing.preview_batch(batch)
        self.say(importing.verdict_counts(batch))
        for row in batch.rows.filter(verdict="refused")[:20]:
            self.stdout.write(f"{row.where}: {row.reason}")
        message = batch.message
        importing.discard_batch(batch=batch, by=None)
        if message:
            raise CommandError(message)

    def apply(self, batch, *, accept_refused):
        importing.claim(batch, accept_refused=accept_refused)
        verdicts = importing.apply_batch(batch)
        self.say(verdicts)
        batch.refresh_from_db()
        if batch.state != batch.State.APPLIED:
            raise CommandError(batch.message)

    def say(self, verdicts):
        self.stdout.write(
            ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items() if count) or "no rows"
        )
